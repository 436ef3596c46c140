/** Votes compared and counted (FastLeaderElection.totalOrderPredicate, termPredicate, checkLeader). Pure. */
import type { ActorId } from "../../engine/types.ts";
import type { Election, Vote } from "./state.ts";

/** Whether `a` is the better candidate: newer epoch, then longer log, then higher id (the ensemble is in id order). */
export function isBetter(a: Vote, b: Vote, ensemble: readonly ActorId[]): boolean {
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  if (a.zxid !== b.zxid) return a.zxid > b.zxid;
  return ensemble.indexOf(a.leader) > ensemble.indexOf(b.leader);
}

/** Whether more than half of the ensemble votes as this server does in this round. */
export function hasQuorum(election: Election, ensemble: readonly ActorId[]): boolean {
  const { vote, received } = election;
  let votes = 0;
  for (const id of ensemble) {
    const other = received[id];
    if (other?.leader === vote.leader && other.zxid === vote.zxid && other.peerEpoch === vote.peerEpoch) votes += 1;
  }
  return votes * 2 > ensemble.length;
}

/** Whether more than half follow `leader` already, and it says itself that it leads. */
export function isSettledOn(election: Election, leader: ActorId, ensemble: readonly ActorId[]): boolean {
  let followers = 0;
  for (const id of ensemble) if (election.settled[id]?.vote.leader === leader) followers += 1;
  return followers * 2 > ensemble.length && election.settled[leader]?.leads === true;
}
