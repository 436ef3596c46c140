/**
 * Where reading begins: committed offsets, and the reset policy when there is none or it is out of range.
 *
 * In Kafka     ConsumerCoordinator.refreshCommittedOffsetsIfNeeded, SubscriptionState.resetMissingPositions,
 *              Fetcher.resetOffsetsIfNeeded (OffsetFetcher in 3.x).
 * Left out     offsetsForTimes; checking positions against the leader's epochs (KIP-320).
 */
import { type ActorId, MILLISECOND, type SimTime } from "../../engine/types.ts";
import { retryBackoff } from "../client/backoff.ts";
import { earlier, noteLost } from "../client/client.ts";
import { type ClientException, clientException, exceptionOf } from "../client/exceptions.ts";
import { leaderOf, requestUpdate } from "../client/metadata.ts";
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, type ListOffsetsResponse } from "../protocol/data-plane.ts";
import { type ErrorName, INVALID_METADATA, RETRIABLE } from "../protocol/errors.ts";
import type { OffsetFetchResponse } from "../protocol/groups.ts";
import { brokerActor, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { Outcome, Then } from "../rpc.ts";
import {
  coordinatorOf,
  findCoordinator,
  forgetCoordinator,
  isUnavailable,
  onCoordinatorLost,
  sendWhenReady,
} from "./requests.ts";
import {
  COORDINATOR,
  type ConsumerCtx,
  type ConsumerState,
  consumerClient,
  groupIdOf,
  isNewConsumer,
  MAIN,
  type Position,
} from "./state.ts";

/** OffsetFetch for the positions of `partitions`, or for the question that blocks the thread (`isQuestion`). */
export interface OffsetsThen extends Then {
  readonly partitions: readonly TopicPartition[];
  readonly isQuestion: boolean;
}

interface ListThen extends Then {
  readonly node: ActorId;
  readonly isQuestion: boolean;
  readonly resets: readonly { readonly topicPartition: TopicPartition; readonly to: "earliest" | "latest" }[];
}

/** Sets a position and says why; a changed position makes buffered data of the partition stale. */
export function setPosition(
  ctx: ConsumerCtx,
  state: ConsumerState,
  name: TopicPartition,
  to: number,
  reason: "committed" | "reset" | "seek",
): void {
  const place = state.positions[name];
  if (place === undefined) return;
  const from = place.position;
  place.position = to;
  place.resetTo = null;
  place.isResetting = false;
  state.completed = state.completed.filter((one) => one.topicPartition !== name);
  ctx.note({ kind: "position-set", consumer: ctx.self.id, topicPartition: name, from, to, reason });
}

/** Asks for a reset; it is carried out by a later poll() or position(). `isSought`: the application wants it. */
export function askReset(place: Position, to: "earliest" | "latest", isSought = false): void {
  place.position = null;
  place.resetTo = to;
  place.isSought = isSought;
  place.isResetting = false;
  place.retryAt = 0;
}

/**
 * One step towards a position for every assigned partition. `ready`: all committed offsets are known (and in 0.10.2 all
 * resets done); `waiting`; or what poll() throws.
 */
export function stepPositions(
  ctx: ConsumerCtx,
  state: ConsumerState,
): "ready" | "waiting" | (ClientException & { partitions: string[] }) {
  const missing = state.order.filter((name) => {
    const place = state.positions[name] as Position;
    return place.position === null && place.resetTo === null;
  });
  if (missing.length > 0) {
    const looksUp = groupIdOf(ctx) !== null;
    if (looksUp) {
      askCommitted(ctx, state, missing);
      return "waiting";
    }
    const thrown = resetMissing(ctx, state, missing);
    if (thrown !== null) return thrown;
  }
  const isReset = resetOffsets(ctx, state);
  return isReset || ctx.self.config.profile !== "0.10" ? "ready" : "waiting";
}

function askCommitted(ctx: ConsumerCtx, state: ConsumerState, partitions: readonly TopicPartition[]): void {
  if (state.isFetchingCommitted || state.committedRetryAt > ctx.now) return;
  const node = coordinatorOf(ctx, state);
  if (node === null) {
    findCoordinator(ctx, state);
    return;
  }
  state.isFetchingCommitted = true;
  const data = { groupId: groupIdOf(ctx) ?? "", partitions, requireStable: isNewConsumer(ctx) };
  const then: OffsetsThen = { kind: "consumer:offsets", partitions, isQuestion: false };
  sendWhenReady(ctx, state, node, COORDINATOR, "OffsetFetch", data, then);
}

/** auto.offset.reset for partitions without a committed offset; `none` is thrown from poll(). */
function resetMissing(
  ctx: ConsumerCtx,
  state: ConsumerState,
  partitions: readonly TopicPartition[],
): (ClientException & { partitions: string[] }) | null {
  const policy = ctx.self.config.consumer.autoOffsetReset;
  if (policy === "none") {
    const names = isNewConsumer(ctx) ? `partitions: [${partitions.join(", ")}]` : `partition: ${partitions[0]}`;
    return {
      ...clientException("NoOffsetForPartitionException", `Undefined offset with no reset policy for ${names}`),
      partitions: [...partitions].sort(),
    };
  }
  for (const name of partitions) askReset(state.positions[name] as Position, policy as "earliest" | "latest");
  return null;
}

/** Sends ListOffsets for the resets that are due. True if none is left. */
function resetOffsets(ctx: ConsumerCtx, state: ConsumerState): boolean {
  let isDone = true;
  const byNode: Record<ActorId, { topicPartition: TopicPartition; to: "earliest" | "latest" }[]> = {};
  for (const name of state.order) {
    const place = state.positions[name] as Position;
    if (place.resetTo === null) continue;
    isDone = false;
    if (place.isResetting || place.retryAt > ctx.now) continue;
    const leader = leaderOf(state.metadata, topicOf(name), partitionOf(name));
    if (leader === null) {
      requestUpdate(state.metadata);
      continue;
    }
    const node = brokerActor(leader.leaderId);
    if (isUnavailable(ctx, state, node, MAIN)) continue;
    place.isResetting = true;
    byNode[node] = [...(byNode[node] ?? []), { topicPartition: name, to: place.resetTo }];
  }
  for (const node of Object.keys(byNode).sort()) listOffsets(ctx, state, node, byNode[node] ?? [], false);
  return isDone;
}

/** Sends ListOffsets to one leader, for resets or for a question. */
export function listOffsets(
  ctx: ConsumerCtx,
  state: ConsumerState,
  node: ActorId,
  resets: readonly { readonly topicPartition: TopicPartition; readonly to: "earliest" | "latest" }[],
  isQuestion: boolean,
): void {
  const data = {
    replicaId: -1,
    isolationLevel: ctx.self.config.consumer.isolationLevel as "read_uncommitted" | "read_committed",
    partitions: resets.map(({ topicPartition, to }) => ({
      topicPartition,
      currentLeaderEpoch: epochFor(ctx, state, topicPartition),
      timestamp: to === "earliest" ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP,
    })),
  };
  const then: ListThen = { kind: "consumer:listed", node, isQuestion, resets };
  sendWhenReady(ctx, state, node, MAIN, "ListOffsets", data, then);
}

/** Leader epoch sent along so that a stale leader is noticed; consumers do so since 2.3. */
export function epochFor(ctx: ConsumerCtx, state: ConsumerState, name: TopicPartition): number {
  if (!isNewConsumer(ctx)) return -1;
  return leaderOf(state.metadata, topicOf(name), partitionOf(name))?.leaderEpoch ?? -1;
}

/** OffsetFetch came back. Returns what the next poll() throws. */
export function onOffsets(
  ctx: ConsumerCtx,
  state: ConsumerState,
  then: OffsetsThen,
  outcome: Outcome,
): (ClientException & { partitions?: string[] }) | null {
  const { profile } = ctx.self.config;
  const error = offsetsError(ctx, state, outcome);
  if (then.isQuestion) {
    answerQuestion(ctx, state, error, () => {
      const found = (outcome as { data: OffsetFetchResponse }).data.offsets.find(
        (one) => one.topicPartition === then.partitions[0],
      );
      const value = found === undefined || found.committedOffset < 0 ? null : found.committedOffset;
      return { value, metadata: found?.committedMetadata ?? "" };
    });
    return null;
  }
  state.isFetchingCommitted = false;
  if (error !== null) {
    if (!RETRIABLE.has(error)) return exceptionOf(error, profile);
    state.committedRetryAt = ctx.now + retryBackoff(ctx, ctx.self.config.consumer, 1);
    return null;
  }
  const { offsets } = (outcome as { data: OffsetFetchResponse }).data;
  const without: TopicPartition[] = [];
  for (const name of then.partitions) {
    const place = state.positions[name];
    // A seek or a rebalance may have come first.
    if (place === undefined || place.position !== null || place.resetTo !== null) continue;
    const found = offsets.find((one) => one.topicPartition === name);
    if (found !== undefined && found.committedOffset >= 0)
      setPosition(ctx, state, name, found.committedOffset, "committed");
    else without.push(name);
  }
  return without.length === 0 ? null : resetMissing(ctx, state, without);
}

function offsetsError(ctx: ConsumerCtx, state: ConsumerState, outcome: Outcome): ErrorName | null {
  if (outcome.kind !== "answer") {
    onCoordinatorLost(ctx, state, outcome.from);
    return "NETWORK_EXCEPTION";
  }
  const answer = outcome.data as OffsetFetchResponse;
  const error =
    answer.errorCode !== "NONE"
      ? answer.errorCode
      : (answer.offsets.find((one) => one.errorCode !== "NONE")?.errorCode ?? "NONE");
  if (error === "NOT_COORDINATOR" || error === "COORDINATOR_NOT_AVAILABLE") forgetCoordinator(ctx, state, error);
  return error === "NONE" ? null : error;
}

/** ListOffsets came back. */
export function onListed(ctx: ConsumerCtx, state: ConsumerState, then: ListThen, outcome: Outcome): void {
  if (outcome.kind !== "answer") noteLost(ctx, consumerClient(ctx), then.node, MAIN);
  const answers = outcome.kind === "answer" ? (outcome.data as ListOffsetsResponse).partitions : [];
  if (then.isQuestion) {
    const found = answers[0];
    const error: ErrorName = found?.errorCode ?? "NETWORK_EXCEPTION";
    if (INVALID_METADATA.has(error)) requestUpdate(state.metadata);
    answerQuestion(ctx, state, error === "NONE" ? null : error, () => ({ value: found?.offset ?? 0, metadata: "" }));
    return;
  }
  for (const { topicPartition, to } of then.resets) {
    const place = state.positions[topicPartition];
    if (place === undefined || place.resetTo !== to || !place.isResetting) continue;
    place.isResetting = false;
    const found = answers.find((one) => one.topicPartition === topicPartition);
    const error: ErrorName = found?.errorCode ?? "NETWORK_EXCEPTION";
    if (found !== undefined && error === "NONE") {
      const from = place.position;
      const reason = place.isSought ? "seek" : "reset";
      setPosition(ctx, state, topicPartition, found.offset, reason);
      ctx.note({
        kind: "offset-reset",
        consumer: ctx.self.id,
        group: groupIdOf(ctx),
        topicPartition,
        from,
        to: found.offset,
        policy: to,
        reason: place.isSought ? "seek" : "auto.offset.reset",
      });
      continue;
    }
    if (INVALID_METADATA.has(error)) requestUpdate(state.metadata);
    place.retryAt = ctx.now + retryBackoff(ctx, ctx.self.config.consumer, 1);
  }
}

/** The answer to the question that blocks the thread, or another try. */
export function answerQuestion(
  ctx: ConsumerCtx,
  state: ConsumerState,
  error: ErrorName | null,
  read: () => { value: number | null; metadata: string },
): void {
  const task = state.thread.stack.at(-1);
  if (task?.kind !== "lookup" || !task.isInFlight) return;
  task.isInFlight = false;
  if (error === null) task.result = read();
  else if (!RETRIABLE.has(error)) task.result = exceptionOf(error, ctx.self.config.profile);
  else {
    task.attempts += 1;
    task.retryAt = ctx.now + retryBackoff(ctx, ctx.self.config.consumer, task.attempts);
  }
}

/** When a reset or a fetch of committed offsets is tried again. */
export function nextPositionEvent(ctx: ConsumerCtx, state: ConsumerState): SimTime | null {
  let next: SimTime | null = state.committedRetryAt > ctx.now ? state.committedRetryAt : null;
  for (const name of state.order) {
    const place = state.positions[name];
    if (place !== undefined && place.retryAt > ctx.now && place.resetTo !== null) next = earlier(next, place.retryAt);
  }
  return next === null ? null : Math.max(next, MILLISECOND);
}
