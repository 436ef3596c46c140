/** The page's wall clock, frames and turns. */
import type { PlayerClock } from "./types.ts";

/**
 * Frames come from the display; slices of work come as messages, which the browser runs between frames and never slows
 * down to a second as it does timers of a page in the background.
 */
export function browserClock(): PlayerClock {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return {
    now: () => performance.now(),
    frame: (callback) => {
      const id = requestAnimationFrame(callback);
      return () => cancelAnimationFrame(id);
    },
    soon: (callback) => {
      waiting.push(callback);
      channel.port2.postMessage(null);
    },
  };
}

/** A frame that took longer than this (a page in the background) shows no more than this. */
const longestFrameMs = 100;

/** Calls `show` with the milliseconds passed, frame after frame, until stopped. */
export function frameLoop(clock: PlayerClock, show: (passedMs: number) => void): { start(): void; stop(): void } {
  let cancel: (() => void) | null = null;
  let lastAt = 0;
  const onFrame = () => {
    const now = clock.now();
    const passed = Math.min(now - lastAt, longestFrameMs);
    lastAt = now;
    cancel = clock.frame(onFrame);
    show(passed);
  };
  return {
    start() {
      cancel?.();
      lastAt = clock.now();
      cancel = clock.frame(onFrame);
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
