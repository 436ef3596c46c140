/**
 * Commits of offsets: commitSync, commitAsync, and the auto commit inside poll(), before a rebalance and in close().
 *
 * In Kafka     ConsumerCoordinator: commitOffsetsSync, commitOffsetsAsync, maybeAutoCommitOffsetsAsync, OffsetCommitResponseHandler.
 * Left out     commits of transactions; per-partition errors are judged by the first one.
 */
import { MILLISECOND } from "../../engine/types.ts";
import { retryBackoff } from "../client/backoff.ts";
import { afterMs } from "../client/client.ts";
import { type ClientException, clientException, exceptionOf } from "../client/exceptions.ts";
import { type ErrorName, RETRIABLE } from "../protocol/errors.ts";
import type { OffsetCommitResponse } from "../protocol/groups.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { Outcome, Then } from "../rpc.ts";
import { tagOf } from "./answers.ts";
import { resetGeneration } from "./generation.ts";
import { coordinatorOf, findCoordinator, forgetCoordinator, onCoordinatorLost, sendWhenReady } from "./requests.ts";
import {
  type AsyncCommit,
  COORDINATOR,
  type CommitOrigin,
  type CommitTask,
  type ConsumerCommand,
  type ConsumerCtx,
  type ConsumerState,
  commitsByItself,
  consumedOffsets,
  groupIdOf,
  isNewConsumer,
  type Offsets,
} from "./state.ts";

const COMMIT_FAILED =
  "Commit cannot be completed since the group has already rebalanced and assigned the partitions to another member. This means that the time between subsequent calls to poll() was longer than the configured max.poll.interval.ms, which typically implies that the poll loop is spending too much time message processing.";

/** Then of a commit: of the task that blocks the thread (`id` null), or of an asynchronous one. */
interface CommitThen extends Then {
  readonly id: number | null;
  readonly generationId: number;
}

export function newCommitTask(offsets: Offsets, origin: CommitOrigin, deadline: number | null): CommitTask {
  return { kind: "commit", offsets, origin, deadline, isInFlight: false, retryAt: 0, attempts: 0, result: null };
}

/** The deadline of a blocking call: default.api.timeout.ms; 0.10.2 has none. */
export function apiDeadline(ctx: ConsumerCtx): number | null {
  if (ctx.self.config.profile === "0.10") return null;
  return ctx.now + afterMs(ctx.self.config.consumer.defaultApiTimeoutMs);
}

/** One step of a commit that blocks the thread. True if it is over (`result` is set), or something changed. */
export function stepCommit(ctx: ConsumerCtx, state: ConsumerState, task: CommitTask): boolean {
  if (task.result !== null) return true;
  if (Object.keys(task.offsets).length === 0) {
    task.result = "ok";
    return true;
  }
  if (groupIdOf(ctx) === null) {
    task.result = noGroup();
    return true;
  }
  if (task.isInFlight) return isTooLate(ctx, task);
  if (task.deadline !== null && task.deadline <= ctx.now) return isTooLate(ctx, task);
  if (task.retryAt > ctx.now) return false;
  if (coordinatorOf(ctx, state) === null) {
    findCoordinator(ctx, state);
    return false;
  }
  const refused = sendCommit(ctx, state, task.offsets, null);
  if (refused !== null) {
    task.result = refused;
    return true;
  }
  task.isInFlight = true;
  return false;
}

export function noGroup(): ClientException {
  return clientException(
    "InvalidGroupIdException",
    "To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration.",
  );
}

function isTooLate(ctx: ConsumerCtx, task: CommitTask): boolean {
  if (task.deadline === null || task.deadline > ctx.now) return false;
  const ms = ctx.self.config.consumer.defaultApiTimeoutMs;
  task.result = clientException(
    "TimeoutException",
    `Timeout of ${ms}ms expired before successfully committing offsets ${shown(task.offsets)}`,
  );
  return true;
}

function shown(offsets: Offsets): string {
  return `{${Object.entries(offsets)
    .map(([name, offset]) => `${name}=${offset}`)
    .join(", ")}}`;
}

/** Sends OffsetCommit. A member that is not in a stable generation is refused by its own client. */
function sendCommit(
  ctx: ConsumerCtx,
  state: ConsumerState,
  offsets: Offsets,
  id: number | null,
): ClientException | null {
  const { group } = state;
  const node = coordinatorOf(ctx, state);
  if (node === null) return exceptionOf("COORDINATOR_NOT_AVAILABLE", ctx.self.config.profile);
  const isMember = state.subscription.kind === "group";
  if (isMember && group.state !== "stable") {
    const isRebalancing = group.state !== "unjoined";
    return isNewConsumer(ctx) && isRebalancing
      ? exceptionOf("REBALANCE_IN_PROGRESS", ctx.self.config.profile)
      : clientException("CommitFailedException", COMMIT_FAILED);
  }
  const generationId = isMember ? group.generationId : -1;
  const data = {
    groupId: groupIdOf(ctx) ?? "",
    generationId,
    memberId: isMember ? group.memberId : "",
    groupInstanceId: ctx.self.config.consumer.groupInstanceId,
    offsets: (Object.keys(offsets) as TopicPartition[]).map((name) => ({
      topicPartition: name,
      committedOffset: offsets[name] as number,
      committedLeaderEpoch: -1,
      committedMetadata: "",
    })),
  };
  const then: CommitThen = { kind: "consumer:committed", id, generationId };
  sendWhenReady(ctx, state, node, COORDINATOR, "OffsetCommit", data, then);
  return null;
}

interface Judgement {
  readonly exception: ClientException | null;
  readonly isRetriable: boolean;
}

/** What an answer to OffsetCommit means, and what it does to the membership. */
function judge(ctx: ConsumerCtx, state: ConsumerState, then: CommitThen, outcome: Outcome): Judgement {
  const { profile } = ctx.self.config;
  if (outcome.kind !== "answer") {
    onCoordinatorLost(ctx, state, outcome.from);
    const isOut = outcome.kind === "timed-out" && isNewConsumer(ctx);
    return { exception: exceptionOf(isOut ? "REQUEST_TIMED_OUT" : "NETWORK_EXCEPTION", profile), isRetriable: true };
  }
  const { errors } = outcome.data as OffsetCommitResponse;
  const error: ErrorName = errors.find((one) => one.errorCode !== "NONE")?.errorCode ?? "NONE";
  state.group.lastHeardAt = ctx.now;
  const isCurrent = then.generationId === state.group.generationId;
  switch (error) {
    case "NONE":
      return { exception: null, isRetriable: false };
    case "COORDINATOR_NOT_AVAILABLE":
    case "NOT_COORDINATOR":
    case "REQUEST_TIMED_OUT":
      forgetCoordinator(ctx, state, error);
      return { exception: exceptionOf(error, profile), isRetriable: true };
    case "REBALANCE_IN_PROGRESS":
      if (isNewConsumer(ctx)) {
        state.group.isRejoinNeeded = true;
        return { exception: exceptionOf(error, profile), isRetriable: false };
      }
      if (isCurrent) resetGeneration(ctx, state, error, false);
      return { exception: clientException("CommitFailedException", COMMIT_FAILED), isRetriable: false };
    case "UNKNOWN_MEMBER_ID":
    case "ILLEGAL_GENERATION": {
      const isRejoining = state.group.state !== "stable" && state.group.state !== "unjoined";
      if (isCurrent && then.generationId >= 0)
        resetGeneration(ctx, state, error, error === "ILLEGAL_GENERATION" && isNewConsumer(ctx));
      if (error === "ILLEGAL_GENERATION" && isNewConsumer(ctx) && isRejoining)
        return { exception: exceptionOf("REBALANCE_IN_PROGRESS", profile), isRetriable: false };
      return { exception: clientException("CommitFailedException", COMMIT_FAILED), isRetriable: false };
    }
    default:
      return { exception: exceptionOf(error, profile), isRetriable: RETRIABLE.has(error) };
  }
}

/** OffsetCommit came back: to the blocked thread, or to an asynchronous commit. */
export function onCommitted(ctx: ConsumerCtx, state: ConsumerState, then: CommitThen, outcome: Outcome): void {
  const { exception, isRetriable } = judge(ctx, state, then, outcome);
  if (then.id === null) {
    const task = state.thread.stack.at(-1);
    if (task?.kind !== "commit" || !task.isInFlight) return;
    task.isInFlight = false;
    if (exception === null) task.result = "ok";
    else if (!isRetriable) task.result = exception;
    else {
      task.attempts += 1;
      task.retryAt = ctx.now + retryBackoff(ctx, ctx.self.config.consumer, task.attempts);
    }
    return;
  }
  const commit = state.asyncCommits.find((one) => one.id === then.id);
  if (commit !== undefined) finishAsync(ctx, state, commit, exception, isRetriable);
}

function finishAsync(
  ctx: ConsumerCtx,
  state: ConsumerState,
  commit: AsyncCommit,
  exception: ClientException | null,
  isRetriable: boolean,
): void {
  commit.isWaiting = false;
  if (commit.command === null) {
    // Nobody waits for it: its outcome is only logged.
    state.asyncCommits = state.asyncCommits.filter((one) => one !== commit);
    noteCommit(ctx, commit.offsets, exception ?? "ok", { how: "auto", reason: "interval" }, commit);
  }
  if (exception === null) {
    commit.result = "ok";
    return;
  }
  commit.errorCode = exception.errorCode;
  commit.result = exception;
  if (isRetriable && commit.command !== null) {
    const which = ctx.self.config.profile === "0.10" ? "" : " the latest consumed";
    commit.result = clientException(
      "RetriableCommitFailedException",
      `Offset commit failed with a retriable exception. You should retry committing${which} offsets.`,
    );
  }
  // A background commit that may succeed later is tried again soon.
  if (isRetriable && commit.command === null)
    state.group.nextAutoCommitAt = Math.min(
      state.group.nextAutoCommitAt,
      ctx.now + ctx.self.config.consumer.retryBackoffMs * MILLISECOND,
    );
}

/** commitAsync(), or the background commit (`command` null). Returns what it throws. */
export function commitAsync(
  ctx: ConsumerCtx,
  state: ConsumerState,
  offsets: Offsets,
  command: ConsumerCommand | null,
): ClientException | null {
  if (groupIdOf(ctx) === null) return noGroup();
  const commit: AsyncCommit = {
    id: state.nextCommitId,
    offsets,
    command,
    isWaiting: false,
    result: null,
    errorCode: null,
  };
  state.nextCommitId += 1;
  state.asyncCommits.push(commit);
  if (Object.keys(offsets).length === 0) commit.result = "ok";
  else if (coordinatorOf(ctx, state) === null) {
    commit.isWaiting = true;
    findCoordinator(ctx, state);
  } else startAsync(ctx, state, commit);
  return null;
}

function startAsync(ctx: ConsumerCtx, state: ConsumerState, commit: AsyncCommit): void {
  commit.isWaiting = false;
  const refused = sendCommit(ctx, state, commit.offsets, commit.id);
  if (refused !== null) finishAsync(ctx, state, commit, refused, refused.errorCode === "COORDINATOR_NOT_AVAILABLE");
}

/** The search for the coordinator ended: commits that waited for it are sent, or fail with it. */
export function releaseWaitingCommits(ctx: ConsumerCtx, state: ConsumerState, failure: ErrorName | null): void {
  for (const commit of [...state.asyncCommits]) {
    if (!commit.isWaiting) continue;
    if (failure === null) startAsync(ctx, state, commit);
    else finishAsync(ctx, state, commit, exceptionOf(failure, ctx.self.config.profile), true);
  }
}

/** Callbacks of finished asynchronous commits run on the application's thread, inside a later call. In order of the calls. */
export function runCommitCallbacks(ctx: ConsumerCtx, state: ConsumerState): void {
  const finished = state.asyncCommits.filter((commit) => commit.result !== null);
  if (finished.length === 0) return;
  state.asyncCommits = state.asyncCommits.filter((commit) => commit.result === null);
  for (const { command, offsets, result, ...commit } of finished) {
    if (command === null) continue;
    const isExplicit = command.offsets !== undefined && command.offsets !== null;
    const about = { how: "async", op: command.kind, ...tagOf(command), isExplicit };
    noteCommit(ctx, offsets, result ?? "ok", about, commit);
  }
}

/** Notes the outcome of a blocking commit. */
export function noteCommitTask(ctx: ConsumerCtx, task: CommitTask): void {
  const { origin } = task;
  let about: Record<string, unknown> = { how: origin.how };
  if (origin.how === "call")
    about = { how: "sync", op: origin.command.kind, ...tagOf(origin.command), isExplicit: origin.isExplicit };
  else if (origin.how === "callback") about = { how: "sync", in: origin.in };
  else if (origin.how === "auto") about = { how: "auto", reason: origin.reason };
  else about = { how: "sync", reason: "application" };
  noteCommit(ctx, task.offsets, task.result ?? "ok", about, null);
}

function noteCommit(
  ctx: ConsumerCtx,
  offsets: Offsets,
  result: "ok" | ClientException,
  about: Record<string, unknown>,
  commit: Pick<AsyncCommit, "errorCode"> | null,
): void {
  const common = { consumer: ctx.self.id, group: groupIdOf(ctx), offsets, ...about };
  if (result === "ok") {
    ctx.note({ kind: "offsets-committed", ...common });
    return;
  }
  const errorCode = commit?.errorCode ?? result.errorCode;
  ctx.note({ kind: "commit-failed", ...common, exception: result.exception, message: result.message, errorCode });
}

/** Inside poll(): commits in the background if auto.commit.interval.ms is over. */
export function maybeAutoCommit(ctx: ConsumerCtx, state: ConsumerState): void {
  const { group } = state;
  if (!commitsByItself(ctx) || state.subscription.kind === "none") return;
  if (ctx.now < group.nextAutoCommitAt) return;
  if (ctx.self.config.profile === "0.10" && coordinatorOf(ctx, state) === null) {
    group.nextAutoCommitAt = ctx.now + ctx.self.config.consumer.retryBackoffMs * MILLISECOND;
    return;
  }
  restartAutoCommit(ctx, state);
  const offsets = consumedOffsets(state);
  if (Object.keys(offsets).length > 0) commitAsync(ctx, state, offsets, null);
}

export function restartAutoCommit(ctx: ConsumerCtx, state: ConsumerState): void {
  state.group.nextAutoCommitAt = ctx.now + afterMs(ctx.self.config.consumer.autoCommitIntervalMs);
}
