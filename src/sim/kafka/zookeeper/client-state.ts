/** What a ZooKeeper client remembers: its session, where it is connected, its watches, and requests under way. */
import { assert } from "../../engine/assert.ts";
import { type ActorId, type Delay, MILLISECOND, SECOND, type SimTime } from "../../engine/types.ts";
import type { WatchEvent, ZkOp, ZkResult, Zxid } from "../protocol/zookeeper.ts";
import { sectionOf } from "../roles.ts";
import type { Then } from "../rpc.ts";
import type { KafkaActor } from "../types.ts";

/**
 * connecting → connected | waiting (try failed) | closed
 * connected  → waiting (connection lost) | closing
 * waiting    → connecting (pause is over) | closed
 * closing    → closed
 * An expired session goes back to connecting, with a session to be made.
 */
export type ZkClientPhase = "connecting" | "connected" | "waiting" | "closing" | "closed";

export interface ZkClientRequest {
  readonly id: number;
  readonly op: ZkOp;
  readonly then: Then;
}

export interface ZkClientState {
  phase: ZkClientPhase;
  /** 0: no session yet, or the last one expired. */
  sessionId: number;
  passwd: number;
  /** What is asked for, milliseconds. */
  askedTimeoutMs: number;
  /** What counts: as asked, and once connected as granted. */
  timeoutMs: number;
  lastZxidSeen: Zxid;
  /** The servers in the order they are tried. */
  hosts: ActorId[];
  /** Index of the host in use or tried last; -1: none yet. */
  current: number;
  /** Index of the host that worked last; coming round to it costs an extra pause. */
  lastGood: number;
  /** Nothing was tried yet since the session was asked for: no pause before. */
  isFirstConnect: boolean;
  /** Numbers the tries, so that the end of an old one is not taken for that of a new one. */
  attempt: number;
  lastHeard: SimTime;
  lastSent: SimTime;
  /** Paths that a server watches for this session. */
  watches: { data: Record<string, true>; exist: Record<string, true>; child: Record<string, true> };
  /** Not sent yet, in order. */
  queue: ZkClientRequest[];
  /** Sent and not answered, in order. */
  inFlight: ZkClientRequest[];
  nextRequest: number;
}

/** A connected client pings at least this often (ClientCnxn.MAX_SEND_PING_INTERVAL). */
const MAX_PING_INTERVAL: Delay = 10 * SECOND;

/** Name of the role and of its section in memory. */
export const ZK_CLIENT = "zk";

export function clientState(actor: KafkaActor): ZkClientState {
  return sectionOf<ZkClientState>(actor, ZK_CLIENT);
}

export function createClientState(askedTimeoutMs: number): ZkClientState {
  return {
    phase: "waiting",
    sessionId: 0,
    passwd: 0,
    askedTimeoutMs,
    timeoutMs: askedTimeoutMs,
    lastZxidSeen: 0,
    hosts: [],
    current: -1,
    lastGood: -1,
    isFirstConnect: true,
    attempt: 0,
    lastHeard: 0,
    lastSent: 0,
    watches: { data: {}, exist: {}, child: {} },
    queue: [],
    inFlight: [],
    nextRequest: 1,
  };
}

/** The server in use or tried. */
export function host(state: ZkClientState): ActorId {
  const server = state.hosts[state.current];
  assert(server !== undefined, "a ZooKeeper client without a server");
  return server;
}

/** After so long without a word the connection counts as dead. */
export function readTimeout(state: ZkClientState): Delay {
  return Math.floor((state.timeoutMs * 2) / 3) * MILLISECOND;
}

/** After so long without sending anything a connected client pings. */
export function pingAfter(state: ZkClientState): Delay {
  return Math.min(Math.floor(readTimeout(state) / 2), MAX_PING_INTERVAL);
}

/** A server was heard, with what it has committed. */
export function heard(state: ZkClientState, now: SimTime, zxid: Zxid): void {
  state.lastHeard = now;
  if (zxid > state.lastZxidSeen) state.lastZxidSeen = zxid;
}

/** A read came back: what the server watches now. */
export function rememberWatch(state: ZkClientState, op: ZkOp, result: ZkResult): void {
  const watches = state.watches;
  if (op.op === "getChildren" && op.watch && result.error === "OK") watches.child[op.path] = true;
  if (op.op === "getData" && op.watch && result.error === "OK") watches.data[op.path] = true;
  if (op.op === "exists" && op.watch) (result.error === "OK" ? watches.data : watches.exist)[op.path] = true;
}

/** A watch fired and is used up. */
export function forgetWatch(state: ZkClientState, { type, path }: WatchEvent): void {
  if (type !== "NodeChildrenChanged") {
    delete state.watches.data[path];
    delete state.watches.exist[path];
  }
  if (type === "NodeChildrenChanged" || type === "NodeDeleted") delete state.watches.child[path];
}
