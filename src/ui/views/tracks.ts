/**
 * The tracks of a run as plain data: bands and marks, cut to what may be shown. Places in px are the component's business. Reads
 * indexes that grow with the trace; never walks it.
 */
import type { Input, NarrationContext, Trace, TrackIndex, Verdict } from "../../sim/index.ts";
import type { Mark } from "../player/index.ts";
import { seconds } from "../widgets/seconds.ts";
import type { DecidedView } from "./decided.ts";
import type { OwnerIndex } from "./owners.ts";
import { checkMarks, faultMarks, lossMarks, predictionMarks } from "./track-marks.ts";

export interface BandView {
  readonly key: string;
  /** Index of the entry it begins with; -1: the start. */
  readonly entry: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** The same in fewer words, the longest first, for bands with less room. */
  readonly shorter: readonly string[];
  /** A sentence for those who do not see it. */
  readonly label: string;
  /** `gap`: nobody does it; `hatch`: it waits. */
  readonly look: "solid" | "gap" | "hatch";
  readonly crown: boolean;
}

export interface MarkView {
  readonly key: string;
  readonly entry: number;
  readonly at: number;
  readonly icon: "fault" | "heal" | "loss" | "cut" | "duplicate" | "held" | "fell" | "question";
  readonly text: string;
  readonly label: string;
  /** The input behind it, that can be moved or taken out; null: none. */
  readonly input: number | null;
  /** What is selected with it; null: nothing. */
  readonly node: string | null;
}

export interface TrackView {
  readonly id: string;
  readonly label: string;
  readonly bands: readonly BandView[];
  readonly marks: readonly MarkView[];
}

export interface TracksInput {
  readonly tracks: TrackIndex;
  readonly marks: readonly Mark[];
  readonly trace: Trace;
  readonly inputs: readonly Input[];
  readonly verdicts: readonly Verdict[];
  /** Answered questions, where the run decided them. */
  readonly predictions?: readonly DecidedView[];
  /** Who reads what, for groups of several consumers. */
  readonly owners?: OwnerIndex;
  readonly context: NarrationContext;
  readonly partitions: readonly string[];
  /** There are others beside them, so that tracks carry names. */
  readonly ofMany: boolean;
  /** Entries from here on, and times after, are not shown. */
  readonly untilEntry: number;
  readonly until: number;
}

export function tracksView(input: TracksInput): TrackView[] {
  const views: TrackView[] = [{ id: "faults", label: "faults", bands: [], marks: faultMarks(input) }];
  for (const name of input.partitions) {
    views.push({
      id: `leader ${name}`,
      label: input.ofMany ? name : "leader",
      bands: leaderBands(input, name),
      marks: [],
    });
    views.push({ id: `isr ${name}`, label: "ISR", bands: isrBands(input, name), marks: [] });
  }
  for (const group of input.tracks.groups.keys()) {
    const bands = groupBands(input, group);
    if (bands.length > 0) views.push({ id: `group ${group}`, label: `group ${group}`, bands, marks: [] });
    views.push(...ownerTracks(input, group));
  }
  views.push({ id: "losses", label: "losses", bands: [], marks: lossMarks(input) });
  const checks = [...checkMarks(input), ...predictionMarks(input)].sort((a, b) => a.entry - b.entry);
  if (checks.length > 0) views.push({ id: "checks", label: "checks", bands: [], marks: checks });
  return views;
}

/** Rows of partitions at most for one group. */
const mostOwned = 3;

/** One row for each partition of a group that several consumers share: who reads it, and for how long nobody does. */
function ownerTracks(input: TracksInput, group: string): TrackView[] {
  const owned = input.owners?.groups.get(group);
  if (owned === undefined || owned.consumers.size < 2) return [];
  return [...owned.partitions.keys()]
    .sort()
    .slice(0, mostOwned)
    .map((name) => ({
      id: `owner ${group} ${name}`,
      label: name,
      marks: [],
      bands: spans(owned.partitions.get(name) ?? [], input).map(({ one, from, to }): BandView => {
        const wait = lasting(from, to);
        const text = one.owner ?? `unowned, ${wait}`;
        const said = one.owner === null ? `${text}: nobody in ${group} reads ${name}` : `${text}: it reads ${name}`;
        return {
          key: `owner${group}${name}${one.entry}.${one.from}`,
          entry: one.entry,
          from,
          to,
          text,
          shorter: one.owner === null ? [`nobody, ${wait}`, wait] : [],
          label: `${said}, from ${seconds(from)}`,
          look: one.owner === null ? "hatch" : "solid",
          crown: false,
        };
      }),
    }));
}

/** How long a band lasts: `5.9 s`. */
function lasting(from: number, to: number): string {
  return `${((to - from) / 1_000_000).toFixed(1)} s`;
}

/** Cuts a list of beginnings to what is shown, each with its end. */
function spans<T extends { readonly from: number; readonly entry: number }>(
  list: readonly T[],
  { until, untilEntry }: TracksInput,
): { one: T; from: number; to: number }[] {
  const found: { one: T; from: number; to: number }[] = [];
  list.forEach((one, n) => {
    if (one.entry >= untilEntry) return;
    const next = list[n + 1];
    const to = next === undefined || next.entry >= untilEntry ? until : next.from;
    if (to > one.from) found.push({ one, from: one.from, to });
  });
  return found;
}

function leaderBands(input: TracksInput, name: string): BandView[] {
  const list = input.tracks.partitions.get(name)?.leaders ?? [];
  return spans(list, input).map(({ one, from, to }) => {
    const wait = lasting(from, to);
    const text = one.leader === null ? `no leader, ${wait}` : `${one.leader} · epoch ${one.leaderEpoch}`;
    const label = one.leader === null ? `${text}: nobody led ${name}` : `${text}: it leads ${name}`;
    return {
      key: `${name}${one.entry}.${one.from}`,
      entry: one.entry,
      from,
      to,
      text,
      shorter: one.leader === null ? [`none, ${wait}`, wait] : [`${one.leader} · e${one.leaderEpoch}`, one.leader],
      label: `${label}, from ${seconds(from)}`,
      look: one.leader === null ? "gap" : "solid",
      crown: one.leader !== null,
    };
  });
}

function isrBands(input: TracksInput, name: string): BandView[] {
  const list = input.tracks.partitions.get(name)?.isrs ?? [];
  return spans(list, input).map(({ one, from, to }) => ({
    key: `isr${name}${one.entry}.${one.from}`,
    entry: one.entry,
    from,
    to,
    text: one.isr.length === 0 ? "nobody" : one.isr.join(" "),
    shorter: [String(one.isr.length)],
    label: `${one.isr.join(" ") || "nobody"}: in-sync set of ${name}, from ${seconds(from)}`,
    look: "solid",
    crown: false,
  }));
}

const STATES: Readonly<Record<string, string>> = {
  Empty: "empty",
  PreparingRebalance: "preparing a rebalance",
  CompletingRebalance: "completing a rebalance",
  Stable: "stable",
  Dead: "dead",
};

function groupBands(input: TracksInput, group: string): BandView[] {
  return spans(input.tracks.groups.get(group) ?? [], input).map(({ one, from, to }) => {
    const state = STATES[one.state] ?? one.state;
    const waits = one.state.endsWith("Rebalance");
    const span = lasting(from, to);
    const text = waits ? `${state}, ${span}` : `${state}, generation ${one.generation}`;
    return {
      key: `group${group}${one.entry}.${one.from}`,
      entry: one.entry,
      from,
      to,
      text,
      shorter: waits
        ? [`${state.split(" ")[0]}, ${span}`, span]
        : [`${state}, gen ${one.generation}`, `gen ${one.generation}`],
      label: `${text}: group ${group}, from ${seconds(from)}`,
      look: waits ? "hatch" : "solid",
      crown: false,
    };
  });
}
