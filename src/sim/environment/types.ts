/**
 * The world around the processes: hosts, links, connections and what is done to them. Plain data in `World.environment`.
 */
import type { ActorId, Body, Delay, HostId, Message, SimTime, World } from "../engine/types.ts";

/** A link's manners, one direction. Latency is `delay` plus a draw from the table of `jitter`. */
export interface LinkProfile {
  readonly delay: Delay;
  /** Spread: the latency's table is scaled so that its upper end adds this much; 0 = always `delay`. */
  readonly jitter: Delay;
  /** Packets lost, per mille. TCP repeats them, so loss shows as delay. */
  readonly lossPerMille: number;
}

/** One direction of a connection. */
export interface Lane {
  /** Bytes arrive in order: nothing arrives before this. */
  lastArrival: SimTime;
  /** What the network has swallowed so far and TCP will repeat, in order. Frozen. */
  blocked: readonly Message[];
  /** Repeats of the first blocked packet so far. */
  attempt: number;
}

/** Nothing is blocked. */
export const NOTHING_BLOCKED: Lane["blocked"] = Object.freeze([]);

/** A connection between two processes, seen from both ends; an end that is closed hears nothing more. */
export interface Connection {
  readonly id: string;
  readonly channel: string;
  readonly client: ActorId;
  readonly server: ActorId;
  readonly clientIncarnation: number;
  readonly serverIncarnation: number;
  /** The handshake went through. */
  established: boolean;
  clientOpen: boolean;
  serverOpen: boolean;
  toServer: Lane;
  toClient: Lane;
}

/** Interference with chosen messages: break their connection, or hold them back. */
export interface Interception {
  readonly id: number;
  readonly from: ActorId | null;
  readonly to: ActorId | null;
  /** The message's kind, a response by its own kind (`ProduceResponse`); null = any. */
  readonly api: string | null;
  /** `break`: the connection dies before it arrives. `hold`: it and what follows it on its lane arrive later by `delay`. */
  readonly effect: "break" | "hold";
  readonly delay: Delay;
  /** Messages still to be hit. */
  remaining: number;
}

/** An act that waits for a fact. */
export interface ArmedAct {
  readonly fact: string;
  /** Values that its fields must have; see `matchesFact`. */
  readonly where: Readonly<Record<string, unknown>>;
  /** How many matching facts are still to come, counting the one it waits for. */
  remaining: number;
  readonly after: Delay;
  readonly act: Body;
}

/** An act that waits for a condition to become true. */
export interface WaitingAct {
  /** Plain data that the one who armed it can evaluate; the environment does not look into it. */
  readonly condition: unknown;
  readonly after: Delay;
  readonly act: Body;
  /** Whether the condition was true at the last look: it must become so. */
  wasTrue: boolean;
}

/** A fault in force, as it is shown. */
export interface ActiveFault {
  readonly id: number;
  readonly kind: string;
  readonly since: SimTime;
  /** Actors or hosts that it stands on. */
  readonly on: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EnvironmentState {
  readonly defaultLink: LinkProfile;
  /** Latency between processes of one host. */
  readonly localLink: LinkProfile;
  /** Overrides by `from>to` host pair. */
  links: Record<string, LinkProfile>;
  /** Cuts in force by `from>to` host pair: packets that way vanish. */
  cuts: Record<string, number>;
  /** Hosts without power. */
  dark: Record<HostId, true>;
  /** The connection that a client uses now, by `client>server#channel`. */
  current: Record<string, string>;
  connections: Record<string, Connection>;
  nextConnection: number;
  interceptions: Interception[];
  armed: ArmedAct[];
  waiting: WaitingAct[];
  faults: ActiveFault[];
  nextFaultId: number;
}

/** An environment in which nothing is wrong. */
export function createEnvironment(defaultLink: LinkProfile, links: Record<string, LinkProfile> = {}): EnvironmentState {
  return {
    defaultLink: Object.freeze({ ...defaultLink }),
    localLink: Object.freeze({ delay: Math.min(50, defaultLink.delay), jitter: 0, lossPerMille: 0 }),
    links,
    cuts: {},
    dark: {},
    current: {},
    connections: {},
    nextConnection: 1,
    interceptions: [],
    armed: [],
    waiting: [],
    faults: [],
    nextFaultId: 1,
  };
}

/** The environment's part of a World. */
export function environmentOf(world: World): EnvironmentState {
  return world.environment as EnvironmentState;
}
