/**
 * The heartbeat thread: keeps the session alive apart from polling, and leaves the group when poll() does not come.
 *
 * In Kafka     AbstractCoordinator.HeartbeatThread, Heartbeat (KIP-62).
 */
import { MILLISECOND, type SimTime } from "../../engine/types.ts";
import { afterMs } from "../client/client.ts";
import type { HeartbeatResponse } from "../protocol/groups.ts";
import type { Outcome, Then } from "../rpc.ts";
import { resetGeneration } from "./generation.ts";
import { coordinatorOf, findCoordinator, forgetCoordinator, onCoordinatorLost, sendWhenReady } from "./requests.ts";
import { COORDINATOR, type ConsumerCtx, type ConsumerState, groupIdOf, isNewConsumer } from "./state.ts";

interface HeartbeatThen extends Then {
  readonly generationId: number;
  readonly memberId: string;
}

/** Whether the thread has something to keep alive. Since 2.5 from the JoinGroup answer on, before from that of SyncGroup. */
export function beats(ctx: ConsumerCtx, state: ConsumerState): boolean {
  const { group } = state;
  if (!state.hasHeartbeat || state.subscription.kind !== "group" || group.generationId < 0) return false;
  if (group.state === "stable") return true;
  return isNewConsumer(ctx) && (group.state === "completing" || group.state === "assigning");
}

/** One turn of the thread. Returns when the next is due; null: it sleeps until the member has joined again. */
export function beat(ctx: ConsumerCtx, state: ConsumerState): SimTime | null {
  if (!beats(ctx, state)) return null;
  const { group } = state;
  const { consumer } = ctx.self.config;
  const pause = consumer.retryBackoffMs * MILLISECOND;
  const node = coordinatorOf(ctx, state);
  if (node === null) {
    findCoordinator(ctx, state);
    return ctx.now + pause;
  }
  const sessionEnds = group.lastHeardAt + consumer.sessionTimeoutMs * MILLISECOND;
  if (sessionEnds <= ctx.now) {
    ctx.note({
      kind: "heartbeat-missed",
      consumer: ctx.self.id,
      group: groupIdOf(ctx),
      coordinator: node,
      lastHeardAt: group.lastHeardAt,
      sessionTimeoutMs: consumer.sessionTimeoutMs,
    });
    forgetCoordinator(ctx, state, "session timeout");
    return ctx.now + pause;
  }
  const pollEnds = group.lastPollAt + afterMs(consumer.maxPollIntervalMs);
  const isInPoll = state.thread.stack[0]?.kind === "poll";
  if (!isInPoll && pollEnds <= ctx.now) {
    leaveGroup(ctx, state, "max.poll.interval.ms");
    return null;
  }
  if (group.nextHeartbeatAt <= ctx.now) {
    group.nextHeartbeatAt = ctx.now + consumer.heartbeatIntervalMs * MILLISECOND;
    const { generationId, memberId } = group;
    const data = { groupId: groupIdOf(ctx) ?? "", generationId, memberId, groupInstanceId: consumer.groupInstanceId };
    const then: HeartbeatThen = { kind: "consumer:heartbeat", generationId, memberId };
    sendWhenReady(ctx, state, node, COORDINATOR, "Heartbeat", data, then);
  }
  const next = Math.min(group.nextHeartbeatAt, sessionEnds);
  return isInPoll ? next : Math.min(next, pollEnds);
}

/** Heartbeat came back. */
export function onHeartbeat(ctx: ConsumerCtx, state: ConsumerState, then: HeartbeatThen, outcome: Outcome): void {
  const { group } = state;
  if (outcome.kind !== "answer") {
    onCoordinatorLost(ctx, state, outcome.from);
    group.nextHeartbeatAt = ctx.now + ctx.self.config.consumer.retryBackoffMs * MILLISECOND;
    return;
  }
  const { errorCode } = outcome.data as HeartbeatResponse;
  if (then.generationId !== group.generationId || then.memberId !== group.memberId) return;
  switch (errorCode) {
    case "NONE":
      group.lastHeardAt = ctx.now;
      return;
    case "REBALANCE_IN_PROGRESS":
      group.lastHeardAt = ctx.now;
      if (group.state !== "stable" || group.isRejoinNeeded) return;
      group.isRejoinNeeded = true;
      ctx.note({
        kind: "rebalance-noticed",
        consumer: ctx.self.id,
        group: groupIdOf(ctx),
        generationId: group.generationId,
      });
      return;
    case "COORDINATOR_NOT_AVAILABLE":
    case "NOT_COORDINATOR":
      forgetCoordinator(ctx, state, errorCode);
      return;
    case "ILLEGAL_GENERATION":
    case "UNKNOWN_MEMBER_ID":
      if (group.state === "stable" || !isNewConsumer(ctx))
        resetGeneration(ctx, state, errorCode, errorCode === "ILLEGAL_GENERATION" && isNewConsumer(ctx));
      return;
    default:
      group.nextHeartbeatAt = ctx.now + ctx.self.config.consumer.retryBackoffMs * MILLISECOND;
  }
}

/** Says goodbye, so that the others need not wait for the session's end. Static members only fall silent. */
export function leaveGroup(ctx: ConsumerCtx, state: ConsumerState, reason: string): boolean {
  const { group } = state;
  const { memberId } = group;
  const node = coordinatorOf(ctx, state);
  const isDynamic = ctx.self.config.consumer.groupInstanceId === null;
  const says = isDynamic && node !== null && memberId !== "" && group.state !== "unjoined";
  if (memberId !== "" || group.generationId >= 0)
    ctx.note({
      kind: "consumer-left",
      consumer: ctx.self.id,
      group: groupIdOf(ctx),
      generationId: group.generationId,
      memberId,
      reason,
      isTold: says,
    });
  if (says && node !== null) {
    const data = { groupId: groupIdOf(ctx) ?? "", memberId };
    state.leaving += 1;
    sendWhenReady(ctx, state, node, COORDINATOR, "LeaveGroup", data, { kind: "consumer:left" });
  }
  resetGeneration(ctx, state, reason, false);
  return says;
}
