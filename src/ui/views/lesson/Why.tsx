/** Part 4: what happened and why, once the run has decided or somebody asks; then the question that carries it elsewhere. */
import { scenarioCards } from "virtual:scenario-cards";
import { useState } from "react";
import { Button } from "../../widgets/Button.tsx";
import type { Lesson } from "../moments.ts";
import styles from "./lesson.module.css";
import { Part } from "./parts.tsx";
import { text } from "./text.ts";

export interface WhyProps {
  readonly lesson: Lesson;
  /** All checks are decided. */
  readonly isDecided: boolean;
  readonly isDone: boolean;
}

export function Why({ lesson, isDecided, isDone }: WhyProps) {
  const [isAsked, setAsked] = useState(false);
  const isOpen = isDecided || isAsked;
  return (
    <Part number={4} title={text.why} isDone={isDecided}>
      {isDone && <p className={styles.hold}>{text.done}</p>}
      {isOpen ? (
        <Explained lesson={lesson} />
      ) : (
        <>
          <p className={styles.note}>{text.opensLater}</p>
          <div className={styles.row}>
            <Button size="bar" look="quiet" onClick={() => setAsked(true)}>
              {text.show}
            </Button>
          </div>
        </>
      )}
    </Part>
  );
}

function Explained({ lesson }: { readonly lesson: Lesson }) {
  const { whatHappened, why, transfer, myth, source, next } = lesson;
  const following = scenarioCards.find(({ id }) => id === next);
  return (
    <>
      <h3>{text.whatHappened}</h3>
      <p>{whatHappened}</p>
      <h3>{text.why}</h3>
      <p>{why.text}</p>
      <dl className={styles.facts}>
        {why.rule !== undefined && <Row name={text.rule}>{why.rule}</Row>}
        {why.since !== undefined && <Row name={text.since}>{why.since}</Row>}
      </dl>
      <h3>{text.transfer}</h3>
      <p>{transfer.question}</p>
      <details>
        <summary className={styles.summary}>{text.answer}</summary>
        <p>{transfer.answer}</p>
      </details>
      <dl className={styles.facts}>
        <Row name={text.myth}>
          {[myth]
            .flat()
            .map((one) => `“${one}”`)
            .join(", ")}
        </Row>
        {source !== undefined && <Row name={text.source}>{[source].flat().join("; ")}</Row>}
      </dl>
      {following !== undefined && (
        <p>
          <a href={`#/lab/${following.id}`}>{text.nextLab(titleOf(following))}</a>
        </p>
      )}
    </>
  );
}

function titleOf({ number, title }: (typeof scenarioCards)[number]): string {
  return number === undefined ? title : `${number} ${title}`;
}

function Row({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
