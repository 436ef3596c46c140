/** Keeps what is looked at in the address, by replacing it: seed, version, moment, thing, view. */
import { useEffect } from "react";
import { usePlayer } from "../../state/player.tsx";
import { useSelection, writeThing } from "../../state/selection.ts";
import { keepInQuery, writeSeconds } from "../address.ts";
import { useBench } from "./bench.ts";
import type { RunChoice } from "./WorkbenchScreen.tsx";

/** Browsers allow about one hundred changes of the address in half a minute. */
const quietMs = 400;

export function useAddress(choice: RunChoice): void {
  const player = usePlayer();
  const { seed = null, variant = null, profile = null } = choice;

  useEffect(() => {
    keepInQuery({ seed: seed === null ? null : String(seed), variant, profile });
  }, [seed, variant, profile]);

  useEffect(() => {
    let timer: number | undefined;
    const write = () => {
      const { isOpen, isPlaying, entries, time, speed } = player.store.getState();
      if (!isOpen || isPlaying) return;
      const { thing } = useSelection.getState();
      keepInQuery({
        t: entries === 0 && time === 0 ? null : writeSeconds(time),
        e: entries === 0 ? null : String(entries),
        sel: thing === null ? null : writeThing(thing),
        view: Object.values(useBench.getState().shown).at(-1) ?? null,
        speed: speed === 1 ? null : String(speed),
      });
    };
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(write, quietMs);
    };
    const stops = [player.store.subscribe(later), useSelection.subscribe(later), useBench.subscribe(later)];
    return () => {
      window.clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [player]);
}
