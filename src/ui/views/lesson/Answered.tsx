/** One answered question: what was said, and once the run has decided, what it shows and why. Never points. */
import type { PredictionRecord } from "../../state/progress.ts";
import { Icon } from "../../widgets/Icon.tsx";
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import type { Place, Prediction } from "../moments.ts";
import { readCells, readOrder, SKIPPED } from "./answers.ts";
import styles from "./lesson.module.css";
import { Jump } from "./parts.tsx";
import { Grid } from "./Question.tsx";
import { text } from "./text.ts";

/** Decided, by no one moment. */
export const NOWHERE = "nowhere";

/** In two words how it was answered. */
export function stateOf(record: PredictionRecord): string {
  return record.answer === SKIPPED ? text.skipped : text.locked(record.sure);
}

export interface AnsweredProps {
  readonly prediction: Prediction;
  readonly record: PredictionRecord;
  /** Null: the run has not come there yet. */
  readonly decided: Place | typeof NOWHERE | null;
  readonly showsState: boolean;
}

/** What was answered, and once the run has decided, what it shows and why. */
export function Answered({ prediction, record, decided, showsState }: AnsweredProps) {
  const isSkipped = record.answer === SKIPPED;
  return (
    <div className={styles.prediction} data-prediction={decided === null ? "locked" : "decided"}>
      <p>{prediction.question}</p>
      {showsState && <p className={styles.note}>{stateOf(record)}</p>}
      <Outcome prediction={prediction} answer={isSkipped ? null : record.answer} isDecided={decided !== null} />
      {decided === null ? (
        <p className={styles.note}>{text.notDecided}</p>
      ) : (
        decided !== NOWHERE && (
          <p className={styles.note}>
            {text.decided("")}
            <Jump to={decided} what={text.right} />
          </p>
        )
      )}
    </div>
  );
}

interface OutcomeProps {
  readonly prediction: Prediction;
  /** Null when it was skipped. */
  readonly answer: string | null;
  readonly isDecided: boolean;
}

function Outcome({ prediction, answer, isDecided }: OutcomeProps) {
  if ("options" in prediction)
    return (
      <div className={styles.options}>
        {prediction.options.map((option, index) => {
          const isYours = answer === String(index);
          const isTrue = isDecided && option.correct === true;
          return (
            <div key={option.text} className={styles.option} data-yours={isYours} data-true={isTrue}>
              {isTrue ? <Icon name="check" size={16} /> : <span className={styles.dot} aria-hidden="true" />}
              <span>
                {isTrue || isYours ? <strong>{option.text}</strong> : option.text}
                {isTrue && <VisuallyHidden>, {text.right}</VisuallyHidden>}
                {isYours && <span className={styles.tag}> ({text.yours})</span>}
              </span>
              {isDecided && <span className={styles.note}>{option.reason}</span>}
            </div>
          );
        })}
      </div>
    );
  if ("number" in prediction) {
    const { from, to, unit, reason } = prediction.number;
    return (
      <>
        {answer !== null && (
          <p>
            {text.yours}: <strong>{answer}</strong> {unit}
          </p>
        )}
        {isDecided && (
          <>
            <p>
              {text.right}: <strong>{text.numberIs(from, to, unit)}</strong>
            </p>
            <p className={styles.note}>{reason}</p>
          </>
        )}
      </>
    );
  }
  if ("order" in prediction) {
    const shown = isDecided || answer === null ? prediction.order.map((_, index) => index) : readOrder(answer);
    if (!isDecided && answer === null) return null;
    const yours = answer === null ? [] : readOrder(answer);
    return (
      <>
        {/* biome-ignore lint/a11y/noRedundantRoles: as above. */}
        <ol role="list" className={styles.order}>
          {shown.map((item) => (
            <li key={item}>
              <span>{prediction.order[item]}</span>
              {isDecided && answer !== null && (
                <span className={styles.tag}>
                  <VisuallyHidden>{text.yours}</VisuallyHidden> {yours.indexOf(item) + 1}
                </span>
              )}
            </li>
          ))}
        </ol>
        {isDecided && <p className={styles.note}>{prediction.reason}</p>}
      </>
    );
  }
  const { rows, columns, cells } = prediction.table;
  const yours = answer === null ? [] : readCells(answer);
  if (!isDecided && answer === null) return null;
  return (
    <>
      <Grid rows={rows} columns={columns}>
        {(row, column) => {
          const own = yours[row]?.[column] ?? "";
          const is = cells[row]?.[column] ?? "";
          if (!isDecided) return own;
          return (
            <>
              <strong>{is}</strong> {own !== "" && own !== is && <span className={styles.tag}>({own})</span>}
            </>
          );
        }}
      </Grid>
      {isDecided && <p className={styles.note}>{prediction.reason}</p>}
    </>
  );
}
