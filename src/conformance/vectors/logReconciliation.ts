/**
 * Kind log_reconciliation: a follower's log and its leader's, round after round until they agree.
 */
import {
  assignEpoch,
  type EpochCache,
  latestEpoch,
  truncateEpochsFromEnd,
  UNDEFINED_EPOCH,
} from "../../sim/kafka/log/epochCache.ts";
import {
  checkFetchConsistency,
  followerStart,
  outOfRangeAction,
  truncationFor,
  truncationModeOf,
} from "../../sim/kafka/log/truncation.ts";
import { rulesOf } from "../../sim/kafka/rules.ts";
import { compared, statedFields, unsupported, type VectorAnswer, type VectorKind } from "./kind.ts";

interface PlainRecord {
  offset: number;
  epoch: number;
  value: string;
}

interface ReconciliationInput {
  mode: string;
  follower: { log: PlainRecord[]; hw: number };
  leader: { log: PlainRecord[]; hw: number; logStart?: number; leo?: number };
}

/** A log as far as this kind needs one. */
interface PlainLog {
  records: PlainRecord[];
  epochs: EpochCache;
  logStartOffset: number;
  logEndOffset: number;
  highWatermark: number;
}

/** More rounds than any case needs; a pair of logs that needs more does not converge. */
const MAX_ROUNDS = 20;

export const logReconciliationKind: VectorKind = {
  kind: "log_reconciliation",
  run: ({ input, expected, profile }) => {
    const { mode, follower: followerInput, leader: leaderInput } = input as ReconciliationInput;
    const follower = logOf(followerInput.log, followerInput.hw);
    if (mode === "truncateToHighWatermark") {
      const start = followerStart(truncationModeOf(rulesOf(profile)), follower, follower.epochs);
      if (start.kind !== "truncate") return compared(expected, { state: "Truncating" });
      truncate(follower, start.offset);
      const { logEndOffset } = follower;
      return compared(expected, { followerLeo: logEndOffset, fetchOffset: logEndOffset, state: "Fetching" });
    }
    const leader = logOf(leaderInput.log, leaderInput.hw);
    if (mode === "offsetOutOfRange") {
      const action = outOfRangeAction(follower.logEndOffset, leader);
      if (action.kind === "truncate") truncate(follower, action.offset);
      const { logEndOffset: followerLeo, logStartOffset: followerLogStart, highWatermark: followerHw } = follower;
      return compared(expected, { followerLeo, followerLogStart, followerHw });
    }
    return mode === "truncationOnFetch" ? convergence(follower, leader, expected) : unsupported(`no mode ${mode}`);
  },
};

function convergence(follower: PlainLog, leader: PlainLog, expected: unknown): VectorAnswer {
  const firstRound = (expected as { afterFirstRound?: object }).afterFirstRound;
  let afterFirstRound: object | null = null;
  let rounds = 0;
  for (; rounds < MAX_ROUNDS && !isSameLog(follower, leader); rounds++) {
    fetchOnce(follower, leader);
    const { logEndOffset: followerLeo, epochs } = follower;
    afterFirstRound ??= { followerLeo, lastFetchedEpoch: latestEpoch(epochs) };
  }
  const ours = {
    ...(firstRound === undefined ? {} : { afterFirstRound }),
    final: isSameLog(follower, leader) ? "equalsLeader" : `differs after ${rounds} rounds`,
    finalLastFetchedEpoch: latestEpoch(follower.epochs),
  };
  return compared(expected, statedFields(expected as object, ours));
}

/** One fetch of 3.9: either the leader names the diverging epoch and the follower cuts, or records come. */
function fetchOnce(follower: PlainLog, leader: PlainLog): void {
  const fetchOffset = follower.logEndOffset;
  const lastFetchedEpoch = latestEpoch(follower.epochs) ?? UNDEFINED_EPOCH;
  const verdict = checkFetchConsistency(leader, { fetchOffset, lastFetchedEpoch });
  if (verdict.kind === "diverging") {
    truncate(follower, truncationFor(verdict, follower, follower.epochs).truncateTo);
  } else if (verdict.kind === "consistent") {
    for (const record of leader.records.filter(({ offset }) => offset >= fetchOffset)) append(follower, record);
  }
}

function logOf(records: readonly PlainRecord[], highWatermark: number): PlainLog {
  const log: PlainLog = { records: [], epochs: [], logStartOffset: 0, logEndOffset: 0, highWatermark };
  for (const record of records) append(log, record);
  return log;
}

function append(log: PlainLog, record: PlainRecord): void {
  log.records.push(record);
  log.logEndOffset = record.offset + 1;
  log.epochs = assignEpoch(log.epochs, record.epoch, record.offset);
}

function truncate(log: PlainLog, offset: number): void {
  log.records = log.records.filter((record) => record.offset < offset);
  log.logEndOffset = Math.min(log.logEndOffset, offset);
  log.highWatermark = Math.min(log.highWatermark, log.logEndOffset);
  log.epochs = truncateEpochsFromEnd(log.epochs, offset);
}

function isSameLog(a: PlainLog, b: PlainLog): boolean {
  return JSON.stringify([a.records, a.logEndOffset]) === JSON.stringify([b.records, b.logEndOffset]);
}
