/** Where the cursor may stand, and where a step leads it. Pure. */
import type { SimTime, Trace, TraceEntry } from "../../sim/index.ts";
import type { StepUnit } from "./api.ts";
import type { Cursor } from "./branches.ts";
import type { MarkIndex } from "./marks.ts";

/** Messages are named like their API, with a capital: `Fetch`, `FetchResponse`, `Ping`. A loss ends in `/lost`. */
export function isDelivery(entry: TraceEntry): boolean {
  return /^[A-Z]/.test(entry.kind) || entry.kind.endsWith("/lost");
}

interface Steps {
  readonly timeline: { readonly trace: Trace };
  readonly marks: MarkIndex;
}

/** How many steps have happened at the moment that a step back leads to. */
export function entriesBefore(
  unit: StepUnit,
  { timeline, marks }: Steps,
  entries: number,
  delivers: (entry: TraceEntry) => boolean,
): number {
  if (unit === "event") return entries - 1;
  if (unit === "message") {
    for (let n = entries - 2; n >= 0; n -= 1) if (delivers(timeline.trace.entry(n))) return n + 1;
    return 0;
  }
  const mark = marks.previous(entries);
  return mark === null ? 0 : mark.entry + 1;
}

/** The same forwards; null when there is none, or when it is not computed yet. */
export function entriesAfter(
  unit: StepUnit,
  { timeline: { trace }, marks }: Steps,
  entries: number,
  delivers: (entry: TraceEntry) => boolean,
): number | null {
  if (unit === "event") return entries < trace.length ? entries + 1 : null;
  if (unit === "message") {
    for (let n = entries; n < trace.length; n += 1) if (delivers(trace.entry(n))) return n + 1;
    return null;
  }
  const mark = marks.next(entries);
  return mark === null ? null : mark.entry + 1;
}

/**
 * The cursor nearest to `wanted` that is a moment of the run and does not pass a hold. `holds` are names with the most
 * steps they allow; one that the cursor has already passed (`from`) does not count.
 */
export function placeCursor(
  trace: Trace,
  wanted: Cursor,
  holds: ReadonlyMap<string, number>,
  from: number,
): Cursor & { readonly heldBy: string | null } {
  let entries = Math.max(0, Math.min(wanted.entries, trace.length));
  let heldBy: string | null = null;
  for (const [name, limit] of holds) {
    if (entries > limit && limit >= from) {
      entries = limit;
      heldBy = name;
    } else if (entries === limit && nextAt(trace, limit) <= wanted.time) heldBy = name;
  }
  // A moment lies between the step before it and the step after it.
  const earliest = entries === 0 ? 0 : trace.at(entries - 1);
  const time = Math.max(earliest, Math.min(wanted.time, nextAt(trace, entries)));
  return { entries, time, heldBy };
}

function nextAt(trace: Trace, entries: number): SimTime {
  return entries < trace.length ? trace.at(entries) : Number.POSITIVE_INFINITY;
}
