/**
 * How a write becomes a transaction: any server hands it to the leader, the leader gives it its place, a quorum logs it, and
 * the leader commits it in order.
 *
 * In ZooKeeper  FollowerRequestProcessor, PrepRequestProcessor, ProposalRequestProcessor, Leader.processAck.
 */
import { assert, must } from "../../engine/assert.ts";
import { freeze } from "../../engine/snapshot.ts";
import type { ActorId } from "../../engine/types.ts";
import type { ZkError, Zxid } from "../protocol/zookeeper.ts";
import { commitUpTo, logProposal } from "./log.ts";
import { answerPeer, QUORUM_CHANNEL, tellPeer } from "./peers.ts";
import { tickOf, trackSession } from "./sessions.ts";
import {
  type FollowerState,
  isQuorum,
  type Leading,
  serverOf,
  type Txn,
  type TxnOp,
  type TxnOrigin,
  type ZkServerCtx,
} from "./state.ts";

/** Brings a write of a client of this server on its way. The server serves, so there is a leader. */
export function submit(ctx: ZkServerCtx, sessionId: number, op: TxnOp, origin: TxnOrigin | null): void {
  const { leading, following } = serverOf(ctx.self);
  if (leading !== null) propose(ctx, sessionId, op, origin);
  else {
    const { leader } = must(following, "leader to forward a write to");
    tellPeer(ctx, leader, QUORUM_CHANNEL, "ZkForward", { sessionId, origin, op });
  }
}

/** The leader gives a write its zxid and sends it to all who follow. */
export function propose(ctx: ZkServerCtx, sessionId: number, op: TxnOp, origin: TxnOrigin | null): void {
  const leading = serverOf(ctx.self).leading;
  assert(leading?.isEstablished, "only an established leader proposes");
  const zxid = leading.lastProposed + 1;
  const refused = refusal(leading, sessionId, op, origin);
  const txn: Txn = freeze({
    zxid,
    sessionId: op.op === "createSession" ? zxid : sessionId,
    origin,
    op: refused === null ? op : { op: "error", error: refused },
  });
  leading.lastProposed = zxid;
  if (op.op === "createSession") {
    const { owner, timeoutMs } = op;
    const tracked = trackSession({ id: zxid, owner, passwd: 0, timeoutMs }, ctx.now, tickOf(ctx.self.config.zookeeper));
    tracked.server = origin?.server ?? null;
    leading.sessions[zxid] = tracked;
  }
  if (op.op === "closeSession") {
    const tracked = leading.sessions[sessionId];
    if (tracked !== undefined) tracked.isClosing = true;
  }
  leading.proposals.push({ zxid, acks: [] });
  tellFollowers(ctx, leading, (follower) => answerPeer(ctx, follower.message, "ZkProposal", { txn }));
  logProposal(ctx, txn);
}

/** `from` has everything up to `zxid` on its disk. Commits, in order, what a quorum with the leader has. */
export function acknowledge(ctx: ZkServerCtx, from: ActorId, zxid: Zxid): void {
  const leading = serverOf(ctx.self).leading;
  if (leading === null) return;
  for (const proposal of leading.proposals) {
    if (proposal.zxid > zxid) break;
    if (!proposal.acks.includes(from)) proposal.acks.push(from);
  }
  let committed: Zxid | null = null;
  for (let head = leading.proposals[0]; head !== undefined; head = leading.proposals[0]) {
    if (!isQuorum(ctx, head.acks.length) || !head.acks.includes(ctx.self.id)) break;
    committed = head.zxid;
    leading.proposals.shift();
  }
  if (committed === null) return;
  const upTo = committed;
  tellFollowers(ctx, leading, (follower) => answerPeer(ctx, follower.message, "ZkCommit", { zxid: upTo }));
  commitUpTo(ctx, upTo);
}

/** Runs `tell` for each follower that has been sent the state, in the order of the ensemble. */
export function tellFollowers(ctx: ZkServerCtx, leading: Leading, tell: (follower: FollowerState) => void): void {
  for (const id of ctx.self.config.ensemble) {
    const follower = leading.followers[id];
    if (follower?.stage === "syncing" || follower?.stage === "synced") tell(follower);
  }
}

/** Why the leader refuses a write: its session is over, or has moved to another server since. */
function refusal(leading: Leading, sessionId: number, op: TxnOp, origin: TxnOrigin | null): ZkError | null {
  if (op.op === "createSession" || op.op === "closeSession") return null;
  const session = leading.sessions[sessionId];
  if (session === undefined || session.isClosing) return "SESSIONEXPIRED";
  if (origin === null) return null;
  if (session.server === null) session.server = origin.server;
  return session.server === origin.server ? null : "SESSIONMOVED";
}
