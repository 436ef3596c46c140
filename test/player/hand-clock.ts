/** A clock for the player that a test moves: slices run at once when asked, frames when time passes. */
import type { PlayerClock } from "../../src/ui/player/index.ts";

export function handClock() {
  let now = 0;
  const slices: (() => void)[] = [];
  let frame: (() => void) | null = null;
  const clock: PlayerClock = {
    now: () => now,
    frame: (callback) => {
      frame = callback;
      return () => {
        frame = null;
      };
    },
    soon: (callback) => void slices.push(callback),
  };
  return {
    clock,
    /** Those that wait. */
    slices,
    /** Runs slices until none waits; each look at the clock costs a moment, so that slices end. */
    compute() {
      for (let n = 0; slices.length > 0 && n < 100_000; n += 1) {
        now += 10;
        slices.shift()?.();
      }
    },
    /** Shows one frame `ms` later. */
    pass(ms: number) {
      now += ms;
      const callback = frame;
      frame = null;
      callback?.();
    },
  };
}
