/** Answered questions of a lesson, at the moments at which the run decides them. */
import { resolveScenario, type Scenario } from "../../sim/index.ts";
import type { PlayableRun } from "../player/index.ts";
import type { PredictionRecord } from "../state/progress.ts";
import type { ActSpec, Moments, Place, Prediction } from "./moments.ts";

/** The scenario of a run with its variant, and the acts that wait for the learner. */
export function waitingOf(run: PlayableRun): { readonly scenario: Scenario; readonly waiting: readonly ActSpec[] } {
  const { scenario, resolved } = run;
  if (scenario == null || resolved === null) throw new Error("a lesson needs a scenario");
  const whole = resolveScenario(scenario, resolved.variant).scenario;
  const has = new Set((resolved.scenario.acts ?? []).map(({ id }) => id));
  return {
    scenario: whole,
    waiting: (whole.acts ?? []).filter(({ id, button }) => button !== undefined && !has.has(id)),
  };
}

/** False: it is about an act that only another variant has. */
export function belongsTo({ at }: Prediction, scenario: Scenario): boolean {
  const named = at !== undefined && typeof at !== "string" && "act" in at ? at.act : null;
  return named === null || (scenario.acts ?? []).some(({ id }) => id === named);
}

/** An answered question at the moment at which the run decided it: a mark for the timeline. */
export interface DecidedView extends Place {
  /** Place in the lesson. */
  readonly index: number;
  readonly question: string;
  /** Null: it was skipped. */
  readonly isRight: boolean | null;
}

/** Ascending by time. Ask for what may be shown: a moment that the reader has not seen yet is among them. */
export function decidedPredictions(
  run: PlayableRun,
  records: Readonly<Record<string, PredictionRecord>>,
  moments: Moments,
): DecidedView[] {
  const lesson = run.scenario?.lesson;
  if (lesson === undefined) return [];
  const { scenario } = waitingOf(run);
  return lesson.predictions
    .flatMap((one, index): DecidedView[] => {
      const record = records[String(index)];
      if (record === undefined || one.decidedAt === undefined || !belongsTo(one, scenario)) return [];
      const place = moments.find(one.decidedAt);
      return place === null ? [] : [{ ...place, index, question: one.question, isRight: record.isRight }];
    })
    .sort((a, b) => a.time - b.time);
}

/** What became of an answer, in words; null: it was skipped. */
export function outcome(isRight: boolean | null): string {
  if (isRight === null) return "decided";
  return isRight ? "as you predicted" : "not as you predicted";
}
