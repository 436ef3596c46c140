/**
 * What a ZooKeeper server holds. On disk: the committed tree and sessions, and the log of proposals that are not known to be
 * committed. In memory: its mode, the clients connected to it, and what it needs as a leader or follower.
 */
import type { ActorId, Message, SimTime } from "../../engine/types.ts";
import type { Stat, ZkError, ZkWriteOp, ZnodeData, Zxid } from "../protocol/zookeeper.ts";
import { sectionOf } from "../roles.ts";
import type { KafkaActor, KafkaCtx, ZooKeeperActorConfig } from "../types.ts";

/** One znode, frozen; replaced as a whole when it changes. */
export interface Znode extends Stat {
  readonly data: ZnodeData;
  /** Zxid of the last change of its children. */
  readonly pzxid: Zxid;
  /** Children ever created: the number that the next sequential child gets. */
  readonly childrenCreated: number;
  /** Names, sorted. */
  readonly children: readonly string[];
}

/** A session as the committed transactions know it, frozen. */
export interface ZkSession {
  readonly id: number;
  /** The process that asked for it. */
  readonly owner: ActorId;
  readonly passwd: number;
  readonly timeoutMs: number;
}

/** Why a session ended. */
export type SessionEnd = "expired" | "closed" | "expired-by-order";

export type TxnOp =
  | ZkWriteOp
  | { readonly op: "multi"; readonly ops: readonly ZkWriteOp[] }
  | { readonly op: "createSession"; readonly owner: ActorId; readonly timeoutMs: number }
  | {
      readonly op: "closeSession";
      readonly reason: SessionEnd;
      /** When the leader last heard of it; null where that does not matter. */
      readonly lastHeard: SimTime | null;
    }
  /** A request that the leader refused; it takes its place in the order, as in ZooKeeper. */
  | { readonly op: "error"; readonly error: ZkError };

/** The request of a client that a transaction answers: which server it came to, in which life of that server. */
export interface TxnOrigin {
  readonly server: ActorId;
  readonly incarnation: number;
  readonly request: number;
}

/** One transaction, frozen; the same on every server. */
export interface Txn {
  readonly zxid: Zxid;
  /** The session that asked, or that ends. For createSession the session gets the transaction's own zxid as its id. */
  readonly sessionId: number;
  readonly origin: TxnOrigin | null;
  readonly op: TxnOp;
}

export interface ZkDisk {
  /** The highest epoch promised to a leader. */
  acceptedEpoch: number;
  /** The epoch of the last leader that this server was synchronised with. */
  currentEpoch: number;
  /** Zxid of the last transaction applied to tree and sessions. */
  committedZxid: Zxid;
  tree: Record<string, Znode>;
  /** By session id. */
  sessions: Record<string, ZkSession>;
  /** Last zxid of each finished epoch that left any transaction. */
  epochEnds: Record<string, Zxid>;
  /** Logged proposals above `committedZxid`, in order. */
  log: Txn[];
}

/**
 * looking   → leading | following (election decided)
 * leading   → looking (no quorum, or a follower that knows more)
 * following → looking (leader silent or gone)
 */
export type ZkMode = "looking" | "leading" | "following";

/** One vote of fast leader election. */
export interface Vote {
  readonly leader: ActorId;
  readonly zxid: Zxid;
  readonly peerEpoch: number;
}

export interface Election {
  /** Counts elections; votes of other rounds do not mix (the logical clock). */
  round: number;
  vote: Vote;
  /** Votes of this round by voter, its own included. */
  received: Record<ActorId, Vote>;
  /** What servers say that lead or follow already. */
  settled: Record<ActorId, { readonly vote: Vote; readonly leads: boolean }>;
  /** When this server began to look. */
  since: SimTime;
  /** Pause before the votes are sent again; doubles. */
  resendAfter: number;
  /** Followers that asked before this server knew that it leads. */
  early: Message[];
}

/** A request of a client that has not been answered: a write under way, or a read behind one. */
export interface QueuedRequest {
  readonly message: Message;
  /** Number of the write; null for a read. */
  readonly request: number | null;
}

/** One connection of a client. */
export interface ZkConnection {
  readonly sessionId: number;
  /** The connect request; what the server sends unasked goes back on its connection. */
  readonly message: Message;
  queue: QueuedRequest[];
}

/** A follower as its leader sees it. */
export interface FollowerState {
  /** Its first message; what the leader sends goes back on its connection. */
  message: Message;
  acceptedEpoch: number;
  stage: "connected" | "epoch-agreed" | "syncing" | "synced";
  /** It had not promised this epoch before: counts for the quorum. */
  promised: boolean;
  currentEpoch: number;
  lastZxid: Zxid;
  /** Last zxid of the state it was sent. */
  sentZxid: Zxid;
  /** Synced and heard from until this tick at the latest. */
  deadlineTick: number;
  heardAt: SimTime;
}

/** A session as its leader times it. */
export interface TrackedSession {
  readonly owner: ActorId;
  readonly timeoutMs: number;
  /** The tick boundary at which it ends unless heard of before. */
  expiresAt: SimTime;
  lastHeard: SimTime;
  /** The server whose requests count; null: not known yet, the next server to bring one. */
  server: ActorId | null;
  isClosing: boolean;
}

export interface Leading {
  /** The new epoch; null until a quorum told its promises. */
  epoch: number | null;
  /** A quorum promised the epoch. */
  isEpochAgreed: boolean;
  /** A quorum is synchronised: writes are served. */
  isEstablished: boolean;
  since: SimTime;
  followers: Record<ActorId, FollowerState>;
  /** Own log up to here counts as acknowledged. */
  lastProposed: Zxid;
  /** Highest zxid of the log this leader began with: what is up to there was proposed by an earlier one. */
  inheritedZxid: Zxid;
  proposals: { readonly zxid: Zxid; readonly acks: ActorId[] }[];
  /** Full ticks since established. */
  tick: number;
  isHalfTick: boolean;
  sessions: Record<string, TrackedSession>;
}

export interface Following {
  readonly leader: ActorId;
  stage: "connecting" | "discovering" | "syncing" | "synced";
  tries: number;
  since: SimTime;
  heardAt: SimTime;
  /** Sessions heard of since the last ping, and when; told to the leader with the answer. */
  touched: Record<string, SimTime>;
}

/** Which sessions watch a path. */
export type WatchTable = Record<string, number[]>;

export interface ZkServerMemory {
  mode: ZkMode;
  election: Election;
  leading: Leading | null;
  following: Following | null;
  /** Highest zxid known to be committed by a quorum; applied as soon as it is logged here. */
  committed: Zxid;
  /** Proposals that wait for the disk. */
  unsynced: Txn[];
  /** How many of them the running fsync covers; 0: none is running. */
  syncing: number;
  /** By connection id. */
  connections: Record<string, ZkConnection>;
  /** Connection id by session. */
  sessions: Record<string, string>;
  /** Connect requests under way, by request number. */
  connecting: Record<string, Message>;
  /** Connection id of writes under way, by request number. */
  writing: Record<string, string>;
  nextRequest: number;
  watches: { data: WatchTable; child: WatchTable };
  /** When the connection for votes to a peer was tried, and whether it was heard of since. */
  voteLinks: Record<ActorId, { readonly triedAt: SimTime; isHeard: boolean }>;
}

export type ZkServerCtx = KafkaCtx<ZkDisk, ZooKeeperActorConfig>;

/** Name of the role and of its section in memory. */
export const ZK_SERVER = "server";

export function serverOf(actor: { readonly memory: unknown; readonly id: ActorId }): ZkServerMemory {
  return sectionOf<ZkServerMemory>(actor as KafkaActor, ZK_SERVER);
}

/** Zxids of one epoch. */
const EPOCH_SIZE = 4_294_967_296;

export function epochOf(zxid: Zxid): number {
  return Math.floor(zxid / EPOCH_SIZE);
}

/** The zxid that an epoch begins after. */
export function startOfEpoch(epoch: number): Zxid {
  return epoch * EPOCH_SIZE;
}

/** Zxid of the last transaction in the log, committed or not. */
export function lastLogged(disk: ZkDisk): Zxid {
  return disk.log.at(-1)?.zxid ?? disk.committedZxid;
}

/** Whether `count` servers are more than half of the ensemble. */
export function isQuorum(ctx: ZkServerCtx, count: number): boolean {
  return count * 2 > ctx.self.config.ensemble.length;
}

/** Whether this server answers clients now. */
export function isServing(server: ZkServerMemory): boolean {
  return server.leading?.isEstablished === true || server.following?.stage === "synced";
}
