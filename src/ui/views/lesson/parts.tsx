/** Small pieces that all parts of the lesson column share: a numbered heading, a jump to a moment, ids set in mono. */
import type { KeyboardEvent, ReactNode } from "react";
import { usePlayer } from "../../state/player.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { seconds } from "../../widgets/seconds.ts";
import type { Place, Verb } from "../moments.ts";
import styles from "./lesson.module.css";
import { text } from "./text.ts";

export interface PartProps {
  readonly number?: number;
  readonly title: string;
  readonly note?: ReactNode;
  /** The number is filled: nothing is left to do here. */
  readonly isDone?: boolean;
  readonly children: ReactNode;
}

export function Part({ number, title, note, isDone = false, children }: PartProps) {
  return (
    <section className={styles.part} aria-label={title}>
      <div className={styles.head}>
        {number !== undefined && (
          <span className={styles.number} data-done={isDone} aria-hidden="true">
            {number}
          </span>
        )}
        <h2>{title}</h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </div>
      {children}
    </section>
  );
}

/** The time of a moment; goes there. */
export function Jump({ to, what }: { readonly to: Place; readonly what: string }) {
  const player = usePlayer();
  return (
    <button
      type="button"
      className={styles.jump}
      aria-label={`${seconds(to.time)}: ${text.goTo(what)}`}
      onClick={() => {
        player.pause();
        player.seek({ entries: to.entries, time: to.time });
      }}
    >
      {seconds(to.time)}
    </button>
  );
}

const own = [" ", "Enter", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];

/** Keys that a radio, a slider or a summary takes itself do not also move the run. For the root of the column. */
export function keepOwnKeys(event: KeyboardEvent<HTMLElement>): void {
  const isControl = (event.target as HTMLElement).closest("input, select, textarea, summary") !== null;
  if (isControl && own.includes(event.key)) event.stopPropagation();
}

/** A box that is ticked, crossed or empty. Its word stands beside it for those who do not see it. */
export function Box({ state }: { readonly state: Verb }) {
  return (
    <span className={styles.box} data-state={state} aria-hidden="true">
      {state === "held" && <Icon name="check" size={16} />}
      {state === "fell" && <Icon name="close" size={16} />}
    </span>
  );
}
