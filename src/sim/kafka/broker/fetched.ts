/**
 * What a follower does with the leader's answers: append, follow the mark, truncate, or wait.
 *
 * In Kafka     AbstractFetcherThread.processFetchRequest, truncateToEpochEndOffsets, fetchOffsetAndTruncate;
 *              ReplicaFetcherThread.processPartitionData, handleOffsetOutOfRange (0.10).
 */
import { advanceLogStart, batchesOf, truncateFullyAndStartAt } from "../log/log.ts";
import { outOfRangeAction, truncationFor } from "../log/truncation.ts";
import type {
  FetchedPartition,
  FetchResponse,
  ListOffsetsResponse,
  OffsetsForLeaderEpochResponse,
} from "../protocol/data-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { brokerActor, type TopicPartition } from "../protocol/ids.ts";
import type { Outcome } from "../rpc.ts";
import { say } from "./facts.ts";
import {
  delayPartition,
  type EpochsThen,
  type FetchedThen,
  type FetcherThen,
  fetchFromLogEnd,
  haveFetchersEnded,
  type RangeThen,
  removeFrom,
  returnedTo,
  runFetcher,
} from "./fetcher.ts";
import { appendFetched, logFor, tagsOf, topicConfigOf, truncateReplica } from "./partition.ts";
import { type BrokerCtx, brokerOf, type Fetcher, type FetchState, type HostedPartition } from "./state.ts";

function onFetched(ctx: BrokerCtx, then: FetchedThen, outcome: Outcome): void {
  const fetcher = returnedTo(ctx, then);
  if (fetcher === null) return;
  fetcher.notBefore = ctx.now + ctx.self.config.fetchDelay;
  if (outcome.kind !== "answer") {
    onTransportError(
      ctx,
      fetcher,
      then.sent.map((one) => one.request.topicPartition),
      outcome,
    );
    return;
  }
  const { responses } = outcome.data as FetchResponse;
  for (let i = 0; i < responses.length; i += 1) {
    const response = responses[i] as FetchedPartition;
    const attempt = then.sent[i] as FetchedThen["sent"][number];
    const { topicPartition } = response;
    const state = fetcher.partitions[topicPartition];
    // Ordered otherwise while the request was under way.
    if (state === undefined || state.state !== "fetching" || state.fetchOffset !== attempt.request.fetchOffset)
      continue;
    onPartitionAnswer(ctx, fetcher, state, response, attempt.leaderEpoch);
  }
  runFetcher(ctx, then.leader);
}

function onPartitionAnswer(
  ctx: BrokerCtx,
  fetcher: Fetcher,
  state: FetchState,
  response: FetchedPartition,
  askedEpoch: number,
): void {
  const { topicPartition, errorCode, divergingEpoch } = response;
  const partition = brokerOf(ctx).partitions[topicPartition] as HostedPartition;
  if (errorCode === "OFFSET_OUT_OF_RANGE") {
    fetcher.outOfRange.push(topicPartition);
    return;
  }
  if (errorCode !== "NONE") {
    onError(ctx, fetcher, topicPartition, state, errorCode, askedEpoch);
    return;
  }
  if (divergingEpoch !== null) {
    const log = logFor(ctx, partition);
    const { highWatermark } = partition;
    const { truncateTo } = truncationFor(divergingEpoch, { highWatermark, logEndOffset: log.logEndOffset }, log.epochs);
    truncateReplica(ctx, partition, truncateTo, "leader-epoch");
  } else {
    append(ctx, partition, response);
  }
  fetchFromLogEnd(ctx, state, partition);
}

/** Appends in order, then the mark, then the log start: never above the own log end. */
function append(ctx: BrokerCtx, partition: HostedPartition, response: FetchedPartition): void {
  const log = logFor(ctx, partition);
  for (const batch of response.records) {
    if (batch.baseOffset >= log.logEndOffset) appendFetched(ctx, partition, batch);
  }
  const { topicPartition, highWatermark: from } = partition;
  const to = Math.max(log.logStartOffset, Math.min(response.highWatermark, log.logEndOffset));
  partition.highWatermark = to;
  if (to > from) say(ctx, { kind: "high-watermark-advanced", topicPartition, from, to, role: "follower" });
  if (response.logStartOffset > log.logStartOffset && response.logStartOffset <= log.logEndOffset) {
    advanceLogStart(log, response.logStartOffset, ctx.self.config.profile !== "3.9");
  }
}

function onError(
  ctx: BrokerCtx,
  fetcher: Fetcher,
  topicPartition: TopicPartition,
  state: FetchState,
  error: ErrorName,
  askedEpoch: number,
): void {
  if (error === "FENCED_LEADER_EPOCH" && askedEpoch === state.currentLeaderEpoch) {
    removeFrom(fetcher, topicPartition);
    say(ctx, { kind: "replica-failed", topicPartition, leaderEpoch: state.currentLeaderEpoch, reason: error });
    return;
  }
  delayPartition(ctx, state);
  say(ctx, {
    kind: "fetch-delayed",
    topicPartition,
    leader: brokerActor(fetcher.leader),
    error,
    backoffMs: ctx.self.config.broker.replicaFetchBackoffMs,
  });
}

/** The connection broke, or nothing came: all partitions of the request wait, and the next fetch is a full one. */
function onTransportError(
  ctx: BrokerCtx,
  fetcher: Fetcher,
  partitions: readonly TopicPartition[],
  outcome: Exclude<Outcome, { kind: "answer" }>,
): void {
  fetcher.fullFetch = true;
  for (const topicPartition of partitions) {
    const state = fetcher.partitions[topicPartition];
    if (state !== undefined) delayPartition(ctx, state);
  }
  say(ctx, {
    kind: "leader-unreachable",
    leader: brokerActor(fetcher.leader),
    reason: outcome.kind === "disconnected" ? outcome.reason : "no answer in time",
    partitions: partitions.length,
    backoffMs: ctx.self.config.broker.replicaFetchBackoffMs,
  });
  runFetcher(ctx, fetcher.leader);
}

/** 2.1: the leader said where epochs ended. */
function onEpochEnds(ctx: BrokerCtx, then: EpochsThen, outcome: Outcome): void {
  const fetcher = returnedTo(ctx, then);
  if (fetcher === null) return;
  if (outcome.kind !== "answer") {
    onTransportError(
      ctx,
      fetcher,
      then.sent.map((one) => one.topicPartition),
      outcome,
    );
    return;
  }
  const { partitions } = outcome.data as OffsetsForLeaderEpochResponse;
  for (const sent of then.sent) {
    const { topicPartition } = sent;
    const answer = partitions.find((one) => one.topicPartition === topicPartition);
    const state = fetcher.partitions[topicPartition];
    if (state === undefined || state.state !== "truncating" || answer === undefined) continue;
    if (state.currentLeaderEpoch !== sent.leaderEpoch) continue;
    if (answer.errorCode !== "NONE") {
      onError(ctx, fetcher, topicPartition, state, answer.errorCode, sent.leaderEpoch);
      continue;
    }
    const partition = brokerOf(ctx).partitions[topicPartition] as HostedPartition;
    const log = logFor(ctx, partition);
    const { highWatermark } = partition;
    const { truncateTo, isComplete } = truncationFor(
      { epoch: answer.leaderEpoch, endOffset: answer.endOffset },
      { highWatermark, logEndOffset: log.logEndOffset },
      log.epochs,
    );
    truncateReplica(ctx, partition, truncateTo, "leader-epoch");
    if (isComplete) fetchFromLogEnd(ctx, state, partition);
  }
  runFetcher(ctx, then.leader);
}

/** The leader said what offsets it has, after a fetch that was out of its range. */
function onLeaderRange(ctx: BrokerCtx, then: RangeThen, outcome: Outcome): void {
  const { topicPartition } = then;
  const fetcher = returnedTo(ctx, then);
  if (fetcher === null) return;
  if (outcome.kind !== "answer") {
    onTransportError(ctx, fetcher, [topicPartition], outcome);
    return;
  }
  const state = fetcher.partitions[topicPartition];
  if (state !== undefined && state.currentLeaderEpoch === then.leaderEpoch) {
    const { partitions } = outcome.data as ListOffsetsResponse;
    const [latest, earliest] = partitions;
    const error = partitions.find((one) => one.errorCode !== "NONE")?.errorCode;
    if (error !== undefined || latest === undefined || earliest === undefined) {
      onError(ctx, fetcher, topicPartition, state, error ?? "UNKNOWN_SERVER_ERROR", then.leaderEpoch);
    } else if (!reset(ctx, state, topicPartition, earliest.offset, latest.offset)) return;
  }
  runFetcher(ctx, then.leader);
}

/** Brings the log back into the leader's range. False if this process may not go on (0.10). */
function reset(
  ctx: BrokerCtx,
  state: FetchState,
  topicPartition: TopicPartition,
  logStartOffset: number,
  logEndOffset: number,
): boolean {
  const partition = brokerOf(ctx).partitions[topicPartition] as HostedPartition;
  const log = logFor(ctx, partition);
  const mayTruncate =
    ctx.self.config.profile !== "0.10" || topicConfigOf(ctx, topicPartition).uncleanLeaderElectionEnable;
  const action = outOfRangeAction(log.logEndOffset, { logStartOffset, logEndOffset }, mayTruncate);
  switch (action.kind) {
    case "halt":
      say(ctx, {
        kind: "broker-halted",
        topicPartition,
        reason: `its log of ${topicPartition} is longer than its leader's, and may not be cut without unclean election`,
      });
      ctx.exit("log truncation is not allowed");
      return false;
    case "truncate":
      truncateReplica(ctx, partition, action.offset, "leader-log-end");
      break;
    case "restart-at": {
      const from = log.logEndOffset;
      const removed = tagsOf([...batchesOf(log)]);
      truncateFullyAndStartAt(log, action.offset);
      const belowHighWatermark = removed.length > 0;
      partition.highWatermark = action.offset;
      say(ctx, {
        kind: "log-truncated",
        topicPartition,
        from,
        to: action.offset,
        reason: "leader-log-start",
        leaderEpoch: partition.leaderEpoch,
        removed,
        belowHighWatermark,
      });
      break;
    }
    case "continue":
      break;
  }
  fetchFromLogEnd(ctx, state, partition);
  return true;
}

/** `fetchersEnded` is called when the last of the threads that were to end has had its answer (0.10). */
export function fetchedThens(fetchersEnded: (ctx: BrokerCtx) => void) {
  const orEnd =
    <T extends FetcherThen>(handle: (ctx: BrokerCtx, then: T, outcome: Outcome) => void) =>
    (ctx: BrokerCtx, then: T, outcome: Outcome): void => {
      if (haveFetchersEnded(ctx, then)) fetchersEnded(ctx);
      else handle(ctx, then, outcome);
    };
  return {
    "broker.fetched": orEnd(onFetched),
    "broker.epoch-ends": orEnd(onEpochEnds),
    "broker.leader-range": orEnd(onLeaderRange),
  };
}
