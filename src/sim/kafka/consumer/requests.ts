/**
 * Requests of a consumer: those that wait for a connection, and the search for the group's coordinator.
 *
 * In Kafka     ConsumerNetworkClient (unsent requests), AbstractCoordinator.lookupCoordinator and markCoordinatorUnknown.
 */
import { type ActorId, MILLISECOND, type SimTime } from "../../engine/types.ts";
import { retryBackoff } from "../client/backoff.ts";
import { anyReadyNode, ask, earlier, nodeReady, noteLost } from "../client/client.ts";
import { requestUpdate } from "../client/metadata.ts";
import { connectionTo } from "../client/network.ts";
import type { ApiName, Apis } from "../protocol/api.ts";
import { brokerActor } from "../protocol/ids.ts";
import type { Outcome, Then } from "../rpc.ts";
import { COORDINATOR, type ConsumerCtx, type ConsumerState, consumerClient, groupIdOf, MAIN } from "./state.ts";

/** Sends now, or as soon as the connection is ready; a connection that fails fails the request. */
export function sendWhenReady<A extends ApiName>(
  ctx: ConsumerCtx,
  state: ConsumerState,
  to: ActorId,
  channel: string,
  api: A,
  data: Apis[A]["request"],
  then: Then,
  timeoutMs: number = ctx.self.config.consumer.requestTimeoutMs,
): void {
  const client = consumerClient(ctx);
  if (nodeReady(ctx, client, to, channel)) {
    ask(ctx, client, to, channel, api, data, then, timeoutMs);
    return;
  }
  const deadline = ctx.now + ctx.self.config.consumer.requestTimeoutMs * MILLISECOND;
  state.unsent.push({ to, channel, api, data, then, timeoutMs, deadline });
}

export interface Failed {
  readonly then: Then;
  readonly outcome: Outcome;
}

/** Sends what waits and can go. Returns the requests that failed, and when the next one gives up. */
export function flushUnsent(ctx: ConsumerCtx, state: ConsumerState): { failed: Failed[]; nextAt: SimTime | null } {
  const failed: Failed[] = [];
  let nextAt: SimTime | null = null;
  if (state.unsent.length === 0) return { failed, nextAt };
  const client = consumerClient(ctx);
  const waiting = state.unsent;
  state.unsent = [];
  for (const one of waiting) {
    const { to, channel, api, data, then, timeoutMs, deadline } = one;
    if (nodeReady(ctx, client, to, channel)) ask(ctx, client, to, channel, api, data as never, then, timeoutMs);
    else if (isUnavailable(ctx, state, to, channel) || deadline <= ctx.now)
      failed.push({ then, outcome: { kind: "disconnected", api, from: to, reason: "no connection" } });
    else {
      state.unsent.push(one);
      nextAt = earlier(nextAt, deadline);
    }
  }
  return { failed, nextAt };
}

/** A connection failed, and its backoff is not over. */
export function isUnavailable(ctx: ConsumerCtx, state: ConsumerState, to: ActorId, channel: string): boolean {
  const connection = connectionTo(state.network, to, channel);
  return connection.state === "disconnected" && connection.retryAt > ctx.now;
}

// --- the coordinator --------------------------------------------------------------------------------------------------

/** The coordinator's actor; null: not known (any more). */
export function coordinatorOf(ctx: ConsumerCtx, state: ConsumerState): ActorId | null {
  const { coordinatorId } = state.group;
  if (coordinatorId === null) return null;
  if (isUnavailable(ctx, state, brokerActor(coordinatorId), COORDINATOR)) {
    forgetCoordinator(ctx, state, "connection lost");
    // ensureCoordinatorReady: found, but the connection has failed; the next search waits.
    state.group.lookupNotBefore = ctx.now + retryBackoff(ctx, ctx.self.config.consumer, 1);
    return null;
  }
  return brokerActor(coordinatorId);
}

/** The coordinator is dead, or no coordinator: the next request looks it up again. */
export function forgetCoordinator(ctx: ConsumerCtx, state: ConsumerState, reason: string): void {
  const { group } = state;
  if (group.coordinatorId === null) return;
  ctx.note({
    kind: "coordinator-forgotten",
    consumer: ctx.self.id,
    group: groupIdOf(ctx),
    coordinator: brokerActor(group.coordinatorId),
    reason,
  });
  const node = brokerActor(group.coordinatorId);
  group.coordinatorId = null;
  // What was not sent yet to it fails with it.
  state.unsent = state.unsent.map((one) =>
    one.to === node && one.channel === COORDINATOR ? { ...one, deadline: ctx.now } : one,
  );
}

/** Looks for the coordinator if nobody does. Returns when to try again; null: something will happen by itself. */
export function findCoordinator(ctx: ConsumerCtx, state: ConsumerState): SimTime | null {
  const { group } = state;
  const groupId = groupIdOf(ctx);
  if (groupId === null || group.isLookingUp || group.coordinatorId !== null) return null;
  if (group.lookupNotBefore > ctx.now) return group.lookupNotBefore;
  const client = consumerClient(ctx);
  const node = anyReadyNode(ctx, client);
  if (node === null) return null;
  group.isLookingUp = true;
  const then = { kind: "consumer:coordinator", node } as Then;
  ask(ctx, client, node, MAIN, "FindCoordinator", { key: groupId, keyType: "group" }, then);
  return null;
}

/** FindCoordinator came back. Returns whether it failed, which fails commits that wait for it. */
export function onFindCoordinator(
  ctx: ConsumerCtx,
  state: ConsumerState,
  then: { readonly node: ActorId },
  outcome: Outcome,
): { failure: "COORDINATOR_NOT_AVAILABLE" | "NETWORK_EXCEPTION" | null } {
  const { group } = state;
  group.isLookingUp = false;
  if (outcome.kind === "answer") {
    const answer = outcome.data as Apis["FindCoordinator"]["response"];
    if (answer.errorCode === "NONE") {
      group.coordinatorId = answer.nodeId;
      group.lookupAttempts = 0;
      group.lastHeardAt = ctx.now;
      ctx.note({
        kind: "coordinator-found",
        consumer: ctx.self.id,
        group: groupIdOf(ctx),
        coordinator: brokerActor(answer.nodeId),
      });
      return { failure: null };
    }
  } else noteLost(ctx, consumerClient(ctx), then.node, MAIN);
  group.lookupAttempts += 1;
  group.lookupNotBefore = ctx.now + retryBackoff(ctx, ctx.self.config.consumer, group.lookupAttempts);
  requestUpdate(state.metadata);
  return { failure: outcome.kind === "answer" ? "COORDINATOR_NOT_AVAILABLE" : "NETWORK_EXCEPTION" };
}

/** The Then of a request to the coordinator came back without answer: the connection is gone, and so is the coordinator. */
export function onCoordinatorLost(ctx: ConsumerCtx, state: ConsumerState, from: ActorId): void {
  noteLost(ctx, consumerClient(ctx), from, COORDINATOR);
  if (state.group.coordinatorId !== null && brokerActor(state.group.coordinatorId) === from)
    forgetCoordinator(ctx, state, "connection lost");
}
