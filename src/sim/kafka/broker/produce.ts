/**
 * Produce: checks, append, and the wait for replication.
 *
 * In Kafka     KafkaApis.handleProduceRequest, ReplicaManager.appendRecords, Partition.appendRecordsToLeader, LogValidator.
 * Simplified   one batch a partition and request; a request that an ISR write holds up does not take one of the io threads.
 * Left out     compression, timestamps set by the broker, quotas, verification of transactions.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import { checkProducerBatch } from "../log/producerState.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { UnplacedBatch } from "../protocol/records.ts";
import { release, respond, resume } from "../rpc.ts";
import { say } from "./facts.ts";
import { advanceHighWatermark } from "./highWatermark.ts";
import { refusesAcksAll } from "./isrState.ts";
import { appendLed, isrContext, leaderStateOf, logFor, names, tagsOf, topicConfigOf } from "./partition.ts";
import { type Appended, checkDelayed, delayProduce } from "./purgatory.ts";
import { currentLeader, isKnown, notHosted } from "./reading.ts";
import { type BlockedWork, type BrokerCtx, brokerOf, type DoorAppend, isrOf, type ProduceResult } from "./state.ts";

type ProduceWork = Extract<BlockedWork, { kind: "produce" }>;

export function onProduce(ctx: BrokerCtx, message: Message): void {
  runProduce(ctx, { kind: "produce", message, next: 0, done: [] });
}

/** Goes on with a Produce from the partition where it stopped. */
export function runProduce(ctx: BrokerCtx, work: ProduceWork): void {
  const { data } = work.message.body as RpcRequest<"Produce">;
  while (work.next < data.partitionData.length) {
    const { topicPartition, records } = data.partitionData[work.next] as (typeof data.partitionData)[number];
    if (isHeld(ctx, topicPartition)) {
      brokerOf(ctx).blocked.push({ on: topicPartition, work });
      return;
    }
    const isUnknown = !isKnown(ctx, topicPartition);
    work.done.push(
      isUnknown
        ? refuse(ctx, topicPartition, records, "UNKNOWN_TOPIC_OR_PARTITION")
        : append(ctx, topicPartition, records, data.acks),
    );
    work.next += 1;
  }
  finishProduce(ctx, work);
}

/** Appends for a coordinator of this broker; its Then is resumed with {@link Appended}. */
export function runDoorAppend(ctx: BrokerCtx, request: DoorAppend): void {
  const { topicPartition, batch, acks, timeout, then } = request;
  if (isHeld(ctx, topicPartition)) {
    brokerOf(ctx).blocked.push({ on: topicPartition, work: { kind: "door-append", append: request } });
    return;
  }
  const result = append(ctx, topicPartition, batch, acks);
  if (result.errorCode !== "NONE" || acks === 1) {
    const appended: Appended = { kind: "appended", errorCode: result.errorCode, baseOffset: result.baseOffset };
    resume(ctx, then, appended);
    return;
  }
  delayProduce(ctx, { deadline: ctx.now + timeout, message: null, then, partitions: [progressOf(result)] });
}

/** Whether an ISR write holds the partition (2.1, 0.10). */
function isHeld(ctx: BrokerCtx, topicPartition: TopicPartition): boolean {
  return brokerOf(ctx).partitions[topicPartition]?.isrWrite === true;
}

function finishProduce(ctx: BrokerCtx, work: ProduceWork): void {
  const { message, done } = work;
  const { acks, timeoutMs } = (message.body as RpcRequest<"Produce">).data;
  if (acks === 0) {
    // There is no answer that could carry an error: the client learns of it from the closed connection.
    if (done.some((result) => result.errorCode !== "NONE")) hangUp(ctx, message);
    else release(ctx, message);
    return;
  }
  if (acks === -1 && done.some((result) => result.errorCode === "NONE")) {
    const deadline = ctx.now + timeoutMs * MILLISECOND;
    delayProduce(ctx, { deadline, message, then: null, partitions: done.map(progressOf) });
    return;
  }
  respond(ctx, message, "Produce", {
    responses: done.map(({ topicPartition, errorCode, baseOffset, logStartOffset, currentLeader }) => ({
      topicPartition,
      errorCode,
      baseOffset,
      logStartOffset,
      currentLeader,
    })),
  });
}

/** Closes the connection a request came on. */
export function hangUp(ctx: BrokerCtx, message: Message): void {
  ctx.hangUp(message);
  delete ctx.self.memory.rpc.channels[message.connection];
}

function progressOf(result: ProduceResult): {
  topicPartition: TopicPartition;
  errorCode: ErrorName | null;
  baseOffset: number;
  requiredOffset: number;
} {
  const { topicPartition, errorCode, baseOffset, requiredOffset } = result;
  return { topicPartition, errorCode: errorCode === "NONE" ? null : errorCode, baseOffset, requiredOffset };
}

/** Appends one batch, or says why not; in Kafka's order of checks. */
function append(ctx: BrokerCtx, topicPartition: TopicPartition, batch: UnplacedBatch, acks: 0 | 1 | -1): ProduceResult {
  if (acks !== 0 && acks !== 1 && acks !== -1) return refuse(ctx, topicPartition, batch, "INVALID_REQUIRED_ACKS");
  const partition = brokerOf(ctx).partitions[topicPartition];
  if (partition === undefined) return refuse(ctx, topicPartition, batch, notHosted(ctx, topicPartition));
  if (partition.role !== "leader") return refuse(ctx, topicPartition, batch, "NOT_LEADER_OR_FOLLOWER");
  if (acks === -1 && refusesAcksAll(leaderStateOf(partition), isrContext(ctx, partition))) {
    return refuse(ctx, topicPartition, batch, "NOT_ENOUGH_REPLICAS");
  }
  const invalid = validate(ctx, topicPartition, batch);
  if (invalid !== null) return refuse(ctx, topicPartition, batch, invalid);

  const log = logFor(ctx, partition);
  const { logStartOffset } = log;
  const accepted = (baseOffset: number, lastOffset: number): ProduceResult => ({
    topicPartition,
    errorCode: "NONE",
    baseOffset,
    logStartOffset,
    currentLeader: null,
    requiredOffset: lastOffset + 1,
  });
  if (batch.producerId >= 0 && !batch.isControl) {
    const { producerId, producerEpoch, baseSequence, isTransactional } = batch;
    const recordCount = batch.records.length;
    const verdict = checkProducerBatch(
      log.producers,
      { producerId, producerEpoch, baseSequence, recordCount, isTransactional },
      ctx.self.config,
    );
    if (verdict.kind === "refused") {
      const error = verdict.error === "INVALID_TXN_STATE" ? "INVALID_TXN_STATE" : verdict.error;
      return refuse(ctx, topicPartition, batch, error);
    }
    if (verdict.kind === "duplicate") {
      const { firstOffset: baseOffset, lastOffset } = verdict.of;
      say(ctx, {
        kind: "duplicate-recognised",
        topicPartition,
        producerId,
        baseSequence,
        baseOffset,
        tags: tagsOf([batch]),
      });
      return accepted(baseOffset, lastOffset);
    }
  }
  const placed = appendLed(ctx, partition, batch);
  if (!advanceHighWatermark(ctx, partition)) checkDelayed(ctx, topicPartition);
  return accepted(placed.baseOffset, placed.lastOffset);
}

function validate(ctx: BrokerCtx, topicPartition: TopicPartition, batch: UnplacedBatch): ErrorName | null {
  const config = topicConfigOf(ctx, topicPartition);
  if (batch.sizeBytes > config.maxMessageBytes) return "MESSAGE_TOO_LARGE";
  if (batch.sizeBytes > config.segmentBytes) return "RECORD_LIST_TOO_LARGE";
  if (config.cleanupPolicy.includes("compact") && !batch.isControl && batch.records.some((one) => one.key === null)) {
    return ctx.self.config.profile === "3.9" ? "INVALID_RECORD" : "CORRUPT_MESSAGE";
  }
  return null;
}

function refuse(ctx: BrokerCtx, topicPartition: TopicPartition, batch: UnplacedBatch, error: ErrorName): ProduceResult {
  const partition = brokerOf(ctx).partitions[topicPartition];
  say(ctx, {
    kind: "produce-refused",
    topicPartition,
    error,
    tags: tagsOf([batch]),
    isr: partition === undefined ? [] : names(isrOf(partition)),
    minIsr: partition === undefined ? 0 : topicConfigOf(ctx, topicPartition).minInsyncReplicas,
  });
  return {
    topicPartition,
    errorCode: error,
    baseOffset: -1,
    logStartOffset: -1,
    currentLeader: error === "NOT_LEADER_OR_FOLLOWER" ? currentLeader(ctx, topicPartition) : null,
    requiredOffset: -1,
  };
}
