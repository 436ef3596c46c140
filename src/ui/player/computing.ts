/** Computing a timeline onwards so that nothing escapes: what goes wrong inside becomes the timeline's failure. */
import type { Input, SimTime, Timeline } from "../../sim/index.ts";
import type { PlayerClock } from "./types.ts";

/**
 * At most `steps` further steps due until `until`. True when none is left, or when the run has stopped. An error that is
 * no assertion is a fault of ours too: it stops the run as an assertion does.
 */
export function advance(timeline: Timeline, until: SimTime, steps: number): boolean {
  try {
    return timeline.advance(until, steps);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    timeline.failure = { entries: timeline.length, at: timeline.end, message };
    return true;
  }
}

const sliceMs = 8;
/** While frames are drawn as well. */
const playingSliceMs = 4;
/** Few: the first steps of a page are slow, and a slice that ends late is a frame that is missed. */
const stepsAtOnce = 8;

/** Computes steps due until `until` for one slice of wall time. Returns what {@link advance} does. */
export function advanceSlice(timeline: Timeline, until: SimTime, clock: PlayerClock, isPlaying: boolean): boolean {
  const end = clock.now() + (isPlaying ? playingSliceMs : sliceMs);
  let isDone = false;
  do isDone = advance(timeline, until, stepsAtOnce);
  while (!isDone && clock.now() < end);
  return isDone;
}

/** Computes until `input` has been applied, as far as that is due at `time`. */
export function runInput(timeline: Timeline, input: Input, time: SimTime): void {
  const index = timeline.inputs.indexOf(input);
  while (timeline.failure === null && timeline.head.world.inputsApplied <= index) {
    const due = timeline.nextDue();
    if (due === null || due > time) return;
    advance(timeline, time, 1);
  }
}

/** How far a timeline is computed, for the page; `isDone`: nothing more is due until `horizon`. */
export function progressOf(timeline: Timeline, isDone: boolean, horizon: SimTime) {
  return {
    computedEntries: timeline.length,
    computedUntil: isDone && timeline.failure === null ? horizon : timeline.end,
    isComputed: isDone,
    failure: timeline.failure,
  };
}
