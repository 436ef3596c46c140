/**
 * The follower's side of Fetch: one thread per leader makes its logs agree with the leader's and copies what is new.
 *
 * In Kafka     AbstractFetcherThread, ReplicaFetcherThread, ReplicaFetcherManager.
 * Simplified   one fetcher thread per leader; the two ListOffsets of an offset out of range are one request.
 *
 * A partition in a fetcher:
 *   truncating → truncating   the leader answered with an epoch that this log does not have: ask again (2.1)
 *   truncating → fetching     the log agrees with the leader's as far as it goes
 *   fetching   → fetching     data, a higher mark, a divergence found in the answer (3.9)
 *   any        → delayed      an error; tried again after replica.fetch.backoff.ms
 *   any        → gone         fenced, or ordered otherwise
 */
import { MILLISECOND } from "../../engine/types.ts";
import type { PartitionLog } from "../log/state.ts";
import { followerStart, truncationModeOf } from "../log/truncation.ts";
import { EARLIEST_TIMESTAMP, type FetchPartition, LATEST_TIMESTAMP } from "../protocol/data-plane.ts";
import { type BrokerId, brokerActor, type TopicPartition } from "../protocol/ids.ts";
import { call, closeConnection, type Then } from "../rpc.ts";
import { logFor, truncateReplica } from "./partition.ts";
import { lastEpochOf } from "./reading.ts";
import {
  type BrokerCtx,
  brokerOf,
  diskOf,
  type FetchAttempt,
  type Fetcher,
  type FetchState,
  type HostedPartition,
} from "./state.ts";

export const FETCH_CHANNEL = "fetcher-0";
const FETCHER_TIMER = "fetcher";

export interface FetcherThen extends Then {
  readonly leader: BrokerId;
  /** Id of the thread that asked. */
  readonly fetcher: number;
}
export interface FetchedThen extends FetcherThen {
  readonly kind: "broker.fetched";
  readonly sent: readonly FetchAttempt[];
}
export interface EpochsThen extends FetcherThen {
  readonly kind: "broker.epoch-ends";
  readonly sent: readonly { readonly topicPartition: TopicPartition; readonly leaderEpoch: number }[];
}
export interface RangeThen extends FetcherThen {
  readonly kind: "broker.leader-range";
  readonly topicPartition: TopicPartition;
  readonly leaderEpoch: number;
}

/** Lets the partition be fetched from its leader; the loop starts with {@link runFetcher}. */
export function startFetching(ctx: BrokerCtx, partition: HostedPartition): void {
  const memory = brokerOf(ctx);
  const { leader, topicPartition, leaderEpoch } = partition;
  let fetcher = memory.fetchers[leader];
  if (fetcher === undefined) {
    fetcher = {
      leader,
      id: memory.nextFetcherId,
      partitions: {},
      busy: false,
      fullFetch: true,
      outOfRange: [],
      notBefore: ctx.now + ctx.self.config.fetchDelay,
    };
    memory.nextFetcherId += 1;
    memory.fetchers[leader] = fetcher;
  }
  const log = logFor(ctx, partition);
  const start = followerStart(
    truncationModeOf(ctx.self.config.rules),
    { highWatermark: partition.highWatermark, logEndOffset: log.logEndOffset },
    log.epochs,
  );
  fetcher.partitions[topicPartition] = {
    fetchOffset: log.logEndOffset,
    currentLeaderEpoch: leaderEpoch,
    lastFetchedEpoch: lastEpochOf(log),
    state: start.kind === "fetch" ? "fetching" : "truncating",
    delayedUntil: null,
    attempt: null,
  };
}

export function stopFetching(ctx: BrokerCtx, topicPartition: TopicPartition): void {
  for (const fetcher of Object.values(brokerOf(ctx).fetchers)) removeFrom(fetcher, topicPartition);
}

/** Takes a partition out of one thread. */
export function removeFrom(fetcher: Fetcher, topicPartition: string): void {
  delete fetcher.partitions[topicPartition];
  fetcher.outOfRange = fetcher.outOfRange.filter((one) => one !== topicPartition);
}

/**
 * Ends the threads that have nothing left to fetch. Their connections close, and what is under way on them is lost. Before 1.1
 * (here 0.10) a thread cannot be interrupted: it ends when its request comes back, at the latest after the socket timeout, and
 * whoever ends it waits (KAFKA-6051).
 */
export function shutDownIdleFetchers(ctx: BrokerCtx): void {
  for (const fetcher of Object.values(brokerOf(ctx).fetchers)) {
    if (Object.keys(fetcher.partitions).length > 0) continue;
    if (fetcher.busy && ctx.self.config.profile === "0.10") letEnd(ctx, fetcher);
    else shutDown(ctx, fetcher);
  }
}

function letEnd(ctx: BrokerCtx, fetcher: Fetcher): void {
  const memory = brokerOf(ctx);
  delete memory.fetchers[fetcher.leader];
  memory.endingFetchers.push(fetcher.id);
}

/** A request came back: true if its thread was the last of those that were to end. */
export function haveFetchersEnded(ctx: BrokerCtx, then: FetcherThen): boolean {
  const memory = brokerOf(ctx);
  const index = memory.endingFetchers.indexOf(then.fetcher);
  if (index < 0) return false;
  memory.endingFetchers.splice(index, 1);
  closeConnection(ctx, brokerActor(then.leader), FETCH_CHANNEL);
  return memory.endingFetchers.length === 0;
}

export function shutDownAllFetchers(ctx: BrokerCtx): void {
  for (const fetcher of Object.values(brokerOf(ctx).fetchers)) shutDown(ctx, fetcher);
}

function shutDown(ctx: BrokerCtx, fetcher: Fetcher): void {
  const { leader } = fetcher;
  delete brokerOf(ctx).fetchers[leader];
  closeConnection(ctx, brokerActor(leader), FETCH_CHANNEL);
  ctx.cancelTimer(`${FETCHER_TIMER}:${leader}`);
}

/** The thread that sent a request, unless it has ended meanwhile; it is no longer busy. */
export function returnedTo(ctx: BrokerCtx, then: FetcherThen): Fetcher | null {
  const fetcher = brokerOf(ctx).fetchers[then.leader];
  if (fetcher === undefined || fetcher.id !== then.fetcher) return null;
  fetcher.busy = false;
  return fetcher;
}

/** Puts a partition off for replica.fetch.backoff.ms. */
export function delayPartition(ctx: BrokerCtx, state: FetchState): void {
  state.delayedUntil = ctx.now + ctx.self.config.broker.replicaFetchBackoffMs * MILLISECOND;
}

/** The partition goes on from the end of its log. */
export function fetchFromLogEnd(ctx: BrokerCtx, state: FetchState, partition: HostedPartition): void {
  const log = logFor(ctx, partition);
  state.state = "fetching";
  state.fetchOffset = log.logEndOffset;
  state.lastFetchedEpoch = lastEpochOf(log);
}

/** One round of the thread: truncate what has to be, then fetch everything that is ready. */
export function runFetcher(ctx: BrokerCtx, leader: BrokerId): void {
  const fetcher = brokerOf(ctx).fetchers[leader];
  if (fetcher === undefined || fetcher.busy || brokerOf(ctx).phase !== "running") return;
  if (askEpochs(ctx, fetcher) || askRange(ctx, fetcher)) return;
  if (fetcher.notBefore > ctx.now) {
    wakeAt(ctx, fetcher, fetcher.notBefore);
    return;
  }
  const sent = readyAttempts(ctx, fetcher);
  if (sent.length === 0) {
    const next = nextReady(fetcher);
    if (next !== null) wakeAt(ctx, fetcher, next);
    return;
  }
  const { broker, brokerId } = ctx.self.config;
  fetcher.busy = true;
  fetcher.fullFetch = false;
  const then: FetchedThen = { kind: "broker.fetched", leader, fetcher: fetcher.id, sent };
  const request = {
    replicaId: brokerId,
    maxWaitMs: broker.replicaFetchWaitMaxMs,
    minBytes: broker.replicaFetchMinBytes,
    maxBytes: broker.replicaFetchResponseMaxBytes,
    isolationLevel: "read_uncommitted" as const,
    partitions: sent.map((one) => one.request),
  };
  call(ctx, brokerActor(leader), FETCH_CHANNEL, "Fetch", request, then, socketTimeout(ctx));
}

function socketTimeout(ctx: BrokerCtx): number {
  return ctx.self.config.broker.replicaSocketTimeoutMs * MILLISECOND;
}

function wakeAt(ctx: BrokerCtx, fetcher: Fetcher, at: number): void {
  ctx.setTimer(`${FETCHER_TIMER}:${fetcher.leader}`, Math.max(0, at - ctx.now), fetcher.leader);
}

function isReady(ctx: BrokerCtx, state: FetchState): boolean {
  return state.delayedUntil === null || state.delayedUntil <= ctx.now;
}

function nextReady(fetcher: Fetcher): number | null {
  let next: number | null = null;
  for (const name in fetcher.partitions) {
    const { delayedUntil } = fetcher.partitions[name] as FetchState;
    if (delayedUntil !== null && (next === null || delayedUntil < next)) next = delayedUntil;
  }
  return next;
}

/** Truncates to the high watermark where epochs cannot help; asks the leader for the end of an epoch where they can (2.1). */
function askEpochs(ctx: BrokerCtx, fetcher: Fetcher): boolean {
  const mode = truncationModeOf(ctx.self.config.rules);
  const asked: { topicPartition: TopicPartition; currentLeaderEpoch: number; leaderEpoch: number }[] = [];
  for (const name in fetcher.partitions) {
    const state = fetcher.partitions[name] as FetchState;
    if (state.state !== "truncating" || !isReady(ctx, state)) continue;
    const partition = brokerOf(ctx).partitions[name] as HostedPartition;
    const log = logFor(ctx, partition);
    const { highWatermark, topicPartition } = partition;
    const start = followerStart(mode, { highWatermark, logEndOffset: log.logEndOffset }, log.epochs);
    if (start.kind === "ask-leader-epoch") {
      asked.push({ topicPartition, currentLeaderEpoch: state.currentLeaderEpoch, leaderEpoch: start.epoch });
      continue;
    }
    if (start.kind === "truncate") truncateReplica(ctx, partition, start.offset, "high-watermark");
    fetchFromLogEnd(ctx, state, partition);
  }
  if (asked.length === 0) return false;
  fetcher.busy = true;
  const { leader, id } = fetcher;
  const sent = asked.map(({ topicPartition, currentLeaderEpoch: leaderEpoch }) => ({ topicPartition, leaderEpoch }));
  const then: EpochsThen = { kind: "broker.epoch-ends", leader, fetcher: id, sent };
  const request = { replicaId: ctx.self.config.brokerId, partitions: asked };
  call(ctx, brokerActor(leader), FETCH_CHANNEL, "OffsetsForLeaderEpoch", request, then, socketTimeout(ctx));
  return true;
}

/** Asks the leader what offsets it has, for a partition whose fetch offset it does not. */
function askRange(ctx: BrokerCtx, fetcher: Fetcher): boolean {
  const topicPartition = fetcher.outOfRange.shift() as TopicPartition | undefined;
  if (topicPartition === undefined) return false;
  const state = fetcher.partitions[topicPartition] as FetchState;
  const { leader, id } = fetcher;
  fetcher.busy = true;
  const { currentLeaderEpoch } = state;
  const then: RangeThen = {
    kind: "broker.leader-range",
    leader,
    fetcher: id,
    topicPartition,
    leaderEpoch: currentLeaderEpoch,
  };
  const partitions = [LATEST_TIMESTAMP, EARLIEST_TIMESTAMP].map((timestamp) => ({
    topicPartition,
    currentLeaderEpoch,
    timestamp,
  }));
  const request = { replicaId: ctx.self.config.brokerId, isolationLevel: "read_uncommitted" as const, partitions };
  call(ctx, brokerActor(leader), FETCH_CHANNEL, "ListOffsets", request, then, socketTimeout(ctx));
  return true;
}

function readyAttempts(ctx: BrokerCtx, fetcher: Fetcher): FetchAttempt[] {
  const sent: FetchAttempt[] = [];
  for (const name in fetcher.partitions) {
    const state = fetcher.partitions[name] as FetchState;
    if (state.state !== "fetching" || !isReady(ctx, state)) continue;
    state.delayedUntil = null;
    sent.push(attemptFor(ctx, fetcher, name as TopicPartition, state));
  }
  return sent;
}

/** What is asked for a partition; the same object as last time if nothing changed. */
function attemptFor(ctx: BrokerCtx, fetcher: Fetcher, topicPartition: TopicPartition, state: FetchState): FetchAttempt {
  const { profile, rules, broker } = ctx.self.config;
  const { fetchOffset, currentLeaderEpoch } = state;
  // A fetch session of 2.1 does not keep the leader epoch: only its first, full fetch is fenced.
  const isNamed = profile === "3.9" || (profile === "2.1" && fetcher.fullFetch);
  const named = isNamed ? currentLeaderEpoch : -1;
  const lastFetchedEpoch = rules.truncatesOnFetch ? state.lastFetchedEpoch : -1;
  const { logStartOffset } = diskOf(ctx).logs[topicPartition] as PartitionLog;
  const last = state.attempt?.request;
  if (
    last !== undefined &&
    last.fetchOffset === fetchOffset &&
    last.currentLeaderEpoch === named &&
    last.lastFetchedEpoch === lastFetchedEpoch &&
    last.logStartOffset === logStartOffset &&
    state.attempt?.leaderEpoch === currentLeaderEpoch
  ) {
    return state.attempt as FetchAttempt;
  }
  const request: FetchPartition = Object.freeze({
    topicPartition,
    fetchOffset,
    currentLeaderEpoch: named,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes: broker.replicaFetchMaxBytes,
  });
  state.attempt = Object.freeze({ request, leaderEpoch: currentLeaderEpoch });
  return state.attempt;
}

export const fetcherTimers = {
  [FETCHER_TIMER]: (ctx: BrokerCtx, leader: BrokerId) => runFetcher(ctx, leader),
};
