/**
 * The tracks of the timeline as plain data: marks and bands, cut to what may be shown. Places in px are the component's
 * business. Reads indexes that grow with the trace; never walks it.
 */
import {
  type FactEntry,
  type Input,
  inputBehind,
  type NarrationContext,
  narrate,
  type Trace,
  type TrackIndex,
  type Verdict,
} from "../../../sim/index.ts";
import type { Branch, Mark } from "../../player/index.ts";
import { seconds } from "../../widgets/seconds.ts";
import type { DecidedView } from "../lesson/project.ts";
import { text as lesson } from "../lesson/text.ts";
import type { OwnerIndex } from "./owners.ts";

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
        const wait = `${((to - from) / 1_000_000).toFixed(1)} s`;
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
    const wait = `${((to - from) / 1_000_000).toFixed(1)} s`;
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
    const span = `${((to - from) / 1_000_000).toFixed(1)} s`;
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

const VERBS: Readonly<Record<string, string>> = {
  "process-killed": "kill",
  "process-stopping": "stop",
  "process-paused": "pause",
  "process-exited": "exit of",
  "process-started": "start",
  "process-resumed": "resume",
  "power-lost": "power loss of",
  "session-expiry-forced": "expire session of",
  "consumer-slowed": "slow",
};

const LINKS: Readonly<Record<string, string>> = {
  "link-cut": "cut",
  "link-slowed": "slow link",
  "link-lossy": "lossy link",
  "link-healed": "heal",
  "faults-healed": "heal",
  "follower-fetch-slowed": "slow fetches of",
  "messages-will-break": "break connection",
  "messages-will-wait": "hold messages",
  "settings-changed": "change settings of",
};

function faultMarks({ marks, trace, inputs, context, untilEntry }: TracksInput): MarkView[] {
  const found: MarkView[] = [];
  for (const mark of marks) {
    if (mark.entry >= untilEntry) break;
    if ((mark.kind !== "fault" && mark.kind !== "heal") || mark.fact === null) continue;
    const { fact, entry, at, actor } = mark;
    const node = typeof fact.node === "string" ? fact.node : null;
    const from = [fact.from ?? fact.target ?? []].flat().join(" ");
    const verb = VERBS[fact.kind];
    const text =
      verb !== undefined && node !== null
        ? `${verb} ${node}`
        : `${LINKS[fact.kind] ?? fact.kind.replaceAll("-", " ")} ${from}`.trim();
    const label = narrate({ entry, at, actor, fact } as FactEntry, context);
    found.push({
      key: `f${entry}.${found.length}`,
      entry,
      at,
      icon: mark.kind === "fault" ? "fault" : "heal",
      text,
      label: `${text}: ${label} At ${seconds(at)}.`,
      input: inputBehind(inputs, trace.entry(entry), fact),
      node,
    });
  }
  return found;
}

function lossMarks({ marks, untilEntry }: TracksInput): MarkView[] {
  const found: MarkView[] = [];
  const told = new Set<string>();
  for (const mark of marks) {
    if (mark.entry >= untilEntry) break;
    const cut = mark.kind === "truncation" ? cutMark(mark) : null;
    if (cut !== null) found.push(cut);
    // A record is lost when a leader takes over without it, and again when its last copy is cut: once is told.
    if (mark.kind === "loss" && mark.label !== undefined) {
      if (told.has(mark.label)) continue;
      told.add(mark.label);
    }
    if (mark.kind !== "loss" && mark.kind !== "duplicate" && mark.kind !== "prediction") continue;
    const what = mark.label ?? "";
    const text = mark.kind === "loss" ? `${what} lost` : mark.kind === "duplicate" ? `${what} twice` : what;
    const last = found.at(-1);
    // Losses of one moment are one mark.
    if (last !== undefined && last.entry === mark.entry && mark.kind === "loss" && last.icon === "loss") {
      const before = Number(/^(\d+) records/.exec(last.text)?.[1] ?? 1);
      const many = `${before + 1} records lost`;
      found[found.length - 1] = { ...last, text: many, label: `${many}, at ${seconds(mark.at)}` };
      continue;
    }
    found.push({
      key: `l${mark.entry}.${found.length}`,
      entry: mark.entry,
      at: mark.at,
      icon: mark.kind === "loss" ? "loss" : mark.kind === "duplicate" ? "duplicate" : "question",
      text,
      label: `${text}, at ${seconds(mark.at)}`,
      input: null,
      node: null,
    });
  }
  return found;
}

function cutMark({ entry, at, actor, fact }: Mark): MarkView | null {
  if (fact === null || String(fact.topicPartition).startsWith("__")) return null;
  const many = Number(fact.from) - Number(fact.to);
  if (!(many > 0)) return null;
  const text = `${actor} cut ${many}`;
  const label = `${actor} cut ${many} offsets of ${String(fact.topicPartition)}, at ${seconds(at)}`;
  return { key: `t${entry}`, entry, at, icon: "cut", text, label, input: null, node: actor };
}

function checkMarks({ verdicts, untilEntry }: TracksInput): MarkView[] {
  return verdicts
    .filter(({ entry, at }) => entry !== null && at !== null && entry < untilEntry)
    .sort((a, b) => (a.entry ?? 0) - (b.entry ?? 0))
    .map(({ id, say, verdict, entry, at, evidence }) => ({
      key: `c${id}`,
      entry: entry ?? 0,
      at: at ?? 0,
      icon: verdict === "held" ? "held" : "fell",
      text: verdict === "held" ? "held" : "fell",
      label: `${say}: ${verdict}. ${evidence}`,
      input: null,
      node: null,
    }));
}

/** Questions that one moment decides are one mark. */
function predictionMarks({ predictions = [], untilEntry }: TracksInput): MarkView[] {
  const seen = predictions.filter(({ entries }) => entries - 1 < untilEntry);
  const moments = [...new Set(seen.map(({ entries }) => entries))];
  return moments.map((entries) => {
    const here = seen.filter((one) => one.entries === entries);
    const at = here[0]?.time ?? 0;
    const outcomes = here.map(({ isRight }) => isRight);
    const right = outcomes.filter((one) => one === true).length;
    const text = outcomes.every((one) => one === outcomes[0])
      ? lesson.outcome(outcomes[0] ?? null)
      : lesson.someOutcome(right, here.length);
    const asked = here.map(({ question }) => question).join(" ");
    return {
      key: `p${entries}`,
      entry: Math.max(0, entries - 1),
      at,
      icon: "question",
      text,
      label: lesson.decidedMark(text, seconds(at), asked),
      input: null,
      node: null,
    };
  });
}

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
