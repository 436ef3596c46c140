/**
 * Kinds truncation_decision and diverging_fetch: the follower's and the leader's half of making two logs agree.
 */
import { checkFetchConsistency, decideTruncation } from "../../sim/kafka/log/truncation.ts";
import { cacheOf } from "./epochCache.ts";
import { compared, type VectorKind } from "./kind.ts";

export const truncationDecisionKind: VectorKind = {
  kind: "truncation_decision",
  run: ({ input, expected }) => {
    const { leaderAnswer, followerLeo, followerEndOffsetForEpoch, initialFetchOffset } = input as {
      leaderAnswer: { epoch: number; endOffset: number };
      followerLeo: number;
      followerEndOffsetForEpoch?: [number, number] | null;
      initialFetchOffset: number;
    };
    const own = followerEndOffsetForEpoch ?? null;
    const { truncateTo, isComplete } = decideTruncation({
      leaderAnswer,
      ownEpochEnd: own === null ? null : { epoch: own[0], endOffset: own[1] },
      logEndOffset: followerLeo,
      initialFetchOffset,
    });
    return compared(expected, { truncateTo, completed: isComplete });
  },
};

export const divergingFetchKind: VectorKind = {
  kind: "diverging_fetch",
  run: ({ input, expected }) => {
    const { leaderEpochs, leaderLeo, leaderLogStart, ...fetch } = input as {
      leaderEpochs: [number, number][];
      leaderLeo: number;
      leaderLogStart: number;
      lastFetchedEpoch: number;
      fetchOffset: number;
    };
    const leader = { logStartOffset: leaderLogStart, logEndOffset: leaderLeo, epochs: cacheOf(leaderEpochs) };
    const verdict = checkFetchConsistency(leader, fetch);
    if (verdict.kind === "error") return compared(expected, { error: verdict.error });
    const { kind, ...end } = verdict;
    return compared(expected, { divergingEpoch: kind === "diverging" ? end : null });
  },
};
