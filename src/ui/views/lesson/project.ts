/** What the lesson column shows at a moment: which questions are asked, which steps are done, how the checks stand. Pure. */
import { actInputs, actsDoneAt, type Input, type Scenario, verdictsAt, verdictsIfOver } from "../../../sim/index.ts";
import type { PlayableRun } from "../../player/index.ts";
import type { AtCursor } from "../../state/player.tsx";
import { belongsTo, waitingOf } from "../decided.ts";
import type { ActSpec, Moments, Place, Prediction, Verb } from "../moments.ts";

export interface PredictionView {
  /** False: it is about an act that only another variant has. */
  readonly belongs: boolean;
  /** Where the run stops to ask; null while that is not known. */
  readonly asksAt: Place | null;
  /** The cursor stands there, or later. */
  readonly isAsked: boolean;
  /** Where the run gave the answer, once the cursor has been there. */
  readonly decided: Place | null;
}

export interface ActView {
  readonly spec: ActSpec;
  readonly id: string;
  /** When it was done; null when it was not, up to the cursor. */
  readonly done: Place | null;
  /** When it would be done by itself; null while not known. */
  readonly planned: Place | null;
}

export interface StepView {
  readonly label: string;
  readonly text: string;
  readonly done: Place | null;
  /** False: no moment of the run says that it is done. */
  readonly isTimed: boolean;
  /** Places in `acts` of the buttons that belong here. */
  readonly acts: readonly number[];
}

export interface CheckView {
  readonly id: string;
  readonly say: string;
  readonly verdict: Verb;
  readonly evidence: string;
  readonly decided: Place | null;
}

export interface LessonView {
  readonly predictions: readonly PredictionView[];
  readonly steps: readonly StepView[];
  readonly acts: readonly ActView[];
  /** Buttons that no step speaks of, places in `acts`. */
  readonly otherActs: readonly number[];
  readonly checks: readonly CheckView[];
  readonly decidedChecks: number;
  /** The cursor stands at the end of the run. */
  readonly isOver: boolean;
  /** Every check is decided and holds. */
  readonly isDone: boolean;
}

export function projectLesson({ moment, time, player }: AtCursor, moments: Moments): LessonView {
  const { run } = player;
  const lesson = run?.scenario?.lesson;
  if (run == null || lesson === undefined || run.run == null) throw new Error("this run has no lesson");
  const { scenario, waiting } = waitingOf(run);
  const { isComputed, horizon, entries } = player.store.getState();
  const isOver = isComputed && time >= horizon;
  const reached = (place: Place | null): Place | null =>
    place !== null && place.entries <= entries && place.time <= time ? place : null;

  const acts = waiting.map((spec): ActView => {
    const id = spec.id ?? spec.button ?? "";
    const at = actsDoneAt(moment)[id];
    return {
      spec,
      id,
      done: at === undefined ? null : { time: at, entries: player.timeline.entriesAt(at) },
      planned: moments.planned(spec),
    };
  });
  const used = new Set<number>();
  const steps = lesson.steps.map(({ label, text, when }): StepView => {
    const own = acts.flatMap(({ id }, index) =>
      when !== undefined && typeof when !== "string" && "act" in when && when.act === id ? [index] : [],
    );
    for (const index of own) used.add(index);
    return {
      label,
      text,
      acts: own,
      isTimed: when !== undefined,
      done: when === undefined ? null : reached(moments.find(when)),
    };
  });

  const verdicts = isOver ? verdictsIfOver(run.run, moment, horizon) : verdictsAt(run.run, moment);
  const checks = verdicts.map(({ id, say, verdict, at, entry, evidence }): CheckView => {
    const isKnown = verdict !== "open";
    const place = entry === null ? { time: at ?? horizon, entries } : { time: at ?? time, entries: entry + 1 };
    return { id, say, verdict, evidence: isKnown ? evidence : "", decided: isKnown ? place : null };
  });
  const decidedChecks = checks.filter(({ verdict }) => verdict !== "open").length;
  return {
    predictions: lesson.predictions.map((one) => predictionView(one, scenario, acts, moments, reached)),
    steps,
    acts,
    otherActs: acts.flatMap((_, index) => (used.has(index) ? [] : [index])),
    checks,
    decidedChecks,
    isOver,
    isDone: checks.length > 0 && checks.every(({ verdict }) => verdict === "held"),
  };
}

function predictionView(
  one: Prediction,
  scenario: Scenario,
  acts: readonly ActView[],
  moments: Moments,
  reached: (place: Place | null) => Place | null,
): PredictionView {
  const asksAt = asksAtOf(one, acts, moments);
  return {
    belongs: belongsTo(one, scenario),
    asksAt,
    isAsked: one.at === undefined || reached(asksAt) !== null,
    decided: one.decidedAt === undefined ? null : reached(moments.find(one.decidedAt)),
  };
}

/**
 * Where the run stops to ask: at the start, at the moment written, or where the act that it names would be done. An act that
 * the run does by itself is asked about right before it.
 */
export function asksAtOf(
  { at }: Prediction,
  acts: readonly Pick<ActView, "id" | "planned">[],
  moments: Moments,
): Place | null {
  if (at === undefined) return moments.find("0s");
  const found = moments.find(at);
  if (typeof at === "string" || !("act" in at)) return found;
  if (found !== null) return acts.some(({ id }) => id === at.act) ? found : moments.before(found);
  return acts.find(({ id }) => id === at.act)?.planned ?? null;
}

/** The acts that still wait, as inputs at the moments at which the file would do them. */
export function inputsOfWaiting(run: PlayableRun, isDone: (id: string) => boolean): Input[] {
  const { scenario, waiting } = waitingOf(run);
  if (run.resolved === null) return [];
  const wanted = new Set(waiting.flatMap(({ id }) => (id === undefined || isDone(id) ? [] : [id])));
  return actInputs({ ...run.resolved, clients: [], scenario }).filter(({ act }) => {
    const { id, act: inner } = act as { id?: string; act?: { id?: string } };
    return wanted.has(id ?? inner?.id ?? "");
  });
}
