/**
 * Following: takes the leader's epoch and state, then logs what it proposes and applies what it commits.
 *
 * In ZooKeeper  Follower, Learner. A follower gives up a leader that is silent for syncLimit ticks (initLimit before it is
 *               synchronised), or whose connection breaks.
 */
import { type ActorId, type Delay, MILLISECOND, SECOND } from "../../engine/types.ts";
import type { Zxid } from "../protocol/zookeeper.ts";
import { goLooking } from "./election.ts";
import { commitUpTo, dropUnsynced, FSYNC } from "./log.ts";
import { type PeerMessages, QUORUM_CHANNEL, tellPeer } from "./peers.ts";
import { tickOf } from "./sessions.ts";
import { epochOf, type Following, lastLogged, serverOf, type ZkServerCtx } from "./state.ts";

/** A leader that does not listen yet is tried again after so long, so many times (Learner.connectToLeader). */
const RETRY_PAUSE: Delay = SECOND;
const RETRIES = 5;
/** A process that was paused reads what has arrived before it takes the silence for real. */
const GRACE: Delay = MILLISECOND;

/** The election went to `leader`. */
export function startFollowing(ctx: ZkServerCtx, leader: ActorId): void {
  const server = serverOf(ctx.self);
  server.mode = "following";
  server.following = {
    leader,
    stage: "connecting",
    tries: 0,
    since: ctx.now,
    heardAt: ctx.now,
    touched: {},
  };
  connectToLeader(ctx);
  armSilence(ctx, server.following);
}

/** Opens the connection to the leader, for the first time or again. */
export function connectToLeader(ctx: ZkServerCtx): void {
  const { following } = serverOf(ctx.self);
  if (following === null || following.stage !== "connecting") return;
  following.tries += 1;
  tellPeer(ctx, following.leader, QUORUM_CHANNEL, "ZkFollowerInfo", { acceptedEpoch: ctx.self.disk.acceptedEpoch });
}

/** The present leader, if `from` is it; any message of it counts as a sign of life. */
export function leaderOf(ctx: ZkServerCtx, from: ActorId): Following | null {
  const { following } = serverOf(ctx.self);
  if (following === null || following.leader !== from) return null;
  following.heardAt = ctx.now;
  return following;
}

/** The leader proposes its epoch. One that is not above the last promise is answered, but is no promise. */
export function onLeaderInfo(ctx: ZkServerCtx, following: Following, { epoch }: PeerMessages["ZkLeaderInfo"]): void {
  const { disk } = ctx.self;
  if (epoch < disk.acceptedEpoch) {
    goLooking(ctx, "old-epoch", following.heardAt);
    return;
  }
  const promised = epoch > disk.acceptedEpoch;
  disk.acceptedEpoch = epoch;
  following.stage = "discovering";
  const { currentEpoch } = disk;
  const lastZxid = lastLogged(disk);
  tellPeer(ctx, following.leader, QUORUM_CHANNEL, "ZkAckEpoch", { promised, currentEpoch, lastZxid });
}

/** The leader's state replaces the own one; what the leader does not know was never committed. */
export function onSync(ctx: ZkServerCtx, following: Following, body: PeerMessages["ZkSync"]): void {
  const { disk } = ctx.self;
  const from = lastLogged(disk);
  const to = body.log.at(-1)?.zxid ?? body.committedZxid;
  const truncated = disk.log.filter(({ zxid }) => isCut(zxid, body)).length;
  const how = truncated > 0 ? "TRUNC" : disk.currentEpoch === 0 && from === 0 && to > 0 ? "SNAP" : "DIFF";
  dropUnsynced(ctx);
  disk.currentEpoch = body.epoch;
  disk.committedZxid = body.committedZxid;
  disk.tree = { ...body.tree };
  disk.sessions = { ...body.sessions };
  disk.log = [...body.log];
  disk.epochEnds = { ...body.epochEnds };
  serverOf(ctx.self).committed = body.committedZxid;
  following.stage = "syncing";
  const { leader } = following;
  ctx.note({ kind: "zookeeper-server-synchronised", leader, epoch: body.epoch, how, from, to, truncated });
  ctx.setTimer("zk-synced", FSYNC, body.epoch);
}

/** The state is on disk. */
export function onSyncedToDisk(ctx: ZkServerCtx, epoch: number): void {
  const { following } = serverOf(ctx.self);
  if (following?.stage !== "syncing") return;
  tellPeer(ctx, following.leader, QUORUM_CHANNEL, "ZkAckNewLeader", { epoch });
}

/** A quorum is synchronised: this server serves. */
export function onUpToDate(ctx: ZkServerCtx, following: Following, { committed }: PeerMessages["ZkUpToDate"]): void {
  following.stage = "synced";
  armSilence(ctx, following);
  ctx.note({ kind: "zookeeper-server-following", leader: following.leader, epoch: ctx.self.disk.currentEpoch });
  commitUpTo(ctx, committed);
}

/** Answers a ping with the sessions heard of since the last one. */
export function onPeerPing(ctx: ZkServerCtx, following: Following): void {
  const { touched } = following;
  following.touched = {};
  tellPeer(ctx, following.leader, QUORUM_CHANNEL, "ZkPeerPong", { touched });
}

/** The connection to the leader broke, or was refused. */
export function onLeaderLost(ctx: ZkServerCtx): void {
  const { following } = serverOf(ctx.self);
  if (following === null) return;
  if (following.stage !== "connecting") goLooking(ctx, "leader-gone", following.heardAt);
  else if (following.tries < RETRIES) ctx.setTimer("zk-follow-retry", RETRY_PAUSE);
  else goLooking(ctx, "no-leader", following.heardAt);
}

/** Time to ask whether the leader is silent. `due` is when this was to run: late means that the process was paused. */
export function onSilenceCheck(ctx: ZkServerCtx, due: number): void {
  const { following } = serverOf(ctx.self);
  if (following === null) return;
  if (ctx.now - following.heardAt < silenceLimit(ctx, following)) armSilence(ctx, following);
  else if (ctx.now > due) ctx.setTimer("zk-silence", GRACE, ctx.now + GRACE);
  else goLooking(ctx, following.stage === "synced" ? "leader-silent" : "no-leader", following.heardAt);
}

/** Whether a logged proposal has no place in the leader's history: its epoch ended before it. */
function isCut(zxid: Zxid, { epoch, epochEnds }: PeerMessages["ZkSync"]): boolean {
  return epochOf(zxid) < epoch && zxid > (epochEnds[epochOf(zxid)] ?? 0);
}

function armSilence(ctx: ZkServerCtx, following: Following): void {
  const due = Math.max(ctx.now, following.heardAt + silenceLimit(ctx, following));
  ctx.setTimer("zk-silence", due - ctx.now, due);
}

function silenceLimit(ctx: ZkServerCtx, { stage }: Following): Delay {
  const { zookeeper } = ctx.self.config;
  return (stage === "synced" ? zookeeper.syncLimit : zookeeper.initLimit) * tickOf(zookeeper);
}
