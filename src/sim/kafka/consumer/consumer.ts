/**
 * A consumer: the role that joins its application, its membership, its fetcher and its client, and the actor made of it.
 *
 * In Kafka     KafkaConsumer, its heartbeat thread included.
 * Simplified   an answer is looked at when it arrives, not when some thread next polls the network.
 * Left out     the consumer group protocol of KIP-848; cooperative rebalancing; fetching from followers.
 */
import type { ActorModel } from "../../engine/types.ts";
import { clientParts, earlier, keepMetadataFresh } from "../client/client.ts";
import { joinRoles, type Role } from "../roles.ts";
import type { Outcome, Then } from "../rpc.ts";
import type { ConsumerActorConfig, KafkaCtx } from "../types.ts";
import { refuse, tagOf } from "./answers.ts";
import { nextWake, onWorker, runThread, WORKER_TIMER } from "./application.ts";
import { onCommitted, releaseWaitingCommits, restartAutoCommit } from "./commits.ts";
import { onFetched } from "./fetcher.ts";
import { beat, onHeartbeat } from "./heartbeat.ts";
import { startLeaving } from "./leaving.ts";
import { onJoined, onSynced } from "./membership.ts";
import { OPERATIONS } from "./operations.ts";
import { onListed, onOffsets } from "./positions.ts";
import { flushUnsent, onCoordinatorLost, onFindCoordinator } from "./requests.ts";
import {
  CONSUMER_ROLE,
  COORDINATOR,
  type ConsumerCommand,
  type ConsumerCtx,
  type ConsumerState,
  consumerClient,
  consumerState,
  MAIN,
  newConsumerState,
} from "./state.ts";

type Answered = (ctx: ConsumerCtx, state: ConsumerState, then: never, outcome: Outcome) => void;

const THENS: Readonly<Record<string, Answered>> = {
  "consumer:coordinator": (ctx, state, then, outcome) => {
    const { failure } = onFindCoordinator(ctx, state, then, outcome);
    releaseWaitingCommits(ctx, state, failure);
  },
  "consumer:joined": onJoined,
  "consumer:synced": onSynced,
  "consumer:heartbeat": onHeartbeat,
  "consumer:left": (ctx, state, _, outcome) => {
    state.leaving = Math.max(0, state.leaving - 1);
    if (outcome.kind !== "answer") onCoordinatorLost(ctx, state, outcome.from);
  },
  "consumer:committed": onCommitted,
  "consumer:offsets": (ctx, state, then, outcome) => {
    state.positionFailure = onOffsets(ctx, state, then, outcome) ?? state.positionFailure;
  },
  "consumer:listed": onListed,
  "consumer:fetched": onFetched,
};

/** The role; commands: the operations of operations.ts, `consumer.abandon`, `consumer.wakeup`. */
export function consumerRole(): Role {
  const typed = (ctx: KafkaCtx): ConsumerCtx => ctx as unknown as ConsumerCtx;
  const parts = clientParts(
    CONSUMER_ROLE,
    (ctx) => consumerClient(typed(ctx)),
    (channel) => channel === MAIN || channel === COORDINATOR,
    (ctx) => pump(typed(ctx)),
  );

  /** All that can be done now: requests, the thread, metadata, heartbeats; then one timer for the next moment that matters. */
  function pump(ctx: ConsumerCtx): void {
    const state = consumerState(ctx);
    if (state.thread.isClosed && state.thread.queue.length === 0) return;
    const connectionsAt = parts.checkConnections(ctx as unknown as KafkaCtx);
    let next = connectionsAt;
    for (let isBusy = true; isBusy; ) {
      const { failed, nextAt } = flushUnsent(ctx, state);
      for (const { then, outcome } of failed) THENS[then.kind]?.(ctx, state, then as never, outcome);
      const acted = runThread(ctx, state);
      if (state.thread.isClosed) break;
      next = earlier(connectionsAt, nextAt);
      next = earlier(next, beat(ctx, state));
      next = earlier(next, keepMetadataFresh(ctx, consumerClient(ctx)));
      isBusy = acted || failed.length > 0;
    }
    if (state.thread.isClosed) {
      ctx.cancelTimer(CONSUMER_ROLE);
      return;
    }
    next = earlier(next, nextWake(ctx, state));
    if (next === null) ctx.cancelTimer(CONSUMER_ROLE);
    else ctx.setTimer(CONSUMER_ROLE, Math.max(0, next - ctx.now));
  }

  function enqueue(ctx: KafkaCtx, command: ConsumerCommand): void {
    const own = typed(ctx);
    consumerState(own).thread.queue.push(command);
    pump(own);
  }

  return {
    name: CONSUMER_ROLE,
    init: (actor) => newConsumerState(actor.config as ConsumerActorConfig),
    then: {
      ...parts.then,
      ...Object.fromEntries(
        Object.keys(THENS).map((kind) => [
          kind,
          (ctx: KafkaCtx, then: Then, outcome: Outcome) => {
            const own = typed(ctx);
            THENS[kind]?.(own, consumerState(own), then as never, outcome);
            pump(own);
          },
        ]),
      ),
    },
    timers: {
      [CONSUMER_ROLE]: (ctx: KafkaCtx) => pump(typed(ctx)),
      [WORKER_TIMER]: (ctx: KafkaCtx) => onWorker(typed(ctx), consumerState(typed(ctx))),
    },
    commands: {
      ...Object.fromEntries(Object.keys(OPERATIONS).map((kind) => [kind, enqueue])),
      // These two work while the thread is blocked in a call.
      "consumer.abandon": (ctx: KafkaCtx, command: ConsumerCommand) => abandon(typed(ctx), command),
      "consumer.wakeup": (ctx: KafkaCtx, command: ConsumerCommand) => {
        consumerState(typed(ctx)).thread.isWokenUp = true;
        ctx.note({ kind: "client-done", op: command.kind, ...tagOf(command) });
        pump(typed(ctx));
      },
    },
    onStart(ctx) {
      const own = typed(ctx);
      const state = consumerState(own);
      const { subscribe, assign, loop } = own.self.config;
      restartAutoCommit(own, state);
      state.group.lastPollAt = ctx.now;
      if (loop?.pattern !== undefined) begin(own, { kind: "consumer.subscribe", pattern: loop.pattern });
      else if (subscribe !== null) begin(own, { kind: "consumer.subscribe", topics: subscribe });
      else if (assign !== null) begin(own, { kind: "consumer.assign", partitions: assign });
      pump(own);
    },
    /** SIGTERM: the loop ends, the consumer is closed, the process ends. */
    onStop(ctx) {
      const own = typed(ctx);
      const state = consumerState(own);
      if (state.thread.isClosed || state.thread.isAbandoned) {
        ctx.exit("stopped");
        return;
      }
      state.thread.stack = [];
      state.thread.work = [];
      state.thread.sleepUntil = 0;
      startLeaving(own, state, null, true);
      pump(own);
    },
    onConnected: parts.onConnected,
    onDisconnected(ctx, signal) {
      parts.onDisconnected(ctx, signal);
    },
  };
}

function begin(ctx: ConsumerCtx, command: ConsumerCommand): void {
  consumerState(ctx).thread.queue.push(command);
}

/** The thread is stuck for good; its heartbeats go on unless the command stops them too. */
function abandon(ctx: ConsumerCtx, command: ConsumerCommand): void {
  const state = consumerState(ctx);
  if (state.thread.isClosed) {
    refuse(ctx, command);
    return;
  }
  state.thread.isAbandoned = true;
  // Whatever call it was in never returns; it does not count as polling.
  state.thread.stack = [];
  const stopped = command.heartbeat === false;
  if (stopped) state.hasHeartbeat = false;
  const heartbeat = stopped ? { heartbeat: "stopped" } : {};
  ctx.note({ kind: "client-done", op: command.kind, ...tagOf(command), ...heartbeat });
}

/** The actor kind "consumer". */
export function consumerModel(): ActorModel {
  return joinRoles([consumerRole()], { oneRequestAtATime: false });
}
