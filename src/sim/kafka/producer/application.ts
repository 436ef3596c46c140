/**
 * The application around a producer: one thread that sends at a pace of its own and carries out operations by hand.
 *
 * In Kafka     a program with one KafkaProducer. The operations are those a test driver would have.
 * Simplified   the thread's own work takes no time; a send() that blocks delays everything behind it.
 */
import { MILLISECOND, type SimTime } from "../../engine/types.ts";
import { afterMs, earlier } from "../client/client.ts";
import { clientException } from "../client/exceptions.ts";
import { partitionCount, requestUpdate, wantTopic } from "../client/metadata.ts";
import { nextSendCheck, resumeSend, type SendResult, send } from "./send.ts";
import { fail } from "./sender.ts";
import type { ProducerCommand, ProducerCtx, ProducerState, Sending } from "./state.ts";

/** A loop without a pause would never let time pass. */
const SHORTEST_PAUSE = 100;

/** Lets the thread go on as far as it can now. True if it did anything. */
export function runApplication(ctx: ProducerCtx, state: ProducerState): boolean {
  let acted = false;
  while (step(ctx, state)) acted = true;
  return acted;
}

/** One step of the thread; false if it waits. */
function step(ctx: ProducerCtx, state: ProducerState): boolean {
  const { application } = state;
  if (state.isClosed) {
    refuseQueued(ctx, state);
    return false;
  }
  if (application.blocked !== null) {
    if (!isWorthALook(ctx, state)) return false;
    return resumeSend(ctx, state, application.blocked) === "done";
  }
  if (state.isClosing) return finishClosing(ctx, state);
  if (application.sleepUntil > ctx.now) return false;
  if (application.doing !== null) return goOn(ctx, state);
  const command = application.queue.shift();
  if (command !== undefined) {
    start(ctx, state, command);
    return true;
  }
  return sendWorkload(ctx, state);
}

function isWorthALook(ctx: ProducerCtx, state: ProducerState): boolean {
  const blocked = state.application.blocked;
  if (blocked === null || ctx.now >= blocked.deadline) return true;
  if (blocked.on === "metadata") return state.metadata.version > blocked.version;
  return state.freeBytes >= ctx.self.config.producer.batchSize;
}

/** When the thread must be woken; null: when something happens. */
export function nextWake(ctx: ProducerCtx, state: ProducerState): SimTime | null {
  const { application } = state;
  if (state.isClosed) return null;
  if (application.blocked !== null) return nextSendCheck(state);
  if (application.sleepUntil > ctx.now) return application.sleepUntil;
  let next: SimTime | null = null;
  if (application.doing?.kind === "partitions-for") next = earlier(next, application.doing.deadline);
  if (application.doing === null && workloadGoesOn(ctx, state)) next = earlier(next, application.nextSendAt);
  return next;
}

// --- operations by hand ---------------------------------------------------------------------------------------------

function start(ctx: ProducerCtx, state: ProducerState, command: ProducerCommand): void {
  const { application } = state;
  switch (command.kind) {
    case "producer.send":
      send(ctx, state, sendingOf(ctx, command, textOr(command.key, null), command.value, command.tag));
      return;
    case "producer.sendMany":
      application.doing = { kind: "send-many", command, next: 0 };
      return;
    case "producer.flush":
      state.flushing += 1;
      state.wakesSender = true;
      application.doing = { kind: "flush", command, batches: Object.keys(state.batches).map(Number) };
      return;
    case "producer.close":
      state.isClosing = true;
      state.wakesSender = true;
      application.doing = { kind: "flush", command, batches: [] };
      return;
    default: {
      wantTopic(ctx, state.metadata, String(command.topic));
      state.wakesSender = true;
      const deadline = ctx.now + afterMs(ctx.self.config.producer.maxBlockMs);
      application.doing = { kind: "partitions-for", command, deadline, version: state.metadata.version };
    }
  }
}

/** Goes on with an operation that takes more than one step; false if it waits. */
function goOn(ctx: ProducerCtx, state: ProducerState): boolean {
  const { application } = state;
  const { doing } = application;
  if (doing === null) return false;
  switch (doing.kind) {
    case "send-many": {
      const { command, next } = doing;
      if (next >= Number(command.count ?? 1)) {
        application.doing = null;
        done(ctx, command);
        return true;
      }
      doing.next += 1;
      const value = `${String(command.prefix ?? "r")}${next}`;
      const keys = command.keys as readonly (string | null)[] | undefined;
      const key = keys === undefined ? textOr(command.key, null) : (keys[next % keys.length] ?? null);
      send(ctx, state, sendingOf(ctx, command, key, value, value));
      application.sleepUntil = ctx.now + Math.round(Number(command.everyMs ?? 0) * MILLISECOND);
      return true;
    }
    case "flush": {
      if (doing.batches.some((id) => state.batches[id] !== undefined)) return false;
      state.flushing -= 1;
      application.doing = null;
      done(ctx, doing.command);
      return true;
    }
    case "partitions-for":
      return partitionsFor(ctx, state, doing);
  }
}

function partitionsFor(
  ctx: ProducerCtx,
  state: ProducerState,
  doing: { command: ProducerCommand; deadline: SimTime; version: number },
): boolean {
  const topic = String(doing.command.topic);
  const { application, metadata } = state;
  if (partitionCount(metadata, topic) !== null) {
    application.doing = null;
    const value = (metadata.topics[topic]?.partitions ?? []).map((one) => one.partition);
    ctx.note({ kind: "client-value", op: doing.command.kind, ...tagOf(doing.command), value });
    return true;
  }
  if (ctx.now >= doing.deadline) {
    application.doing = null;
    const message = `Topic ${topic} not present in metadata after ${ctx.self.config.producer.maxBlockMs} ms.`;
    ctx.note({
      kind: "client-error",
      op: doing.command.kind,
      ...tagOf(doing.command),
      exception: "TimeoutException",
      message,
    });
    return true;
  }
  if (metadata.version > doing.version) {
    doing.version = metadata.version;
    requestUpdate(metadata);
    state.wakesSender = true;
  }
  return false;
}

/** close() waits until every batch has its outcome; with timeoutMs the rest fails when that is over. */
function finishClosing(ctx: ProducerCtx, state: ProducerState): boolean {
  const { doing } = state.application;
  const command = doing?.kind === "flush" ? doing.command : null;
  const ids = Object.keys(state.batches).map(Number);
  const isForced = command !== null && command.timeoutMs === 0;
  if (ids.length > 0 && !isForced) return false;
  for (const id of ids) {
    const batch = state.batches[id];
    if (batch !== undefined)
      fail(ctx, state, batch, clientException("IllegalStateException", "Producer is closed forcefully."), false);
  }
  state.isClosed = true;
  state.application.doing = null;
  ctx.note({ kind: "client-closed", client: ctx.self.id });
  if (command !== null) done(ctx, command);
  ctx.exit("stopped");
  return true;
}

function refuseQueued(ctx: ProducerCtx, state: ProducerState): void {
  for (const command of state.application.queue.splice(0)) {
    const message = `${ctx.self.id} is closed, abandoned or was never opened`;
    ctx.note({
      kind: "client-error",
      op: command.kind,
      ...tagOf(command),
      exception: "IllegalStateException",
      message,
    });
  }
}

function done(ctx: ProducerCtx, command: ProducerCommand): void {
  ctx.note({ kind: "client-done", op: command.kind, ...tagOf(command) });
}

function tagOf(command: ProducerCommand): { tag?: string } {
  return command.tag === undefined ? {} : { tag: command.tag };
}

function textOr(value: unknown, otherwise: string | null): string | null {
  return value === undefined || value === null ? otherwise : String(value);
}

// --- records --------------------------------------------------------------------------------------------------------

/** The next number of this producer's records; it outlives the process. */
function nextNumber(ctx: ProducerCtx): number {
  const numbered = (ctx.self.disk?.recordsNumbered ?? 0) + 1;
  ctx.self.disk = { recordsNumbered: numbered };
  return numbered;
}

function sendingOf(
  ctx: ProducerCtx,
  command: ProducerCommand,
  key: string | null,
  value: unknown,
  tag: string | undefined,
): Sending {
  const number = tag === undefined || value === undefined ? nextNumber(ctx) : 0;
  const text = value === undefined ? `r${number}` : textOr(value, null);
  return {
    topic: String(command.topic),
    partition: command.partition === undefined || command.partition === null ? null : Number(command.partition),
    key,
    value: text,
    sizeBytes: Number(command.sizeBytes ?? text?.length ?? 0) + (key?.length ?? 0),
    tag: tag ?? `${ctx.self.id}:${number}`,
    calledAt: ctx.now,
  };
}

function workloadGoesOn(ctx: ProducerCtx, state: ProducerState): boolean {
  const { workload } = ctx.self.config;
  if (workload === null || !state.application.isSending) return false;
  if (workload.stopAt !== null && Math.max(ctx.now, state.application.nextSendAt) >= workload.stopAt) return false;
  return workload.count === null || (ctx.self.disk?.recordsNumbered ?? 0) < workload.count;
}

/** Sends the next record of the workload if it is due; false if the thread sleeps. */
function sendWorkload(ctx: ProducerCtx, state: ProducerState): boolean {
  const { application } = state;
  const { workload } = ctx.self.config;
  if (workload === null || !workloadGoesOn(ctx, state)) return false;
  if (application.nextSendAt > ctx.now) return false;
  const number = nextNumber(ctx);
  const { keys } = workload;
  const key = keys.length === 0 ? null : (keys[(number - 1) % keys.length] ?? null);
  const sending: Sending = {
    topic: workload.topic,
    partition: workload.partition,
    key,
    value: `r${number}`,
    sizeBytes: workload.valueSizeBytes + (key?.length ?? 0),
    tag: `${ctx.self.id}:${number}`,
    calledAt: ctx.now,
  };
  application.sentInTick += 1;
  const result: SendResult = send(ctx, state, sending);
  if (application.sentInTick >= Math.max(1, workload.burst)) {
    application.sentInTick = 0;
    // A loop that sleeps between two sends: what blocks it delays all that follow.
    application.nextSendAt = ctx.now + Math.max(SHORTEST_PAUSE, workload.every);
  }
  return result === "done";
}

/** start-sending: the workload goes on, at once if its next record is overdue. */
export function startSending(ctx: ProducerCtx, state: ProducerState): void {
  state.application.isSending = true;
  state.application.nextSendAt = Math.max(ctx.now, state.application.nextSendAt);
}
