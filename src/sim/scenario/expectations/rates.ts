/**
 * How long a rate was 0 though the client wanted it, and how long records took.
 *
 * sends    between two sends, while the producer has to send by itself
 * acks     while something sent was not answered; an error is no answer that ends the wait
 * reads    from the first partition assigned, between two polls that brought records
 * commits  from the first partition assigned, between two commits
 *
 * Simplified   that a consumer wants to read is taken for granted while it has partitions, even if there is nothing to read.
 */
import type { Fact, Step } from "../../engine/types.ts";
import { recordsOf } from "../../observers/ledger-records.ts";
import type { ClaimForm } from "./plan.ts";
import type { GapState, Source } from "./state.ts";

type GapForm = ClaimForm & { kind: "gap" };
type LatencyForm = ClaimForm & { kind: "latency" };

interface ClientFact extends Fact {
  readonly node?: string;
  readonly topicPartition?: string;
  readonly offsets?: Readonly<Record<string, unknown>>;
  readonly records?: readonly { readonly topicPartition: string }[];
}

/** Follows the facts of a step. `from` is when the claim begins. */
export function followGap(gap: GapState, form: GapForm, step: Step, from: number): void {
  for (const fact of step.facts) followFact(gap, form, step, fact as ClientFact, from);
}

function followFact(gap: GapState, form: GapForm, step: Step, fact: ClientFact, from: number): void {
  if (fact.kind === "process-killed" || fact.kind === "process-exited" || fact.kind === "power-lost") {
    // A dead client wants nothing.
    if (form.of !== null && fact.node === form.of) {
      gap.since = null;
      gap.outstanding = 0;
    }
    return;
  }
  if (form.of !== null && step.actor !== form.of) return;
  const isHere = form.partition === null || fact.topicPartition === undefined || fact.topicPartition === form.partition;
  switch (form.rate) {
    case "sends":
      if (fact.kind === "record-sent" && isHere) {
        came(gap, step, from);
        gap.since = step.at;
      }
      return;
    case "acks":
      if (!isHere) return;
      if (fact.kind === "record-sent") {
        gap.outstanding += 1;
        gap.since ??= step.at;
      } else if (fact.kind === "record-acked" || fact.kind === "record-assumed") {
        came(gap, step, from);
        gap.outstanding = Math.max(0, gap.outstanding - 1);
        gap.since = gap.outstanding > 0 ? step.at : null;
      } else if (fact.kind === "send-failed") gap.outstanding = Math.max(0, gap.outstanding - 1);
      return;
    case "reads":
      if (fact.kind === "partitions-assigned") gap.since ??= step.at;
      else if (fact.kind === "records-polled" && isAmong(form, fact.records?.map((one) => one.topicPartition) ?? [])) {
        came(gap, step, from);
        gap.since = step.at;
      }
      return;
    case "commits":
      if (fact.kind === "partitions-assigned") gap.since ??= step.at;
      else if (fact.kind === "offsets-committed" && isAmong(form, Object.keys(fact.offsets ?? {}))) {
        came(gap, step, from);
        gap.since = step.at;
      }
      return;
  }
}

function isAmong(form: GapForm, partitions: readonly string[]): boolean {
  return partitions.length > 0 && (form.partition === null || partitions.includes(form.partition));
}

function came(gap: GapState, step: Step, from: number): void {
  measure(gap, step.at, step.entry, from);
}

function measure(gap: GapState, at: number, entry: number, from: number): void {
  if (gap.since === null) return;
  const since = Math.max(gap.since, from);
  if (at - since <= gap.longest) return;
  gap.longest = at - since;
  gap.longestFrom = since;
  gap.longestEntry = entry;
}

/** Counts what still waits at `now`. */
export function closeGap(gap: GapState, form: GapForm, now: number, entry: number, from: number, source: Source): void {
  if (form.rate === "sends") {
    const until = form.of === null ? null : (source.plan.sendsUntil[form.of] ?? null);
    if (until !== null) measure(gap, Math.min(now, until), entry, from);
    return;
  }
  measure(gap, now, entry, from);
}

/** The percentile (nearest rank) of the time from `send()` to ack or first read, microseconds; null if no record counts. */
export function latencyOf(
  form: LatencyForm,
  from: number,
  until: number | null,
  source: Source,
): { readonly value: number; readonly of: number; readonly tag: string } | null {
  const times: { value: number; tag: string }[] = [];
  for (const record of recordsOf(source.ledger)) {
    const { at } = record.sent;
    if (at < from || (until !== null && at >= until)) continue;
    const isOfProducer = form.of === null || record.producer === form.of;
    const reading = record.readings.find((one) => form.of === null || one.consumer === form.of || isOfProducer);
    const end = form.rate === "acks" ? (isOfProducer ? record.acked?.at : undefined) : reading?.decided.at;
    const isHere =
      form.partition === null ||
      record.acked?.topicPartition === form.partition ||
      record.placements.some((one) => one.topicPartition === form.partition);
    if (end !== undefined && isHere) times.push({ value: end - at, tag: record.tag });
  }
  times.sort((a, b) => a.value - b.value);
  const rank = Math.max(1, Math.ceil((form.percentile * times.length) / 100));
  const found = times[rank - 1];
  return found === undefined ? null : { value: found.value, of: times.length, tag: found.tag };
}
