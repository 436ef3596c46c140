/**
 * Roles: an actor of this layer is a set of them (a broker is replica manager, controller, coordinators, ZooKeeper client).
 *
 * A role owns one section of the actor's memory and says what it reacts to. `joinRoles` makes the engine's handler of them:
 * requests by API name, answers by the kind of their Then, timers by the part of their name before the colon, commands by kind.
 */
import { assert, missing } from "../engine/assert.ts";
import type { ActorModel, ActorState, Body, Ctx, Message, Signal, Trigger } from "../engine/types.ts";
import { type ApiName, isResponse, type RpcRequest } from "./protocol/api.ts";
import {
  createRpc,
  type Outcome,
  type ServerChannel,
  SWEEP_TIMER,
  sweep,
  type Then,
  takeAnswer,
  takeLost,
} from "./rpc.ts";
import type { KafkaActor, KafkaCtx } from "./types.ts";

/** A fault of the model stops the run here, instead of hanging the page. */
const MOST_ROUNDS = 100_000;

type Connected = Extract<Signal, { signal: "connected" }>;
type Disconnected = Extract<Signal, { signal: "disconnected" }>;

export interface Role {
  /** Also the name of its section in memory. */
  readonly name: string;
  /** Its section of memory when the process starts. */
  init(actor: ActorState): unknown;
  /** Requests it serves. It answers each with `respond` (or `release`), now or later. */
  readonly requests?: { readonly [A in ApiName]?: (ctx: KafkaCtx, request: RpcRequest<A>, message: Message) => void };
  /** Messages that are no RPC (ZooKeeper notifications, votes). */
  readonly messages?: Readonly<Record<string, (ctx: KafkaCtx, body: Body, message: Message) => void>>;
  readonly then?: Readonly<Record<string, (ctx: KafkaCtx, then: never, outcome: Outcome) => void>>;
  readonly timers?: Readonly<Record<string, (ctx: KafkaCtx, payload: never, timer: string) => void>>;
  readonly commands?: Readonly<Record<string, (ctx: KafkaCtx, command: never) => void>>;
  onStart?(ctx: KafkaCtx): void;
  /** SIGTERM. One role of an actor answers it, in the end with `ctx.exit`. */
  onStop?(ctx: KafkaCtx): void;
  onResumed?(ctx: KafkaCtx): void;
  /** A connection that this actor opened is established. */
  onConnected?(ctx: KafkaCtx, signal: Connected): void;
  /** After lost requests came back to their Thens. */
  onDisconnected?(ctx: KafkaCtx, signal: Disconnected): void;
  losePower?(actor: ActorState, random: (bound: number) => number): void;
}

/** The handler of an actor with these roles, in this order. Two roles may not claim the same request, Then, timer or command. */
export function joinRoles(roles: readonly Role[], options: { readonly oneRequestAtATime: boolean }): ActorModel {
  const requests = gather(roles, "requests");
  const messages = gather(roles, "messages");
  const thens = gather(roles, "then");
  const timers = gather(roles, "timers");
  const commands = gather(roles, "commands");

  function resume(ctx: KafkaCtx, results: readonly { then: Then; outcome: Outcome }[]): void {
    for (const { then, outcome } of results) goOn(ctx, then, outcome);
  }

  function goOn(ctx: KafkaCtx, then: Then, result: Outcome | Then): void {
    const handler = thens[then.kind] ?? missing(`handler of ${then.kind}`);
    handler(ctx, then, result);
  }

  function serve(ctx: KafkaCtx, message: Message): void {
    const { kind } = message.body;
    const handler = requests[kind] ?? missing(`handler of request ${kind} at ${ctx.self.id}`);
    handler(ctx, message.body, message);
  }

  function onRequest(ctx: KafkaCtx, message: Message): void {
    if (!options.oneRequestAtATime) {
      serve(ctx, message);
      return;
    }
    const channels = ctx.self.memory.rpc.channels;
    let channel = channels[message.connection];
    if (channel === undefined) {
      channel = { busy: false, waiting: [] };
      channels[message.connection] = channel;
    }
    channel.waiting.push(message);
    if (!channel.busy && channel.waiting.length === 1) serveNext(ctx, channel);
  }

  function serveNext(ctx: KafkaCtx, channel: ServerChannel): void {
    const message = channel.waiting.shift();
    if (message === undefined) return;
    channel.busy = true;
    serve(ctx, message);
  }

  /** Goes on with what roles handed to each other and with connections that became free, until nothing is left. */
  function drain(ctx: KafkaCtx): void {
    const rpc = ctx.self.memory.rpc;
    for (let rounds = 0; ; rounds += 1) {
      assert(rounds < MOST_ROUNDS, "what roles hand to each other at one moment has no end");
      const next = rpc.resumed.shift();
      if (next !== undefined) {
        goOn(ctx, next.then, next.result);
        continue;
      }
      const freed = rpc.freed.shift();
      if (freed === undefined) return;
      const channel = rpc.channels[freed];
      if (channel !== undefined && !channel.busy) serveNext(ctx, channel);
    }
  }

  function onMessage(ctx: KafkaCtx, message: Message): void {
    const body = message.body;
    if (isResponse(body)) {
      const found = takeAnswer(ctx, message);
      if (found !== null) goOn(ctx, found.then, found.outcome);
      return;
    }
    const handler = messages[body.kind];
    if (handler !== undefined) handler(ctx, body, message);
    else onRequest(ctx, message);
  }

  function onSignal(ctx: KafkaCtx, signal: Signal): void {
    switch (signal.signal) {
      case "start":
        for (const role of roles) role.onStart?.(ctx);
        break;
      case "stop":
        for (const role of roles) role.onStop?.(ctx);
        break;
      case "resumed":
        for (const role of roles) role.onResumed?.(ctx);
        break;
      case "connected":
        for (const role of roles) role.onConnected?.(ctx, signal);
        break;
      case "disconnected":
        delete ctx.self.memory.rpc.channels[signal.connection];
        resume(ctx, takeLost(ctx, signal.peer, signal.channel, signal.reason));
        for (const role of roles) role.onDisconnected?.(ctx, signal);
        break;
    }
  }

  return {
    boot(actor) {
      const memory: Record<string, unknown> = { rpc: createRpc() };
      for (const role of roles) memory[role.name] = role.init(actor);
      return memory;
    },
    handle(engineCtx: Ctx, trigger: Trigger) {
      const ctx = engineCtx as unknown as KafkaCtx;
      switch (trigger.kind) {
        case "message":
          onMessage(ctx, trigger.message);
          break;
        case "timer": {
          if (trigger.timer === SWEEP_TIMER) {
            ctx.self.memory.rpc.sweepAt = null;
            resume(ctx, sweep(ctx));
            break;
          }
          const colon = trigger.timer.indexOf(":");
          const name = colon < 0 ? trigger.timer : trigger.timer.slice(0, colon);
          const handler = timers[name] ?? missing(`handler of timer ${name}`);
          handler(ctx, trigger.payload, trigger.timer);
          break;
        }
        case "signal":
          onSignal(ctx, trigger);
          break;
        case "command": {
          const { command } = trigger;
          const handler = commands[command.kind] ?? missing(`handler of command ${command.kind}`);
          handler(ctx, command);
          break;
        }
        case "environment":
          assert(false, "events of the environment do not reach actors");
      }
      drain(ctx);
    },
    losePower(actor, random) {
      for (const role of roles) role.losePower?.(actor, random);
    },
  };
}

type AnyHandler = (ctx: KafkaCtx, a: unknown, b?: unknown) => void;

function gather(
  roles: readonly Role[],
  part: "requests" | "messages" | "then" | "timers" | "commands",
): Readonly<Record<string, AnyHandler>> {
  const all: Record<string, AnyHandler> = {};
  for (const role of roles) {
    for (const [name, handler] of Object.entries(role[part] ?? {})) {
      assert(all[name] === undefined, `two roles claim ${part} ${name}`);
      all[name] = handler as AnyHandler;
    }
  }
  return Object.freeze(all);
}

/** The section of memory that belongs to a role. */
export function sectionOf<S>(actor: KafkaActor | ActorState, role: string): S {
  const section = (actor.memory as Record<string, unknown> | null)?.[role];
  return (section ?? missing(`memory of role ${role} at ${actor.id}`)) as S;
}
