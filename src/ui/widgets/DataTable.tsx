/**
 * A small table with a caption. Rows that can be chosen have a button in their first cell: one of them is the tab stop, the
 * arrows (or j and k) move on from row to row, also into the next table of the same view.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cx } from "./cx.ts";
import styles from "./DataTable.module.css";

export interface DataColumn {
  readonly label: string;
  /** Figures: to the right, monospaced. */
  readonly isNumber?: boolean;
  /** Names and offsets: monospaced. */
  readonly isMono?: boolean;
  /** A longer name of the column. */
  readonly title?: string;
}

export interface DataRow {
  readonly key: string;
  /** One for each column; the first names the row. */
  readonly cells: readonly ReactNode[];
  /** What it says besides its columns: struck through, lost. */
  readonly look?: "down" | "loss" | "differs";
  readonly isChosen?: boolean;
  readonly onChoose?: () => void;
}

export interface DataTableProps {
  readonly caption: string;
  /** The heading above shows the caption already. */
  readonly hideCaption?: boolean;
  readonly columns: readonly DataColumn[];
  readonly rows: readonly DataRow[];
  /** Said instead of rows when there is none. */
  readonly empty?: string;
}

export function DataTable({ caption, hideCaption = false, columns, rows, empty }: DataTableProps) {
  const [stop, setStop] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  const choosable = rows.filter(({ onChoose }) => onChoose !== undefined);
  const isQuiet = choosable.length === 0;
  // A box that scrolls sideways must take the focus when nothing in it does.
  useEffect(() => setScrolls(isQuiet && box.current !== null && box.current.scrollWidth > box.current.clientWidth));
  const has = (key: string | null | undefined) => choosable.some((row) => row.key === key);
  const chosen = choosable.find(({ isChosen }) => isChosen)?.key;
  const tabStop = has(stop) ? stop : (chosen ?? choosable[0]?.key);
  return (
    <div
      ref={box}
      className={styles.scroll}
      {...(scrolls ? { role: "group", tabIndex: 0, "aria-label": caption } : {})}
    >
      <table className={styles.table}>
        <caption className={cx(styles.caption, hideCaption && styles.hidden)}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, title, isNumber }) => (
              <th key={label} scope="col" title={title} className={isNumber ? styles.number : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length}>{empty ?? "none"}</td>
            </tr>
          )}
          {rows.map((row) => (
            <tr
              key={row.key}
              aria-current={row.isChosen ? "true" : undefined}
              className={cx(
                styles.row,
                row.onChoose && styles.choosable,
                row.isChosen && styles.chosen,
                row.look && styles[row.look],
              )}
              onClick={row.onChoose}
            >
              {row.cells.map((cell, n) => {
                const column = columns[n];
                const className = cx(column?.isNumber && styles.number, column?.isMono && styles.mono);
                // The columns never change places.
                const key = column?.label ?? n;
                if (n > 0)
                  return (
                    <td key={key} className={className}>
                      {cell}
                    </td>
                  );
                return (
                  <th key={key} scope="row" className={cx(className, styles.name)}>
                    {row.onChoose === undefined ? (
                      cell
                    ) : (
                      <button
                        type="button"
                        className={styles.button}
                        data-row=""
                        tabIndex={row.key === tabStop ? 0 : -1}
                        aria-pressed={row.isChosen ?? false}
                        onFocus={() => setStop(row.key)}
                      >
                        {cell}
                      </button>
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Put on the view's root: moves the focus between the rows of all tables in it. */
export function onRowKeys(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button[data-row]")];
  const here = buttons.indexOf(document.activeElement as HTMLElement);
  if (here < 0) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[Math.max(0, Math.min(buttons.length - 1, here + by))]?.focus();
}
