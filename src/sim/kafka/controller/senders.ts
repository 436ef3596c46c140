/**
 * The send threads of a controller: one queue and one request in flight for each registered broker, its own included.
 *
 * In Kafka     ControllerChannelManager, RequestSendThread.
 *
 * An order is repeated until it is answered, 100 ms after each failure, or until the broker has left /brokers/ids; then its
 * whole queue is forgotten.
 */
import { MILLISECOND } from "../../engine/types.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { type BrokerId, brokerActor, type TopicPartition } from "../protocol/ids.ts";
import { call, closeConnection, type Outcome, type Then } from "../rpc.ts";
import { say } from "./facts.ts";
import { type ControllerCtx, type ControlRequest, controllerOf, type Sender } from "./state.ts";

const CHANNEL = "controller";
const RETRY_MS = 100;
export const RETRY_TIMER = "controller-retry";

export interface SentThen extends Then {
  readonly kind: "controller-sent";
  readonly broker: BrokerId;
  readonly sender: number;
}

export function addSender(ctx: ControllerCtx, broker: BrokerId): void {
  const memory = controllerOf(ctx);
  if (memory.senders[broker] !== undefined) return;
  memory.senders[broker] = { id: memory.nextId, queue: [], isInFlight: false };
  memory.nextId += 1;
}

/** Ends a send thread: what it had to say is not said any more. */
export function removeSender(ctx: ControllerCtx, broker: BrokerId): void {
  const memory = controllerOf(ctx);
  if (memory.senders[broker] === undefined) return;
  delete memory.senders[broker];
  ctx.cancelTimer(`${RETRY_TIMER}:${broker}`);
  closeConnection(ctx, brokerActor(broker), CHANNEL);
}

export function removeAllSenders(ctx: ControllerCtx): void {
  for (const broker of Object.keys(controllerOf(ctx).senders)) removeSender(ctx, Number(broker));
}

/** Queues an order; dropped if the broker is not registered. */
export function enqueueOrder(ctx: ControllerCtx, broker: BrokerId, request: ControlRequest): void {
  const sender = controllerOf(ctx).senders[broker];
  if (sender === undefined) return;
  sender.queue.push(request);
  if (sender.queue.length === 1 && !sender.isInFlight) sendNext(ctx, broker, sender);
}

function sendNext(ctx: ControllerCtx, broker: BrokerId, sender: Sender): void {
  const request = sender.queue[0];
  if (request === undefined) return;
  sender.isInFlight = true;
  const then: SentThen = { kind: "controller-sent", broker, sender: sender.id };
  const timeout = ctx.self.config.broker.controllerSocketTimeoutMs * MILLISECOND;
  call(ctx, brokerActor(broker), CHANNEL, request.api, request.data, then, timeout);
}

export function onRetryTimer(ctx: ControllerCtx, broker: BrokerId): void {
  const sender = controllerOf(ctx).senders[broker];
  if (sender !== undefined && !sender.isInFlight) sendNext(ctx, broker, sender);
}

/** An order and how it was answered. */
export interface AnsweredOrder {
  readonly request: ControlRequest;
  readonly partitionErrors: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
}

/** What came of an order; null if it will be repeated, or if nobody waits for it any more. */
export function onSent(ctx: ControllerCtx, then: SentThen, outcome: Outcome): AnsweredOrder | null {
  const sender = controllerOf(ctx).senders[then.broker];
  if (sender === undefined || sender.id !== then.sender) return null;
  sender.isInFlight = false;
  const request = sender.queue[0];
  if (request === undefined) return null;
  if (outcome.kind !== "answer") {
    ctx.setTimer(`${RETRY_TIMER}:${then.broker}`, RETRY_MS * MILLISECOND, { broker: then.broker });
    return null;
  }
  sender.queue.shift();
  const data = outcome.data as {
    readonly errorCode: ErrorName;
    readonly partitionErrors?: AnsweredOrder["partitionErrors"];
  };
  if (data.errorCode !== "NONE") {
    say(ctx, {
      kind: "control-request-refused",
      api: request.api,
      by: brokerActor(then.broker),
      errorCode: data.errorCode,
      controllerEpoch: request.data.controllerEpoch,
    });
  }
  sendNext(ctx, then.broker, sender);
  return { request, partitionErrors: data.partitionErrors ?? [] };
}
