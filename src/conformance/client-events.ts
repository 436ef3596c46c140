/**
 * What clients reported during a story: one table of events, from which both the types and the checks of a trace are derived.
 *
 * In Kafka     answers of KafkaProducer, KafkaConsumer and AdminClient, and the callbacks of a ConsumerRebalanceListener. An error is
 *              the simple name of the exception's class; `cause` likewise.
 * Simplified   one event for a poll that returned records, none for an empty one.
 * Left out     metrics in detail.
 *
 * Every event has `t` (milliseconds since the story began), `event` and `host`. `op`, `id` and `tag` are those of the operation
 * that is answered. A field is absent where the client had nothing to say, never null.
 */
import type { FieldsOf } from "./shapes.ts";

const answer = { id: "string", op: "string", "tag?": "any" } as const;
const failure = { error: "string", "message?": "string", "cause?": "string", "causeMessage?": "string" } as const;
const rebalance = { id: "string", partitions: "strings", "generation?": "number", "memberId?": "string" } as const;

/** The fields of each event besides `event`, `t` and `host`. */
export const clientEventShapes = {
  opened: answer,
  /** Offset -1: acks=0. `timestamp` (ms) where a log append or the sender gave one. */
  ack: { id: "string", tag: "string", partition: "number", offset: "number", "timestamp?": "number" },
  "send-error": { id: "string", tag: "string", ...failure, "thrown?": "boolean" },
  /** `polls` and `got` (records of the last poll, -1: it threw) answer consumer.poll; `heartbeat` answers consumer.abandon. */
  done: { op: "string", "id?": "string", "tag?": "any", "polls?": "number", "got?": "number", "heartbeat?": "string" },
  error: { op: "string", "id?": "string", "tag?": "any", ...failure },
  assigned: rebalance,
  revoked: rebalance,
  lost: rebalance,
  records: { id: "string", records: "records" },
  "poll-error": {
    id: "string",
    ...failure,
    "fatal?": "boolean",
    "partitions?": "strings",
    "offsets?": "object",
    "divergent?": "object",
  },
  /** `in`: the rebalance callback that committed; else `op` and `tag` of the commit. */
  "commit-ok": { id: "string", "op?": "string", "tag?": "any", "in?": "string", "offsets?": "object" },
  "commit-error": { id: "string", "op?": "string", "tag?": "any", "in?": "string", "offsets?": "object", ...failure },
  /** Without `value` (and with `none`): there is none, for example no committed offset. */
  value: { ...answer, "value?": "any", "none?": "boolean", "memberId?": "string" },
  metrics: { ...answer, "values?": "object", "detail?": "object" },
  admin: {
    op: "string",
    "tag?": "any",
    "ok?": "boolean",
    "items?": "object",
    "result?": "any",
    "error?": "string",
    "message?": "string",
  },
  "bad-input": { "message?": "string", "line?": "string" },
} as const;

/** The name of an event, for example "ack". */
export type ClientEventKind = keyof typeof clientEventShapes;

/** An event of the given kind; `ClientEventOf<"ack">` is `{t, event: "ack", host, id, tag, partition, offset}`. */
export type ClientEventOf<Kind extends ClientEventKind> = {
  [K in Kind]: { t: number; event: K; host: string } & FieldsOf<(typeof clientEventShapes)[K]>;
}[Kind];

/** Any event, told apart by `event`. */
export type ClientEvent = ClientEventOf<ClientEventKind>;
