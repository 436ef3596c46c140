/**
 * A list of any length of which only the rows in sight are drawn: rows of one fixed height, blanks above and below. One row
 * is current; j, k and the arrows move it, Enter asks for it.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx.ts";
import styles from "./Rows.module.css";

export interface RowsProps {
  readonly label: string;
  readonly count: number;
  readonly row: (index: number) => ReactNode;
  /** The row that the keys move; -1: none yet. */
  readonly current: number;
  readonly onCurrent: (index: number) => void;
  /** Enter, or a click. */
  readonly onChoose: (index: number) => void;
  /** Stays in sight as it changes, unless the reader has scrolled away from it. */
  readonly follow?: number;
  readonly rowHeight?: number;
  /** Drawn before the height is known. */
  readonly height: number;
  readonly onKey?: (event: KeyboardEvent) => void;
}

const more = 6;

export function Rows(props: RowsProps) {
  const { label, count, row, current, onCurrent, onChoose, follow = -1, rowHeight = 24, height, onKey } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.floor(top / rowHeight) - more);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + more);

  const reveal = (index: number) => {
    const element = box.current;
    if (element === null || index < 0) return;
    const from = index * rowHeight;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = from + rowHeight - element.clientHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: reveal reads the box, which does not change.
  useEffect(() => reveal(follow), [follow]);

  const onKeyDown = (event: KeyboardEvent) => {
    onKey?.(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      const next = Math.max(0, Math.min(count - 1, (current < 0 ? follow : current) + by));
      onCurrent(next);
      reveal(next);
    } else if (event.key === "Enter" && current >= 0) onChoose(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={box}
      className={styles.box}
      role="listbox"
      aria-label={label}
      aria-activedescendant={current >= first && current < last ? `${id}${current}` : undefined}
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div style={{ blockSize: first * rowHeight }} aria-hidden="true" />
      {Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n).map((index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys, by aria-activedescendant.
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus.
        <div
          key={index}
          id={`${id}${index}`}
          role="option"
          aria-selected={index === current}
          aria-setsize={count}
          aria-posinset={index + 1}
          className={cx(styles.row, index === current && styles.current, index === follow && styles.now)}
          style={{ blockSize: rowHeight }}
          onClick={() => {
            onCurrent(index);
            onChoose(index);
          }}
        >
          {row(index)}
        </div>
      ))}
      <div style={{ blockSize: Math.max(0, count - last) * rowHeight }} aria-hidden="true" />
    </div>
  );
}
