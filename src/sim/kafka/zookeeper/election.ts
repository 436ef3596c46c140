/**
 * Looking for a leader: fast leader election.
 *
 * In ZooKeeper  FastLeaderElection, QuorumCnxManager.
 *
 *   1. A server votes for itself and tells all.
 *   2. Who hears of a better candidate votes for that one, and tells all.
 *   3. A vote that more than half share stands after 200 ms without a better one.
 *   4. A server that comes late hears from those that lead or follow already, and joins them.
 *
 * Simplified    one connection for votes in each direction; answers go back on the one that the question came on.
 */
import type { ActorId, Delay, Message, SimTime } from "../../engine/types.ts";
import { MILLISECOND, SECOND } from "../../engine/types.ts";
import { closeAllConnections } from "./connections.ts";
import type { ZooKeeperServerLooking } from "./facts.ts";
import { dropUnsynced } from "./log.ts";
import { answerPeer, ELECTION_CHANNEL, type PeerMessages, QUORUM_CHANNEL, tellPeer } from "./peers.ts";
import { type Election, lastLogged, serverOf, type Vote, type ZkServerCtx } from "./state.ts";
import { hasQuorum, isBetter, isSettledOn } from "./votes.ts";

/** A vote with a majority stands after so long without a better one (FastLeaderElection.finalizeWait). */
export const FINALIZE_WAIT: Delay = 200 * MILLISECOND;
/** Votes are sent again after so long in silence; the pause doubles up to the limit. */
export const RESEND_FIRST: Delay = 200 * MILLISECOND;
export const RESEND_MOST: Delay = 60 * SECOND;
/** A connection for votes that is not up by then is given up at the next send (QuorumCnxManager.cnxTO). */
const VOTE_CONNECT_TIMEOUT: Delay = 5 * SECOND;

/** The server has no leader (any more): it drops its clients and looks for one. */
export function goLooking(
  ctx: ZkServerCtx,
  reason: ZooKeeperServerLooking["reason"],
  lastHeard: SimTime | null = null,
): void {
  const server = serverOf(ctx.self);
  const { leading, following } = server;
  if (leading !== null) for (const follower of Object.values(leading.followers)) ctx.hangUp(follower.message);
  if (following !== null) ctx.disconnect(following.leader, QUORUM_CHANNEL);
  for (const timer of ["zk-leader-init", "zk-half-tick", "zk-expiry", "zk-silence", "zk-follow-retry", "zk-synced"])
    ctx.cancelTimer(timer);
  dropUnsynced(ctx);
  const dropped = closeAllConnections(ctx);
  server.mode = "looking";
  server.leading = null;
  server.following = null;
  server.committed = ctx.self.disk.committedZxid;
  const leader = leading !== null ? ctx.self.id : (following?.leader ?? null);
  ctx.note({ kind: "zookeeper-server-looking", reason, leader, lastHeard, dropped });
  const election = server.election;
  election.round += 1;
  election.settled = {};
  election.since = ctx.now;
  election.resendAfter = RESEND_FIRST;
  election.early = [];
  startRound(ctx, election, ownVote(ctx));
}

/** A server with this disk before its first election. */
export function createElection(self: ActorId): Election {
  const vote: Vote = { leader: self, zxid: 0, peerEpoch: 0 };
  return { round: 0, vote, received: {}, settled: {}, since: 0, resendAfter: RESEND_FIRST, early: [] };
}

/** A vote came. Returns the leader if the election is decided by it, else null. */
export function onVote(ctx: ZkServerCtx, body: PeerMessages["ZkVote"], message: Message): ActorId | null {
  const server = serverOf(ctx.self);
  const { ensemble } = ctx.self.config;
  const { election } = server;
  const from = message.from;
  if (!ensemble.includes(from)) return null;
  heardFrom(ctx, from, message);
  if (server.mode !== "looking") {
    if (body.mode === "looking") sendVote(ctx, message);
    return null;
  }
  ctx.setTimer("zk-vote-resend", election.resendAfter);
  if (body.mode !== "looking") {
    election.settled[from] = { vote: body.vote, leads: body.mode === "leading" };
    const { leader } = body.vote;
    // Nobody is made leader by those who followed it in an earlier life.
    if (leader === ctx.self.id || !isSettledOn(election, leader, ensemble)) return null;
    election.round = body.round;
    election.vote = body.vote;
    return leader;
  }
  if (body.round < election.round) {
    sendVote(ctx, message);
    return null;
  }
  if (body.round > election.round) {
    election.round = body.round;
    const own = ownVote(ctx);
    startRound(ctx, election, isBetter(body.vote, own, ensemble) ? body.vote : own);
  } else if (isBetter(body.vote, election.vote, ensemble)) {
    election.vote = body.vote;
    election.received[ctx.self.id] = body.vote;
    ctx.cancelTimer("zk-finalize");
    sendVotes(ctx);
  }
  election.received[from] = body.vote;
  awaitBetter(ctx, election);
  return null;
}

/** No better vote came in time. Returns the leader; null if the majority is gone again. */
export function finalizeElection(ctx: ZkServerCtx): ActorId | null {
  const { mode, election } = serverOf(ctx.self);
  if (mode !== "looking" || !hasQuorum(election, ctx.self.config.ensemble)) return null;
  return election.vote.leader;
}

/** Silence while looking: the votes are sent again, and the next time later. */
export function resendVotes(ctx: ZkServerCtx): void {
  const { mode, election } = serverOf(ctx.self);
  if (mode !== "looking") return;
  election.resendAfter = Math.min(2 * election.resendAfter, RESEND_MOST);
  sendVotes(ctx);
  ctx.setTimer("zk-vote-resend", election.resendAfter);
}

/** The election is over for this server. Returns the followers that had asked for it already. */
export function endElection(ctx: ZkServerCtx): Message[] {
  const { election } = serverOf(ctx.self);
  ctx.cancelTimer("zk-vote-resend");
  ctx.cancelTimer("zk-finalize");
  const { early } = election;
  election.early = [];
  election.settled = {};
  return early;
}

/** The own connection for votes to `peer` is gone. */
export function onVoteLinkLost(ctx: ZkServerCtx, peer: ActorId, connection: string): void {
  if (isOwn(ctx, connection)) delete serverOf(ctx.self).voteLinks[peer];
}

function startRound(ctx: ZkServerCtx, election: Election, vote: Vote): void {
  election.vote = vote;
  election.received = { [ctx.self.id]: vote };
  ctx.cancelTimer("zk-finalize");
  sendVotes(ctx);
  ctx.setTimer("zk-vote-resend", election.resendAfter);
}

function awaitBetter(ctx: ZkServerCtx, election: Election): void {
  if (!hasQuorum(election, ctx.self.config.ensemble)) ctx.cancelTimer("zk-finalize");
  else if (ctx.self.timers["zk-finalize"] === undefined) ctx.setTimer("zk-finalize", FINALIZE_WAIT);
}

function ownVote(ctx: ZkServerCtx): Vote {
  const { disk, id } = ctx.self;
  return Object.freeze({ leader: id, zxid: lastLogged(disk), peerEpoch: disk.currentEpoch });
}

function sendVotes(ctx: ZkServerCtx): void {
  const server = serverOf(ctx.self);
  for (const peer of ctx.self.config.ensemble) {
    if (peer === ctx.self.id) continue;
    const link = server.voteLinks[peer];
    const isStuck = link !== undefined && !link.isHeard && ctx.now - link.triedAt >= VOTE_CONNECT_TIMEOUT;
    if (isStuck) ctx.disconnect(peer, ELECTION_CHANNEL);
    if (link === undefined || isStuck) server.voteLinks[peer] = { triedAt: ctx.now, isHeard: false };
    tellPeer(ctx, peer, ELECTION_CHANNEL, "ZkVote", currentVote(ctx));
  }
}

function sendVote(ctx: ZkServerCtx, message: Message): void {
  answerPeer(ctx, message, "ZkVote", currentVote(ctx));
}

function currentVote(ctx: ZkServerCtx): PeerMessages["ZkVote"] {
  const { mode, election } = serverOf(ctx.self);
  return { mode, round: election.round, vote: election.vote };
}

/**
 * A peer that reached us is there. If our own connection to it still waits for its handshake (begun during a cut), a new one
 * will be quicker.
 */
function heardFrom(ctx: ZkServerCtx, peer: ActorId, message: Message): void {
  const server = serverOf(ctx.self);
  const link = server.voteLinks[peer];
  if (link === undefined || link.isHeard) return;
  if (isOwn(ctx, message.connection) || ctx.now - link.triedAt < SECOND) {
    link.isHeard = true;
    return;
  }
  ctx.disconnect(peer, ELECTION_CHANNEL);
  delete server.voteLinks[peer];
  if (server.mode !== "looking") return;
  server.voteLinks[peer] = { triedAt: ctx.now, isHeard: true };
  tellPeer(ctx, peer, ELECTION_CHANNEL, "ZkVote", currentVote(ctx));
}

function isOwn(ctx: ZkServerCtx, connection: string): boolean {
  return connection.startsWith(`${ctx.self.id}>`);
}
