/**
 * How a follower makes its log agree with its leader's: what it cuts off, and how the leader notices that it must.
 *
 * In Kafka     AbstractFetcherThread (getOffsetTruncationState, fetchOffsetAndTruncate), Partition.readRecords
 *              (diverging epoch), KIP-101, KIP-279, KIP-595's change of Fetch.
 * Simplified   one log directory; no tiered storage.
 * Left out     the answer without an epoch of 0.11 to 1.1 beyond what decideTruncation does with an old peer.
 */
import type { Rules } from "../rules.ts";
import {
  type EpochEndOffset,
  type EpochEntry,
  endOffsetFor,
  latestEpoch,
  UNDEFINED_EPOCH,
  UNDEFINED_EPOCH_OFFSET,
} from "./epochCache.ts";

/** How a version finds the point of truncation when a follower gets a new leader epoch. */
export type TruncationMode = "highWatermark" | "offsetForLeaderEpoch" | "divergingEpoch";

/** 0.10 cuts to the high watermark, 2.1 asks for the end of an epoch, 3.9 learns it from the answer to a fetch. */
export function truncationModeOf(rules: Pick<Rules, "truncatesByLeaderEpoch" | "truncatesOnFetch">): TruncationMode {
  if (!rules.truncatesByLeaderEpoch) return "highWatermark";
  return rules.truncatesOnFetch ? "divergingEpoch" : "offsetForLeaderEpoch";
}

/** What a follower does first under a new leader epoch. */
export type FollowerStart =
  | { readonly kind: "truncate"; readonly offset: number }
  | { readonly kind: "ask-leader-epoch"; readonly epoch: number }
  | { readonly kind: "fetch"; readonly offset: number; readonly lastFetchedEpoch: number };

/**
 * The first step of a new follower: cut its log to `offset` and fetch from there, ask the leader where `epoch` ended,
 * or fetch at once from its own end. A log without epochs (written before 0.11, or empty) falls back on the high
 * watermark, which is where records can be lost.
 */
export function followerStart(
  mode: TruncationMode,
  log: { readonly highWatermark: number; readonly logEndOffset: number },
  cache: readonly EpochEntry[],
): FollowerStart {
  const epoch = latestEpoch(cache);
  if (mode === "highWatermark" || epoch === null) return { kind: "truncate", offset: log.highWatermark };
  if (mode === "offsetForLeaderEpoch") return { kind: "ask-leader-epoch", epoch };
  return { kind: "fetch", offset: log.logEndOffset, lastFetchedEpoch: epoch };
}

/** Where a follower cuts, and whether that is the last word or the leader must be asked about an older epoch. */
export interface TruncationDecision {
  readonly truncateTo: number;
  readonly isComplete: boolean;
}

/** What the decision rests on. */
export interface TruncationEvidence {
  /** The leader's answer: the largest epoch it has up to the one asked for, and where that ended. */
  readonly leaderAnswer: EpochEndOffset;
  /** What the follower's own cache says about the answered epoch; null if it has none that small. */
  readonly ownEpochEnd: EpochEndOffset | null;
  readonly logEndOffset: number;
  /** Where the follower falls back to: its high watermark. */
  readonly initialFetchOffset: number;
}

/**
 * Decides from the leader's answer, be it an OffsetsForLeaderEpoch response (2.1) or the diverging epoch in a fetch
 * response (3.9). If it is not complete the follower cuts, and asks again with the epoch it now ends with.
 */
export function decideTruncation(evidence: TruncationEvidence): TruncationDecision {
  const { leaderAnswer, ownEpochEnd, logEndOffset, initialFetchOffset } = evidence;
  if (leaderAnswer.endOffset === UNDEFINED_EPOCH_OFFSET) return { truncateTo: initialFetchOffset, isComplete: true };

  const withinBoth = Math.min(leaderAnswer.endOffset, logEndOffset);
  if (leaderAnswer.epoch === UNDEFINED_EPOCH || ownEpochEnd === null)
    return { truncateTo: withinBoth, isComplete: true };
  if (ownEpochEnd.epoch === leaderAnswer.epoch) {
    return { truncateTo: Math.min(withinBoth, ownEpochEnd.endOffset), isComplete: true };
  }
  // The follower lacks the answered epoch. What it wrote after its floor epoch is unknown to the leader, so it goes;
  // whether the floor epoch itself agrees only the next answer can say.
  return { truncateTo: Math.min(ownEpochEnd.endOffset, logEndOffset), isComplete: false };
}

/** {@link decideTruncation} for a follower's log and its cache. */
export function truncationFor(
  leaderAnswer: EpochEndOffset,
  log: { readonly highWatermark: number; readonly logEndOffset: number },
  cache: readonly EpochEntry[],
): TruncationDecision {
  const own = endOffsetFor(cache, leaderAnswer.epoch, log.logEndOffset);
  return decideTruncation({
    leaderAnswer,
    ownEpochEnd: own.endOffset === UNDEFINED_EPOCH_OFFSET ? null : own,
    logEndOffset: log.logEndOffset,
    initialFetchOffset: log.highWatermark,
  });
}

/** The leader's verdict on where a fetch wants to continue. */
export type FetchConsistency =
  | { readonly kind: "consistent" }
  | { readonly kind: "diverging"; readonly epoch: number; readonly endOffset: number }
  | { readonly kind: "error"; readonly error: "OFFSET_OUT_OF_RANGE" };

/**
 * The leader's check of a fetch that names the epoch of the last record its sender has (3.9). Diverging means: answer
 * without records and with this epoch and end. `lastFetchedEpoch` -1 means that the sender named none: no check.
 */
export function checkFetchConsistency(
  leader: { readonly logStartOffset: number; readonly logEndOffset: number; readonly epochs: readonly EpochEntry[] },
  fetch: { readonly fetchOffset: number; readonly lastFetchedEpoch: number },
): FetchConsistency {
  if (fetch.lastFetchedEpoch === UNDEFINED_EPOCH) return { kind: "consistent" };
  const end = endOffsetFor(leader.epochs, fetch.lastFetchedEpoch, leader.logEndOffset);
  if (end.endOffset === UNDEFINED_EPOCH_OFFSET || fetch.fetchOffset < leader.logStartOffset) {
    return { kind: "error", error: "OFFSET_OUT_OF_RANGE" };
  }
  if (end.epoch < fetch.lastFetchedEpoch || end.endOffset < fetch.fetchOffset) return { kind: "diverging", ...end };
  return { kind: "consistent" };
}

/** What a follower does when its leader says that its fetch offset is out of range. */
export type OutOfRangeAction =
  | { readonly kind: "truncate"; readonly offset: number }
  | { readonly kind: "restart-at"; readonly offset: number }
  | { readonly kind: "continue"; readonly offset: number }
  | { readonly kind: "halt" };

/**
 * The follower has asked for the leader's end and start. Longer than its leader it cuts its log; behind the leader's
 * start it drops everything and begins there; else it goes on. In 0.10 the first case ends the process unless unclean
 * election is allowed for the topic: `mayTruncateBelowLeader` false.
 */
export function outOfRangeAction(
  logEndOffset: number,
  leader: { readonly logStartOffset: number; readonly logEndOffset: number },
  mayTruncateBelowLeader = true,
): OutOfRangeAction {
  if (leader.logEndOffset < logEndOffset) {
    return mayTruncateBelowLeader ? { kind: "truncate", offset: leader.logEndOffset } : { kind: "halt" };
  }
  if (leader.logStartOffset > logEndOffset) return { kind: "restart-at", offset: leader.logStartOffset };
  return { kind: "continue", offset: logEndOffset };
}
