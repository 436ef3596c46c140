/**
 * A run of a scenario: its cluster at time 0, its inputs, and a timeline over them.
 *
 * The same function serves page, tests and command line. Acts with a button wait for the learner where there is one.
 */
import { Timeline, type TimelineOptions } from "../engine/timeline.ts";
import type { Input, Model, Observer } from "../engine/types.ts";
import type { Profile } from "../kafka/profiles/config.ts";
import { actInputs } from "./acts.ts";
import { clientStarts, createCluster } from "./cluster.ts";
import type { Scenario } from "./format/scenario.ts";
import { type ResolvedScenario, resolveScenario } from "./resolve.ts";

export interface RunOptions {
  /** Id of a variant of the scenario; null or absent: the scenario itself. */
  readonly variant?: string | null;
  readonly seed?: number;
  readonly profile?: Profile;
  /** Rules switched off besides those of the scenario. */
  readonly without?: readonly string[];
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
}

/** Boots the cluster of a checked scenario and returns its timeline, standing at 0. Throws on an unknown variant. */
export function startRun(
  scenario: Scenario,
  model: Model,
  observers: readonly Observer[],
  options: RunOptions = {},
): Run {
  const changed: Scenario = {
    ...scenario,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.without === undefined ? {} : { without: [...(scenario.without ?? []), ...options.without] }),
  };
  const spelled = resolveScenario(changed, options.variant ?? null);
  const acts = (spelled.scenario.acts ?? []).filter(
    (act) =>
      !(act.id !== undefined && options.drop?.includes(act.id)) && !(options.isInteractive && act.button !== undefined),
  );
  const resolved = { ...spelled, scenario: { ...spelled.scenario, acts } };
  const world = createCluster(resolved, model);
  const inputs = [...clientStarts(resolved), ...actInputs(resolved), ...(options.inputs ?? [])];
  return { resolved, timeline: new Timeline(model, world, inputs, observers, options.timeline ?? {}) };
}
