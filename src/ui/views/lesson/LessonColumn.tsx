/** The lesson column: predict, run, check, explain. It is the tour; there is no other. */
import { useCallback, useEffect } from "react";
import { type AtCursor, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { useProgress } from "../../state/progress.ts";
import { useMoments } from "../moments.ts";
import { Checks } from "./Checks.tsx";
import { useHolding, useTurn } from "./gate.ts";
import { Knobs } from "./Knobs.tsx";
import styles from "./lesson.module.css";
import { Predict } from "./Predict.tsx";
import { keepOwnKeys, Part } from "./parts.tsx";
import { projectLesson } from "./project.ts";
import { Steps } from "./Steps.tsx";
import { text } from "./text.ts";
import { Why } from "./Why.tsx";

export default function LessonColumn() {
  const player = usePlayer();
  const moments = useMoments();
  const holds = useHolding();
  const turn = useTurn((state) => state.act);
  const runKey = usePlayerState((state) => state.runKey);
  const computed = usePlayerState((state) =>
    state.isComputed ? state.horizon : Math.floor(state.computedUntil / 1e6),
  );
  const isAtEnd = usePlayerState((state) => state.isComputed && state.time >= state.horizon);
  const lesson = player.run?.scenario?.lesson;
  const view = useAtCursor(
    useCallback(
      (at: AtCursor) => (at.player.run?.scenario?.lesson === undefined ? null : projectLesson(at, moments)),
      [moments],
    ),
    { on: [runKey, computed, isAtEnd] },
  );
  const lab = player.run?.id ?? "";
  const markDone = useProgress((state) => state.markDone);
  const isDone = view?.isDone ?? false;
  useEffect(() => {
    if (isDone) markDone(lab);
  }, [isDone, lab, markDone]);
  if (lesson === undefined || view === null) return null;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps keys of controls inside it from going further.
    <div className={styles.column} onKeyDown={keepOwnKeys}>
      <Part title={lesson.goal} note={text.minutes(lesson.minutes)}>
        {lesson.intro !== undefined && <p>{lesson.intro}</p>}
      </Part>
      <Predict
        key={`${lab} ${runKey}`}
        lab={lab}
        predictions={lesson.predictions}
        views={view.predictions}
        holds={holds}
        isOver={view.isOver}
      />
      <Steps view={view} observe={lesson.observe} turn={turn} />
      <Checks view={view} />
      <Knobs paths={lesson.knobs ?? []} />
      <Why
        key={lab}
        lesson={lesson}
        isDecided={view.checks.length > 0 && view.decidedChecks === view.checks.length}
        isDone={isDone}
      />
    </div>
  );
}
