import { javaHashOrder } from "../client/javaHashOrder.ts";
import { requestUpdate } from "../client/metadata.ts";
import type { ConsumerConfig } from "../profiles/config.ts";
import { isAtLeast } from "../profiles/profile.ts";
import { type TopicPartition, topicPartition } from "../protocol/ids.ts";
import { done, fails, tagOf, value } from "./answers.ts";
import {
  apiDeadline,
  commitAsync,
  maybeAutoCommit,
  newCommitTask,
  noGroup,
  noteCommitTask,
  restartAutoCommit,
  runCommitCallbacks,
} from "./commits.ts";
import { startLeaving } from "./leaving.ts";
import { askReset, setPosition } from "./positions.ts";
import {
  type ConsumerCommand,
  type ConsumerCtx,
  type ConsumerState,
  consumedOffsets,
  groupIdOf,
  newMembership,
  newPosition,
  type Offsets,
} from "./state.ts";

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
    askReset(place, to, true);
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
