/**
 * The engine's vocabulary: events, actors, the World, facts and inputs. All of it is plain JSON.
 *
 * The engine does not know what a broker is. A model gives it handlers, an environment decides when a message arrives
 * (or why it does not), and the engine keeps one total order of what happens: `(at, id)`.
 */

/** Simulated time in integer microseconds since the run began. */
export type SimTime = number;

/** A distance between two moments, integer microseconds. */
export type Delay = number;

export const MILLISECOND: Delay = 1_000;
export const SECOND: Delay = 1_000_000;

/** Name of an actor: `b1`, `z2`, `p1`. */
export type ActorId = string;

/** Name of a machine; several actors may share one and lose power together. */
export type HostId = string;

/** What a message carries. `kind` names it in the trace; a body is frozen when sent. */
export interface Body {
  readonly kind: string;
}

/** One message between two actors, frozen when sent. */
export interface Message<B extends Body = Body> {
  readonly from: ActorId;
  readonly to: ActorId;
  /** The connection it travels on, as named by the environment. */
  readonly connection: string;
  readonly sentAt: SimTime;
  readonly body: B;
}

/** Something a process is told by its surroundings. */
export type Signal =
  | { readonly kind: "signal"; readonly signal: "start" | "stop" | "resumed" }
  /** The handshake of a connection that this process opened went through. */
  | {
      readonly kind: "signal";
      readonly signal: "connected";
      readonly connection: string;
      readonly peer: ActorId;
      readonly channel: string;
    }
  | {
      readonly kind: "signal";
      readonly signal: "disconnected";
      readonly connection: string;
      readonly peer: ActorId;
      readonly channel: string;
      readonly reason: DisconnectReason;
    };

export type DisconnectReason = "refused" | "reset" | "closed" | "timed-out" | "broken";

/** Why a handler runs. */
export type Trigger =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "timer"; readonly timer: string; readonly payload: unknown }
  | Signal
  | { readonly kind: "command"; readonly command: Body }
  | { readonly kind: "environment"; readonly event: Body };

/** An event's cause: the id of the event during which it was scheduled; `-(n + 1)` for the n-th input applied. */
export type Cause = number;

/** Something that will happen. Ordered by `(at, id)`; `actor` is empty for events of the environment. */
export interface SimEvent {
  readonly id: number;
  readonly at: SimTime;
  readonly actor: ActorId;
  readonly cause: Cause;
  readonly trigger: Trigger;
}

export type ProcessState = "down" | "running" | "paused" | "stopping";

/** An actor: its state in two halves. `disk` survives the death of the process, `memory` does not. */
export interface ActorState<Disk = unknown, Memory = unknown> {
  readonly id: ActorId;
  readonly kind: string;
  readonly host: HostId;
  /** Settings; replaced as a whole (frozen) when one of them is changed. */
  config: unknown;
  process: ProcessState;
  /** Counts starts of the process, from 1. */
  incarnation: number;
  disk: Disk;
  /** Null while the process is down. */
  memory: Memory | null;
  /** Live timers by name: the id of the event that will fire. */
  timers: Record<string, number>;
  /** What arrived while the process was paused, in order. */
  held: SimEvent[];
}

/** State of one random stream: the four integers of sfc32. */
export type StreamState = [number, number, number, number];

/** Everything that is needed to go on. */
export interface World {
  time: SimTime;
  /** How many events (not inputs) have run at `time`. */
  nth: number;
  nextEventId: number;
  inputsApplied: number;
  readonly seed: string;
  /** A binary heap ordered by `(at, id)`. */
  queue: SimEvent[];
  streams: Record<string, StreamState>;
  actors: Record<ActorId, ActorState>;
  /** Owned by the environment: links, connections, faults in force. */
  environment: unknown;
}

/**
 * What the script or the learner does. It is applied once the time is `at` and `nth` events of that microsecond have run,
 * so that a fork equals a fresh run with the same inputs, tie by tie.
 */
export interface Input {
  readonly at: SimTime;
  readonly nth: number;
  readonly act: Body;
}

/** A sentence about what was decided, in the field's words, with its reason and its evidence. */
export interface Fact {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** What a handler may do besides changing its own actor. Effects are applied by the engine after the handler returned. */
export interface Ctx<A extends ActorState = ActorState> {
  readonly now: SimTime;
  readonly self: A;
  /** Sends on the current connection of `channel` to `to`; the environment opens one if there is none. */
  send(to: ActorId, channel: string, body: Body): void;
  /** Sends back on the connection that `message` came on; dropped if that connection is gone. */
  reply(message: Message, body: Body): void;
  /** Closes the connection of `channel` to `to`, if any. The peer learns of it when the packets reach it. */
  disconnect(to: ActorId, channel: string): void;
  /** Closes the connection that `message` came on. */
  hangUp(message: Message): void;
  /** (Re)starts the timer called `timer`. */
  setTimer(timer: string, delay: Delay, payload?: unknown): void;
  cancelTimer(timer: string): void;
  /** A uniform integer in `[0, bound)` from the actor's own stream of that name. */
  random(stream: string, bound: number): number;
  note(fact: Fact): void;
  /** Ends the own process (after a stop signal, or because it cannot go on). */
  exit(reason: string): void;
}

/** One kind of actor. */
export interface ActorModel {
  /** The memory a process begins with. */
  boot(actor: ActorState): unknown;
  /** Reacts to one trigger; runs to completion. */
  handle(ctx: Ctx, trigger: Trigger): void;
  /** What a power loss leaves of the disk: unflushed tails go. */
  losePower?(actor: ActorState, random: (bound: number) => number): void;
}

/** What the environment and inputs may do to the run. */
export interface Kernel {
  readonly world: World;
  readonly now: SimTime;
  schedule(at: SimTime, actor: ActorId, trigger: Trigger): SimEvent;
  note(fact: Fact): void;
  /** A uniform integer in `[0, bound)` from the stream of that name. */
  random(stream: string, bound: number): number;
  model(kind: string): ActorModel;
}

/** The world around the processes. The engine asks it for the moment of delivery, or why there is none. */
export interface Environment {
  send(kernel: Kernel, from: ActorState, to: ActorId, channel: string, body: Body): void;
  reply(kernel: Kernel, from: ActorState, message: Message, body: Body): void;
  disconnect(kernel: Kernel, from: ActorState, to: ActorId, channel: string): void;
  hangUp(kernel: Kernel, from: ActorState, message: Message): void;
  exit(kernel: Kernel, actor: ActorState, reason: string): void;
  /** Whether an event that is due runs now, waits for its paused actor, or never arrives. */
  admit(world: World, event: SimEvent): "run" | "hold" | "drop";
  /** An event of the environment itself. */
  onEvent(kernel: Kernel, event: Body): void;
  /** What the script or the learner does. */
  onInput(kernel: Kernel, act: Body): void;
  /** Told of the facts of each step, so that acts can wait for one. */
  onFacts?(kernel: Kernel, facts: readonly Fact[], actor: ActorId): void;
}

/** A model: every kind of actor, and the environment they live in. */
export interface Model {
  readonly actors: Readonly<Record<string, ActorModel>>;
  readonly environment: Environment;
}

/** One step of a run, as observers see it. */
export interface Step {
  /** Index of the entry in the trace. */
  readonly entry: number;
  readonly at: SimTime;
  /** The event's id, or `-(n + 1)` for the n-th input. */
  readonly id: number;
  readonly cause: Cause | null;
  /** The actor whose handler ran; empty for inputs and for events of the environment. */
  readonly actor: ActorId;
  /**
   * Name of what happened: a message's kind, a timer's name, a signal, an act. `Fetch/held` waits for its paused process,
   * `Fetch/lost` found its end of the connection closed or its process gone.
   */
  readonly kind: string;
  /** Whether a handler ran: false for `/held` and `/lost`. */
  readonly ran: boolean;
  /** For an input: its act, as an event of the environment. */
  readonly trigger: Trigger;
  readonly facts: readonly Fact[];
}

/**
 * Plain state beside the World, saved in checkpoints with it; told of each step, unable to write. `observed` holds the states
 * of all observers by name; those listed before this one have seen the step.
 */
export interface Observer<S = unknown> {
  readonly name: string;
  init(world: World): S;
  onStep(state: S, step: Step, world: World, observed: Readonly<Record<string, unknown>>): void;
}
