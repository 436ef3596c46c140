/**
 * How a view asks for the run to be started anew with something different: a variant, a setting from the start, another
 * scenario. The screen that opened the run answers.
 */
import { create } from "zustand";
import type { Input, Profile, Scenario } from "../../sim/index.ts";
import type { Player } from "../player/index.ts";
import type { Changes } from "./changes.ts";

export interface RerunChoice {
  readonly seed?: number | null;
  readonly variant?: string | null;
  readonly profile?: Profile | null;
  /** Settings changed from the start. */
  readonly set?: Changes;
  /** What the reader did before, to be done again. */
  readonly inputs?: readonly Input[];
  /** Places, in the scenario's own inputs, of those taken out. */
  readonly removed?: readonly number[];
  readonly scenario?: Scenario;
}

interface RerunState {
  /** What is chosen now. */
  readonly choice: RerunChoice;
  /** What the sandbox shall open with when it is opened next: a scenario from a file. */
  readonly next: RerunChoice | null;
  /** Starts the run anew at 0 with some of it different. */
  choose(some: RerunChoice): void;
  /** Starts it anew as it was before that, with what was done then; false when there is nothing to go back to. */
  back(): boolean;
  /** Does again what `back` took back. */
  forth(): boolean;
}

export const useRerun = create<RerunState>()(() => ({
  choice: {},
  next: null,
  choose: () => {},
  back: () => false,
  forth: () => false,
}));

/** What the reader did in the run that is open, besides what its scenario does. */
export function ownActs({ run, timeline }: Pick<Player, "run" | "timeline">): readonly Input[] {
  const given = run?.origin?.ownInputs ?? [];
  return timeline.inputs.filter((input) => !given.includes(input));
}
