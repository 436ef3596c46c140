/** What the timeline shows beside its tracks, as plain data: futures, density, what lies near the pointer, where the focus goes. */
import type { FactEntry, Trace } from "../../../sim/index.ts";
import type { Branch } from "../../player/index.ts";
import type { TrackView } from "../tracks.ts";

export interface FutureView {
  readonly id: string;
  readonly label: string;
  /** Where it leaves its parent's line, µs; 0 for the first. */
  readonly from: number;
  /** Its row, and that of its parent. */
  readonly row: number;
  readonly parentRow: number;
  readonly isCurrent: boolean;
}

/** The tree of futures, one row each, in the order they were made. */
export function futuresOf(branches: readonly Branch[], current: string): FutureView[] {
  return branches.map(({ id, label, parent, forkedAt }, row) => ({
    id,
    label,
    from: forkedAt?.time ?? 0,
    row,
    parentRow: Math.max(
      0,
      branches.findIndex((other) => other.id === parent),
    ),
    isCurrent: id === current,
  }));
}

/** Events per bar between `from` and `to`, of the first `untilEntry`. O(bars log n). */
export function densityOf(trace: Trace, from: number, to: number, bars: number, untilEntry: number): number[] {
  const counts: number[] = [];
  let before = Math.min(untilEntry, trace.countUntil(from - 1));
  for (let n = 1; n <= bars; n += 1) {
    const upTo = Math.min(untilEntry, trace.countUntil(from + ((to - from) * n) / bars - 1));
    counts.push(upTo - before);
    before = upTo;
  }
  return counts;
}

/** The fact nearest to `time` within `reach`, weightier kinds first; null: none. */
export function factNear(
  trace: Trace,
  time: number,
  reach: number,
  untilEntry: number,
  weigh: (fact: FactEntry) => number,
): FactEntry | null {
  const { facts } = trace;
  let best: FactEntry | null = null;
  let most = Number.NEGATIVE_INFINITY;
  const first = trace.facts.firstOf(trace.countUntil(time - reach - 1));
  for (let n = first; n < facts.length && n < first + 400; n += 1) {
    const fact = facts.at(n) as FactEntry;
    if (fact.at > time + reach || fact.entry >= untilEntry) break;
    const points = weigh(fact) - Math.abs(fact.at - time) / (reach + 1);
    if (points > most) {
      best = fact;
      most = points;
    }
  }
  return best;
}

/** The next or previous mark of a track, seen from an entry. */
export function stepIn(track: TrackView, entry: number, direction: 1 | -1): number | null {
  const places = [...track.marks, ...track.bands.filter((band) => band.entry >= 0)]
    .map((one) => one.entry)
    .sort((a, b) => a - b);
  const found = direction === 1 ? places.find((one) => one > entry) : places.findLast((one) => one < entry);
  return found ?? null;
}

/** By track: the entry of the thing that takes the focus, the last that has happened or the first of all. */
export function stopsOf(tracks: readonly TrackView[], entries: number): Record<string, number> {
  const stops: Record<string, number> = {};
  for (const { id, marks, bands } of tracks) {
    const places = [...marks, ...bands].map(({ entry }) => entry);
    const stop = places.findLast((entry) => entry < entries) ?? places[0];
    if (stop !== undefined) stops[id] = stop;
  }
  return stops;
}
