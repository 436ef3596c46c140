/**
 * Producer id, epoch and sequence numbers: how a producer without transactions keeps retries from becoming second copies.
 *
 * In Kafka     TransactionManager, the part without transactional.id.
 * Simplified   in 2.1 the sender waits for the id and sends nothing meanwhile; here only batches wait.
 * Left out     transactions.
 */
import { MILLISECOND, type SimTime } from "../../engine/types.ts";
import { retryBackoff } from "../client/backoff.ts";
import { anyReadyNode, ask, noteLost } from "../client/client.ts";
import { exceptionOf } from "../client/exceptions.ts";
import { requestUpdate } from "../client/metadata.ts";
import { isAtLeast } from "../profiles/profile.ts";
import type { InitProducerIdResponse } from "../protocol/data-plane.ts";
import { RETRIABLE } from "../protocol/errors.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { Outcome } from "../rpc.ts";
import {
  type Batch,
  type Idempotence,
  type PartitionSequences,
  type ProducerCtx,
  type ProducerState,
  producerClient,
} from "./state.ts";

const MAX_SEQUENCE = 2147483647;

export function plusSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  return sum > MAX_SEQUENCE ? sum - MAX_SEQUENCE - 1 : sum;
}

export function sequencesOf(idempotence: Idempotence, name: TopicPartition): PartitionSequences {
  let found = idempotence.partitions[name];
  if (found === undefined) {
    found = { next: 0, lastAckedSequence: -1, lastAckedOffset: -1, inFlight: [] };
    idempotence.partitions[name] = found;
  }
  return found;
}

/** Asks for a producer id if one is needed. Returns when to try again; null: something will happen by itself. */
export function keepProducerId(ctx: ProducerCtx, state: ProducerState): SimTime | null {
  const { idempotence } = state;
  if (idempotence === null || idempotence.producerId >= 0 || idempotence.isRequested || idempotence.fatal !== null)
    return null;
  if (idempotence.notBefore > ctx.now) return idempotence.notBefore;
  const client = producerClient(ctx);
  const node = anyReadyNode(ctx, client);
  if (node === null) return null;
  idempotence.isRequested = true;
  const data = { transactionalId: null, transactionTimeoutMs: 2147483647, producerId: -1, producerEpoch: -1 };
  ask(ctx, client, node, client.channel, "InitProducerId", data, { kind: "producer:id", node } as never);
  return null;
}

export function onInitProducerId(ctx: ProducerCtx, state: ProducerState, node: string, outcome: Outcome): void {
  const { idempotence } = state;
  if (idempotence === null) return;
  idempotence.isRequested = false;
  if (outcome.kind !== "answer") noteLost(ctx, producerClient(ctx), node, "main");
  const answer = outcome.kind === "answer" ? (outcome.data as InitProducerIdResponse) : null;
  if (answer?.errorCode === "NONE") {
    idempotence.producerId = answer.producerId;
    idempotence.producerEpoch = answer.producerEpoch;
    idempotence.attempts = 0;
    ctx.note({ kind: "producer-id-received", producerId: answer.producerId, producerEpoch: answer.producerEpoch });
    return;
  }
  if (answer !== null && !RETRIABLE.has(answer.errorCode)) {
    idempotence.fatal = exceptionOf(answer.errorCode, ctx.self.config.profile);
    return;
  }
  idempotence.attempts += 1;
  idempotence.notBefore = ctx.now + retryBackoff(ctx, ctx.self.config.producer, idempotence.attempts);
  requestUpdate(state.metadata);
}

/** Whether sequence order lets a batch leave now. */
export function mayLeave(state: ProducerState, batch: Batch): boolean {
  const { idempotence } = state;
  if (idempotence === null) return true;
  if (idempotence.producerId < 0) return false;
  const sequences = sequencesOf(idempotence, batch.topicPartition);
  if (batch.baseSequence < 0) {
    if (idempotence.unresolved[batch.topicPartition] !== undefined) return false;
    return !sequences.inFlight.some((id) => state.batches[id]?.producerEpoch !== idempotence.producerEpoch);
  }
  // A retried batch goes only when it is the oldest without an answer.
  return sequences.inFlight[0] === batch.id || sequences.inFlight.length === 0;
}

/** Gives a batch that leaves for the first time its producer id and sequence. */
export function assignSequence(state: ProducerState, batch: Batch): void {
  const { idempotence } = state;
  if (idempotence === null || batch.baseSequence >= 0) return;
  const sequences = sequencesOf(idempotence, batch.topicPartition);
  batch.producerId = idempotence.producerId;
  batch.producerEpoch = idempotence.producerEpoch;
  batch.baseSequence = sequences.next;
  sequences.next = plusSequence(sequences.next, batch.records.length);
  sequences.inFlight.push(batch.id);
}

function drop(sequences: PartitionSequences, batch: Batch): void {
  sequences.inFlight = sequences.inFlight.filter((id) => id !== batch.id);
}

/** The batch is in the log. */
export function onBatchAcked(state: ProducerState, batch: Batch, baseOffset: number): void {
  const { idempotence } = state;
  if (idempotence === null || batch.producerId !== idempotence.producerId) return;
  const sequences = sequencesOf(idempotence, batch.topicPartition);
  const last = plusSequence(batch.baseSequence, batch.records.length - 1);
  if (batch.producerEpoch === idempotence.producerEpoch) sequences.lastAckedSequence = last;
  if (baseOffset >= 0) sequences.lastAckedOffset = baseOffset + batch.records.length - 1;
  drop(sequences, batch);
}

/** Whether the producer tries again after an answer about sequences. Null: the general rule decides. */
export function retriesSequenceError(
  ctx: ProducerCtx,
  state: ProducerState,
  batch: Batch,
  error: string,
  logStartOffset: number,
): boolean | null {
  const { idempotence } = state;
  if (idempotence === null || batch.baseSequence < 0) return null;
  const isNew = isAtLeast(ctx.self.config.profile, "3.9");
  const sequences = sequencesOf(idempotence, batch.topicPartition);
  if (error === "UNKNOWN_PRODUCER_ID") {
    if (logStartOffset === -1 || batch.isSequenceReset) return true;
    if (sequences.lastAckedOffset < logStartOffset) {
      renumber(state, batch.topicPartition);
      return true;
    }
    if (isNew) requestBump(idempotence, batch.topicPartition);
    return isNew;
  }
  if (error === "OUT_OF_ORDER_SEQUENCE_NUMBER") {
    const isNext = batch.baseSequence === plusSequence(sequences.lastAckedSequence, 1);
    const isResolved = idempotence.unresolved[batch.topicPartition] === undefined;
    if ((isResolved || !isNew) && (batch.isSequenceReset || !isNext)) return true;
    if (isNew) requestBump(idempotence, batch.topicPartition);
    return isNew;
  }
  return null;
}

function requestBump(idempotence: Idempotence, name: TopicPartition): void {
  if (!idempotence.bumpFor.includes(name)) idempotence.bumpFor.push(name);
}

/** Numbers the unanswered batches of a partition from 0 again. */
function renumber(state: ProducerState, name: TopicPartition): void {
  const { idempotence } = state;
  if (idempotence === null) return;
  const sequences = sequencesOf(idempotence, name);
  sequences.next = 0;
  sequences.lastAckedSequence = -1;
  for (const id of sequences.inFlight) {
    const batch = state.batches[id];
    if (batch === undefined) continue;
    batch.producerId = idempotence.producerId;
    batch.producerEpoch = idempotence.producerEpoch;
    batch.baseSequence = sequences.next;
    batch.isSequenceReset = true;
    batch.wire = null;
    sequences.next = plusSequence(sequences.next, batch.records.length);
  }
}

/** A batch ends in failure. `adjust`: the sequence numbers after it would leave a hole. */
export function onBatchFailed(
  ctx: ProducerCtx,
  state: ProducerState,
  batch: Batch,
  exception: string,
  adjust: boolean,
): void {
  const { idempotence } = state;
  if (idempotence === null || batch.baseSequence < 0) return;
  const isNew = isAtLeast(ctx.self.config.profile, "3.9");
  if (exception === "ProducerFencedException" || exception === "ClusterAuthorizationException")
    idempotence.fatal = { exception, message: "This producer cannot go on." };
  const sequences = sequencesOf(idempotence, batch.topicPartition);
  if (!isNew && (exception === "OutOfOrderSequenceException" || exception === "UnknownProducerIdException")) {
    resetProducerId(ctx, state, exception);
    return;
  }
  drop(sequences, batch);
  if (isNew) {
    if (exception === "OutOfOrderSequenceException" || adjust) requestBump(idempotence, batch.topicPartition);
  } else if (adjust && batch.producerId === idempotence.producerId) closeGap(state, sequences, batch);
}

/** 2.1: the batches behind a failed one move up by its records, if their producer id still counts. */
function closeGap(state: ProducerState, sequences: PartitionSequences, failed: Batch): void {
  const count = failed.records.length;
  sequences.next = Math.max(0, sequences.next - count);
  for (const id of sequences.inFlight) {
    const batch = state.batches[id];
    if (batch === undefined || batch.baseSequence < failed.baseSequence) continue;
    batch.baseSequence -= count;
    batch.isSequenceReset = true;
    batch.wire = null;
  }
}

/** A batch expired after it had been sent: whether the broker has it is unknown. */
export function markUnresolved(state: ProducerState, batch: Batch): void {
  const { idempotence } = state;
  if (idempotence === null || batch.baseSequence < 0) return;
  const until = plusSequence(batch.baseSequence, batch.records.length);
  idempotence.unresolved[batch.topicPartition] = Math.max(idempotence.unresolved[batch.topicPartition] ?? 0, until);
}

/** Before each round of the sender: partitions whose doubt is settled go on, and a needed new epoch or id is taken. */
export function settleSequences(ctx: ProducerCtx, state: ProducerState): void {
  const { idempotence } = state;
  if (idempotence === null || idempotence.producerId < 0) return;
  const isNew = isAtLeast(ctx.self.config.profile, "3.9");
  for (const name of Object.keys(idempotence.unresolved).sort() as TopicPartition[]) {
    const sequences = sequencesOf(idempotence, name);
    if (sequences.inFlight.length > 0) continue;
    const isResolved = sequences.next === plusSequence(sequences.lastAckedSequence, 1);
    delete idempotence.unresolved[name];
    if (isResolved) continue;
    if (isNew) requestBump(idempotence, name);
    else {
      resetProducerId(ctx, state, "sequence-unresolved");
      return;
    }
  }
  if (idempotence.bumpFor.length === 0) return;
  const partitions = idempotence.bumpFor;
  idempotence.bumpFor = [];
  if (idempotence.producerEpoch >= 32767) {
    resetProducerId(ctx, state, "epoch-exhausted");
    return;
  }
  idempotence.producerEpoch += 1;
  for (const name of partitions) {
    renumber(state, name);
    delete idempotence.unresolved[name];
  }
  // Partitions without batches on their way start from 0 in the new epoch too.
  for (const name of Object.keys(idempotence.partitions) as TopicPartition[]) {
    const sequences = sequencesOf(idempotence, name);
    if (partitions.includes(name) || sequences.inFlight.length > 0) continue;
    sequences.next = 0;
    sequences.lastAckedSequence = -1;
  }
  ctx.note({
    kind: "producer-epoch-bumped",
    producerId: idempotence.producerId,
    producerEpoch: idempotence.producerEpoch,
    partitions,
  });
}

function resetProducerId(ctx: ProducerCtx, state: ProducerState, reason: string): void {
  const { idempotence } = state;
  if (idempotence === null) return;
  ctx.note({ kind: "producer-id-reset", producerId: idempotence.producerId, reason });
  idempotence.producerId = -1;
  idempotence.producerEpoch = -1;
  idempotence.partitions = {};
  idempotence.unresolved = {};
  idempotence.notBefore = ctx.now + MILLISECOND;
}
