/**
 * What was done stays over a reload of the page: the sandbox on this computer, a lab in its tab. Plain data of our own; what
 * cannot be read counts as nothing, and what cannot be opened any more is opened as written.
 */
import { useEffect } from "react";
import { isMap } from "../../../sim/index.ts";
import type { Place, Player } from "../../player/index.ts";
import { usePlayer } from "../../state/player.tsx";
import { ownActs } from "../../state/rerun.ts";
import { useSelection, writeThing } from "../../state/selection.ts";
import { readStored, type Where, writeStored } from "../../state/storage.ts";
import type { RunChoice, WorkbenchScreenProps } from "./WorkbenchScreen.tsx";

type What = Pick<WorkbenchScreenProps, "from" | "id">;

export interface KeptRun {
  readonly choice: RunChoice;
  readonly moment: Place;
  /** As `writeThing` writes it; empty when nothing was chosen. */
  readonly selection: string;
}

const quietMs = 500;
/** Only the first screen of a page that was loaded again finds what it was. */
let isFirstScreen = true;

/** What was kept of a run; null when nothing was, or when it is to be opened as written. */
export function readKept(what: What): KeptRun | null {
  const isReload = isFirstScreen && performance.getEntriesByType("navigation").some(isReloaded);
  isFirstScreen = false;
  const place = what.from === "sandbox" || isReload ? placeOf(what) : null;
  const kept = place === null ? null : readStored(...place);
  if (!isMap(kept) || !isMap(kept.choice) || !isMap(kept.moment) || typeof kept.selection !== "string") return null;
  return kept as unknown as KeptRun;
}

const isReloaded = (entry: PerformanceEntry) => (entry as PerformanceNavigationTiming).type === "reload";

export function forgetKept(what: What): void {
  write(what, null);
}

/** Keeps the run that is open, as often as something was done in it or it comes to rest. */
export function useKeeping({ from, id }: What, choice: RunChoice): void {
  const player = usePlayer();
  useEffect(() => {
    let timer: number | undefined;
    let version = player.store.getState().version;
    const keep = () => {
      if (player.store.getState().isOpen) write({ from, id }, keptOf(player, choice));
    };
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, quietMs);
    };
    const stop = player.store.subscribe((state) => {
      if (state.isPlaying && state.version === version) return;
      version = state.version;
      later();
    });
    later();
    window.addEventListener("pagehide", keep);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("pagehide", keep);
      stop();
    };
  }, [player, from, id, choice]);
}

/** Null when the run is as written. */
function keptOf(player: Player, choice: RunChoice): KeptRun | null {
  const inputs = ownActs(player);
  const { scenario, set = {} } = choice;
  const given = player.run?.origin?.ownInputs ?? [];
  const removed = given.flatMap((input, index) => (player.timeline.inputs.includes(input) ? [] : [index]));
  if (scenario === undefined && Object.keys(set).length + inputs.length + removed.length === 0) return null;
  const { entries, time } = player.store.getState();
  const { thing } = useSelection.getState();
  return {
    choice: { ...choice, inputs, removed },
    moment: { entries, time },
    selection: thing === null ? "" : writeThing(thing),
  };
}

/** A link is an address of its own, and keeps nothing. */
function placeOf({ from, id }: What): readonly [key: string, where: Where] | null {
  if (from === "link") return null;
  return from === "sandbox" ? ["sandbox", "computer"] : [`lab.${id}`, "tab"];
}

function write(what: What, kept: KeptRun | null): void {
  const place = placeOf(what);
  if (place !== null) writeStored(place[0], kept, place[1]);
}
