/** The facts of this folder: what each kind carries, and the sentence that explains it. */
import type { ActorId, Delay, Fact, SimTime } from "../../engine/types.ts";
import { nearSeconds } from "../../engine/words.ts";
import type { ZkError, ZnodeData, Zxid } from "../protocol/zookeeper.ts";

/**
 * Place of a committed write in the one order of all writes: its transaction, and its number within it. A leader notes it when
 * it commits; a new leader notes what it found in its log as `recovered`, since it cannot know whether the old one had
 * committed it. Whoever wants each write once keeps to growing places: see {@link isNewWrite}.
 */
export interface WritePlace {
  readonly zxid: Zxid;
  readonly nth: number;
  readonly recovered: boolean;
}

interface ByClient {
  readonly session: number;
  /** Process that owns the session; null for a session that nobody knows any more. */
  readonly by: ActorId | null;
}

export interface SessionCreated extends Fact, WritePlace {
  readonly kind: "session-created";
  readonly session: number;
  readonly owner: ActorId;
  readonly timeout: Delay;
}
export interface SessionExpired extends Fact, WritePlace {
  readonly kind: "session-expired";
  readonly session: number;
  readonly owner: ActorId;
  readonly timeout: Delay;
  readonly reason: "timeout" | "ordered";
  readonly lastHeard: SimTime;
  /** Paths of the ephemerals that went with it, sorted. */
  readonly ephemerals: readonly string[];
}
export interface SessionClosed extends Fact, WritePlace {
  readonly kind: "session-closed";
  readonly session: number;
  readonly owner: ActorId;
  readonly reason: "closed-by-client";
  readonly ephemerals: readonly string[];
}
export interface ZnodeCreated extends Fact, WritePlace, ByClient {
  readonly kind: "znode-created";
  readonly path: string;
  readonly data: ZnodeData;
  readonly version: 0;
  readonly ephemeral: boolean;
}
export interface ZnodeChanged extends Fact, WritePlace, ByClient {
  readonly kind: "znode-changed";
  readonly path: string;
  readonly data: ZnodeData;
  readonly version: number;
}
export interface ZnodeDeleted extends Fact, WritePlace, ByClient {
  readonly kind: "znode-deleted";
  readonly path: string;
  /** Version it had. */
  readonly version: number;
  /** `session-ended`: an ephemeral that went with its session (one closeSession in ZooKeeper's log, no delete of its own). */
  readonly reason: "requested" | "session-ended";
}
export interface ZooKeeperLeaderElected extends Fact {
  readonly kind: "zookeeper-leader-elected";
  readonly epoch: number;
  readonly zxid: Zxid;
  /** Synchronised with it, itself included. */
  readonly quorum: readonly ActorId[];
  /** Since it began to look for a leader. */
  readonly took: Delay;
  readonly sessions: number;
}
export interface ZooKeeperQuorumLost extends Fact {
  readonly kind: "zookeeper-quorum-lost";
  readonly reason: "followers-gone" | "followers-silent" | "nobody-followed" | "follower-ahead" | "newer-epoch";
  /** Synchronised and heard from, itself included. */
  readonly heard: readonly ActorId[];
  readonly needed: number;
}
export interface ZooKeeperServerFollowing extends Fact {
  readonly kind: "zookeeper-server-following";
  readonly leader: ActorId;
  readonly epoch: number;
}
export interface ZooKeeperServerSynchronised extends Fact {
  readonly kind: "zookeeper-server-synchronised";
  readonly leader: ActorId;
  readonly epoch: number;
  readonly how: "DIFF" | "TRUNC" | "SNAP";
  readonly from: Zxid;
  readonly to: Zxid;
  /** Logged transactions that were cut. */
  readonly truncated: number;
}
export interface ZooKeeperServerLooking extends Fact {
  readonly kind: "zookeeper-server-looking";
  readonly reason: "started" | "quorum-lost" | "leader-gone" | "leader-silent" | "no-leader" | "old-epoch";
  /** The leader it had; null: none. */
  readonly leader: ActorId | null;
  readonly lastHeard: SimTime | null;
  /** Client connections that it closed. */
  readonly dropped: number;
}
export interface ZooKeeperConnected extends Fact {
  readonly kind: "zookeeper-connected";
  readonly server: ActorId;
  readonly session: number;
  readonly timeout: Delay;
  readonly reason: "new-session" | "reconnected";
}
export interface ZooKeeperDisconnected extends Fact {
  readonly kind: "zookeeper-disconnected";
  readonly server: ActorId;
  readonly session: number;
  readonly reason: string;
  readonly lastHeard: SimTime;
}
export interface ZooKeeperSessionExpired extends Fact {
  readonly kind: "zookeeper-session-expired";
  readonly server: ActorId;
  readonly session: number;
  readonly lastHeard: SimTime;
}
export interface ZkWritten extends Fact {
  readonly kind: "zk-written";
  readonly tag: string;
  readonly error: ZkError;
}

/** The committed writes among the facts. */
export type ZkWriteFact = SessionCreated | SessionExpired | SessionClosed | ZnodeCreated | ZnodeChanged | ZnodeDeleted;

export const ZK_WRITE_FACTS: readonly string[] = Object.freeze([
  "session-created",
  "session-expired",
  "session-closed",
  "znode-created",
  "znode-changed",
  "znode-deleted",
]);

/** Whether a write fact comes after `last`, the place of the one taken before (null: none yet), and so was not told before. */
export function isNewWrite(last: Pick<WritePlace, "zxid" | "nth"> | null, fact: WritePlace): boolean {
  return last === null || fact.zxid > last.zxid || (fact.zxid === last.zxid && fact.nth > last.nth);
}

interface Sentence<F extends Fact> {
  says(fact: F, actor: ActorId, at: SimTime): string;
}
const fact = <F extends Fact>(says: Sentence<F>["says"]): Sentence<F> => ({ says });

export const facts = {
  "session-created": fact<SessionCreated>(
    (f, actor) => `${actor} committed a session of ${nearSeconds(f.timeout)} for ${f.owner}.`,
  ),
  "session-expired": fact<SessionExpired>((f, actor, at) =>
    f.reason === "ordered"
      ? `${actor} ended the session of ${f.owner} by order; ${ephemeralsOf(f.ephemerals)}.`
      : `${actor} ended the session of ${f.owner}: last heard ${nearSeconds(at - f.lastHeard)} ago, timeout ${nearSeconds(f.timeout)}; ${ephemeralsOf(f.ephemerals)}.`,
  ),
  "session-closed": fact<SessionClosed>((f) => `${f.owner} closed its session; ${ephemeralsOf(f.ephemerals)}.`),
  "znode-created": fact<ZnodeCreated>(
    (f) => `${f.by ?? "somebody"} created ${f.ephemeral ? "the ephemeral " : ""}${f.path}.`,
  ),
  "znode-changed": fact<ZnodeChanged>((f) => `${f.by ?? "somebody"} wrote ${f.path}, now version ${f.version}.`),
  "znode-deleted": fact<ZnodeDeleted>((f) =>
    f.reason === "session-ended"
      ? `${f.path} vanished with the session of ${f.by ?? "its owner"}.`
      : `${f.by ?? "somebody"} deleted ${f.path}.`,
  ),
  "zookeeper-leader-elected": fact<ZooKeeperLeaderElected>(
    (f, actor) =>
      `${actor} became leader of the ensemble in epoch ${f.epoch}, with ${f.quorum.join(", ")}; ${f.sessions} sessions got a full timeout.`,
  ),
  "zookeeper-quorum-lost": fact<ZooKeeperQuorumLost>(
    (f, actor) =>
      `${actor} stopped leading the ensemble: ${f.heard.length} of the ${f.needed} servers it needs were there.`,
  ),
  "zookeeper-server-following": fact<ZooKeeperServerFollowing>(
    (f, actor) => `${actor} followed ${f.leader} in epoch ${f.epoch} and served clients.`,
  ),
  "zookeeper-server-synchronised": fact<ZooKeeperServerSynchronised>((f, actor) =>
    f.truncated > 0
      ? `${actor} took the state of ${f.leader} and cut ${f.truncated} transactions that were never committed.`
      : `${actor} took the state of ${f.leader} up to ${f.to}.`,
  ),
  "zookeeper-server-looking": fact<ZooKeeperServerLooking>((f, actor, at) =>
    f.lastHeard === null
      ? `${actor} looked for a leader and served nobody.`
      : `${actor} lost its leader ${f.leader ?? "and itself"}, heard ${nearSeconds(at - f.lastHeard)} ago, and closed ${f.dropped} client connections.`,
  ),
  "zookeeper-connected": fact<ZooKeeperConnected>((f, actor) =>
    f.reason === "new-session"
      ? `${actor} got a session of ${nearSeconds(f.timeout)} at ${f.server}.`
      : `${actor} went on with its session at ${f.server}.`,
  ),
  "zookeeper-disconnected": fact<ZooKeeperDisconnected>(
    (f, actor, at) => `${actor} lost its connection to ${f.server}, heard ${nearSeconds(at - f.lastHeard)} ago.`,
  ),
  "zookeeper-session-expired": fact<ZooKeeperSessionExpired>(
    (f, actor, at) =>
      `${actor} learned from ${f.server} that its session was over, ${nearSeconds(at - f.lastHeard)} after it last heard.`,
  ),
  "zk-written": fact<ZkWritten>((f, actor) =>
    f.error === "OK" ? `${actor} wrote to ZooKeeper.` : `${actor} could not write to ZooKeeper: ${f.error}.`,
  ),
};

function ephemeralsOf(paths: readonly string[]): string {
  if (paths.length === 0) return "it owned no znodes";
  return `${paths.length === 1 ? paths[0] : `${paths.length} znodes`} went with it`;
}
