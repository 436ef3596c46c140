/**
 * Membership of a group, eager protocol: what happens before a join, JoinGroup, the leader's assignment, SyncGroup, and
 * taking the assignment over.
 *
 * In Kafka     AbstractCoordinator.joinGroupIfNeeded, ConsumerCoordinator.onJoinPrepare, performAssignment, onJoinComplete.
 * Simplified   an assignor that this model lacks is replaced by range.
 * Left out     the cooperative protocol; static members' onLeaderElected shortcuts.
 *
 * Allowed transitions of a member:
 *
 *   unjoined   -> joining      JoinGroup is sent
 *   joining    -> assigning    the answer makes it leader, and it waits for fresh metadata
 *   joining    -> completing   SyncGroup is sent
 *   assigning  -> completing   the leader has dealt the partitions out
 *   completing -> stable       SyncGroup is answered
 *   any        -> unjoined     an error, a lost coordinator while joining, leaving
 *   stable     -> joining      a rebalance
 */
import { MILLISECOND } from "../../engine/types.ts";
import { assignorOf, assignRange } from "../client/assignors.ts";
import { retryBackoff } from "../client/backoff.ts";
import { exceptionOf } from "../client/exceptions.ts";
import { javaHashOrder } from "../client/javaHashOrder.ts";
import { partitionCount, requestUpdate } from "../client/metadata.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { JoinGroupResponse, SyncGroupResponse } from "../protocol/groups.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { Outcome, Then } from "../rpc.ts";
import { newCommitTask, restartAutoCommit } from "./commits.ts";
import { resetGeneration } from "./generation.ts";
import { coordinatorOf, forgetCoordinator, onCoordinatorLost, sendWhenReady } from "./requests.ts";
import {
  COORDINATOR,
  type ConsumerCtx,
  type ConsumerState,
  commitsByItself,
  consumedOffsets,
  groupIdOf,
  isNewConsumer,
  newPosition,
} from "./state.ts";

interface GroupThen extends Then {
  readonly attempt: number;
}

/** Whether poll() has to join before it does anything else. */
export function needsJoin(state: ConsumerState): boolean {
  const { group, subscription } = state;
  if (subscription.kind !== "group") return false;
  if (group.isRejoinNeeded || group.state !== "stable" || group.newAssignment !== null) return true;
  if (group.joinedTopics !== null && !sameTopics(group.joinedTopics, subscription.topics)) return true;
  return group.countsAtAssignment !== null && !sameCounts(state, group.countsAtAssignment);
}

function sameTopics(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((topic) => b.includes(topic));
}

function sameCounts(state: ConsumerState, counts: Readonly<Record<string, number>>): boolean {
  // While a topic is missing from the metadata nothing is concluded about it before a fresh answer says so.
  return state.group.groupTopics.every(
    (topic) => (partitionCount(state.metadata, topic) ?? 0) === (counts[topic] ?? 0),
  );
}

/** One step of the join. `done`: assigned; `busy`: look again at once; `waiting`: for an answer or a backoff. */
export function stepJoin(ctx: ConsumerCtx, state: ConsumerState): "done" | "busy" | "waiting" {
  const { group } = state;
  if (group.newAssignment !== null) {
    completeJoin(ctx, state, group.newAssignment);
    return "busy";
  }
  if (!needsJoin(state)) return "done";
  const isUnderWay = group.state === "joining" || group.state === "assigning" || group.state === "completing";
  if (isUnderWay) {
    if (group.state === "assigning") return dealOut(ctx, state) ? "busy" : "waiting";
    return "waiting";
  }
  if (group.preparing !== "done") return prepare(ctx, state);
  if (group.retryAt > ctx.now) return "waiting";
  sendJoin(ctx, state);
  return "waiting";
}

/** Before a join: auto commit, the callback, and (since 2.4) giving the partitions up. */
function prepare(ctx: ConsumerCtx, state: ConsumerState): "busy" {
  const { group, thread } = state;
  switch (group.preparing) {
    case "no":
      group.preparing = "callback";
      if (commitsByItself(ctx)) {
        const deadline = ctx.now + ctx.self.config.consumer.maxPollIntervalMs * MILLISECOND;
        thread.stack.push(newCommitTask(consumedOffsets(state), { how: "auto", reason: "rebalance" }, deadline));
      }
      return "busy";
    case "callback": {
      group.preparing = "give-up";
      const isLost = group.generationId < 0 || group.memberId === "";
      const callback = isNewConsumer(ctx) && isLost ? "lost" : "revoked";
      // 3.9 does not say that nothing was lost; older clients say that nothing is revoked.
      if (isNewConsumer(ctx) && isLost && state.order.length === 0) return "busy";
      runCallback(ctx, state, callback, [...state.order]);
      return "busy";
    }
    default:
      group.preparing = "done";
      group.isLeader = false;
      if (isNewConsumer(ctx)) giveUpPartitions(state);
      return "busy";
  }
}

/** A rebalance callback of the application; it may commit. */
export function runCallback(
  ctx: ConsumerCtx,
  state: ConsumerState,
  callback: "revoked" | "lost" | "assigned",
  partitions: readonly TopicPartition[],
): void {
  const { generationId, memberId } = state.group.shown;
  ctx.note({
    kind: `partitions-${callback}`,
    consumer: ctx.self.id,
    member: ctx.self.id,
    group: groupIdOf(ctx),
    partitions: [...partitions].sort(),
    generationId,
    memberId,
  });
  if (ctx.self.config.loop?.commitIn?.includes(callback) !== true) return;
  const deadline =
    ctx.self.config.profile === "0.10" ? null : ctx.now + ctx.self.config.consumer.defaultApiTimeoutMs * MILLISECOND;
  state.thread.stack.push(newCommitTask(consumedOffsets(state), { how: "callback", in: callback }, deadline));
}

export function giveUpPartitions(state: ConsumerState): void {
  state.positions = {};
  state.order = [];
  state.completed = [];
}

function sendJoin(ctx: ConsumerCtx, state: ConsumerState): void {
  const { group, subscription } = state;
  const { consumer } = ctx.self.config;
  const node = coordinatorOf(ctx, state);
  if (node === null || subscription.kind !== "group") return;
  group.state = "joining";
  group.attempt += 1;
  group.isRejoinNeeded = false;
  group.joinedTopics = [...subscription.topics];
  const metadata = {
    topics: [...subscription.topics].sort(),
    ownedPartitions: isNewConsumer(ctx) ? [...state.order] : [],
    generationId: isNewConsumer(ctx) ? group.generationId : -1,
  };
  const data = {
    groupId: groupIdOf(ctx) ?? "",
    sessionTimeoutMs: consumer.sessionTimeoutMs,
    rebalanceTimeoutMs: consumer.maxPollIntervalMs,
    memberId: group.memberId,
    groupInstanceId: consumer.groupInstanceId,
    protocolType: "consumer" as const,
    protocols: consumer.partitionAssignmentStrategy.map((name) => ({ name, metadata })),
  };
  const then: GroupThen = { kind: "consumer:joined", attempt: group.attempt };
  const timeoutMs =
    ctx.self.config.profile === "0.10"
      ? consumer.requestTimeoutMs
      : Math.max(consumer.requestTimeoutMs, consumer.maxPollIntervalMs + 5_000);
  sendWhenReady(ctx, state, node, COORDINATOR, "JoinGroup", data, then, timeoutMs);
}

/** JoinGroup came back. */
export function onJoined(ctx: ConsumerCtx, state: ConsumerState, then: GroupThen, outcome: Outcome): void {
  const { group } = state;
  if (outcome.kind !== "answer") onCoordinatorLost(ctx, state, outcome.from);
  if (then.attempt !== group.attempt || group.state !== "joining") return;
  if (outcome.kind !== "answer") {
    failJoin(ctx, state, "NETWORK_EXCEPTION");
    return;
  }
  const answer = outcome.data as JoinGroupResponse;
  group.lastHeardAt = ctx.now;
  if (answer.errorCode !== "NONE") {
    if (answer.errorCode === "MEMBER_ID_REQUIRED") group.memberId = answer.memberId;
    failJoin(ctx, state, answer.errorCode);
    return;
  }
  group.generationId = answer.generationId;
  group.memberId = answer.memberId;
  group.protocolName = answer.protocolName;
  group.isLeader = answer.leader === answer.memberId;
  group.nextHeartbeatAt = ctx.now + ctx.self.config.consumer.heartbeatIntervalMs * MILLISECOND;
  if (!isNewConsumer(ctx)) group.shown = { generationId: answer.generationId, memberId: answer.memberId };
  ctx.note({
    kind: "consumer-joined",
    consumer: ctx.self.id,
    group: groupIdOf(ctx),
    generationId: answer.generationId,
    memberId: answer.memberId,
    isLeader: group.isLeader,
    protocolName: answer.protocolName,
  });
  if (!group.isLeader) {
    group.countsAtAssignment = null;
    group.groupTopics = [];
    sendSync(ctx, state, []);
    return;
  }
  group.state = "assigning";
  group.waitingMembers = answer.members;
  const topics = [...new Set(answer.members.flatMap((member) => member.metadata.topics))].sort();
  if (topics.some((topic) => state.metadata.topics[topic] === undefined)) requestUpdate(state.metadata);
  group.groupTopics = topics;
  dealOut(ctx, state);
}

/** The leader runs the assignor, once its metadata is fresh. False while it waits for that. */
function dealOut(ctx: ConsumerCtx, state: ConsumerState): boolean {
  const { group, metadata } = state;
  if (metadata.isInProgress || metadata.isUpdateRequested) return false;
  const counts: Record<string, number> = {};
  for (const topic of group.groupTopics) {
    const count = partitionCount(metadata, topic);
    if (count !== null) counts[topic] = count;
  }
  const assign = assignorOf(group.protocolName ?? "range")?.assign ?? assignRange;
  const assignment = assign({
    members: group.waitingMembers,
    partitionCounts: counts,
    profile: ctx.self.config.profile,
  });
  group.countsAtAssignment = counts;
  group.waitingMembers = [];
  ctx.note({
    kind: "group-assignment-computed",
    consumer: ctx.self.id,
    group: groupIdOf(ctx),
    generationId: group.generationId,
    protocolName: group.protocolName,
    assignments: assignment,
  });
  sendSync(
    ctx,
    state,
    Object.entries(assignment).map(([memberId, partitions]) => ({ memberId, assignment: partitions })),
  );
  return true;
}

function sendSync(
  ctx: ConsumerCtx,
  state: ConsumerState,
  assignments: readonly { readonly memberId: string; readonly assignment: readonly TopicPartition[] }[],
): void {
  const { group } = state;
  const node = coordinatorOf(ctx, state);
  if (node === null) {
    failJoin(ctx, state, "COORDINATOR_NOT_AVAILABLE");
    return;
  }
  group.state = "completing";
  const data = {
    groupId: groupIdOf(ctx) ?? "",
    generationId: group.generationId,
    memberId: group.memberId,
    groupInstanceId: ctx.self.config.consumer.groupInstanceId,
    assignments,
  };
  const then: GroupThen = { kind: "consumer:synced", attempt: group.attempt };
  sendWhenReady(ctx, state, node, COORDINATOR, "SyncGroup", data, then);
}

/** SyncGroup came back. */
export function onSynced(ctx: ConsumerCtx, state: ConsumerState, then: GroupThen, outcome: Outcome): void {
  const { group } = state;
  if (outcome.kind !== "answer") onCoordinatorLost(ctx, state, outcome.from);
  if (then.attempt !== group.attempt || group.state !== "completing") return;
  if (outcome.kind !== "answer") {
    failJoin(ctx, state, "NETWORK_EXCEPTION");
    return;
  }
  const answer = outcome.data as SyncGroupResponse;
  group.lastHeardAt = ctx.now;
  if (answer.errorCode !== "NONE") {
    failJoin(ctx, state, answer.errorCode);
    return;
  }
  group.state = "stable";
  group.retries = 0;
  group.newAssignment = answer.assignment;
  if (!isNewConsumer(ctx)) group.nextHeartbeatAt = ctx.now + ctx.self.config.consumer.heartbeatIntervalMs * MILLISECOND;
}

const FATAL: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "INCONSISTENT_GROUP_PROTOCOL",
  "INVALID_SESSION_TIMEOUT",
  "INVALID_GROUP_ID",
  "GROUP_MAX_SIZE_REACHED",
  "FENCED_INSTANCE_ID",
]);

/** A join failed: at once again, after the backoff, at another coordinator, or thrown from poll(). */
function failJoin(ctx: ConsumerCtx, state: ConsumerState, error: ErrorName): void {
  const { group } = state;
  group.isRejoinNeeded = true;
  group.waitingMembers = [];
  const wasCompleting = group.state === "completing";
  group.state = "unjoined";
  let isAtOnce = false;
  switch (error) {
    case "UNKNOWN_MEMBER_ID":
    case "ILLEGAL_GENERATION":
      resetGeneration(ctx, state, error, error === "ILLEGAL_GENERATION" && isNewConsumer(ctx));
      isAtOnce = true;
      break;
    case "MEMBER_ID_REQUIRED":
    case "REBALANCE_IN_PROGRESS":
      isAtOnce = true;
      break;
    case "COORDINATOR_NOT_AVAILABLE":
    case "NOT_COORDINATOR":
      forgetCoordinator(ctx, state, error);
      break;
    default:
      if (FATAL.has(error)) group.failure = exceptionOf(error, ctx.self.config.profile);
  }
  if (wasCompleting && error === "REBALANCE_IN_PROGRESS") group.retries = 0;
  group.retries += 1;
  group.retryAt = isAtOnce ? ctx.now : ctx.now + retryBackoff(ctx, ctx.self.config.consumer, group.retries);
}

/** In poll(): the new assignment replaces the old one; every partition starts again at its committed offset. */
function completeJoin(ctx: ConsumerCtx, state: ConsumerState, assignment: readonly TopicPartition[]): void {
  const { group } = state;
  group.newAssignment = null;
  group.preparing = "no";
  giveUpPartitions(state);
  state.order = javaHashOrder(assignment);
  for (const name of state.order) state.positions[name] = newPosition(null);
  group.shown = { generationId: group.generationId, memberId: group.memberId };
  restartAutoCommit(ctx, state);
  runCallback(ctx, state, "assigned", assignment);
}
