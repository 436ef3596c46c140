/**
 * The tracks of two futures on one axis, as plain data: what is the same on both sides is one row, what differs is two, one over the other.
 * Acknowledgements are bars per side, with the longest time in which none came.
 */
import type { Timeline, TrackIndex } from "../../../sim/index.ts";
import type { Mark } from "../../player/index.ts";
import { contextOf, tracksOf } from "../indexes.ts";
import { type TrackView, tracksView } from "../tracks.ts";

export interface PairedTrack extends TrackView {
  readonly side: "both" | "left" | "right";
}

export interface TrackSide {
  /** One word: it stands in the gutter. */
  readonly name: string;
  readonly timeline: Timeline;
  readonly marks: readonly Mark[];
}

/** Partitions at most that get a row of their own. */
const mostPartitions = 2;

/** Rows for both sides up to `until`, µs. Empty on both sides: no row. */
export function pairedTracks(left: TrackSide, right: TrackSide, until: number): PairedTrack[] {
  const [a, b] = [tracksOf(left.timeline), tracksOf(right.timeline)];
  const all = [...new Set([...a.partitions.keys(), ...b.partitions.keys()])];
  const unlike = all.filter((name) => ledBy(a, name, until) !== ledBy(b, name, until));
  const partitions = (unlike.length > 0 ? unlike : all).slice(0, mostPartitions);
  const view = ({ timeline, marks }: TrackSide, tracks: TrackIndex) =>
    tracksView({
      tracks,
      marks,
      trace: timeline.trace,
      inputs: [],
      verdicts: [],
      context: contextOf(timeline),
      partitions,
      ofMany: all.length > 1,
      untilEntry: timeline.entriesAt(until),
      until,
    });
  return pair(view(left, a), view(right, b), [left.name, right.name]);
}

/** One word for a future: the letter of a fork, or the run that it left. */
export function shortName(label: string): string {
  return /^fork ([^:\s]+)/.exec(label)?.[1] ?? "main";
}

/** Pairs rows of the same id, in the order of the left side. `names`: of the left and of the right side. */
export function pair(
  left: readonly TrackView[],
  right: readonly TrackView[],
  names: readonly [string, string],
): PairedTrack[] {
  const ids = [...new Set([...left, ...right].map(({ id }) => id))];
  return ids.flatMap((id): PairedTrack[] => {
    const [a, b] = [left, right].map((side) => side.find((one) => one.id === id));
    const label = (a ?? b)?.label ?? id;
    const of = (track: TrackView | undefined, side: PairedTrack["side"]): PairedTrack => ({
      id: `${side} ${id}`,
      label: side === "both" ? `${label}, both` : `${label} ${names[side === "left" ? 0 : 1]}`,
      side,
      bands: track?.bands ?? [],
      // What is compared is read: faults are moved on the timeline.
      marks: (track?.marks ?? []).map((mark) => ({ ...mark, input: null })),
    });
    if (isEmpty(a) && isEmpty(b)) return [];
    return saidBy(a) === saidBy(b) ? [of(a, "both")] : [of(a, "left"), of(b, "right")];
  });
}

const isEmpty = (track: TrackView | undefined) => track === undefined || track.bands.length + track.marks.length === 0;

/** What a row shows, without the numbers of its entries, which shift. */
function saidBy(track: TrackView | undefined): string {
  return JSON.stringify([
    track?.bands.map(({ from, to, text, look }) => [from, to, text, look]),
    track?.marks.map(({ at, text, icon }) => [at, text, icon]),
  ]);
}

function ledBy({ partitions }: TrackIndex, name: string, until: number): string {
  const { leaders = [], isrs = [] } = partitions.get(name) ?? {};
  return JSON.stringify([
    leaders.filter(({ from }) => from <= until).map(({ from, leader, leaderEpoch }) => [from, leader, leaderEpoch]),
    isrs.filter(({ from }) => from <= until).map(({ from, isr }) => [from, isr]),
  ]);
}

/** How many of `times` (µs, ascending) fall into each of `bars` equal parts of `from` to `to`. */
export function countsOf(times: readonly number[], from: number, to: number, bars: number): number[] {
  const counts = new Array<number>(Math.max(1, bars)).fill(0);
  const span = Math.max(1, to - from);
  for (const at of times) {
    if (at < from || at > to) continue;
    const place = Math.min(counts.length - 1, Math.floor(((at - from) / span) * counts.length));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
