/** The lines of the record ledger: finding one by its tag, and putting a better informed one in its place. */
import { itemAt, itemsOf, replaceAt } from "../engine/chunked.ts";
import type { LedgerRecord, LedgerState } from "./ledger-state.ts";

/** The record with that tag; undefined if none was sent under it. */
export function recordOf(state: LedgerState, tag: string): LedgerRecord | undefined {
  const colon = tag.lastIndexOf(":");
  const producer = state.producers[tag.slice(0, colon)];
  return producer === undefined ? undefined : itemAt(producer.records, Number(tag.slice(colon + 1)) - 1);
}

/** All records, producer by producer, in the order they were sent. */
export function* recordsOf(state: LedgerState): Generator<LedgerRecord> {
  for (const producer of Object.values(state.producers)) yield* itemsOf(producer.records);
}

/** A record while something about it becomes known. */
type Draft = { -readonly [Field in keyof LedgerRecord]: LedgerRecord[Field] };

/** Replaces a record by a copy that `learn` has changed. What `learn` puts in must be frozen. */
export function change(state: LedgerState, tag: string | null | undefined, learn: (record: Draft) => void): void {
  if (tag === null || tag === undefined) return;
  const record = recordOf(state, tag);
  const producer = record === undefined ? undefined : state.producers[record.producer];
  if (record === undefined || producer === undefined) return;
  const draft = draftOf(record);
  learn(draft);
  replaceAt(producer.records, record.number - 1, Object.freeze(draft));
}

/** A copy that can be changed; written out, since spreading a frozen object takes five times as long. */
function draftOf(record: LedgerRecord): Draft {
  return {
    tag: record.tag,
    number: record.number,
    producer: record.producer,
    topic: record.topic,
    key: record.key,
    value: record.value,
    sent: record.sent,
    acked: record.acked,
    assumed: record.assumed,
    failed: record.failed,
    placements: record.placements,
    committed: record.committed,
    readings: record.readings,
    processed: record.processed,
    lost: record.lost,
  };
}
