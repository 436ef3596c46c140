/**
 * The application around a consumer: one thread that carries out operations first, then polls, works on what came, and
 * commits as it was told.
 *
 * In Kafka     a program with one KafkaConsumer and a poll loop.
 * Simplified   work on one record takes a fixed time; a thread that records are handed to works on them in order.
 */
import { MILLISECOND, type SimTime } from "../../engine/types.ts";
import { earlier } from "../client/client.ts";
import { refuse } from "./answers.ts";
import { apiDeadline, commitAsync, newCommitTask, noteCommitTask, stepCommit } from "./commits.ts";
import { stepLeaving } from "./leaving.ts";
import { noteLookup, stepLookup } from "./lookups.ts";
import { OPERATIONS } from "./operations.ts";
import { newPoll, stepPoll } from "./poll.ts";
import { nextPositionEvent } from "./positions.ts";
import {
  type ConsumerCtx,
  type ConsumerState,
  consumedOffsets,
  groupIdOf,
  type Offsets,
  type PolledRecord,
  type Task,
} from "./state.ts";

export const WORKER_TIMER = "consumer-worker";

/** Lets the thread go on as far as it can now. True if it did anything. */
export function runThread(ctx: ConsumerCtx, state: ConsumerState): boolean {
  let acted = false;
  while (step(ctx, state)) acted = true;
  return acted;
}

/** One step of the thread; false if it waits. */
function step(ctx: ConsumerCtx, state: ConsumerState): boolean {
  const { thread } = state;
  if (thread.isClosed || thread.isAbandoned) {
    for (const command of thread.queue.splice(0)) refuse(ctx, command);
    return false;
  }
  const task = thread.stack.at(-1);
  if (task !== undefined) return stepTask(ctx, state, task);
  if (thread.sleepUntil > ctx.now) return false;
  if (thread.work.length > 0) return work(ctx, state);
  if (thread.hand !== null) return pollByHand(ctx, state);
  const command = thread.queue.shift();
  if (command !== undefined) {
    OPERATIONS[command.kind]?.(ctx, state, command);
    return true;
  }
  if (!thread.isStarted || !thread.isPolling || thread.notBefore > ctx.now) return false;
  thread.stack.push(newPoll(ctx));
  return true;
}

function stepTask(ctx: ConsumerCtx, state: ConsumerState, task: Task): boolean {
  const { stack } = state.thread;
  switch (task.kind) {
    case "poll": {
      const end = stepPoll(ctx, state, task);
      if (end === "busy") return true;
      if (end === "waiting") return false;
      stack.pop();
      onPolled(ctx, state, end.records);
      return true;
    }
    case "commit":
      if (!stepCommit(ctx, state, task)) return false;
      stack.pop();
      // A background commit of nothing is no commit.
      if (task.origin.how === "call" || task.origin.how === "callback" || Object.keys(task.offsets).length > 0)
        noteCommitTask(ctx, task);
      return true;
    case "lookup":
      if (!stepLookup(ctx, state, task)) return false;
      stack.pop();
      noteLookup(ctx, task);
      return true;
    case "leave":
      return stepLeaving(ctx, state, task);
  }
}

/** poll() returned: what the application does with it. */
function onPolled(ctx: ConsumerCtx, state: ConsumerState, records: readonly PolledRecord[]): void {
  const { thread } = state;
  const { config } = ctx.self;
  if (thread.hand !== null) {
    thread.hand.polls += 1;
    if (thread.hand.got >= 0 || records.length > 0) thread.hand.got = records.length;
  }
  if (records.length === 0) {
    thread.sleepUntil = ctx.now + config.pollInterval;
    return;
  }
  ctx.note({
    kind: "records-polled",
    consumer: ctx.self.id,
    group: groupIdOf(ctx),
    generationId: state.group.shown.generationId,
    records,
  });
  if (config.loop?.handsOff === true) {
    const wasIdle = state.handedOff.length === 0;
    state.handedOff.push(...records);
    if (wasIdle) ctx.setTimer(WORKER_TIMER, config.processingTime);
    thread.sleepUntil = ctx.now + config.pollInterval;
    return;
  }
  thread.work = [...records];
  thread.workUntil = null;
  if (config.commit === "before") commitAsTold(ctx, state, consumedOffsets(state));
}

/** Works on the next record, or on all at once if that takes no time. */
function work(ctx: ConsumerCtx, state: ConsumerState): boolean {
  const { thread } = state;
  const { config } = ctx.self;
  if (config.processingTime > 0) {
    thread.workUntil ??= ctx.now + config.processingTime;
    if (thread.workUntil > ctx.now) return false;
  }
  const every = config.commit === "after" ? (config.loop?.commitEvery ?? null) : null;
  const count =
    config.processingTime > 0 ? 1 : Math.min(thread.work.length, (every ?? Infinity) - thread.workedSinceCommit);
  const finished = thread.work.splice(0, Math.max(1, count));
  thread.workUntil = null;
  noteProcessed(ctx, finished);
  for (const record of finished) thread.workedOffsets[record.topicPartition] = record.offset + 1;
  thread.workedSinceCommit += finished.length;
  const isLast = thread.work.length === 0;
  if (config.commit === "after" && (every === null ? isLast : thread.workedSinceCommit >= every)) {
    thread.workedSinceCommit = 0;
    const offsets = thread.workedOffsets;
    thread.workedOffsets = {};
    commitAsTold(ctx, state, offsets);
  }
  if (isLast) thread.sleepUntil = ctx.now + config.pollInterval + thread.processMs * MILLISECOND;
  return true;
}

function noteProcessed(ctx: ConsumerCtx, records: readonly PolledRecord[]): void {
  ctx.note({ kind: "records-processed", consumer: ctx.self.id, group: groupIdOf(ctx), records });
}

/** The thread that records were handed to finished one. */
export function onWorker(ctx: ConsumerCtx, state: ConsumerState): void {
  const record = state.handedOff.shift();
  if (record !== undefined) noteProcessed(ctx, [record]);
  if (state.handedOff.length > 0) ctx.setTimer(WORKER_TIMER, ctx.self.config.processingTime);
}

function commitAsTold(ctx: ConsumerCtx, state: ConsumerState, offsets: Offsets): void {
  if (ctx.self.config.loop?.commitHow === "async") {
    commitAsync(ctx, state, offsets, { kind: "consumer.commitAsync" });
    return;
  }
  state.thread.stack.push(newCommitTask(offsets, { how: "application" }, apiDeadline(ctx)));
}

/** Polls by hand until `count` are made or, with untilRecords, one brought something. */
function pollByHand(ctx: ConsumerCtx, state: ConsumerState): boolean {
  const { thread } = state;
  const { hand } = thread;
  if (hand === null) return false;
  const { command, polls, got } = hand;
  const isOver = polls >= Number(command.count ?? 1) || (command.untilRecords === true && got !== 0);
  if (!isOver) {
    hand.got = 0;
    thread.stack.push(newPoll(ctx));
    return true;
  }
  thread.hand = null;
  const tag = command.tag === undefined ? {} : { tag: command.tag };
  ctx.note({ kind: "client-done", op: command.kind, ...tag, polls, got });
  return true;
}

/** When the thread must be woken; null: when something happens. */
export function nextWake(ctx: ConsumerCtx, state: ConsumerState): SimTime | null {
  const { thread, group } = state;
  if (thread.isClosed || thread.isAbandoned) return null;
  const future = (at: SimTime | null): SimTime | null => (at !== null && at > ctx.now ? at : null);
  let next: SimTime | null = null;
  const consider = (at: SimTime | null): void => {
    next = earlier(next, future(at));
  };
  const task = thread.stack.at(-1);
  if (task === undefined) {
    consider(thread.sleepUntil);
    consider(thread.workUntil);
    if (thread.isStarted && thread.isPolling) consider(thread.notBefore);
    return next;
  }
  consider(task.deadline);
  consider(nextPositionEvent(ctx, state));
  consider(group.retryAt);
  if (group.coordinatorId === null) consider(group.lookupNotBefore);
  if (task.kind === "commit" || task.kind === "lookup") consider(task.retryAt);
  if (task.kind === "poll") consider(group.nextAutoCommitAt);
  return next;
}
