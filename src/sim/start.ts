/** Starts a run of the Kafka model with all observers. */
import type { Observer } from "./engine/types.ts";
import { invariants } from "./invariants/index.ts";
import { ledger } from "./observers/ledger.ts";
import type { Scenario } from "./scenario/format/scenario.ts";
import { type Run, type RunOptions, startingRun, startRun } from "./scenario/run.ts";
import { KAFKA } from "./simulation.ts";

/** Observers of every run, in the order they are told; each may read the state of those before it. */
export const OBSERVERS: readonly Observer[] = [ledger as Observer, invariants as Observer];

/** Boots the cluster of a checked scenario on the Kafka model and returns its run, standing at 0. Throws on an unknown variant. */
export function startScenario(scenario: Scenario, options: RunOptions = {}): Run {
  return startRun(scenario, KAFKA, OBSERVERS, options);
}

/** The same in parts of a step each, so that a page can have its turn between them; what the parts come to is the run. */
export function startingScenario(scenario: Scenario, options: RunOptions = {}): Generator<void, Run> {
  return startingRun(scenario, KAFKA, OBSERVERS, options);
}
