/** Predictions on the phone: the question that holds the run, and what the run made of the last one that was answered. */
import { useMemo } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useProgress } from "../../state/progress.ts";
import { decidedPredictions, outcome } from "../../views/decided.ts";
import { Answered } from "../../views/lesson/Answered.tsx";
import { Ask, answering } from "../../views/lesson/Question.tsx";
import { text as lesson } from "../../views/lesson/text.ts";
import { useMoments } from "../../views/moments.ts";
import { text } from "../text.ts";
import styles from "./phone.module.css";

/** Stands in the place of the caption until it is answered or skipped. */
export function Question({ index }: { readonly index: number }) {
  const { run } = usePlayer();
  const prediction = run?.scenario?.lesson?.predictions[index];
  if (run == null || prediction === undefined) return null;
  return (
    <section className={styles.question} aria-label={lesson.predict}>
      <p className={styles.waits} role="status">
        {lesson.waits}
      </p>
      <Ask prediction={prediction} onAnswer={answering(run.id, index, prediction)} />
    </section>
  );
}

/** Once the run has decided an answered question: whether it went as predicted, and on a tap why. */
export function Decided() {
  const player = usePlayer();
  const moments = useMoments();
  const time = usePlayerState((state) => state.time);
  const computed = usePlayerState((state) =>
    state.isComputed ? state.horizon : Math.floor(state.computedUntil / 1e6),
  );
  const { run } = player;
  const records = useProgress((state) => state.labs[run?.id ?? ""]?.predictions);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is computed says which moments are known.
  const decided = useMemo(
    () => (run === null || records === undefined ? [] : decidedPredictions(run, records, moments)),
    [run, records, moments, computed],
  );
  const last = decided.findLast((one) => one.time <= time);
  const prediction = last && run?.scenario?.lesson?.predictions[last.index];
  const record = last && records?.[String(last.index)];
  if (last === undefined || prediction === undefined || record === undefined) return null;
  return (
    <details className={styles.decided} key={last.index}>
      <summary>
        <span aria-hidden="true">?</span> {text.phone.predicted(outcome(last.isRight))}
      </summary>
      <Answered prediction={prediction} record={record} decided={last} showsState={false} />
    </details>
  );
}
