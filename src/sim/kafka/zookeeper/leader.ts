/**
 * Leading: a new epoch, followers brought to the same state, then writes, pings and the end of sessions.
 *
 * In ZooKeeper  Leader, LearnerHandler, LeaderZooKeeperServer.
 *
 *   1. discovery        a quorum tells which epochs it has promised; the new one is higher, and they promise it.
 *   2. synchronisation  each gets the leader's state. Who knows more than the leader stops it: it was not to be elected.
 *   3. broadcast        with a quorum synchronised, all that the leader has is committed, and sessions get a full timeout.
 *
 * Simplified    the whole state travels as one message, shared and not copied; in ZooKeeper a difference, a cut or a snapshot.
 */
import { assert } from "../../engine/assert.ts";
import type { ActorId, Message, SimTime } from "../../engine/types.ts";
import { goLooking } from "./election.ts";
import type { ZooKeeperQuorumLost } from "./facts.ts";
import { commitUpTo } from "./log.ts";
import { answerPeer, type PeerMessages } from "./peers.ts";
import { acknowledge, propose, tellFollowers } from "./propose.ts";
import { overdueSessions, tickOf, touchSession, trackSession } from "./sessions.ts";
import {
  epochOf,
  type FollowerState,
  isQuorum,
  type Leading,
  lastLogged,
  serverOf,
  startOfEpoch,
  type ZkServerCtx,
} from "./state.ts";

/** This server won the election. `early`: followers that asked before it knew. */
export function startLeading(ctx: ZkServerCtx, early: readonly Message[]): void {
  const server = serverOf(ctx.self);
  server.mode = "leading";
  server.leading = {
    epoch: null,
    isEpochAgreed: false,
    isEstablished: false,
    since: ctx.now,
    followers: {},
    lastProposed: 0,
    inheritedZxid: 0,
    proposals: [],
    tick: 0,
    isHalfTick: true,
    sessions: {},
  };
  const { initLimit } = ctx.self.config.zookeeper;
  ctx.setTimer("zk-leader-init", initLimit * tickOf(ctx.self.config.zookeeper));
  if (isQuorum(ctx, 1)) {
    // A server alone goes on with its zxids: there is nobody to tell epochs apart for.
    server.leading.epoch = ctx.self.disk.currentEpoch;
    server.leading.isEpochAgreed = true;
    establish(ctx, server.leading);
  }
  for (const message of early) onFollowerInfo(ctx, message.body as unknown as PeerMessages["ZkFollowerInfo"], message);
}

/** A server wants to follow. */
export function onFollowerInfo(ctx: ZkServerCtx, body: PeerMessages["ZkFollowerInfo"], message: Message): void {
  const leading = serverOf(ctx.self).leading;
  if (leading === null || !ctx.self.config.ensemble.includes(message.from)) {
    ctx.hangUp(message);
    return;
  }
  const older = leading.followers[message.from];
  if (older !== undefined) ctx.hangUp(older.message);
  leading.followers[message.from] = {
    message,
    acceptedEpoch: body.acceptedEpoch,
    stage: "connected",
    promised: false,
    currentEpoch: 0,
    lastZxid: 0,
    sentZxid: 0,
    deadlineTick: leading.tick + ctx.self.config.zookeeper.syncLimit,
    heardAt: ctx.now,
  };
  if (leading.epoch !== null) {
    answerPeer(ctx, message, "ZkLeaderInfo", { epoch: leading.epoch });
    return;
  }
  const known = followersOf(ctx, leading);
  if (!isQuorum(ctx, known.length + 1)) return;
  const { disk } = ctx.self;
  leading.epoch = Math.max(disk.acceptedEpoch, ...known.map(({ acceptedEpoch }) => acceptedEpoch)) + 1;
  disk.acceptedEpoch = leading.epoch;
  for (const follower of known) answerPeer(ctx, follower.message, "ZkLeaderInfo", { epoch: leading.epoch });
}

/** A follower promised the epoch, and told what it has. */
export function onAckEpoch(ctx: ZkServerCtx, body: PeerMessages["ZkAckEpoch"], message: Message): void {
  const leading = serverOf(ctx.self).leading;
  const follower = followerOf(ctx, message);
  if (leading === null || follower === null) return;
  const { disk } = ctx.self;
  follower.stage = "epoch-agreed";
  follower.promised = body.promised;
  follower.currentEpoch = body.currentEpoch;
  follower.lastZxid = body.lastZxid;
  if (leading.isEpochAgreed) {
    sendState(ctx, leading, follower);
    return;
  }
  if (
    body.currentEpoch > disk.currentEpoch ||
    (body.currentEpoch === disk.currentEpoch && body.lastZxid > lastLogged(disk))
  ) {
    giveUp(ctx, leading, "follower-ahead");
    return;
  }
  const agreed = followersOf(ctx, leading).filter(({ stage, promised }) => stage === "epoch-agreed" && promised);
  if (!isQuorum(ctx, agreed.length + 1)) return;
  leading.isEpochAgreed = true;
  assert(leading.epoch !== null, "an epoch agreed that was never proposed");
  disk.currentEpoch = leading.epoch;
  disk.epochEnds[epochOf(lastLogged(disk))] = lastLogged(disk);
  for (const one of followersOf(ctx, leading)) if (one.stage === "epoch-agreed") sendState(ctx, leading, one);
}

/** A follower has the leader's state on its disk. */
export function onAckNewLeader(ctx: ZkServerCtx, message: Message): void {
  const leading = serverOf(ctx.self).leading;
  const follower = followerOf(ctx, message);
  if (leading === null || follower === null) return;
  follower.stage = "synced";
  follower.deadlineTick = leading.tick + ctx.self.config.zookeeper.syncLimit;
  if (leading.isEstablished) {
    answerPeer(ctx, message, "ZkUpToDate", { committed: serverOf(ctx.self).committed });
    acknowledge(ctx, message.from, follower.sentZxid);
  } else if (isQuorum(ctx, syncedOf(ctx, leading).length + 1)) establish(ctx, leading);
}

/** A follower answered a ping, with the sessions that it heard of. */
export function onPeerPong(ctx: ZkServerCtx, { touched }: PeerMessages["ZkPeerPong"], message: Message): void {
  const leading = serverOf(ctx.self).leading;
  if (leading === null || followerOf(ctx, message) === null) return;
  for (const id of Object.keys(touched)) {
    const tracked = leading.sessions[id];
    if (tracked !== undefined)
      touchSession(tracked, touched[id] as SimTime, ctx.now, tickOf(ctx.self.config.zookeeper));
  }
}

/** Any message of a follower shows that it is there. Gives null if it is not from the follower's present connection. */
export function followerOf(ctx: ZkServerCtx, message: Message): FollowerState | null {
  const leading = serverOf(ctx.self).leading;
  const follower = leading?.followers[message.from];
  if (leading === null || follower?.message.connection !== message.connection) return null;
  follower.heardAt = ctx.now;
  follower.deadlineTick = leading.tick + ctx.self.config.zookeeper.syncLimit;
  return follower;
}

/** The connection of a follower is gone. A full tick will tell whether enough are left. */
export function onFollowerLost(ctx: ZkServerCtx, peer: ActorId, connection: string): void {
  const leading = serverOf(ctx.self).leading;
  if (leading !== null && leading.followers[peer]?.message.connection === connection) delete leading.followers[peer];
}

/** Twice a tick: pings. Every full tick: are enough followers there? */
export function onHalfTick(ctx: ZkServerCtx): void {
  const leading = serverOf(ctx.self).leading;
  if (leading === null || !leading.isEstablished) return;
  leading.isHalfTick = !leading.isHalfTick;
  if (!leading.isHalfTick) {
    leading.tick += 1;
    const heard = syncedOf(ctx, leading).filter(({ deadlineTick }) => leading.tick <= deadlineTick);
    if (!isQuorum(ctx, heard.length + 1)) {
      giveUp(ctx, leading, syncedOf(ctx, leading).length > heard.length ? "followers-silent" : "followers-gone");
      return;
    }
  }
  tellFollowers(ctx, leading, (follower) => answerPeer(ctx, follower.message, "ZkPeerPing", { tick: leading.tick }));
  ctx.setTimer("zk-half-tick", Math.floor(tickOf(ctx.self.config.zookeeper) / 2));
}

/** A tick boundary of the session clock: ends the sessions whose time is over. */
export function onExpiryBoundary(ctx: ZkServerCtx, boundary: SimTime): void {
  const leading = serverOf(ctx.self).leading;
  if (leading === null || !leading.isEstablished) return;
  for (const id of overdueSessions(leading.sessions, boundary)) {
    const lastHeard = leading.sessions[id]?.lastHeard ?? null;
    propose(ctx, id, { op: "closeSession", reason: "expired", lastHeard }, null);
  }
  armExpiry(ctx, boundary + tickOf(ctx.self.config.zookeeper));
}

/** initLimit ticks have passed since it was elected. */
export function onLeaderInitLimit(ctx: ZkServerCtx): void {
  const leading = serverOf(ctx.self).leading;
  if (leading !== null && !leading.isEstablished) giveUp(ctx, leading, "nobody-followed");
}

function sendState(ctx: ZkServerCtx, leading: Leading, follower: FollowerState): void {
  const { disk } = ctx.self;
  assert(leading.epoch !== null, "state of a leader without epoch");
  const log = [...disk.log, ...serverOf(ctx.self).unsynced];
  follower.stage = "syncing";
  follower.sentZxid = log.at(-1)?.zxid ?? disk.committedZxid;
  answerPeer(ctx, follower.message, "ZkSync", {
    epoch: leading.epoch,
    committedZxid: disk.committedZxid,
    tree: { ...disk.tree },
    sessions: { ...disk.sessions },
    log,
    epochEnds: { ...disk.epochEnds },
  });
}

/** A quorum has the leader's state: all of it is committed, and the ensemble serves. */
function establish(ctx: ZkServerCtx, leading: Leading): void {
  const { disk } = ctx.self;
  const tick = tickOf(ctx.self.config.zookeeper);
  assert(leading.epoch !== null, "leader without epoch");
  ctx.cancelTimer("zk-leader-init");
  leading.isEstablished = true;
  leading.inheritedZxid = lastLogged(disk);
  const synced = syncedOf(ctx, leading);
  ctx.note({
    kind: "zookeeper-leader-elected",
    epoch: leading.epoch,
    zxid: leading.inheritedZxid,
    quorum: ctx.self.config.ensemble.filter((id) => id === ctx.self.id || leading.followers[id]?.stage === "synced"),
    took: ctx.now - serverOf(ctx.self).election.since,
    sessions: Object.keys(disk.sessions).length,
  });
  commitUpTo(ctx, leading.inheritedZxid);
  leading.lastProposed = Math.max(leading.inheritedZxid, startOfEpoch(leading.epoch));
  for (const session of Object.values(disk.sessions))
    leading.sessions[session.id] = trackSession(session, ctx.now, tick);
  for (const { message } of synced) answerPeer(ctx, message, "ZkUpToDate", { committed: leading.inheritedZxid });
  armExpiry(ctx, (Math.floor(ctx.now / tick) + 1) * tick);
  if (!isQuorum(ctx, 1)) ctx.setTimer("zk-half-tick", Math.floor(tick / 2));
}

function giveUp(ctx: ZkServerCtx, leading: Leading, reason: ZooKeeperQuorumLost["reason"]): void {
  const heard = ctx.self.config.ensemble.filter((id) => {
    const follower = leading.followers[id];
    return id === ctx.self.id || (follower?.stage === "synced" && leading.tick <= follower.deadlineTick);
  });
  const needed = Math.floor(ctx.self.config.ensemble.length / 2) + 1;
  ctx.note({ kind: "zookeeper-quorum-lost", reason, heard, needed });
  const lastHeard = Math.max(leading.since, ...followersOf(ctx, leading).map(({ heardAt }) => heardAt));
  goLooking(ctx, "quorum-lost", lastHeard);
}

function armExpiry(ctx: ZkServerCtx, boundary: SimTime): void {
  ctx.setTimer("zk-expiry", Math.max(0, boundary - ctx.now), boundary);
}

/** In the order of the ensemble. */
function followersOf(ctx: ZkServerCtx, leading: Leading): FollowerState[] {
  return ctx.self.config.ensemble.flatMap((id) => leading.followers[id] ?? []);
}

function syncedOf(ctx: ZkServerCtx, leading: Leading): FollowerState[] {
  return followersOf(ctx, leading).filter(({ stage }) => stage === "synced");
}
