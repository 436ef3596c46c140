/**
 * A producer: the role that joins its application, its sender and its client, and the actor made of it.
 *
 * In Kafka     KafkaProducer, its ioThread included.
 * Left out     transactions; interceptors; compression; metadata.max.idle.ms.
 */
import type { ActorModel } from "../../engine/types.ts";
import { clientParts, earlier } from "../client/client.ts";
import { joinRoles, type Role } from "../roles.ts";
import type { Outcome } from "../rpc.ts";
import type { KafkaCtx, ProducerActorConfig } from "../types.ts";
import { nextWake, runApplication, startSending } from "./application.ts";
import { onInitProducerId } from "./idempotence.ts";
import { onProduced, runSender } from "./sender.ts";
import {
  newProducerState,
  PRODUCER_ROLE,
  type ProducedThen,
  type ProducerCommand,
  type ProducerCtx,
  producerClient,
  producerState,
} from "./state.ts";

const COMMANDS = ["producer.send", "producer.sendMany", "producer.flush", "producer.close", "producer.partitionsFor"];

/** The role; commands: see COMMANDS, `start-sending`, `stop-sending`. */
export function producerRole(): Role {
  const typed = (ctx: KafkaCtx): ProducerCtx => ctx as unknown as ProducerCtx;
  const parts = clientParts(
    PRODUCER_ROLE,
    (ctx) => producerClient(typed(ctx)),
    (channel) => channel === "main",
    (ctx) => pump(typed(ctx)),
  );

  function enqueue(ctx: KafkaCtx, command: ProducerCommand): void {
    const own = typed(ctx);
    producerState(own).application.queue.push(command);
    goOn(own);
  }

  /** Something happened that the sender's thread waits for: both go on. */
  function pump(ctx: ProducerCtx): void {
    producerState(ctx).wakesSender = true;
    goOn(ctx);
  }

  /** Application and, if woken, sender in turn, until neither can go on; then one timer for the next moment that matters. */
  function goOn(ctx: ProducerCtx): void {
    const state = producerState(ctx);
    if (state.isClosed && state.application.queue.length === 0) return;
    if (state.senderAt !== null && state.senderAt <= ctx.now) state.wakesSender = true;
    for (let isBusy = true; isBusy && !state.isClosed; ) {
      const free = state.freeBytes;
      const acted = runApplication(ctx, state);
      if (state.wakesSender && !state.isClosed) {
        state.wakesSender = false;
        const connectionsAt = parts.checkConnections(ctx as unknown as KafkaCtx);
        state.senderAt = earlier(connectionsAt, runSender(ctx, state));
      }
      // What the sender finished may let the application go on, and the other way round.
      isBusy = acted || state.freeBytes > free;
    }
    const next = earlier(state.senderAt, nextWake(ctx, state));
    if (next === null || state.isClosed) ctx.cancelTimer(PRODUCER_ROLE);
    else ctx.setTimer(PRODUCER_ROLE, Math.max(0, next - ctx.now));
  }

  return {
    name: PRODUCER_ROLE,
    init: (actor) => newProducerState(actor.config as ProducerActorConfig, 0),
    then: {
      ...parts.then,
      "producer:produced": (ctx: KafkaCtx, then: ProducedThen, outcome: Outcome) => {
        onProduced(typed(ctx), producerState(typed(ctx)), then, outcome);
        pump(typed(ctx));
      },
      "producer:id": (ctx: KafkaCtx, then: { kind: string; node: string }, outcome: Outcome) => {
        onInitProducerId(typed(ctx), producerState(typed(ctx)), then.node, outcome);
        pump(typed(ctx));
      },
    },
    timers: { [PRODUCER_ROLE]: (ctx: KafkaCtx) => goOn(typed(ctx)) },
    commands: {
      ...Object.fromEntries(COMMANDS.map((kind) => [kind, enqueue])),
      "start-sending": (ctx: KafkaCtx) => {
        startSending(typed(ctx), producerState(typed(ctx)));
        goOn(typed(ctx));
      },
      "stop-sending": (ctx: KafkaCtx) => {
        producerState(typed(ctx)).application.isSending = false;
        goOn(typed(ctx));
      },
    },
    onStart(ctx) {
      const { application } = producerState(typed(ctx));
      application.nextSendAt = Math.max(ctx.now, application.nextSendAt);
      pump(typed(ctx));
    },
    /** SIGTERM: the shutdown hook closes the producer, then the process ends. */
    onStop(ctx) {
      const state = producerState(typed(ctx));
      state.application.isSending = false;
      state.application.doing = null;
      state.isClosing = true;
      if (state.isClosed) ctx.exit("stopped");
      else pump(typed(ctx));
    },
    onConnected: parts.onConnected,
    onDisconnected: parts.onDisconnected,
  };
}

/** The actor kind "producer". */
export function producerModel(): ActorModel {
  return joinRoles([producerRole()], { oneRequestAtATime: false });
}
