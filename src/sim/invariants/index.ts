/** The registry of invariants, and the observer that checks them after each step. */
import type { Fact, Observer } from "../engine/types.ts";
import { committedStays, logMatching } from "./committed-log.ts";
import type { Invariant, PromiseId, Violation } from "./invariant.ts";
import { controllerEpochsGrow, leaderIsInIsr, oneLeaderPerEpoch } from "./leaders.ts";
import { commitsFollowReads, oneOwnerPerGeneration, readsAreCommitted } from "./readers.ts";

export type { PromiseId, Violation } from "./invariant.ts";

export const INVARIANTS: readonly Invariant[] = [
  logMatching,
  committedStays,
  oneLeaderPerEpoch,
  leaderIsInIsr,
  readsAreCommitted,
  commitsFollowReads,
  controllerEpochsGrow,
  oneOwnerPerGeneration,
] as readonly Invariant[];

export interface InvariantsState {
  /** State of each invariant, by promise. */
  states: Record<string, unknown>;
  violations: Violation[];
}

const MAX_VIOLATIONS = 100;

/** The invariants that look at a fact of this kind, in order. */
const WATCHING: ReadonlyMap<string, readonly Invariant[]> = new Map(
  INVARIANTS.flatMap((one) => one.watches).map((kind) => [
    kind,
    INVARIANTS.filter((one) => one.watches.includes(kind)),
  ]),
);

export const invariants: Observer<InvariantsState> = {
  name: "invariants",
  init: () => ({ states: Object.fromEntries(INVARIANTS.map((one) => [one.promise, one.init()])), violations: [] }),
  onStep(state, step, world) {
    for (const fact of step.facts as readonly Fact[]) {
      for (const invariant of WATCHING.get(fact.kind) ?? []) {
        for (const text of invariant.check(state.states[invariant.promise], step, fact, world)) {
          if (state.violations.length < MAX_VIOLATIONS)
            state.violations.push(Object.freeze({ promise: invariant.promise, at: step.at, entry: step.entry, text }));
        }
      }
    }
  },
};

/** The promise in one sentence. */
export function promiseSays(promise: PromiseId): string {
  return INVARIANTS.find((one) => one.promise === promise)?.says ?? promise;
}
