/**
 * What clients report, from facts: each fact that an application can see becomes the event that the recorder's driver wrote.
 *
 * A client's actor is `<host>/<id>` (see cluster.ts).
 */
import type { FactEntry } from "../sim/engine/facts.ts";
import type { ClientEvent } from "./client-events.ts";
import { toMs } from "./recorder.ts";

type Fields = Readonly<Record<string, unknown>>;
type Event = Record<string, unknown> | null;

/** Fact → event, without the fields that all events have. Null: the driver said nothing. */
const EVENTS: Readonly<Record<string, (fact: Fields) => Event>> = {
  "record-acked": ack,
  "record-assumed": ack,
  "send-failed": (fact) => ({
    event: "send-error",
    tag: fact.tag,
    error: fact.exception,
    message: fact.message,
    ...thrown(fact),
  }),
  "partitions-assigned": (fact) => rebalance("assigned", fact),
  "partitions-revoked": (fact) => rebalance("revoked", fact),
  "partitions-lost": (fact) => rebalance("lost", fact),
  "records-polled": (fact) => ({
    event: "records",
    records: (fact.records as readonly Fields[]).map((record) => ({
      p: record.topicPartition,
      o: record.offset,
      v: record.value,
    })),
  }),
  "poll-error": (fact) => ({
    event: "poll-error",
    error: fact.exception,
    message: fact.message,
    ...(fact.fatal === true ? { fatal: true } : {}),
  }),
  "offsets-committed": (fact) => commit("commit-ok", fact),
  "commit-failed": (fact) => commit("commit-error", fact),
  "client-done": ({ kind: _kind, ...fields }) => ({ event: "done", ...fields }),
  "client-value": (fact) => ({
    event: "value",
    op: fact.op,
    tag: fact.tag,
    ...(fact.value === null || fact.value === undefined ? { none: true } : { value: fact.value }),
  }),
  "client-error": (fact) => ({
    event: "error",
    op: fact.op,
    tag: fact.tag,
    error: fact.exception,
    message: fact.message,
  }),
  "admin-answered": (fact) => ({
    event: "admin",
    op: fact.op,
    tag: fact.tag,
    ok: fact.ok,
    result: fact.result,
    ...(fact.exception === null ? {} : { error: fact.exception, message: fact.message }),
  }),
};

/** Events in time order, from facts in time order. */
export function clientEventsOf(facts: readonly FactEntry[]): ClientEvent[] {
  const events: ClientEvent[] = [];
  for (const { at, actor, fact } of facts) {
    const make = EVENTS[fact.kind];
    if (make === undefined) continue;
    const event = make(fact);
    if (event === null) continue;
    const [host, id] = actor.split("/");
    events.push({
      t: toMs(at),
      host,
      ...(id === "admin" ? {} : { id }),
      ...withoutNothing(event),
    } as unknown as ClientEvent);
  }
  return events;
}

function ack(fact: Fields): Event {
  return { event: "ack", tag: fact.tag, partition: fact.partition, offset: fact.offset };
}

function thrown(fact: Fields): Fields {
  return fact.thrown === true ? { thrown: true } : {};
}

function rebalance(event: string, fact: Fields): Event {
  return {
    event,
    partitions: [...(fact.partitions as readonly string[])].sort(),
    generation: fact.generationId,
    memberId: fact.memberId,
  };
}

function commit(event: string, fact: Fields): Event {
  // What the consumer commits by itself is not reported; the application's own calls are.
  if (fact.how === "auto") return null;
  return {
    event,
    op: fact.op,
    tag: fact.tag,
    in: fact.in,
    error: fact.exception,
    message: fact.message,
  };
}

/** A field is absent where the client had nothing to say, never null. */
function withoutNothing(event: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined && value !== null));
}
