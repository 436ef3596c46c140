/**
 * The sender: takes ready batches out of the accumulator, sends them, and decides what an answer, a lost connection or the
 * passing of time means for each.
 *
 * In Kafka     Sender.run and handleProduceResponse, with the order of its steps.
 * Left out     splitting of batches that are too large.
 */
import { MILLISECOND, type SimTime } from "../../engine/types.ts";
import { retryBackoff } from "../client/backoff.ts";
import { afterMs, ask, earlier, keepMetadataFresh, nodeReady, noteLost } from "../client/client.ts";
import { type ClientException, clientException, exceptionOf } from "../client/exceptions.ts";
import { learnLeader, requestUpdate, wantTopic } from "../client/metadata.ts";
import { isAtLeast } from "../profiles/profile.ts";
import type { ProduceResponse } from "../protocol/data-plane.ts";
import { type ErrorName, INVALID_METADATA, RETRIABLE } from "../protocol/errors.ts";
import { brokerIdOf, type TopicPartition } from "../protocol/ids.ts";
import type { UnplacedBatch } from "../protocol/records.ts";
import { type Outcome, tell } from "../rpc.ts";
import { drain, forget, readiness, reenqueue } from "./accumulator.ts";
import {
  assignSequence,
  keepProducerId,
  markUnresolved,
  mayLeave,
  onBatchAcked,
  onBatchFailed,
  retriesSequenceError,
  settleSequences,
} from "./idempotence.ts";
import { type Batch, type ProducedThen, type ProducerCtx, type ProducerState, producerClient } from "./state.ts";

/** Runs the sender until nothing more can be done now. Returns when it must run again; null: when something happens. */
export function runSender(ctx: ProducerCtx, state: ProducerState): SimTime | null {
  const client = producerClient(ctx);
  let next: SimTime | null = null;
  for (let isBusy = true; isBusy; ) {
    isBusy = false;
    next = null;
    if (Object.keys(state.batches).length > 0) {
      settleSequences(ctx, state);
      failAllIfFatal(ctx, state);
      next = earlier(next, keepProducerId(ctx, state));
    }
    const ready = readiness(ctx, state);
    next = earlier(next, ready.nextAt);
    for (const topic of ready.leaderless) {
      wantTopic(ctx, state.metadata, topic);
      requestUpdate(state.metadata);
    }
    const requests: { node: string; batches: Batch[] }[] = [];
    for (const node of ready.nodes) {
      if (!nodeReady(ctx, client, node)) continue;
      const batches = drain(ctx, state, node, (batch) => mayLeave(state, batch));
      if (batches.length > 0) requests.push({ node, batches });
    }
    if (ctx.self.config.producer.maxInFlightRequestsPerConnection === 1)
      for (const { batches } of requests) for (const batch of batches) state.muted[batch.topicPartition] = true;
    next = earlier(next, expireBatches(ctx, state));
    for (const { node, batches } of requests) {
      const alive = batches.filter((batch) => state.batches[batch.id] !== undefined);
      if (alive.length > 0) sendProduce(ctx, state, node, alive);
      isBusy = true;
    }
  }
  return earlier(next, keepMetadataFresh(ctx, client));
}

function wireOf(batch: Batch): UnplacedBatch {
  batch.wire ??= Object.freeze({
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: false,
    isControl: false,
    sizeBytes: batch.sizeBytes,
    records: Object.freeze([...batch.records]),
  });
  return batch.wire;
}

function sendProduce(ctx: ProducerCtx, state: ProducerState, node: string, batches: readonly Batch[]): void {
  const { producer } = ctx.self.config;
  const acks = producer.acks as 0 | 1 | -1;
  const client = producerClient(ctx);
  for (const batch of batches) assignSequence(state, batch);
  const data = {
    acks,
    timeoutMs: producer.requestTimeoutMs,
    transactionalId: null,
    partitionData: batches.map((batch) => ({ topicPartition: batch.topicPartition, records: wireOf(batch) })),
  };
  for (const batch of batches) {
    batch.lastAttemptAt = ctx.now;
    ctx.note({
      kind: "batch-sent",
      producer: ctx.self.id,
      topicPartition: batch.topicPartition,
      to: node,
      records: batch.records.length,
      sizeBytes: batch.sizeBytes,
      attempt: batch.attempts + 1,
      acks,
      baseSequence: batch.baseSequence,
    });
  }
  if (acks === 0) {
    // Nobody will answer: written to the socket is all that success means.
    tell(ctx, node, client.channel, "Produce", data);
    for (const batch of batches) complete(ctx, state, batch, -1);
    return;
  }
  const then: ProducedThen = {
    kind: "producer:produced",
    node,
    leaderId: brokerIdOf(node),
    batches: Object.freeze(batches.map((batch) => batch.id)),
  };
  ask(ctx, client, node, client.channel, "Produce", data, then);
}

/** A Produce request came back. */
export function onProduced(ctx: ProducerCtx, state: ProducerState, then: ProducedThen, outcome: Outcome): void {
  if (outcome.kind !== "answer") {
    noteLost(ctx, producerClient(ctx), then.node, "main");
    requestUpdate(state.metadata);
    const failure = lostRequest(ctx, then, outcome);
    for (const id of then.batches) {
      const batch = state.batches[id];
      if (batch !== undefined) settle(ctx, state, batch, failure.error, failure.exception, -1, true);
    }
    return;
  }
  const { responses } = outcome.data as ProduceResponse;
  for (const id of then.batches) {
    const batch = state.batches[id];
    if (batch === undefined) continue;
    const answer = responses.find((one) => one.topicPartition === batch.topicPartition);
    if (answer === undefined) continue;
    if (answer.errorCode === "NONE" || answer.errorCode === "DUPLICATE_SEQUENCE_NUMBER") {
      complete(ctx, state, batch, answer.errorCode === "NONE" ? answer.baseOffset : -1);
      continue;
    }
    if (answer.currentLeader !== null) learnLeader(state.metadata, batch.topic, batch.partition, answer.currentLeader);
    const exception = exceptionOf(answer.errorCode, ctx.self.config.profile);
    settle(ctx, state, batch, answer.errorCode, exception, answer.logStartOffset, false);
  }
}

/** What a lost request means: a network error, or since 3.x (here 3.9) a timeout if this client gave up waiting. */
function lostRequest(
  ctx: ProducerCtx,
  then: ProducedThen,
  outcome: Exclude<Outcome, { kind: "answer" }>,
): { error: ErrorName; exception: ClientException } {
  const { profile } = ctx.self.config;
  const timedOut = outcome.kind === "timed-out" || outcome.reason === "request timed out";
  if (timedOut && isAtLeast(profile, "3.9")) {
    const message = `Disconnected from node ${then.leaderId} due to timeout`;
    return {
      error: "REQUEST_TIMED_OUT",
      exception: { exception: "TimeoutException", message, errorCode: "REQUEST_TIMED_OUT" },
    };
  }
  return { error: "NETWORK_EXCEPTION", exception: exceptionOf("NETWORK_EXCEPTION", profile) };
}

/** Tries again, or fails the batch. */
function settle(
  ctx: ProducerCtx,
  state: ProducerState,
  batch: Batch,
  error: ErrorName,
  exception: ClientException,
  logStartOffset: number,
  lost: boolean,
): void {
  const { profile, producer } = ctx.self.config;
  delete state.muted[batch.topicPartition];
  const isLate = ctx.now - batch.createdAt >= afterMs(producer.deliveryTimeoutMs);
  const mayTryAgain = !isLate && batch.attempts < producer.retries;
  const again = mayTryAgain && (retriesSequenceError(ctx, state, batch, error, logStartOffset) ?? RETRIABLE.has(error));
  if (INVALID_METADATA.has(error)) requestUpdate(state.metadata);
  if (!again) {
    fail(ctx, state, batch, exception, batch.attempts < producer.retries);
    return;
  }
  batch.attempts += 1;
  batch.lastAttemptAt = ctx.now;
  batch.retryAt = ctx.now + retryBackoff(ctx, producer, batch.attempts);
  reenqueue(state, batch, lost && profile === "0.10");
  ctx.note({
    kind: "produce-retried",
    producer: ctx.self.id,
    topicPartition: batch.topicPartition,
    attempt: batch.attempts,
    reason: error,
    tags: batch.records.map((record) => record.tag),
    waitsUntil: batch.retryAt,
  });
}

function complete(ctx: ProducerCtx, state: ProducerState, batch: Batch, baseOffset: number): void {
  delete state.muted[batch.topicPartition];
  forget(state, batch);
  onBatchAcked(state, batch, baseOffset);
  const isAssumed = ctx.self.config.producer.acks === 0;
  batch.records.forEach((record, index) => {
    ctx.note({
      kind: isAssumed ? "record-assumed" : "record-acked",
      producer: ctx.self.id,
      tag: record.tag,
      topicPartition: batch.topicPartition,
      partition: batch.partition,
      offset: baseOffset < 0 ? -1 : baseOffset + index,
      timestamp: record.timestamp,
      waited: ctx.now - batch.createdAt,
    });
  });
}

/** The records of a batch fail for good. */
export function fail(
  ctx: ProducerCtx,
  state: ProducerState,
  batch: Batch,
  exception: ClientException,
  adjustSequences: boolean,
): void {
  forget(state, batch);
  onBatchFailed(ctx, state, batch, exception.exception, adjustSequences);
  for (const record of batch.records) {
    ctx.note({
      kind: "send-failed",
      producer: ctx.self.id,
      tag: record.tag,
      topicPartition: batch.topicPartition,
      exception: exception.exception,
      errorCode: exception.errorCode,
      message: exception.message,
      attempts: batch.attempts,
      waited: ctx.now - batch.createdAt,
    });
  }
}

function failAllIfFatal(ctx: ProducerCtx, state: ProducerState): void {
  const fatal = state.idempotence?.fatal ?? null;
  if (fatal === null) return;
  for (const id of Object.keys(state.batches)) {
    const batch = state.batches[Number(id)];
    if (batch !== undefined && !batch.isInFlight)
      fail(ctx, state, batch, clientException(fatal.exception, fatal.message), false);
  }
}

/**
 * Fails the batches whose time is over. Returns when to look again: when the next one's is. 0.10.2 does not wake for that, only
 * for something else, or when it has waited for request.timeout.ms (NetworkClient.poll).
 */
function expireBatches(ctx: ProducerCtx, state: ProducerState): SimTime | null {
  const { profile, producer } = ctx.self.config;
  const wakesForExpiry = isAtLeast(profile, "2.1");
  // A wait in select() is over in the millisecond after.
  const longestSleep = afterMs(producer.requestTimeoutMs) + MILLISECOND;
  let next: SimTime | null = null;
  for (const id of Object.keys(state.batches)) {
    const batch = state.batches[Number(id)];
    if (batch === undefined) continue;
    const expiry = expiryOf(ctx, state, batch);
    if (expiry === null) continue;
    if (expiry.at > ctx.now) {
      next = earlier(next, wakesForExpiry ? expiry.at : ctx.now + longestSleep);
      continue;
    }
    delete state.muted[batch.topicPartition];
    const count = batch.records.length;
    const wasSent = batch.attempts > 0 || batch.isInFlight;
    const passed = Math.floor((ctx.now - expiry.since) / MILLISECOND);
    const message = `Expiring ${count} record(s) for ${batch.topicPartition}:${expiry.separator}${passed} ms has passed since ${expiry.phrase}`;
    fail(ctx, state, batch, clientException("TimeoutException", message), false);
    if (wasSent) markUnresolved(state, batch);
  }
  return next;
}

interface Expiry {
  readonly at: SimTime;
  readonly since: SimTime;
  readonly phrase: string;
  readonly separator: string;
}

/**
 * When a batch expires. Since 2.1: delivery.timeout.ms after it was created, wherever it is. 0.10.2: only while queued and
 * its partition is not muted, request.timeout.ms after the last append (full), after linger, or after the last attempt and
 * its backoff (retried).
 */
function expiryOf(ctx: ProducerCtx, state: ProducerState, batch: Batch): Expiry | null {
  const { profile, producer } = ctx.self.config;
  if (profile !== "0.10") {
    const at = batch.createdAt + afterMs(producer.deliveryTimeoutMs);
    return { at, since: batch.createdAt, phrase: "batch creation", separator: "" };
  }
  if (batch.isInFlight || state.muted[batch.topicPartition as TopicPartition] === true) return null;
  const timeout = afterMs(producer.requestTimeoutMs) + MILLISECOND;
  if (batch.attempts > 0) {
    const since = batch.lastAttemptAt + afterMs(producer.retryBackoffMs);
    return { at: since + timeout, since, phrase: "last attempt plus backoff time", separator: " " };
  }
  const lingered = batch.createdAt + afterMs(producer.lingerMs);
  if (batch.isClosed && batch.lastAppendAt < lingered)
    return { at: batch.lastAppendAt + timeout, since: batch.lastAppendAt, phrase: "last append", separator: " " };
  return { at: lingered + timeout, since: lingered, phrase: "batch creation plus linger time", separator: " " };
}
