/**
 * What the lesson does to playing: it stops where a question waits for its answer, and where it is the learner's turn to do
 * something. Questions hold the cursor; a turn only pauses, and Play goes on.
 */
import { useEffect } from "react";
import { create } from "zustand";
import type { Player } from "../../player/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useProgress } from "../../state/progress.ts";
import { waitingOf } from "../decided.ts";
import { type ActSpec, type Moments, type Place, useMoments } from "../moments.ts";
import { asksAtOf } from "./project.ts";

/**
 * The gate of the run that is open, whether or not its lesson is in sight. `onAsk` is called when a question begins to hold the
 * run. Renders nothing.
 */
export function LessonGate({ onAsk }: { readonly onAsk: () => void }): null {
  const player = usePlayer();
  const moments = useMoments();
  const runKey = usePlayerState((state) => state.runKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run has new questions.
  useEffect(() => keepHolds(player, moments), [player, moments, runKey]);
  useTurns(moments);
  const holds = useHolding();
  useEffect(() => {
    if (holds !== null) onAsk();
  }, [holds, onAsk]);
  return null;
}

/** Id of the act that waits for the learner at the moment shown; null when none does. */
export const useTurn = create<{ readonly act: string | null }>()(() => ({ act: null }));

/** The place in the lesson of the question that holds the run now; null when none does. */
export function useHolding(): number | null {
  const heldBy = usePlayerState((state) => state.heldBy);
  const index = heldBy === null ? null : /^prediction-(\d+)$/.exec(heldBy)?.[1];
  return index == null ? null : Number(index);
}

function keepHolds(player: Player, moments: Moments): () => void {
  const { run } = player;
  const lesson = run?.scenario?.lesson;
  if (run == null || lesson === undefined) return () => {};
  const { waiting } = waitingOf(run);
  const held = new Map<string, number>();
  let isBusy = false;
  const update = () => {
    if (isBusy || !player.store.getState().isOpen || player.run !== run) return;
    isBusy = true;
    const answers = useProgress.getState().labs[run.id]?.predictions ?? {};
    const acts = waiting.map((spec) => ({ id: spec.id ?? "", planned: moments.planned(spec) }));
    lesson.predictions.forEach((prediction, index) => {
      const name = `prediction-${index}`;
      const place = answers[String(index)] === undefined ? asksAtOf(prediction, acts, moments) : null;
      if (place === null) {
        if (held.delete(name)) player.release(name);
      } else if (held.get(name) !== place.entries) {
        held.set(name, place.entries);
        player.hold(name, place.entries);
      }
    });
    isBusy = false;
  };
  update();
  const stops = [player.store.subscribe(update), useProgress.subscribe(update)];
  return () => {
    for (const stop of stops) stop();
    if (player.run === run) for (const name of held.keys()) player.release(name);
  };
}

/** More than one frame of playing moves the time, µs. */
const longestFrame = 2_000_000;

/** Pauses, once for each, where an act that waits for the learner would be done. Returns the act whose turn it is. */
function useTurns(moments: Moments): void {
  const player = usePlayer();
  const runKey = usePlayerState((state) => state.runKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run has new acts.
  useEffect(() => {
    const setTurn = (act: string | null) => useTurn.getState().act !== act && useTurn.setState({ act });
    setTurn(null);
    const { run } = player;
    if (run?.scenario?.lesson === undefined) return;
    const { waiting } = waitingOf(run);
    const stopped = new Set<string>();
    return player.store.subscribe((now, before) => {
      if (!now.isOpen || player.run !== run || now.time === before.time) return;
      // A jump is the reader's own way of going on.
      if (!now.isPlaying || now.time < before.time || now.time - before.time > longestFrame) return;
      const passed = firstPassed(waiting, stopped, before.time, now.time, moments);
      if (passed === null) {
        setTurn(null);
        return;
      }
      stopped.add(passed.id);
      player.pause();
      player.seek(passed.place);
      setTurn(passed.id);
    });
  }, [player, moments, runKey]);
}

function firstPassed(
  waiting: readonly ActSpec[],
  stopped: ReadonlySet<string>,
  from: number,
  to: number,
  moments: Moments,
): { readonly id: string; readonly place: Place } | null {
  let first: { id: string; place: Place } | null = null;
  for (const spec of waiting) {
    const id = spec.id ?? "";
    if (stopped.has(id) || moments.find({ act: id }) !== null) continue;
    const place = moments.planned(spec);
    if (place === null || place.time <= from || place.time > to) continue;
    if (first === null || place.time < first.place.time) first = { id, place };
  }
  return first;
}
