/** Part 1: the questions. Each waits for an answer or a skip; once the run has decided, it says why, and never counts points. */
import { useEffect, useRef } from "react";
import { useProgress } from "../../state/progress.ts";
import type { Prediction } from "../moments.ts";
import { Answered, NOWHERE, stateOf } from "./Answered.tsx";
import styles from "./lesson.module.css";
import { Part } from "./parts.tsx";
import type { PredictionView } from "./project.ts";
import { Ask, answering } from "./Question.tsx";
import { text } from "./text.ts";

export interface PredictProps {
  readonly lab: string;
  readonly predictions: readonly Prediction[];
  readonly views: readonly PredictionView[];
  /** Place of the question that holds the run; null when none does. */
  readonly holds: number | null;
  /** The run is at its end: whatever it decides is decided. */
  readonly isOver: boolean;
}

export function Predict({ lab, predictions, views, holds, isOver }: PredictProps) {
  const records = useProgress((state) => state.labs[lab]?.predictions);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (holds !== null) list.current?.querySelector("[data-prediction=open]")?.scrollIntoView({ block: "nearest" });
  }, [holds]);
  if (predictions.length === 0) return null;
  const count = views.filter(({ belongs }) => belongs).length;
  const answered = predictions.filter((_, index) => views[index]?.belongs && records?.[index] !== undefined).length;
  const [only] = predictions.length === 1 ? [records?.["0"]] : [];
  const note = only === undefined ? text.decidedOf(answered, count) : stateOf(only);
  return (
    <Part number={1} title={text.predict} note={answered === 0 ? undefined : note} isDone={answered === count}>
      <div aria-live="polite">{holds !== null && <p className={styles.hold}>{text.waits}</p>}</div>
      <div ref={list} className={styles.predictions}>
        {predictions.map((prediction, index) => {
          const view = views[index];
          const record = records?.[index];
          if (view === undefined || !view.belongs) return null;
          const decided = view.decided ?? (isOver || prediction.decidedAt === undefined ? NOWHERE : null);
          if (record !== undefined)
            return (
              <Answered
                // biome-ignore lint/suspicious/noArrayIndexKey: the place in the lesson is what names a question.
                key={index}
                prediction={prediction}
                record={record}
                decided={decided}
                showsState={predictions.length > 1}
              />
            );
          // What comes later stays closed, or its words would give the run away.
          if (!view.isAsked) return null;
          return (
            <Ask
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              key={index}
              prediction={prediction}
              onAnswer={answering(lab, index, prediction)}
            />
          );
        })}
        {predictions.some(
          (_, index) => views[index]?.belongs && records?.[index] === undefined && !views[index].isAsked,
        ) && <p className={styles.note}>{text.later}</p>}
      </div>
    </Part>
  );
}
