/**
 * What ZooKeeper servers say to each other. Votes travel on the channel "election", the rest on the connection that a follower
 * opens to its leader, channel "quorum". Names as in ZooKeeper's Leader and FastLeaderElection.
 */
import type { ActorId, Body, Message, SimTime } from "../../engine/types.ts";
import type { Zxid } from "../protocol/zookeeper.ts";
import type { Txn, TxnOp, TxnOrigin, Vote, ZkMode, ZkServerCtx, ZkSession, Znode } from "./state.ts";

export const ELECTION_CHANNEL = "election";
export const QUORUM_CHANNEL = "quorum";

export interface PeerMessages {
  /** Whom the sender votes for, or follows. */
  ZkVote: { readonly mode: ZkMode; readonly round: number; readonly vote: Vote };
  /** Follower to leader: begins. */
  ZkFollowerInfo: { readonly acceptedEpoch: number };
  /** Leader to follower: the epoch that it wants to begin. */
  ZkLeaderInfo: { readonly epoch: number };
  /** Follower to leader: promises to follow no older epoch (`promised`: not promised to anybody before); tells what it has. */
  ZkAckEpoch: { readonly promised: boolean; readonly currentEpoch: number; readonly lastZxid: Zxid };
  /** Leader to follower: its whole state (in ZooKeeper DIFF, TRUNC or SNAP, and NEWLEADER). */
  ZkSync: {
    readonly epoch: number;
    readonly committedZxid: Zxid;
    readonly tree: Readonly<Record<string, Znode>>;
    readonly sessions: Readonly<Record<string, ZkSession>>;
    readonly log: readonly Txn[];
    readonly epochEnds: Readonly<Record<string, Zxid>>;
  };
  /** Follower to leader: has the state on its disk. */
  ZkAckNewLeader: { readonly epoch: number };
  /** Leader to follower: may serve; everything up to `committed` is committed. */
  ZkUpToDate: { readonly committed: Zxid };
  ZkProposal: { readonly txn: Txn };
  ZkAck: { readonly zxid: Zxid };
  ZkCommit: { readonly zxid: Zxid };
  /** Leader to follower, every half tick. */
  ZkPeerPing: { readonly tick: number };
  /** Its answer: the sessions that the follower heard of, and when. */
  ZkPeerPong: { readonly touched: Readonly<Record<string, SimTime>> };
  /** Follower to leader: a write of a client. */
  ZkForward: { readonly sessionId: number; readonly origin: TxnOrigin | null; readonly op: TxnOp };
  /** Follower to leader: a session wants to go on at the follower. */
  ZkRevalidate: { readonly sessionId: number; readonly passwd: number; readonly request: number };
  ZkRevalidated: { readonly sessionId: number; readonly request: number; readonly session: ZkSession | null };
  /** Follower to leader: somebody ordered the end of the sessions of `owner`. */
  ZkExpire: { readonly owner: ActorId };
}

export type PeerMessageKind = keyof PeerMessages;
export type PeerBody<K extends PeerMessageKind> = Body & PeerMessages[K] & { readonly kind: K };

/** Sends to a peer on the own connection of `channel`. */
export function tellPeer<K extends PeerMessageKind>(
  ctx: ZkServerCtx,
  to: ActorId,
  channel: string,
  kind: K,
  fields: PeerMessages[K],
): void {
  ctx.send(to, channel, { kind, ...fields });
}

/** Sends to a peer on the connection that `message` came on. */
export function answerPeer<K extends PeerMessageKind>(
  ctx: ZkServerCtx,
  message: Message,
  kind: K,
  fields: PeerMessages[K],
): void {
  ctx.reply(message, { kind, ...fields } as Body);
}
