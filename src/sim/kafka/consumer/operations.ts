/**
 * What an application calls on its consumer besides poll(): subscribe, assign, seek, commit, questions, close.
 *
 * In Kafka     KafkaConsumer's methods. The operations are those a test driver would have.
 * Left out     offsetsForTimes; metrics.
 */
import { MILLISECOND } from "../../engine/types.ts";
import { clientException } from "../client/exceptions.ts";
import { javaHashOrder } from "../client/javaHashOrder.ts";
import { requestUpdate } from "../client/metadata.ts";
import type { ConsumerConfig } from "../profiles/config.ts";
import { isAtLeast } from "../profiles/profile.ts";
import { type TopicPartition, topicPartition } from "../protocol/ids.ts";
import {
  apiDeadline,
  commitAsync,
  maybeAutoCommit,
  newCommitTask,
  noGroup,
  noteCommitTask,
  restartAutoCommit,
  runCommitCallbacks,
  tagOf,
} from "./commits.ts";
import { leaveGroup } from "./heartbeat.ts";
import { giveUpPartitions, runCallback } from "./membership.ts";
import { askReset, setPosition } from "./positions.ts";
import {
  type ConsumerCommand,
  type ConsumerCtx,
  type ConsumerState,
  commitsByItself,
  consumedOffsets,
  groupIdOf,
  isNewConsumer,
  type LeaveTask,
  newMembership,
  newPosition,
  type Offsets,
} from "./state.ts";

const CLOSE_TIMEOUT_MS = 30_000;
const EXCLUSIVE = "Subscription to topics, partitions and pattern are mutually exclusive";

interface NamedPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Operations on the application's thread, by kind. */
export const OPERATIONS: Readonly<
  Record<string, (ctx: ConsumerCtx, state: ConsumerState, c: ConsumerCommand) => void>
> = {
  "consumer.subscribe": subscribe,
  "consumer.assign": assign,
  "consumer.unsubscribe": (ctx, state, command) => startLeaving(ctx, state, command, false),
  "consumer.close": (ctx, state, command) => startLeaving(ctx, state, command, true),
  "consumer.stopPolling": (ctx, state, command) => {
    state.thread.isPolling = false;
    done(ctx, command);
  },
  "consumer.resumePolling": (ctx, state, command) => {
    state.thread.isPolling = true;
    state.thread.notBefore = 0;
    done(ctx, command);
  },
  "consumer.poll": (_, state, command) => {
    state.thread.hand = { command, polls: 0, got: 0 };
  },
  "consumer.processMs": (ctx, state, command) => {
    state.thread.processMs = Number(command.ms ?? 0);
    done(ctx, command);
  },
  "consumer.commitSync": (ctx, state, command) => {
    const given = offsetsOf(command);
    const origin = { how: "call" as const, command, isExplicit: given !== null };
    state.thread.stack.push(newCommitTask(given ?? consumedOffsets(state), origin, apiDeadline(ctx)));
  },
  "consumer.commitAsync": (ctx, state, command) => {
    runCommitCallbacks(ctx, state);
    const given = offsetsOf(command);
    const offsets = given ?? consumedOffsets(state);
    const thrown = commitAsync(ctx, state, offsets, command);
    if (thrown === null) return;
    const task = newCommitTask(offsets, { how: "call", command, isExplicit: given !== null }, null);
    task.result = thrown;
    noteCommitTask(ctx, task);
  },
  "consumer.seek": (ctx, state, command) => {
    const name = partitionOfCommand(command);
    if (state.positions[name] === undefined) {
      notAssigned(ctx, command, name);
      return;
    }
    setPosition(ctx, state, name, Number(command.offset ?? 0), "seek");
    done(ctx, command);
  },
  "consumer.seekToBeginning": (ctx, state, command) => seekTo(ctx, state, command, "earliest"),
  "consumer.seekToEnd": (ctx, state, command) => seekTo(ctx, state, command, "latest"),
  "consumer.pause": (ctx, state, command) => setPaused(ctx, state, command, true),
  "consumer.resume": (ctx, state, command) => setPaused(ctx, state, command, false),
  "consumer.position": question,
  "consumer.committed": question,
  "consumer.endOffset": question,
  "consumer.beginningOffset": question,
  "consumer.assignment": (ctx, state, command) => value(ctx, command, [...state.order].sort()),
  "consumer.paused": (ctx, state, command) =>
    value(ctx, command, state.order.filter((name) => state.positions[name]?.isPaused === true).sort()),
  "consumer.generation": (ctx, state, command) => {
    const { generationId, memberId } = state.group.shown;
    ctx.note({ kind: "client-value", op: command.kind, ...tagOf(command), value: generationId, memberId });
  },
  "consumer.setGroup": setGroup,
  "consumer.changeGroup": changeGroup,
  "consumer.enforceRebalance": (ctx, state, command) => {
    if (!isAtLeast(ctx.self.config.profile, "3.9")) {
      fails(ctx, command, "unsupported", "enforceRebalance is not in this version");
      return;
    }
    state.group.isRejoinNeeded = true;
    done(ctx, command);
  },
};

function done(ctx: ConsumerCtx, command: ConsumerCommand): void {
  ctx.note({ kind: "client-done", op: command.kind, ...tagOf(command) });
}

function value(ctx: ConsumerCtx, command: ConsumerCommand, found: unknown): void {
  ctx.note({ kind: "client-value", op: command.kind, ...tagOf(command), value: found });
}

export function fails(ctx: ConsumerCtx, command: ConsumerCommand, exception: string, message: string): void {
  ctx.note({ kind: "client-error", op: command.kind, ...tagOf(command), exception, message });
}

function notAssigned(ctx: ConsumerCtx, command: ConsumerCommand, name: string): void {
  fails(ctx, command, "IllegalStateException", `No current assignment for partition ${name}`);
}

function partitionOfCommand(command: ConsumerCommand): TopicPartition {
  if (typeof command.topicPartition === "string") return command.topicPartition as TopicPartition;
  return topicPartition(String(command.topic), Number(command.partition ?? 0));
}

/** Offsets of a commit: a list of {topic, partition, offset}, or by name; null: all positions. */
function offsetsOf(command: ConsumerCommand): Offsets | null {
  const given = command.offsets;
  if (given === undefined || given === null) return null;
  if (!Array.isArray(given)) return { ...(given as Offsets) };
  const offsets: Offsets = {};
  for (const one of given as readonly (NamedPartition & { offset: number })[])
    offsets[topicPartition(one.topic, one.partition)] = one.offset;
  return offsets;
}

/** Names in the form of an operation: `orders-0` or {topic, partition}. */
export function namesOf(partitions: readonly (string | NamedPartition)[]): TopicPartition[] {
  return partitions.map((one) =>
    typeof one === "string" ? (one as TopicPartition) : topicPartition(one.topic, one.partition),
  );
}

function whichOf(state: ConsumerState, command: ConsumerCommand): TopicPartition[] {
  if (command.partitions !== undefined) return namesOf(command.partitions as readonly NamedPartition[]);
  const isOne = command.topic !== undefined || command.topicPartition !== undefined;
  return isOne ? [partitionOfCommand(command)] : [...state.order];
}

function subscribe(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand): void {
  if (groupIdOf(ctx) === null) {
    const { exception, message } = noGroup();
    fails(ctx, command, exception, message);
    return;
  }
  const pattern = command.pattern === undefined || command.pattern === null ? null : String(command.pattern);
  const { subscription } = state;
  const isOther = subscription.kind === "group" && (subscription.pattern === null) !== (pattern === null);
  if (subscription.kind === "manual" || isOther) {
    fails(ctx, command, "IllegalStateException", EXCLUSIVE);
    return;
  }
  const topics = pattern === null ? [...((command.topics as readonly string[] | undefined) ?? [])] : [];
  state.subscription = { kind: "group", topics, pattern };
  state.matchedVersion = -1;
  state.group.lastPollAt = ctx.now;
  requestUpdate(state.metadata);
  state.metadata.notBefore = Math.min(state.metadata.notBefore, ctx.now);
  state.thread.isStarted = true;
  done(ctx, command);
}

function assign(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand): void {
  if (state.subscription.kind === "group") {
    fails(ctx, command, "IllegalStateException", EXCLUSIVE);
    return;
  }
  const names = namesOf((command.partitions as readonly (string | NamedPartition)[] | undefined) ?? []);
  if (state.subscription.kind === "manual") {
    if (ctx.self.config.profile === "0.10") state.group.nextAutoCommitAt = ctx.now;
    maybeAutoCommit(ctx, state);
  }
  state.subscription = { kind: "manual" };
  const before = state.positions;
  state.order = javaHashOrder(names);
  state.positions = {};
  for (const name of state.order) state.positions[name] = before[name] ?? newPosition(null);
  state.completed = state.completed.filter((one) => state.positions[one.topicPartition] !== undefined);
  requestUpdate(state.metadata);
  state.metadata.notBefore = Math.min(state.metadata.notBefore, ctx.now);
  state.thread.isStarted = true;
  done(ctx, command);
}

/** The application starts over in another group: it unsubscribes, and subscribes to the same under the new id. */
function setGroup(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand): void {
  const { subscription, thread } = state;
  const { config } = ctx.self;
  const consumer = Object.freeze({ ...config.consumer, groupId: String(command.group) });
  const rejoin: ConsumerCommand[] =
    subscription.kind === "group"
      ? [{ kind: "consumer.subscribe", topics: subscription.topics, pattern: subscription.pattern }]
      : subscription.kind === "manual"
        ? [{ kind: "consumer.assign", partitions: [...state.order] }]
        : [];
  thread.queue.unshift({ ...command, kind: "consumer.changeGroup", consumer }, ...rejoin);
  startLeaving(ctx, state, null, false);
}

/** The second half of setGroup, after the old group was left. */
function changeGroup(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand): void {
  ctx.self.config = Object.freeze({ ...ctx.self.config, consumer: command.consumer as ConsumerConfig });
  state.group = newMembership();
  state.group.lastPollAt = ctx.now;
  restartAutoCommit(ctx, state);
  ctx.note({ kind: "client-done", op: "consumer.setGroup", ...tagOf(command) });
}

function seekTo(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand, to: "earliest" | "latest"): void {
  for (const name of whichOf(state, command)) {
    const place = state.positions[name];
    if (place === undefined) {
      notAssigned(ctx, command, name);
      return;
    }
    askReset(place, to);
    state.completed = state.completed.filter((one) => one.topicPartition !== name);
  }
  done(ctx, command);
}

function setPaused(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand, isPaused: boolean): void {
  for (const name of whichOf(state, command)) {
    const place = state.positions[name];
    if (place === undefined) {
      notAssigned(ctx, command, name);
      return;
    }
    place.isPaused = isPaused;
  }
  done(ctx, command);
}

function question(ctx: ConsumerCtx, state: ConsumerState, command: ConsumerCommand): void {
  state.thread.stack.push({
    kind: "lookup",
    command,
    topicPartition: partitionOfCommand(command),
    deadline: apiDeadline(ctx),
    isInFlight: false,
    retryAt: 0,
    attempts: 0,
    result: null,
  });
}

// --- close and unsubscribe ----------------------------------------------------------------------------------------

/** Begins close() or unsubscribe(); `command` null: the process was asked to stop. */
export function startLeaving(
  ctx: ConsumerCtx,
  state: ConsumerState,
  command: ConsumerCommand | null,
  closes: boolean,
): void {
  const timeoutMs = Number(command?.timeoutMs ?? CLOSE_TIMEOUT_MS);
  const deadline = ctx.now + timeoutMs * MILLISECOND;
  state.thread.stack.push({ kind: "leave", command, closes, deadline, stage: "commit" });
}

/** One step of close() or unsubscribe(); true if something changed. */
export function stepLeaving(ctx: ConsumerCtx, state: ConsumerState, task: LeaveTask): boolean {
  const { group, thread } = state;
  switch (task.stage) {
    case "commit":
      task.stage = "callback";
      // Only close() commits; unsubscribe() does not.
      if (task.closes && commitsByItself(ctx) && state.subscription.kind !== "none")
        thread.stack.push(newCommitTask(consumedOffsets(state), { how: "auto", reason: "close" }, task.deadline));
      return true;
    case "callback":
      task.stage = "leave";
      // Before 2.4 nobody is told.
      if (isNewConsumer(ctx) && state.subscription.kind === "group" && state.order.length > 0)
        runCallback(ctx, state, group.generationId < 0 ? "lost" : "revoked", state.order);
      return true;
    case "leave":
      task.stage = "wait";
      if (state.subscription.kind === "group") leaveGroup(ctx, state, task.closes ? "close" : "unsubscribe");
      state.subscription = { kind: "none" };
      giveUpPartitions(state);
      Object.assign(group, {
        shown: { generationId: -1, memberId: "" },
        preparing: "no",
        joinedTopics: null,
        groupTopics: [],
        countsAtAssignment: null,
        isRejoinNeeded: true,
        failure: null,
      });
      thread.isStarted = false;
      return true;
    case "wait": {
      const isPending = task.closes && (state.leaving > 0 || state.asyncCommits.some((one) => one.result === null));
      if (isPending && ctx.now < task.deadline) return false;
      runCommitCallbacks(ctx, state);
      task.stage = "end";
      return true;
    }
    case "end":
      thread.stack.pop();
      if (task.closes) {
        thread.isClosed = true;
        for (const key of Object.keys(state.network)) {
          const hash = key.indexOf("#");
          ctx.disconnect(key.slice(0, hash), key.slice(hash + 1));
        }
        state.network = {};
        state.unsent = [];
        ctx.note({ kind: "client-closed", client: ctx.self.id });
      }
      if (task.command !== null) done(ctx, task.command);
      else if (task.closes) ctx.exit("stopped");
      return true;
  }
}

/** A consumer that closed or was abandoned carries nothing out any more. */
export function refuse(ctx: ConsumerCtx, command: ConsumerCommand): void {
  const { exception, message } = clientException(
    "IllegalStateException",
    `${ctx.self.id} is closed, abandoned or was never opened`,
  );
  fails(ctx, command, exception, message);
}
