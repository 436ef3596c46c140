/** What the page can ask of the player. */
import type { StoreApi } from "zustand/vanilla";
import type { Act, Body, Input, Moment, Timeline } from "../../sim/index.ts";
import type { Mark, MarkIndex } from "./marks.ts";
import type { Place, PlayableRun, PlayerState } from "./types.ts";

/** How far a step goes. */
export type StepUnit = "event" | "message" | "mark";

export interface Player {
  readonly store: StoreApi<PlayerState>;
  /** Opens a run at its start, or at `at` as soon as that is computed. */
  open(run: PlayableRun, at?: Place): void;
  readonly run: PlayableRun | null;
  /** The current branch's timeline; throws when no run is open. */
  readonly timeline: Timeline;
  /** World and observers at the cursor. Valid until the next call into the player: read at once, keep nothing that is not frozen. */
  moment(): Readonly<Moment>;
  /** The marks of the current branch, ascending; append-only. With fog, show those with `entry < seenEntries` only. */
  readonly marks: MarkIndex;
  timelineOf(branch: string): Timeline | null;
  marksOf(branch: string): readonly Mark[];

  play(): void;
  pause(): void;
  toggle(): void;
  setSpeed(speed: number): void;
  /** One of SPEEDS up (+1) or down (-1). */
  changeSpeed(by: 1 | -1): void;
  setSwitches(on: Partial<Pick<PlayerState, "hurriesWaits" | "slowsNearFaults">>): void;

  /** Steps by one event, to the next delivery or loss of a message, or to the next mark. */
  step(unit: StepUnit, direction: 1 | -1): void;
  /** Goes to a moment; one that is not computed yet is shown when it is. */
  seek(place: Place): void;
  toStart(): void;
  toEnd(): void;
  setScrubbing(isScrubbing: boolean): void;

  /** Does something now. Returns false when no run is open. `label` names it in undo and forks: "kill b1". */
  act(act: Act | Body, label: string): boolean;
  /** Changes the list of inputs anywhere (a fault moved, edited or removed on the timeline). */
  changeInputs(label: string, change: (inputs: readonly Input[]) => readonly Input[]): boolean;
  /** Another branch with the same inputs from here on. */
  fork(label?: string): void;
  switchBranch(id: string): void;
  undo(): boolean;
  redo(): boolean;
  /** Back to the run as it was opened, at its start. Can be undone. */
  reset(): void;

  /** Keeps the cursor from passing `entries` steps until released: a prediction waits for its answer. */
  hold(name: string, entries: number): void;
  release(name: string): void;
  /** Stops playing and computing; the player can be opened again. */
  close(): void;
}

/** Before a run is open. */
export const nothing: PlayerState = {
  isOpen: false,
  runKey: 0,
  version: 0,
  branch: "main",
  branches: [],
  entries: 0,
  time: 0,
  isPlaying: false,
  speed: 1,
  pace: 1,
  isScrubbing: false,
  seenEntries: 0,
  seenUntil: 0,
  hasFog: false,
  computedEntries: 0,
  computedUntil: 0,
  horizon: 0,
  isComputed: true,
  failure: null,
  undoLabel: null,
  redoLabel: null,
  heldBy: null,
  hurriesWaits: false,
  slowsNearFaults: false,
};
