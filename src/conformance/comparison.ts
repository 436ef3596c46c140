/**
 * The comparison of a recorded trace with a simulation of the same story: one verdict for each thing the recording shows.
 *
 * In Kafka     nothing.
 * Simplified   what the simulation shows beyond the recording is ignored, since a recording names no ids for it.
 * Left out     running the simulation; the runner hands over an object of the trace's own form.
 *
 * Verdicts:
 *   same          the simulation gave this value, within the room that the observation allows
 *   differs       it gave another one, or none at all
 *   unsupported   the step behind the observation is one that the runner said it cannot do
 */
import { formOf, type Observation, observations } from "./observations.ts";
import { pythonEqual } from "./python.ts";
import { bandMs, normalise, same } from "./same.ts";
import { sourceOf } from "./source.ts";
import { type ComparableTrace, type Trace, traceName } from "./trace.ts";

export type VerdictKind = "same" | "differs" | "unsupported";

/** The verdict on one observation. `ours` is null where the simulation gave nothing, and absent only when unsupported. */
export interface Verdict {
  id: string;
  verdict: VerdictKind;
  ours?: unknown;
  theirs?: unknown;
  why?: string;
}

/** Something the runner cannot do: a step of the story (its index in `steps`), all ids with a prefix, or, with neither, the story. */
export interface Unsupported {
  step?: number;
  idPrefix?: string;
  why: string;
}

/**
 * What a runner hands over. `steps` are the story's own, as many and in the same order, with `ok`, `took`, `rc`, `output` and `records`
 * as they came out in the simulation.
 */
export interface SimulatedTrace extends ComparableTrace {
  unsupported?: Unsupported[];
}

/** The verdicts on one trace, in the order of its observations. `story` is "<story>@<version>". */
export interface StoryReport {
  story: string;
  verdicts: Verdict[];
}

/** How many verdicts of each kind. */
export type Totals = Record<VerdictKind, number>;

/** What may be said about a difference that is known: a sentence, or undefined. Given the story's name and the observation's id. */
export type Explain = (story: string, id: string) => string | undefined;

/**
 * The report on one trace. `racy` holds the ids on which real Kafka disagrees with itself; they get no verdict. A story that could not
 * be run at all is `{unsupported: [{why}]}`.
 */
export function compareTrace(
  trace: Trace,
  simulated: SimulatedTrace | { unsupported: Unsupported[] },
  racy: ReadonlySet<string> = new Set(),
  explain?: Explain,
): StoryReport {
  const story = traceName(trace);
  const unsupported = simulated.unsupported ?? [];
  const ours = "steps" in simulated ? byId(observations(simulated, new Set(), formOf(trace))) : new Map();
  const verdicts = observations(trace, racy).map((observation) => {
    const found = ours.get(observation.id)?.shift();
    const verdict = verdictOn(observation, found, trace, unsupported);
    const known = verdict.verdict === "differs" ? explain?.(story, observation.id) : undefined;
    return known === undefined ? verdict : { ...verdict, why: `${known} (${verdict.why})` };
  });
  return { story, verdicts };
}

/** How often each verdict was given, in one report or in several. */
export function totalsOf(reports: readonly StoryReport[]): Totals {
  const totals: Totals = { same: 0, differs: 0, unsupported: 0 };
  for (const { verdicts } of reports) for (const { verdict } of verdicts) totals[verdict] += 1;
  return totals;
}

/** Totals per kind of observation, the first part of its id; kinds in alphabetical order. */
export function totalsByKind(reports: readonly StoryReport[]): Record<string, Totals> {
  const found = new Map<string, Totals>();
  for (const { verdicts } of reports) {
    for (const { id, verdict } of verdicts) {
      const kind = id.slice(0, id.indexOf("/"));
      const totals = found.get(kind) ?? { same: 0, differs: 0, unsupported: 0 };
      totals[verdict] += 1;
      found.set(kind, totals);
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The report as it is printed with --json: `{"<story>@<version>": [{"id", "verdict", "ours", "theirs"?, "why"?}]}`. */
export function reportJson(reports: readonly StoryReport[]): Record<string, Verdict[]> {
  return Object.fromEntries(reports.map(({ story, verdicts }) => [story, verdicts]));
}

function verdictOn(
  observation: Observation,
  found: Observation | undefined,
  trace: Trace,
  unsupported: readonly Unsupported[],
): Verdict {
  const { id, value: theirs } = observation;
  const reason = unsupportedReason(id, found !== undefined, trace, unsupported);
  if (reason !== undefined) return { id, verdict: "unsupported", theirs, why: reason };
  if (!found && theirs === null) {
    // "None" was observed. Counting silence as agreement would be generous, and null is no wrong answer either.
    return { id, verdict: "unsupported", theirs, why: "the simulation shows nothing under this id" };
  }
  const ours = found?.value ?? null;
  if (same(observation, ours)) return { id, verdict: "same", ours };
  const why = found ? difference(observation, ours) : "the simulation shows nothing under this id";
  return { id, verdict: "differs", ours, theirs, why };
}

/**
 * Why an observation is unsupported, or undefined. What a step itself shows (a wait, a command line, a snapshot, a send) is unsupported
 * with it. What a client saw in the course of a story is so only when the simulation shows nothing: what it shows is compared.
 */
function unsupportedReason(
  id: string,
  isFound: boolean,
  trace: Trace,
  unsupported: readonly Unsupported[],
): string | undefined {
  if (unsupported.length === 0) return undefined;
  const source = sourceOf(trace, id);
  for (const { step, idPrefix, why } of unsupported) {
    if (idPrefix !== undefined && id.startsWith(idPrefix)) return why;
    if (step !== undefined && step === source.itself) return why;
    if (step !== undefined && !isFound && source.others.has(step)) return why;
    if (step === undefined && idPrefix === undefined && !isFound) return why;
  }
  return undefined;
}

/** Several observations may share an id (a tag used twice): the nth of ours is compared with the nth of theirs. */
function byId(list: readonly Observation[]): Map<string, Observation[]> {
  const found = new Map<string, Observation[]>();
  for (const observation of list) {
    const held = found.get(observation.id);
    if (held) held.push(observation);
    else found.set(observation.id, [observation]);
  }
  return found;
}

/** Where two values part, in a few words. */
function difference({ value: theirs, compare }: Observation, ours: unknown): string {
  if (compare === "band" && typeof ours === "number") {
    return `${ours - Number(theirs)} ms apart; ${bandMs(Number(theirs))} ms are allowed`;
  }
  if (compare === "text" && typeof ours === "string") {
    const [left, right] = [normalise(ours).split("\n"), normalise(String(theirs)).split("\n")];
    const line = right.findIndex((text, n) => text !== left[n]);
    return line < 0 ? `${left.length - right.length} lines too many` : `line ${line + 1} differs`;
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (compare === "set") {
      const only = (a: unknown[], b: unknown[]) => a.filter((item) => !b.some((other) => pythonEqual(item, other)));
      return `only ours: ${JSON.stringify(only(ours, theirs))}; only theirs: ${JSON.stringify(only(theirs, ours))}`;
    }
    const index = Array.from({ length: Math.max(ours.length, theirs.length) }).findIndex(
      (_, n) => n >= ours.length || n >= theirs.length || !pythonEqual(ours[n], theirs[n]),
    );
    return `first differs at index ${index}, lengths ${ours.length} and ${theirs.length}`;
  }
  return "another value";
}
