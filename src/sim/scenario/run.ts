/**
 * A run of a scenario: its cluster at time 0, its inputs, and a timeline over them.
 *
 * The same function serves page, tests and command line. Acts with a button wait for the learner where there is one.
 */
import { type Moment, Timeline, type TimelineOptions } from "../engine/timeline.ts";
import type { Input, Model, Observer } from "../engine/types.ts";
import type { Profile } from "../kafka/profiles/config.ts";
import { actInputs } from "./acts.ts";
import { bootingCluster, clientStarts, drained } from "./cluster.ts";
import { finish, type Verdict, verdictsSoFar } from "./expectations/finish.ts";
import { EXPECTATIONS, expectationsObserver, ledgerIn, planExpectations } from "./expectations/observer.ts";
import type { Plan } from "./expectations/plan.ts";
import type { ExpectationsState } from "./expectations/state.ts";
import type { Scenario } from "./format/scenario.ts";
import { type ResolvedScenario, resolveScenario } from "./resolve.ts";
import { waitingForConditions } from "./waiting.ts";

export interface RunOptions {
  /** Id of a variant of the scenario; null or absent: the scenario itself. */
  readonly variant?: string | null;
  readonly seed?: number;
  readonly profile?: Profile;
  /** Rules switched off besides those of the scenario. */
  readonly without?: readonly string[];
  /** Every rule on, whatever the profile has (for tests of the promises). */
  readonly hasEveryRule?: boolean;
  /** Ids of acts left out. */
  readonly drop?: readonly string[];
  /** Leaves acts with a button to the learner. */
  readonly isInteractive?: boolean;
  /** Acts besides those of the file: what the learner did. */
  readonly inputs?: readonly Input[];
  readonly timeline?: TimelineOptions;
}

export interface Run {
  readonly resolved: ResolvedScenario;
  readonly timeline: Timeline;
  /** What must be true of this run. */
  readonly expectations: Plan;
}

/** Boots the cluster of a checked scenario and returns its timeline, standing at 0. Throws on an unknown variant. */
export function startRun(
  scenario: Scenario,
  model: Model,
  observers: readonly Observer[],
  options: RunOptions = {},
): Run {
  return drained(startingRun(scenario, model, observers, options));
}

/** The same in parts: yields after each step of the boot. */
export function* startingRun(
  scenario: Scenario,
  model: Model,
  observers: readonly Observer[],
  options: RunOptions = {},
): Generator<void, Run> {
  const asked = {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  };
  const changed: Scenario = {
    ...scenario,
    ...asked,
    // What is asked for here comes before what a variant says.
    ...(scenario.variants === undefined ? {} : { variants: scenario.variants.map((one) => ({ ...one, ...asked })) }),
    ...(options.without === undefined ? {} : { without: [...(scenario.without ?? []), ...options.without] }),
  };
  const spelled = resolveScenario(changed, options.variant ?? null);
  const acts = (spelled.scenario.acts ?? []).filter(
    (act) =>
      !(act.id !== undefined && options.drop?.includes(act.id)) && !(options.isInteractive && act.button !== undefined),
  );
  const resolved = { ...spelled, scenario: { ...spelled.scenario, acts } };
  const world = yield* bootingCluster({ ...resolved, hasEveryRule: options.hasEveryRule ?? false }, model);
  const inputs = [...clientStarts(resolved), ...actInputs(resolved), ...(options.inputs ?? [])];
  const expectations = planExpectations(resolved);
  const all = [...observers, expectationsObserver(expectations) as Observer];
  const waiting = waitingForConditions(model, resolved);
  return { resolved, expectations, timeline: new Timeline(waiting, world, inputs, all, options.timeline ?? {}) };
}

/** Where the expectations of a run stand at a moment of it; `open` is what the rest of the run decides. */
export function verdictsAt(run: Run, moment: Readonly<Moment>): Verdict[] {
  return verdictsSoFar(run.expectations, moment.observed[EXPECTATIONS] as ExpectationsState);
}

/** The verdicts if the run ended at `now` with this moment; none is open. At the horizon these are the verdicts of the run. */
export function verdictsIfOver(run: Run, moment: Readonly<Moment>, now: number): Verdict[] {
  const { world, observed, entries } = moment;
  const state = observed[EXPECTATIONS] as ExpectationsState;
  return finish(run.expectations, state, world, ledgerIn(observed), now, entries);
}

/** When each act that has an id was done, µs, as far as the run has come with this moment. */
export function actsDoneAt(moment: Readonly<Moment>): Readonly<Record<string, number>> {
  return (moment.observed[EXPECTATIONS] as ExpectationsState | undefined)?.acts ?? {};
}
