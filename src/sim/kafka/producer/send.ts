/**
 * KafkaProducer.send(): wait for metadata, choose a partition, append; and what blocks it.
 *
 * In Kafka     KafkaProducer.doSend, waitOnMetadata; BuiltInPartitioner and its calls in RecordAccumulator.append.
 * Left out     interceptors; sticky partitioning per batch of 2.4 to 3.2.
 */
import type { SimTime } from "../../engine/types.ts";
import { MILLISECOND } from "../../engine/types.ts";
import { afterMs } from "../client/client.ts";
import { type ClientException, clientException, exceptionOf } from "../client/exceptions.ts";
import { availablePartitions, partitionCount, requestUpdate, wantTopic } from "../client/metadata.ts";
import { isAtLeast } from "../profiles/profile.ts";
import { type TopicPartition, topicPartition } from "../protocol/ids.ts";
import { append, areQueuedBatchesFull, closeIfFull, opensBatch, recordBytes } from "./accumulator.ts";
import {
  addStickyBytes,
  newRoundRobin,
  newSticky,
  nextRoundRobin,
  partitionForKey,
  type StickyChoice,
  switchSticky,
} from "./partitioner.ts";
import type { Blocked, ProducerCtx, ProducerState, Sending } from "./state.ts";

/** What send() came to: `done` (appended or failed), or it blocks the application's thread. */
export type SendResult = "done" | "blocked";

/** Calls send() for a record. */
export function send(ctx: ProducerCtx, state: ProducerState, sending: Sending): SendResult {
  wantTopic(ctx, state.metadata, sending.topic);
  return proceed(ctx, state, sending, null);
}

/** A blocked send() looks again: metadata came, memory was freed, or max.block.ms is over. */
export function resumeSend(ctx: ProducerCtx, state: ProducerState, blocked: Blocked): SendResult {
  return proceed(ctx, state, blocked.sending, blocked);
}

function proceed(ctx: ProducerCtx, state: ProducerState, sending: Sending, blocked: Blocked | null): SendResult {
  const { producer, profile } = ctx.self.config;
  const { metadata } = state;
  const deadline = blocked?.deadline ?? ctx.now + afterMs(producer.maxBlockMs);
  const count = partitionCount(metadata, sending.topic);
  const isKnown = count !== null && count > 0;
  const isOutOfRange = isKnown && sending.partition !== null && sending.partition >= count;
  if (!isKnown || isOutOfRange) {
    const topicError = metadata.errors[sending.topic];
    if (topicError === "INVALID_TOPIC_EXCEPTION") {
      return failed(ctx, state, sending, blocked, exceptionOf(topicError, profile));
    }
    // 0.10.2 takes an answer's word for the number of partitions.
    const hasAsked = blocked !== null && blocked.version < metadata.version;
    if (isOutOfRange && profile === "0.10" && hasAsked) {
      const range = `Invalid partition given with record: ${sending.partition} is not in the range [0...${count}).`;
      return failed(ctx, state, sending, blocked, clientException("KafkaException", range), true);
    }
    if (ctx.now >= deadline) return failed(ctx, state, sending, blocked, noMetadata(ctx, sending, count));
    if (blocked === null || hasAsked) requestUpdate(metadata);
    return block(ctx, state, sending, "metadata", deadline);
  }
  const bytes = recordBytes(profile, sending.sizeBytes);
  if (bytes > producer.maxRequestSize) {
    const text = `The message is ${bytes} bytes when serialized which is larger than ${producer.maxRequestSize}, which is the value of the max.request.size configuration.`;
    return failed(ctx, state, sending, blocked, clientException("RecordTooLargeException", text));
  }
  const partition = sending.partition ?? choosePartition(ctx, state, sending, count, bytes);
  const batch = append(ctx, state, sending, partition);
  if (batch === null) {
    if (ctx.now >= deadline) return failed(ctx, state, sending, blocked, noMemory(ctx, state, bytes));
    return block(ctx, state, { ...sending, partition }, "memory", deadline);
  }
  state.application.blocked = null;
  if (usesSticky(ctx, sending)) {
    // A new batch counts with its header.
    const appended = batch.records.length === 1 ? batch.sizeBytes : bytes;
    switchIfDue(ctx, state, sending.topic, partition, appended);
  }
  if (blocked === null) noteSent(ctx, sending, batch.topicPartition);
  else
    ctx.note({
      kind: "send-unblocked",
      producer: ctx.self.id,
      tag: sending.tag,
      topicPartition: batch.topicPartition,
      waited: ctx.now - sending.calledAt,
    });
  return "done";
}

/** Every record is noted once, when it is handed over, so that the numbers of a producer's records have no holes. */
function noteSent(ctx: ProducerCtx, sending: Sending, name: TopicPartition | null): void {
  ctx.note({
    kind: "record-sent",
    producer: ctx.self.id,
    tag: sending.tag,
    topic: sending.topic,
    topicPartition: name,
    key: sending.key,
    value: sending.value,
    acks: ctx.self.config.producer.acks,
  });
}

function block(
  ctx: ProducerCtx,
  state: ProducerState,
  sending: Sending,
  on: Blocked["on"],
  deadline: SimTime,
): SendResult {
  const { application, metadata } = state;
  if (application.blocked === null) noteSent(ctx, sending, null);
  if (application.blocked?.on !== on) {
    ctx.note({
      kind: "send-blocked",
      producer: ctx.self.id,
      tag: sending.tag,
      topic: sending.topic,
      reason: on === "metadata" ? "no-metadata" : "buffer-full",
    });
  }
  application.blocked = { sending, on, deadline, version: metadata.version };
  state.wakesSender = true;
  return "blocked";
}

function failed(
  ctx: ProducerCtx,
  state: ProducerState,
  sending: Sending,
  blocked: Blocked | null,
  exception: ClientException,
  thrown = false,
): SendResult {
  if (blocked === null) noteSent(ctx, sending, null);
  state.application.blocked = null;
  ctx.note({
    kind: "send-failed",
    producer: ctx.self.id,
    tag: sending.tag,
    topicPartition: sending.partition === null ? null : topicPartition(sending.topic, sending.partition),
    topic: sending.topic,
    key: sending.key,
    value: sending.value,
    exception: exception.exception,
    errorCode: exception.errorCode,
    message: exception.message,
    attempts: 0,
    thrown,
    waited: ctx.now - sending.calledAt,
  });
  return "done";
}

function noMetadata(ctx: ProducerCtx, sending: Sending, count: number | null): ClientException {
  const { profile, producer } = ctx.self.config;
  const after = `after ${producer.maxBlockMs} ms.`;
  if (isAtLeast(profile, "3.9") && count !== null)
    return clientException(
      "TimeoutException",
      `Partition ${sending.partition} of topic ${sending.topic} with partition count ${count} is not present in metadata ${after}`,
    );
  if (profile === "0.10") return clientException("TimeoutException", `Failed to update metadata ${after}`);
  return clientException("TimeoutException", `Topic ${sending.topic} not present in metadata ${after}`);
}

function noMemory(ctx: ProducerCtx, state: ProducerState, bytes: number): ClientException {
  const { profile, producer } = ctx.self.config;
  const within = `within the configured max blocking time ${producer.maxBlockMs} ms.`;
  if (!isAtLeast(profile, "3.9")) return clientException("TimeoutException", `Failed to allocate memory ${within}`);
  const size = Math.max(producer.batchSize, bytes);
  return clientException(
    "BufferExhaustedException",
    `Failed to allocate ${size} bytes ${within} Total memory: ${producer.bufferMemory} bytes. Available memory: ${state.freeBytes} bytes. Poolable size: ${producer.batchSize} bytes`,
  );
}

function usesRoundRobinClass(ctx: ProducerCtx): boolean {
  return ctx.self.config.producer.partitionerClass?.endsWith("RoundRobinPartitioner") === true;
}

/** The built-in partitioner decides: 3.9, no partition given, no key that counts. */
function usesSticky(ctx: ProducerCtx, sending: Sending): boolean {
  const { profile, producer } = ctx.self.config;
  if (!isAtLeast(profile, "3.9") || usesRoundRobinClass(ctx)) return false;
  return sending.partition === null && (sending.key === null || producer.partitionerIgnoreKeys);
}

function choosePartition(
  ctx: ProducerCtx,
  state: ProducerState,
  sending: Sending,
  count: number,
  bytes: number,
): number {
  const { topic, key } = sending;
  const available = (): number[] => availablePartitions(state.metadata, topic);
  if (usesRoundRobinClass(ctx)) return roundRobinClass(ctx, state, topic, available(), count, bytes);
  if (usesSticky(ctx, sending)) return stickyPartition(ctx, state, topic, bytes);
  if (key !== null) return partitionForKey(key, count);
  let round = state.roundRobin[topic];
  if (round === undefined) {
    round = newRoundRobin(ctx.random("partitioner", 4294967296));
    state.roundRobin[topic] = round;
  }
  return nextRoundRobin(round, available(), count);
}

/** RoundRobinPartitioner (2.4+): counts from 0, ignores keys, and is asked twice when the record opens a batch. */
function roundRobinClass(
  ctx: ProducerCtx,
  state: ProducerState,
  topic: string,
  available: readonly number[],
  count: number,
  bytes: number,
): number {
  let round = state.roundRobin[topic];
  if (round === undefined) {
    round = newRoundRobin(0);
    state.roundRobin[topic] = round;
  }
  const partition = nextRoundRobin(round, available, count);
  return opensBatch(ctx, state, topicPartition(topic, partition), bytes)
    ? nextRoundRobin(round, available, count)
    : partition;
}

function stickyChoice(ctx: ProducerCtx, state: ProducerState, topic: string): StickyChoice {
  const available = availablePartitions(state.metadata, topic);
  const count = partitionCount(state.metadata, topic) ?? 0;
  const queued: { partition: number; length: number }[] = [];
  for (let partition = 0; partition < count; partition++) {
    const queue = state.queues[topicPartition(topic, partition)];
    if (queue !== undefined && available.includes(partition)) queued.push({ partition, length: queue.length });
  }
  const isAdaptive = ctx.self.config.producer.partitionerAdaptivePartitioningEnable && queued.length === count;
  return {
    random: ctx.random("partitioner", 2147483648),
    available,
    partitionCount: count,
    queues: isAdaptive ? queued : null,
  };
}

/** Where the next record goes: the partition stuck to, unless it is time for another now that its batches are full. */
function stickyPartition(ctx: ProducerCtx, state: ProducerState, topic: string, bytes: number): number {
  let sticky = state.sticky[topic];
  if (sticky === undefined) {
    sticky = newSticky(stickyChoice(ctx, state, topic));
    state.sticky[topic] = sticky;
  }
  for (;;) {
    const { partition } = sticky;
    if (switchIfDue(ctx, state, topic, partition, 0)) continue;
    closeIfFull(ctx, state, topicPartition(topic, partition), bytes);
    if (!switchIfDue(ctx, state, topic, partition, 0)) return partition;
  }
}

/** Counts bytes appended to the partition stuck to. True if another one was chosen, which may be the same again. */
function switchIfDue(ctx: ProducerCtx, state: ProducerState, topic: string, partition: number, bytes: number): boolean {
  const sticky = state.sticky[topic];
  if (sticky === undefined || sticky.partition !== partition) return false;
  const isFull = areQueuedBatchesFull(state, topicPartition(topic, partition));
  const batchSizeBytes = ctx.self.config.producer.batchSize;
  if (!addStickyBytes(sticky, { bytes, batchSizeBytes, areQueuedBatchesFull: isFull })) return false;
  if (sticky.producedBytes === 0) return false;
  switchSticky(sticky, stickyChoice(ctx, state, topic));
  return true;
}

/** When a blocked send() gives up, or asks for metadata again. */
export function nextSendCheck(state: ProducerState): SimTime | null {
  const { blocked } = state.application;
  return blocked === null ? null : Math.max(blocked.deadline, MILLISECOND);
}
