/**
 * What the player tells the page: the cursor, the branches, how far the run is computed. Never simulated state; that is
 * read from `player.moment()` at the moment of drawing.
 */
import type {
  Failure,
  Input,
  Moment,
  Profile,
  ResolvedScenario,
  Run,
  Scenario,
  SimTime,
  Timeline,
  TraceEntry,
} from "../../sim/index.ts";
import type { Mark } from "./marks.ts";

/** The speeds on offer: simulated seconds per second. */
export const SPEEDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10] as const;

/** One future. The first is `main`; each later one began as a fork of another. */
export interface Branch {
  readonly id: string;
  /** "main run", or "fork A: kill b1". */
  readonly label: string;
  readonly parent: string | null;
  /** The moment up to which it shares its parent's past; null for the main run. */
  readonly forkedAt: { readonly entries: number; readonly time: SimTime } | null;
  /** Changes with every change of its inputs. */
  readonly version: number;
}

export interface PlayerState {
  /** While false there is no timeline and no moment. */
  readonly isOpen: boolean;
  /** Counts runs opened; 0 = none yet. */
  readonly runKey: number;
  /** A new number for each timeline that becomes current: by opening, acting, switching, undo. Key for what is derived from it. */
  readonly version: number;
  /** Id of the current branch. */
  readonly branch: string;
  readonly branches: readonly Branch[];

  /** How many steps have happened at the moment shown. 0 is the start. */
  readonly entries: number;
  /** The moment shown, in microseconds; between the last step and the next. */
  readonly time: SimTime;
  readonly isPlaying: boolean;
  /** The chosen speed. */
  readonly speed: number;
  /** The speed in force: faster while waiting, slower near a fault, if those switches are on. */
  readonly pace: number;
  /** A hand is on the timeline: nothing is spoken. */
  readonly isScrubbing: boolean;

  /** The furthest moment of this branch that was shown; what lies past it is fog. */
  readonly seenEntries: number;
  readonly seenUntil: SimTime;
  /** Whether what lies past `seenUntil` must not be shown. */
  readonly hasFog: boolean;

  /** How far the branch is computed. */
  readonly computedEntries: number;
  readonly computedUntil: SimTime;
  /** How far it will be computed. */
  readonly horizon: SimTime;
  readonly isComputed: boolean;
  /** The run stopped by itself at an impossible state; the last good one is shown. */
  readonly failure: Failure | null;

  /** What undo and redo would take back or do again; null when there is nothing. */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** Name of the hold that keeps the cursor from going on (a prediction that waits for its answer); null when free. */
  readonly heldBy: string | null;
  readonly hurriesWaits: boolean;
  readonly slowsNearFaults: boolean;
}

/** A run to be played, and what the player must know of it besides. */
export interface PlayableRun {
  readonly id: string;
  readonly title: string;
  readonly timeline: Timeline;
  /** What reset goes back to, when that is not `timeline`: the run without what the reader did. */
  readonly base?: Timeline;
  /** Where computing ends at first, µs. */
  readonly horizon: SimTime;
  /** The horizon moves on as the cursor nears it (a sandbox). Others end, but an act late in the run moves it too. */
  readonly isOpenEnded?: boolean;
  readonly hasFog?: boolean;
  /** The scenario it came from, spelled out; null for a bare timeline. */
  readonly resolved: ResolvedScenario | null;
  /** The run with its expectations, for `verdictsAt`; null for a bare timeline. */
  readonly run?: Run | null;
  /** The file's data, with the acts that wait for the learner; null for a bare timeline. */
  readonly scenario?: Scenario | null;
  /** What to put into a link so that another page opens the same run. */
  readonly origin?: RunOrigin;
  /** Marks that are not facts: losses, expectations that flip, prediction points. Asked after each slice for those with `entry >= from`. */
  readonly marksSince?: (head: Readonly<Moment>, from: number) => readonly Mark[];
  /** Whether an entry is the delivery or the loss of a message. */
  readonly isDelivery?: (entry: TraceEntry) => boolean;
}

/** Where a run came from: enough to start it again. */
export interface RunOrigin {
  /** Id of a built-in scenario, or null for one that is only here. */
  readonly scenarioId: string | null;
  /** Each null: as the scenario says. */
  readonly seed: number | null;
  readonly variant: string | null;
  readonly profile: Profile | null;
  readonly without: readonly string[];
  /** Inputs of the scenario itself, before anything was done or taken out. */
  readonly ownInputs: readonly Input[];
}

/** Names a moment of the current branch: after so many steps, or at a time. */
export type Place = { readonly entries: number; readonly time?: SimTime } | { readonly time: SimTime };

/** Wall time, frames and idle slices; tests bring their own. */
export interface PlayerClock {
  /** Milliseconds, rising. */
  now(): number;
  /** Calls back before the next frame; returns how to cancel. */
  frame(callback: () => void): () => void;
  /** Calls back as soon as the page has had its turn. */
  soon(callback: () => void): void;
}
