/**
 * Requests and their answers (Kafka's NetworkClient and the broker's request channel).
 *
 * `call` keeps what to do with the answer as plain data, a Then; answer, disconnect and timeout all come back with it. A
 * request that times out closes its connection, as NetworkClient does. On the serving side the requests of one connection are
 * handled one at a time: the channel is muted until the response is queued.
 */
import type { ActorId, Delay, Message, SimTime } from "../engine/types.ts";
import { apiVersion } from "./profiles/api-versions.ts";
import { type ApiName, type Apis, type RpcRequest, type RpcResponse, responseKind } from "./protocol/api.ts";
import type { KafkaCtx } from "./types.ts";

/** What to do with an answer, as plain data: which step of which work, and what it must remember. Frozen when kept. */
export interface Then {
  readonly kind: string;
}

export type Outcome<A extends ApiName = ApiName> =
  | { readonly kind: "answer"; readonly api: A; readonly from: ActorId; readonly data: Apis[A]["response"] }
  | { readonly kind: "disconnected"; readonly api: A; readonly from: ActorId; readonly reason: string }
  | { readonly kind: "timed-out"; readonly api: A; readonly from: ActorId };

interface Pending {
  readonly to: ActorId;
  readonly channel: string;
  readonly api: ApiName;
  readonly then: Then;
  /** Null: waits for ever. */
  readonly deadline: SimTime | null;
}

export interface ServerChannel {
  busy: boolean;
  waiting: Message[];
}

export interface RpcState {
  nextCorrelationId: number;
  /** By correlation id, in the order of sending. */
  pending: Record<string, Pending>;
  /** Requests being served, by connection. */
  channels: Record<string, ServerChannel>;
  /** Connections that became free while more requests wait on them. */
  freed: string[];
  /** Work that a role goes on with before the event is over, in order. */
  resumed: { readonly then: Then; readonly result: Outcome | Then }[];
  /** When the sweep for overdue requests is due; null: not set. */
  sweepAt: SimTime | null;
}

export const SWEEP_TIMER = "request-timeouts";

export function createRpc(): RpcState {
  return { nextCorrelationId: 1, pending: {}, channels: {}, freed: [], resumed: [], sweepAt: null };
}

/**
 * Sends a request on `channel` (one TCP connection a channel and peer) and returns its correlation id. `timeout` in
 * microseconds, null = none. The answer comes to the role's handler of `then.kind`.
 */
export function call<A extends ApiName>(
  ctx: KafkaCtx,
  to: ActorId,
  channel: string,
  api: A,
  data: Apis[A]["request"],
  then: Then,
  timeout: Delay | null,
): number {
  const rpc = ctx.self.memory.rpc;
  const correlationId = rpc.nextCorrelationId;
  rpc.nextCorrelationId += 1;
  const deadline = timeout === null ? null : ctx.now + timeout;
  rpc.pending[correlationId] = Object.freeze({ to, channel, api, then: Object.freeze(then), deadline });
  send(ctx, to, channel, api, data, correlationId);
  if (deadline !== null && (rpc.sweepAt === null || deadline < rpc.sweepAt)) {
    rpc.sweepAt = deadline;
    ctx.setTimer(SWEEP_TIMER, deadline - ctx.now);
  }
  return correlationId;
}

/** Sends a request that has no answer (Produce with acks=0). */
export function tell<A extends ApiName>(
  ctx: KafkaCtx,
  to: ActorId,
  channel: string,
  api: A,
  data: Apis[A]["request"],
): void {
  const rpc = ctx.self.memory.rpc;
  const correlationId = rpc.nextCorrelationId;
  rpc.nextCorrelationId += 1;
  send(ctx, to, channel, api, data, correlationId);
}

/** Answers the request that came as `message`, and lets the next one of its connection in. */
export function respond<A extends ApiName>(ctx: KafkaCtx, message: Message, api: A, data: Apis[A]["response"]): void {
  const { correlationId } = message.body as RpcRequest;
  const response: RpcResponse<A> = { kind: responseKind(api), correlationId, data };
  ctx.reply(message, response);
  release(ctx, message);
}

/** Ends a request that gets no answer, and lets the next one of its connection in. */
export function release(ctx: KafkaCtx, message: Message): void {
  const rpc = ctx.self.memory.rpc;
  const channel = rpc.channels[message.connection];
  if (channel === undefined) return;
  channel.busy = false;
  if (channel.waiting.length > 0) rpc.freed.push(message.connection);
}

/**
 * Hands `result` to the role that kept `then`, within this event and after the handler that asked for it. This is how one role
 * of an actor tells another that what it waited for has come. The result is an Outcome, or plain data with a kind of its own.
 */
export function resume(ctx: KafkaCtx, then: Then, result: Outcome | Then): void {
  ctx.self.memory.rpc.resumed.push({ then: Object.freeze(then), result });
}

/** Closes the own connection of `channel` to `to`; its requests come back as disconnected, in order. */
export function closeConnection(ctx: KafkaCtx, to: ActorId, channel: string): { then: Then; outcome: Outcome }[] {
  ctx.disconnect(to, channel);
  return takeLost(ctx, to, channel, "closed");
}

/** The Then that an answer belongs to; null if nobody waits for it any more. */
export function takeAnswer(ctx: KafkaCtx, message: Message): { then: Then; outcome: Outcome } | null {
  const body = message.body as RpcResponse;
  const pending = ctx.self.memory.rpc.pending;
  const waiting = pending[body.correlationId];
  if (waiting === undefined) return null;
  delete pending[body.correlationId];
  return { then: waiting.then, outcome: { kind: "answer", api: waiting.api, from: message.from, data: body.data } };
}

/** All requests that were lost with a connection, in the order they were sent. */
export function takeLost(
  ctx: KafkaCtx,
  to: ActorId,
  channel: string,
  reason: string,
): { then: Then; outcome: Outcome }[] {
  const pending = ctx.self.memory.rpc.pending;
  const lost: { then: Then; outcome: Outcome }[] = [];
  for (const id of Object.keys(pending)) {
    const one = pending[id] as Pending;
    if (one.to !== to || one.channel !== channel) continue;
    delete pending[id];
    lost.push({ then: one.then, outcome: { kind: "disconnected", api: one.api, from: to, reason } });
  }
  return lost;
}

/**
 * The sweep fell due: requests past their deadline come back as timed out, each followed by what else was in flight on its
 * connection (disconnected), since the connection is closed.
 */
export function sweep(ctx: KafkaCtx): { then: Then; outcome: Outcome }[] {
  const rpc = ctx.self.memory.rpc;
  const results: { then: Then; outcome: Outcome }[] = [];
  for (const id of Object.keys(rpc.pending)) {
    const one = rpc.pending[id];
    if (one === undefined || one.deadline === null || one.deadline > ctx.now) continue;
    delete rpc.pending[id];
    results.push({ then: one.then, outcome: { kind: "timed-out", api: one.api, from: one.to } });
    ctx.disconnect(one.to, one.channel);
    results.push(...takeLost(ctx, one.to, one.channel, "request timed out"));
  }
  let next: SimTime | null = null;
  for (const id in rpc.pending) {
    const { deadline } = rpc.pending[id] as Pending;
    if (deadline !== null && (next === null || deadline < next)) next = deadline;
  }
  rpc.sweepAt = next;
  if (next !== null) ctx.setTimer(SWEEP_TIMER, Math.max(0, next - ctx.now));
  return results;
}

function send(ctx: KafkaCtx, to: ActorId, channel: string, api: ApiName, data: unknown, correlationId: number): void {
  const { config } = ctx.self;
  const request = {
    kind: api,
    apiVersion: apiVersion(api, config.profile),
    correlationId,
    clientId: (config as { readonly clientId?: string }).clientId ?? ctx.self.id,
    data,
  };
  ctx.send(to, channel, request);
}
