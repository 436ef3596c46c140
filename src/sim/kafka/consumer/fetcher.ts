/**
 * The fetcher: one Fetch on its way per broker, for all its partitions that are read and have nothing buffered; and what
 * poll() takes out of the buffer.
 *
 * In Kafka     Fetcher (AbstractFetch, FetchCollector in 3.x).
 * Simplified   fetch sessions (KIP-227) are left out: every request lists its partitions.
 * Left out     fetching from followers; aborted transactions (read_committed reads below the last stable offset only).
 */
import type { ActorId } from "../../engine/types.ts";
import { ask, nodeReady, noteLost } from "../client/client.ts";
import { type ClientException, clientException, exceptionOf } from "../client/exceptions.ts";
import { leaderOf, learnLeader, requestUpdate } from "../client/metadata.ts";
import type { FetchResponse } from "../protocol/data-plane.ts";
import { INVALID_METADATA, RETRIABLE } from "../protocol/errors.ts";
import { brokerActor, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { Outcome, Then } from "../rpc.ts";
import { askReset, epochFor } from "./positions.ts";
import {
  type CompletedFetch,
  type ConsumerCtx,
  type ConsumerState,
  consumerClient,
  isNewConsumer,
  MAIN,
  type PolledRecord,
  recordOf,
} from "./state.ts";

interface FetchThen extends Then {
  readonly node: ActorId;
  readonly fetched: Readonly<Record<string, number>>;
}

/** Sends a Fetch to every broker that leads a partition to be read and has none on its way. */
export function sendFetches(ctx: ConsumerCtx, state: ConsumerState): void {
  const client = consumerClient(ctx);
  const byNode: Record<ActorId, TopicPartition[]> = {};
  for (const name of state.order) {
    const place = state.positions[name];
    if (place === undefined || place.position === null || place.isPaused) continue;
    if (state.completed.some((one) => one.topicPartition === name)) continue;
    const leader = leaderOf(state.metadata, topicOf(name), partitionOf(name));
    if (leader === null) {
      requestUpdate(state.metadata);
      continue;
    }
    const node = brokerActor(leader.leaderId);
    if (state.fetching[node] === true) continue;
    byNode[node] = [...(byNode[node] ?? []), name];
  }
  for (const node of Object.keys(byNode).sort()) {
    if (!nodeReady(ctx, client, node)) continue;
    state.fetching[node] = true;
    fetchFrom(ctx, state, node, byNode[node] ?? []);
  }
}

function fetchFrom(ctx: ConsumerCtx, state: ConsumerState, node: ActorId, names: readonly TopicPartition[]): void {
  const { consumer } = ctx.self.config;
  const fetched: Record<string, number> = {};
  const partitions = names.map((topicPartition) => {
    const fetchOffset = state.positions[topicPartition]?.position ?? 0;
    fetched[topicPartition] = fetchOffset;
    return {
      topicPartition,
      fetchOffset,
      currentLeaderEpoch: epochFor(ctx, state, topicPartition),
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: consumer.maxPartitionFetchBytes,
    };
  });
  const data = {
    replicaId: -1,
    maxWaitMs: consumer.fetchMaxWaitMs,
    minBytes: consumer.fetchMinBytes,
    maxBytes: consumer.fetchMaxBytes,
    isolationLevel: consumer.isolationLevel as "read_uncommitted" | "read_committed",
    partitions,
  };
  const then: FetchThen = { kind: "consumer:fetched", node, fetched: Object.freeze(fetched) };
  ask(ctx, consumerClient(ctx), node, MAIN, "Fetch", data, then);
}

/** Fetch came back: what it brought is buffered in its order. */
export function onFetched(ctx: ConsumerCtx, state: ConsumerState, then: FetchThen, outcome: Outcome): void {
  delete state.fetching[then.node];
  if (outcome.kind !== "answer") {
    noteLost(ctx, consumerClient(ctx), then.node, MAIN);
    return;
  }
  const answer = outcome.data as FetchResponse;
  for (const one of answer.responses) {
    const fetchOffset = then.fetched[one.topicPartition];
    if (fetchOffset === undefined) continue;
    if (one.currentLeader !== null)
      learnLeader(state.metadata, topicOf(one.topicPartition), partitionOf(one.topicPartition), one.currentLeader);
    if (one.errorCode === "NONE" && one.records.length === 0) continue;
    if (RETRIABLE.has(one.errorCode)) {
      // Invisible to the application: look for the leader and ask it.
      if (INVALID_METADATA.has(one.errorCode)) requestUpdate(state.metadata);
      continue;
    }
    state.completed.push({
      topicPartition: one.topicPartition,
      fetchOffset,
      nextOffset: fetchOffset,
      errorCode: one.errorCode,
      highWatermark: one.highWatermark,
      batches: one.records,
      isStarted: false,
    });
  }
}

export interface Collected {
  readonly records: PolledRecord[];
  readonly thrown: (ClientException & { partitions: string[]; offsets: Record<string, number> | null }) | null;
}

/** Takes up to max.poll.records out of the buffer, partition by partition; advances the positions. */
export function collect(ctx: ConsumerCtx, state: ConsumerState): Collected {
  const max = ctx.self.config.consumer.maxPollRecords;
  const records: PolledRecord[] = [];
  const kept: CompletedFetch[] = [];
  let thrown: Collected["thrown"] = null;
  while (records.length < max && thrown === null) {
    const one = state.completed.shift();
    if (one === undefined) break;
    const place = state.positions[one.topicPartition];
    if (place === undefined || place.position !== one.nextOffset) continue;
    if (place.isPaused) {
      // Kept since 2.4; older consumers throw it away and fetch again.
      if (isNewConsumer(ctx)) kept.push(one);
      continue;
    }
    if (one.errorCode !== "NONE") {
      thrown = onFetchError(ctx, state, one);
      if (thrown !== null && records.length > 0) {
        state.completed.unshift(one);
        thrown = null;
        break;
      }
      continue;
    }
    take(one, max - records.length, records);
    place.position = one.nextOffset;
    if (one.batches.length > 0) state.completed.unshift(one);
    else if (one.isStarted) moveToEnd(state, one.topicPartition);
  }
  state.completed = [...kept, ...state.completed];
  return { records, thrown };
}

/** Moves up to `count` records out of a completed fetch. Control batches only move the position. */
function take(one: CompletedFetch, count: number, into: PolledRecord[]): void {
  one.isStarted = true;
  let left = count;
  let index = 0;
  for (; index < one.batches.length && left > 0; index++) {
    const batch = one.batches[index];
    if (batch === undefined || batch.lastOffset < one.nextOffset) continue;
    if (batch.isControl) {
      one.nextOffset = batch.lastOffset + 1;
      continue;
    }
    for (let i = Math.max(0, one.nextOffset - batch.baseOffset); i < batch.records.length && left > 0; i++) {
      const record = batch.records[i];
      if (record === undefined) break;
      into.push(recordOf(one.topicPartition, batch.baseOffset + i, record, batch.partitionLeaderEpoch));
      one.nextOffset = batch.baseOffset + i + 1;
      left -= 1;
    }
    // Compaction and the like may leave offsets without a record at a batch's end.
    if (one.nextOffset > batch.lastOffset - 1 && one.nextOffset >= batch.baseOffset + batch.records.length)
      one.nextOffset = Math.max(one.nextOffset, batch.lastOffset + 1);
  }
  const { nextOffset } = one;
  one.batches = one.batches.filter((batch) => batch.lastOffset >= nextOffset);
}

/** OFFSET_OUT_OF_RANGE: reset by policy, or thrown; anything else that is not retriable is thrown. */
function onFetchError(ctx: ConsumerCtx, state: ConsumerState, one: CompletedFetch): Collected["thrown"] {
  const { consumer, profile } = ctx.self.config;
  const name = one.topicPartition;
  const place = state.positions[name];
  if (one.errorCode === "OFFSET_OUT_OF_RANGE" && place !== undefined) {
    const policy = consumer.autoOffsetReset;
    if (policy !== "none") {
      ctx.note({
        kind: "offset-out-of-range",
        consumer: ctx.self.id,
        topicPartition: name,
        offset: one.fetchOffset,
        policy,
      });
      askReset(place, policy as "earliest" | "latest");
      return null;
    }
    const text = isNewConsumer(ctx)
      ? `Fetch position FetchPosition{offset=${one.fetchOffset}} is out of range for partition ${name}`
      : `Offsets out of range with no configured reset policy for partitions: {${name}=${one.fetchOffset}}`;
    return {
      ...clientException("OffsetOutOfRangeException", text),
      partitions: [name],
      offsets: { [name]: one.fetchOffset },
    };
  }
  return { ...exceptionOf(one.errorCode, profile), partitions: [name], offsets: null };
}

/** A partition that gave something goes to the end, so that the others get their turn. */
function moveToEnd(state: ConsumerState, name: TopicPartition): void {
  const index = state.order.indexOf(name);
  if (index < 0) return;
  state.order.splice(index, 1);
  state.order.push(name);
}
