/** Time in the views: words for a moment, the part of the run that is shown, and a cursor that stands still while playing. */
import { useEffect, useState } from "react";
import { create } from "zustand";
import type { PlayerState } from "../player/index.ts";
import { usePlayer, usePlayerState } from "../state/player.tsx";

/** A length of time in few words: `5.9 s`, `12 ms`. */
export function spanOf(delay: number): string {
  if (delay < 1_000_000) return `${Math.round(delay / 1000)} ms`;
  return `${(delay / 1_000_000).toFixed(delay < 100_000_000 ? 1 : 0)} s`;
}

interface DomainState {
  /** What timeline and charts show, µs; null: the whole run. */
  readonly domain: readonly [number, number] | null;
  show(domain: readonly [number, number] | null): void;
}

export const useDomain = create<DomainState>()((set) => ({ domain: null, show: (domain) => set({ domain }) }));

const least = 2_000;

/** A domain within the run, of some length. The whole run is null. */
export function clampDomain(from: number, to: number, horizon: number): readonly [number, number] | null {
  const length = Math.min(Math.max(to - from, least), horizon);
  if (length >= horizon) return null;
  const start = Math.min(Math.max(0, from), horizon - length);
  return [start, start + length];
}

/** How many entries may be shown: all that are computed, or with fog those that were seen. */
export function shownEntries({ hasFog, seenEntries, computedEntries }: PlayerState): number {
  return hasFog ? seenEntries : computedEntries;
}

/** Up to when. */
export function shownUntil({ hasFog, seenUntil, computedUntil }: PlayerState): number {
  return hasFog ? seenUntil : computedUntil;
}

const calmMs = 250;

/** The cursor in steps; while the run plays it moves only four times a second, for what is dear to compute. */
export function useCalmEntries(): number {
  const player = usePlayer();
  const isMoving = usePlayerState((state) => state.isPlaying || state.isScrubbing);
  const resting = usePlayerState((state) => (state.isPlaying || state.isScrubbing ? -1 : state.entries));
  const [moving, setMoving] = useState(0);
  useEffect(() => {
    if (!isMoving) return;
    const look = () => setMoving(player.store.getState().entries);
    look();
    const timer = window.setInterval(look, calmMs);
    return () => window.clearInterval(timer);
  }, [player, isMoving]);
  return resting < 0 ? moving : resting;
}
