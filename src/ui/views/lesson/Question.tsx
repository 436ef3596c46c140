/** One open question with its answer field: options, a number, an order, or a table. The column and the phone both ask with it. */
import { type ReactNode, useState } from "react";
import { useProgress } from "../../state/progress.ts";
import { Button } from "../../widgets/Button.tsx";
import { NumberField, SelectField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { Choices, Segmented } from "../../widgets/Segmented.tsx";
import type { Prediction } from "../moments.ts";
import { isComplete, isRight, moved, readCells, readOrder, SKIPPED, startOf, withCell, wordsOf } from "./answers.ts";
import styles from "./lesson.module.css";
import { text } from "./text.ts";

/** Keeps an answer to the question at `index` of a lab, with whether it is what the run shows. */
export function answering(lab: string, index: number, prediction: Prediction): AskProps["onAnswer"] {
  return (answer, sure) =>
    useProgress.getState().predict(lab, String(index), { answer, sure, isRight: isRight(prediction, answer) });
}

export interface AskProps {
  readonly prediction: Prediction;
  readonly onAnswer: (answer: string, sure: 1 | 2 | 3) => void;
}

/** An open question: answer, how sure, lock in or skip. */
export function Ask({ prediction, onAnswer }: AskProps) {
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

/** A table of words, one to choose or to show in each cell. */
export function Grid({ rows, columns, children }: GridProps) {
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
