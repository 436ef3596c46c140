/** Part 1: the questions. Each waits for an answer or a skip; once the run has decided, it says why, and never counts points. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type PredictionRecord, useProgress } from "../../state/progress.ts";
import { Button } from "../../widgets/Button.tsx";
import { NumberField, SelectField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { Choices, Segmented } from "../../widgets/Segmented.tsx";
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import { isComplete, isRight, moved, readCells, readOrder, SKIPPED, startOf, withCell, wordsOf } from "./answers.ts";
import styles from "./lesson.module.css";
import type { Place, Prediction } from "./moments.ts";
import { Jump, Part } from "./parts.tsx";
import type { PredictionView } from "./project.ts";
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
              onAnswer={(answer, sure) =>
                useProgress
                  .getState()
                  .predict(lab, String(index), { answer, sure, isRight: isRight(prediction, answer) })
              }
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

/** Decided, by no one moment. */
const NOWHERE = "nowhere";

function stateOf(record: PredictionRecord): string {
  return record.answer === SKIPPED ? text.skipped : text.locked(record.sure);
}

interface AskProps {
  readonly prediction: Prediction;
  readonly onAnswer: (answer: string, sure: 1 | 2 | 3) => void;
}

function Ask({ prediction, onAnswer }: AskProps) {
  const [answer, setAnswer] = useState<string | null>(() => startOf(prediction));
  const [sure, setSure] = useState<"1" | "2" | "3">("2");
  const canLock = isComplete(prediction, answer);
  const lock = () => isComplete(prediction, answer) && onAnswer(answer, Number(sure) as 1 | 2 | 3);
  return (
    <form
      className={styles.prediction}
      data-prediction="open"
      onSubmit={(event) => {
        event.preventDefault();
        lock();
      }}
    >
      <AnswerField prediction={prediction} answer={answer} onChange={setAnswer} />
      <Segmented
        legend={text.howSure}
        value={sure}
        onChange={setSure}
        options={[
          { value: "1", label: "1" },
          { value: "2", label: "2" },
          { value: "3", label: "3" },
        ]}
      />
      <div className={styles.row}>
        <Button look="first" type="submit" disabled={!canLock}>
          {text.lockIn}
        </Button>
        <Button look="quiet" onClick={() => onAnswer(SKIPPED, 1)}>
          {text.skip}
        </Button>
      </div>
    </form>
  );
}

interface AnswerFieldProps {
  readonly prediction: Prediction;
  readonly answer: string | null;
  readonly onChange: (answer: string) => void;
}

function AnswerField({ prediction, answer, onChange }: AnswerFieldProps) {
  const { question } = prediction;
  if ("options" in prediction)
    return (
      <Choices
        legend={question}
        value={answer}
        onChange={onChange}
        options={prediction.options.map((option, index) => ({ value: String(index), label: option.text }))}
      />
    );
  if ("number" in prediction)
    return (
      <>
        <p>{question}</p>
        <NumberField
          label={text.yourNumber}
          value={answer === null ? Number.NaN : Number(answer)}
          notANumber={text.aNumber}
          unit={prediction.number.unit}
          onChange={(value) => onChange(String(value))}
        />
      </>
    );
  if ("order" in prediction) return <OrderField prediction={prediction} answer={answer} onChange={onChange} />;
  const { rows, columns } = prediction.table;
  const cells = answer === null ? [] : readCells(answer);
  const words = wordsOf(prediction);
  return (
    <>
      <p>{question}</p>
      <Grid rows={rows} columns={columns}>
        {(row, column) => (
          <SelectField
            hideLabel
            size="bar"
            label={text.cell(rows[row] ?? "", columns[column] ?? "")}
            value={cells[row]?.[column] ?? ""}
            onChange={(cell) => onChange(withCell(answer, row, column, cell))}
            options={[{ value: "", label: text.empty }, ...words.map((word) => ({ value: word, label: word }))]}
          />
        )}
      </Grid>
    </>
  );
}

function OrderField({ prediction, answer, onChange }: AnswerFieldProps) {
  if (!("order" in prediction)) return null;
  const order = answer === null ? [] : readOrder(answer);
  return (
    <>
      <p>{prediction.question}</p>
      <p className={styles.note}>{text.orderHint}</p>
      {/* biome-ignore lint/a11y/noRedundantRoles: without numbers of its own a list is no list to some readers. */}
      <ol role="list" className={styles.order}>
        {order.map((item, place) => {
          const name = prediction.order[item] ?? "";
          return (
            <li key={item}>
              <span>{name}</span>
              <span className={styles.arrows}>
                <Button
                  size="bar"
                  look="quiet"
                  aria-label={text.up(name)}
                  disabled={place === 0}
                  onClick={() => onChange(JSON.stringify(moved(order, place, -1)))}
                >
                  <span className={styles.flipped}>
                    <Icon name="down" size={16} />
                  </span>
                </Button>
                <Button
                  size="bar"
                  look="quiet"
                  aria-label={text.down(name)}
                  disabled={place === order.length - 1}
                  onClick={() => onChange(JSON.stringify(moved(order, place, 1)))}
                >
                  <Icon name="down" size={16} />
                </Button>
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

interface GridProps {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly children: (row: number, column: number) => ReactNode;
}

function Grid({ rows, columns, children }: GridProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <td />
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, r) => (
          <tr key={row}>
            <th scope="row">{row}</th>
            {columns.map((column, c) => (
              <td key={column}>{children(r, c)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface AnsweredProps {
  readonly prediction: Prediction;
  readonly record: PredictionRecord;
  /** Null: the run has not come there yet. */
  readonly decided: Place | typeof NOWHERE | null;
  readonly showsState: boolean;
}

function Answered({ prediction, record, decided, showsState }: AnsweredProps) {
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
