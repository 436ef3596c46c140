/**
 * Operations that wait: a Produce for its records to be replicated, a Fetch for data.
 *
 * In Kafka     DelayedOperationPurgatory, DelayedProduce, DelayedFetch.
 * Simplified   one timer looks for what has expired; an operation is looked at again at every change of a partition it watches.
 *
 * waiting → answered   its partitions say so (checkDelayed), its time is over (expireDelayed), or its partition moved away
 */
import type { Message } from "../../engine/types.ts";
import { bytesBetween } from "../log/log.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { FetchRequest } from "../protocol/data-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import { respond, resume } from "../rpc.ts";
import { say } from "./facts.ts";
import { acksAllStatus } from "./isrState.ts";
import { isrContext, leaderStateOf, ledPartition, logFor } from "./partition.ts";
import { checkLeaderEpoch, currentLeader, readAll, readLimit } from "./reading.ts";
import {
  type BrokerCtx,
  type BrokerMemory,
  brokerOf,
  type DelayedDelete,
  type DelayedFetch,
  type DelayedProduce,
  type ProduceProgress,
} from "./state.ts";

const EXPIRE_TIMER = "delayed-operations";

/** Parks a produce unless it can be answered at once. */
export function delayProduce(ctx: BrokerCtx, produce: Omit<DelayedProduce, "id">): void {
  const memory = brokerOf(ctx);
  const { deadline, message, then, partitions } = produce;
  const operation: DelayedProduce = { id: takeId(memory), deadline, message, then, partitions };
  for (const progress of operation.partitions) lookAtProgress(ctx, progress);
  if (operation.partitions.every(isDone)) {
    answerProduce(ctx, operation);
    return;
  }
  memory.delayedProduces[operation.id] = operation;
  for (const { topicPartition } of operation.partitions) watch(memory.produceWatchers, topicPartition, operation.id);
  expireBy(ctx, memory, deadline);
}

/** Parks a fetch. */
export function delayFetch(ctx: BrokerCtx, message: Message, deadline: number): void {
  const memory = brokerOf(ctx);
  const operation: DelayedFetch = { id: takeId(memory), deadline, message };
  memory.delayedFetches[operation.id] = operation;
  for (const { topicPartition } of fetchOf(operation).partitions) {
    watch(memory.fetchWatchers, topicPartition, operation.id);
  }
  expireBy(ctx, memory, deadline);
}

/** Something about the partition changed: log end, high watermark, ISR or leadership. Answers what no longer has to wait. */
export function checkDelayed(ctx: BrokerCtx, topicPartition: TopicPartition): void {
  const memory = brokerOf(ctx);
  const produces = memory.produceWatchers[topicPartition];
  if (produces !== undefined) {
    for (const id of [...produces]) {
      const operation = memory.delayedProduces[id];
      if (operation === undefined) continue;
      for (const progress of operation.partitions) {
        if (progress.topicPartition === topicPartition) lookAtProgress(ctx, progress);
      }
      if (operation.partitions.every(isDone)) answerProduce(ctx, operation);
    }
  }
  const fetches = memory.fetchWatchers[topicPartition];
  if (fetches !== undefined) {
    for (const id of [...fetches]) {
      const operation = memory.delayedFetches[id];
      if (operation !== undefined && isFetchReady(ctx, fetchOf(operation), topicPartition)) answerFetch(ctx, operation);
    }
  }
}

/** Answers whatever waits for longer than it wanted to. */
export function expireDelayed(ctx: BrokerCtx): void {
  const memory = brokerOf(ctx);
  memory.expireAt = null;
  let next: number | null = null;
  for (const id of Object.keys(memory.delayedFetches)) {
    const operation = memory.delayedFetches[Number(id)] as DelayedFetch;
    if (operation.deadline <= ctx.now) answerFetch(ctx, operation);
    else if (next === null || operation.deadline < next) next = operation.deadline;
  }
  for (const id of Object.keys(memory.delayedProduces)) {
    const operation = memory.delayedProduces[Number(id)] as DelayedProduce;
    if (operation.deadline <= ctx.now) expireProduce(ctx, operation);
    else if (next === null || operation.deadline < next) next = operation.deadline;
  }
  for (const id of Object.keys(memory.delayedDeletes)) {
    const operation = memory.delayedDeletes[Number(id)] as DelayedDelete;
    if (operation.deadline <= ctx.now) expireDelete(ctx, operation);
    else if (next === null || operation.deadline < next) next = operation.deadline;
  }
  if (next !== null) expireBy(ctx, memory, next);
}

/** Parks a DeleteRecords. */
export function delayDelete(ctx: BrokerCtx, wait: Omit<DelayedDelete, "id">): void {
  const memory = brokerOf(ctx);
  const id = takeId(memory);
  memory.delayedDeletes[id] = { id, ...wait };
  expireBy(ctx, memory, wait.deadline);
}

function expireDelete(ctx: BrokerCtx, operation: DelayedDelete): void {
  for (const one of operation.partitions) one.errorCode ??= "REQUEST_TIMED_OUT";
  answerDelete(ctx, operation);
}

export function answerDelete(ctx: BrokerCtx, operation: DelayedDelete): void {
  delete brokerOf(ctx).delayedDeletes[operation.id];
  const partitions = operation.partitions.map(({ topicPartition, errorCode, lowWatermark }) => ({
    topicPartition,
    errorCode: errorCode ?? "NONE",
    lowWatermark: errorCode === "NONE" ? lowWatermark : -1,
  }));
  respond(ctx, operation.message, "DeleteRecords", { partitions });
}

/** Everything that waits, forgotten; the requests are returned for the caller to end. */
export function takeAllDelayed(ctx: BrokerCtx): Message[] {
  const memory = brokerOf(ctx);
  const messages: Message[] = [];
  for (const operation of Object.values(memory.delayedFetches)) messages.push(operation.message);
  for (const operation of Object.values(memory.delayedProduces)) {
    if (operation.message !== null) messages.push(operation.message);
  }
  for (const operation of Object.values(memory.delayedDeletes)) messages.push(operation.message);
  memory.delayedDeletes = {};
  memory.delayedFetches = {};
  memory.delayedProduces = {};
  memory.fetchWatchers = {};
  memory.produceWatchers = {};
  return messages;
}

export const purgatoryTimers = { [EXPIRE_TIMER]: expireDelayed };

function fetchOf(operation: DelayedFetch): FetchRequest {
  return (operation.message.body as RpcRequest<"Fetch">).data;
}

function takeId(memory: BrokerMemory): number {
  const id = memory.nextDelayedId;
  memory.nextDelayedId += 1;
  return id;
}

function watch(watchers: Record<string, number[]>, topicPartition: TopicPartition, id: number): void {
  const ids = watchers[topicPartition];
  if (ids === undefined) watchers[topicPartition] = [id];
  else if (!ids.includes(id)) ids.push(id);
}

function unwatch(watchers: Record<string, number[]>, topicPartition: TopicPartition, id: number): void {
  const ids = watchers[topicPartition];
  const place = ids?.indexOf(id) ?? -1;
  if (ids === undefined || place < 0) return;
  if (ids.length === 1) delete watchers[topicPartition];
  else ids.splice(place, 1);
}

function expireBy(ctx: BrokerCtx, memory: BrokerMemory, deadline: number): void {
  if (memory.expireAt !== null && memory.expireAt <= deadline) return;
  memory.expireAt = deadline;
  ctx.setTimer(EXPIRE_TIMER, Math.max(0, deadline - ctx.now));
}

function isDone(progress: ProduceProgress): boolean {
  return progress.errorCode !== null;
}

function lookAtProgress(ctx: BrokerCtx, progress: ProduceProgress): void {
  if (progress.errorCode !== null) return;
  const partition = ledPartition(ctx, progress.topicPartition);
  if (partition === null) {
    progress.errorCode = "NOT_LEADER_OR_FOLLOWER";
    return;
  }
  const status = acksAllStatus(leaderStateOf(partition), isrContext(ctx, partition), progress.requiredOffset);
  if (status !== "pending") progress.errorCode = status;
}

function expireProduce(ctx: BrokerCtx, operation: DelayedProduce): void {
  for (const progress of operation.partitions) {
    if (progress.errorCode !== null) continue;
    const { topicPartition, requiredOffset } = progress;
    const highWatermark = brokerOf(ctx).partitions[topicPartition]?.highWatermark ?? -1;
    say(ctx, { kind: "produce-timed-out", topicPartition, requiredOffset, highWatermark });
    progress.errorCode = "REQUEST_TIMED_OUT";
  }
  answerProduce(ctx, operation);
}

function answerProduce(ctx: BrokerCtx, operation: DelayedProduce): void {
  const memory = brokerOf(ctx);
  delete memory.delayedProduces[operation.id];
  for (const { topicPartition } of operation.partitions) unwatch(memory.produceWatchers, topicPartition, operation.id);
  const responses = operation.partitions.map((progress) => {
    const { topicPartition } = progress;
    const errorCode = progress.errorCode ?? "NONE";
    return {
      topicPartition,
      errorCode,
      baseOffset: errorCode === "NONE" ? progress.baseOffset : -1,
      logStartOffset: errorCode === "NONE" ? (ledPartition(ctx, topicPartition) === null ? -1 : 0) : -1,
      currentLeader: errorCode === "NOT_LEADER_OR_FOLLOWER" ? currentLeader(ctx, topicPartition) : null,
    };
  });
  if (operation.message !== null) respond(ctx, operation.message, "Produce", { responses });
  else if (operation.then !== null) {
    const { errorCode, baseOffset } = responses[0] as (typeof responses)[number];
    const appended: Appended = { kind: "appended", errorCode, baseOffset };
    resume(ctx, operation.then, appended);
  }
}

/** What comes of an append through the door. */
export interface Appended {
  readonly kind: "appended";
  readonly errorCode: ErrorName;
  /** -1 on an error. */
  readonly baseOffset: number;
}

function answerFetch(ctx: BrokerCtx, operation: DelayedFetch): void {
  const memory = brokerOf(ctx);
  delete memory.delayedFetches[operation.id];
  const request = fetchOf(operation);
  for (const { topicPartition } of request.partitions) unwatch(memory.fetchWatchers, topicPartition, operation.id);
  respond(ctx, operation.message, "Fetch", { errorCode: "NONE", responses: readAll(ctx, request) });
}

/** With one byte wanted only the changed partition can matter; else the bytes of all count together. */
function isFetchReady(ctx: BrokerCtx, request: FetchRequest, changed: TopicPartition): boolean {
  let bytes = 0;
  for (const want of request.partitions) {
    if (want.topicPartition !== changed && request.minBytes <= 1) continue;
    const partition = ledPartition(ctx, want.topicPartition);
    if (partition === null || checkLeaderEpoch(ctx, partition, want.currentLeaderEpoch) !== null) return true;
    const log = logFor(ctx, partition);
    if (want.fetchOffset > log.logEndOffset || want.fetchOffset < log.logStartOffset) return true;
    const limit = readLimit(ctx, partition, log, request);
    bytes += bytesBetween(log, want.fetchOffset, limit, request.minBytes - bytes);
    if (bytes >= request.minBytes && bytes > 0) return true;
  }
  return false;
}
