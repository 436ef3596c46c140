/**
 * What an invariant is: a promise that must hold after each step, and the settings under which it is promised.
 *
 * Invariants read facts and the touched actor; they share no logic with the model.
 */
import type { Fact, Step, World } from "../engine/types.ts";

export type PromiseId = "S1" | "S2" | "S3" | "S4" | "S5" | "S6" | "S7" | "G1";

export interface Invariant<S = unknown> {
  readonly promise: PromiseId;
  /** The promise in one sentence. */
  readonly says: string;
  /** Kinds of the facts that it looks at; it is told of no others. */
  readonly watches: readonly string[];
  init(): S;
  /** Sentences about how the promise was broken by this step; none if it holds. */
  check(state: S, step: Step, fact: Fact, world: World): string[];
}

export interface Violation {
  readonly promise: PromiseId;
  readonly at: number;
  readonly entry: number;
  readonly text: string;
}
