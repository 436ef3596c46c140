/**
 * Where records wait to be sent: a queue of batches for each partition, within buffer.memory.
 *
 * In Kafka     RecordAccumulator, ProducerBatch, BufferPool, BuiltInPartitioner's part of append.
 * Simplified   no compression; sizes are estimates of the record formats (v1 in 0.10, v2 later).
 */
import { type ActorId, MILLISECOND, type SimTime } from "../../engine/types.ts";
import { afterMs } from "../client/client.ts";
import { leaderOf, type PartitionLeader } from "../client/metadata.ts";
import { isAtLeast, type Profile } from "../profiles/profile.ts";
import { brokerActor, type TopicPartition, topicPartition } from "../protocol/ids.ts";
import type { LogRecord } from "../protocol/records.ts";
import type { Batch, ProducerCtx, ProducerState, Sending } from "./state.ts";

const HEADER_BYTES = 61;

/** Bytes of one record in its batch. */
export function recordBytes(profile: Profile, payloadBytes: number): number {
  return payloadBytes + (profile === "0.10" ? 34 : 7);
}

function headerBytes(profile: Profile): number {
  return profile === "0.10" ? 0 : HEADER_BYTES;
}

function queueOf(state: ProducerState, name: TopicPartition): number[] {
  let queue = state.queues[name];
  if (queue === undefined) {
    queue = [];
    state.queues[name] = queue;
  }
  return queue;
}

/** The batch at the head of a queue; null if it is empty. (Looking up a batch that cannot be, to find none, is slow.) */
function firstOf(state: ProducerState, queue: readonly number[] | undefined): Batch | null {
  return queue === undefined || queue.length === 0 ? null : (state.batches[queue[0] as number] ?? null);
}

function lastOf(state: ProducerState, queue: readonly number[] | undefined): Batch | null {
  return queue === undefined || queue.length === 0 ? null : (state.batches[queue[queue.length - 1] as number] ?? null);
}

/** The last queued batch, if the record still fits in. */
function openBatch(ctx: ProducerCtx, state: ProducerState, name: TopicPartition, bytes: number): Batch | null {
  const last = lastOf(state, state.queues[name]);
  if (last === null || last.isClosed || last.attempts > 0 || last.baseSequence >= 0) return null;
  // A record larger than batch.size has a buffer of its own size, so nothing joins it.
  const limit = Math.max(ctx.self.config.producer.batchSize, last.sizeBytes);
  if (last.sizeBytes + bytes <= limit) return last;
  last.isClosed = true;
  return null;
}

/** Closes the last queued batch if the record does not fit in. */
export function closeIfFull(ctx: ProducerCtx, state: ProducerState, name: TopicPartition, bytes: number): void {
  openBatch(ctx, state, name, bytes);
}

/** Whether no queued batch of the partition takes another record; true if none is queued. */
export function areQueuedBatchesFull(state: ProducerState, name: TopicPartition): boolean {
  const queue = state.queues[name] ?? [];
  return queue.every((id) => state.batches[id]?.isClosed === true);
}

/** Whether the next record of `bytes` to this partition would open a batch. */
export function opensBatch(ctx: ProducerCtx, state: ProducerState, name: TopicPartition, bytes: number): boolean {
  const last = lastOf(state, state.queues[name]);
  return last === null || last.isClosed || last.sizeBytes + bytes > Math.max(ctx.self.config.producer.batchSize, 0);
}

/** Adds a record to its partition's last batch, or to a new one. Null: there is no memory for a new batch. */
export function append(ctx: ProducerCtx, state: ProducerState, sending: Sending, partition: number): Batch | null {
  const { profile, producer } = ctx.self.config;
  const name = topicPartition(sending.topic, partition);
  const bytes = recordBytes(profile, sending.sizeBytes);
  const record: LogRecord = Object.freeze({
    key: sending.key,
    value: sending.value,
    timestamp: Math.floor(ctx.now / MILLISECOND),
    tag: sending.tag,
  });
  let batch = openBatch(ctx, state, name, bytes);
  if (batch === null) {
    const bufferBytes = Math.max(producer.batchSize, headerBytes(profile) + bytes);
    if (bufferBytes > state.freeBytes) return null;
    state.freeBytes -= bufferBytes;
    batch = newBatch(ctx, state, sending.topic, partition, bufferBytes);
    queueOf(state, name).push(batch.id);
  }
  batch.records.push(record);
  batch.sizeBytes += bytes;
  batch.lastAppendAt = ctx.now;
  if (batch.sizeBytes >= producer.batchSize) batch.isClosed = true;
  if (batch.isClosed || batch.records.length === 1) state.wakesSender = true;
  return batch;
}

export function newBatch(
  ctx: ProducerCtx,
  state: ProducerState,
  topic: string,
  partition: number,
  bufferBytes: number,
): Batch {
  const batch: Batch = {
    id: state.nextBatchId,
    topicPartition: topicPartition(topic, partition),
    topic,
    partition,
    records: [],
    sizeBytes: headerBytes(ctx.self.config.profile),
    bufferBytes,
    createdAt: ctx.now,
    lastAppendAt: ctx.now,
    attempts: 0,
    lastAttemptAt: ctx.now,
    retryAt: 0,
    sentLeaderEpoch: -1,
    isClosed: false,
    isInFlight: false,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isSequenceReset: false,
    wire: null,
  };
  state.nextBatchId += 1;
  state.batches[batch.id] = batch;
  return batch;
}

/** Forgets a batch that has its outcome, and frees its memory. */
export function forget(state: ProducerState, batch: Batch): void {
  delete state.batches[batch.id];
  const queue = state.queues[batch.topicPartition];
  const index = queue?.indexOf(batch.id) ?? -1;
  if (index >= 0) queue?.splice(index, 1);
  state.freeBytes += batch.bufferBytes;
}

/** Whether a batch still waits for its backoff after a failure. A changed leader ends the wait since 3.7. */
function isBackingOff(ctx: ProducerCtx, batch: Batch, leader: PartitionLeader): boolean {
  if (batch.attempts === 0 || batch.retryAt <= ctx.now) return false;
  const leaderChanged = batch.sentLeaderEpoch >= 0 && leader.leaderEpoch > batch.sentLeaderEpoch;
  return !(leaderChanged && isAtLeast(ctx.self.config.profile, "3.9"));
}

export interface Readiness {
  /** Nodes with something to send, in the order of broker ids. */
  readonly nodes: ActorId[];
  /** When more will be ready by the passing of time. */
  readonly nextAt: SimTime | null;
  /** Topics with queued batches whose leader is unknown. */
  readonly leaderless: string[];
}

/** Which nodes have a batch that need not wait for linger.ms or a backoff any more. */
export function readiness(ctx: ProducerCtx, state: ProducerState): Readiness {
  const { producer } = ctx.self.config;
  const nodes: number[] = [];
  const leaderless: string[] = [];
  let nextAt: SimTime | null = null;
  const hurries = state.flushing > 0 || state.isClosing || state.application.blocked?.on === "memory";
  for (const name in state.queues) {
    const queue = state.queues[name as TopicPartition] as number[];
    const first = firstOf(state, queue);
    if (first === null) continue;
    const leader = leaderOf(state.metadata, first.topic, first.partition);
    if (leader === null) {
      if (!leaderless.includes(first.topic)) leaderless.push(first.topic);
      continue;
    }
    if (state.muted[first.topicPartition] === true || nodes.includes(leader.leaderId)) continue;
    const backingOff = isBackingOff(ctx, first, leader);
    const readyAt = backingOff
      ? first.retryAt
      : first.attempts > 0
        ? ctx.now
        : first.createdAt + afterMs(producer.lingerMs);
    if (!backingOff && (queue.length > 1 || first.isClosed || hurries || readyAt <= ctx.now))
      nodes.push(leader.leaderId);
    else if (nextAt === null || readyAt < nextAt) nextAt = readyAt;
  }
  return {
    nodes: nodes.sort((a, b) => a - b).map(brokerActor),
    nextAt,
    leaderless: leaderless.sort(),
  };
}

/**
 * Takes the first batch of each partition that `node` leads, up to max.request.size, beginning with another partition each
 * time. `mayLeave` can hold a partition back (idempotence).
 */
export function drain(
  ctx: ProducerCtx,
  state: ProducerState,
  node: ActorId,
  mayLeave: (batch: Batch) => boolean,
): Batch[] {
  const { producer } = ctx.self.config;
  const led: { batch: Batch; leader: PartitionLeader }[] = [];
  for (const name in state.queues) {
    const first = firstOf(state, state.queues[name as TopicPartition]);
    if (first === null) continue;
    const leader = leaderOf(state.metadata, first.topic, first.partition);
    if (leader !== null && brokerActor(leader.leaderId) === node) led.push({ batch: first, leader });
  }
  led.sort((a, b) => (a.batch.topicPartition < b.batch.topicPartition ? -1 : 1));
  const drained: Batch[] = [];
  let size = 0;
  const start = led.length === 0 ? 0 : state.drainIndex % led.length;
  for (let i = 0; i < led.length; i++) {
    const index = (start + i) % led.length;
    const { batch, leader } = led[index] as { batch: Batch; leader: PartitionLeader };
    if (state.muted[batch.topicPartition] === true || isBackingOff(ctx, batch, leader)) continue;
    if (drained.length > 0 && size + batch.sizeBytes > producer.maxRequestSize) break;
    if (!mayLeave(batch)) continue;
    state.queues[batch.topicPartition]?.shift();
    state.drainIndex = index + 1;
    batch.isClosed = true;
    batch.isInFlight = true;
    batch.sentLeaderEpoch = leader.leaderEpoch;
    size += batch.sizeBytes;
    drained.push(batch);
  }
  return drained;
}

/**
 * Puts a batch back to be sent again: at the front, or among other batches with sequences by its sequence. `keepsOrder`:
 * behind older batches that came back before it (0.10.2 takes lost requests newest first, so it ends up in order).
 */
export function reenqueue(state: ProducerState, batch: Batch, keepsOrder: boolean): void {
  const queue = queueOf(state, batch.topicPartition);
  batch.isInFlight = false;
  let at = 0;
  if (batch.baseSequence >= 0) {
    while (at < queue.length) {
      const other = state.batches[queue[at] as number];
      if (other === undefined || other.baseSequence < 0 || other.baseSequence > batch.baseSequence) break;
      at += 1;
    }
  } else if (keepsOrder) {
    while (at < queue.length) {
      const other = state.batches[queue[at] as number];
      if (other === undefined || other.attempts === 0 || other.id > batch.id) break;
      at += 1;
    }
  }
  queue.splice(at, 0, batch.id);
}
