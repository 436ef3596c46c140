// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in the blank rows takes the focus.
/** The table of records: each time leads to its moment, each row to its record on the canvas. Only rows in sight are made. */
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useSelection } from "../../state/selection.ts";
import { Button } from "../../widgets/Button.tsx";
import { cx } from "../../widgets/cx.ts";
import { PaneState } from "../../widgets/PaneState.tsx";
import { useCalmEntries } from "../time.ts";
import type { ViewProps } from "../view.ts";
import styles from "./ledger.module.css";
import { FILTER_WORDS, type LedgerRow, ledgerRecords, ledgerRow, lostAt, type MomentCell } from "./project.ts";
import { useLedger } from "./state.ts";

const rowHeight = 24;
const more = 4;

/** Name and look of each column, in their order. */
const columns: readonly (readonly [label: string, className?: string | undefined])[] = [
  ["record"],
  ["sent", styles.number],
  ["acked", styles.number],
  ["offset", styles.number],
  ["epoch", styles.number],
  ["committed", styles.number],
  ["copies now"],
  ["consumed"],
  ["fate", styles.fate],
];

export default function Ledger({ width, height }: ViewProps) {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const version = usePlayerState((state) => state.version);
  const entries = useCalmEntries();
  const { filter, setFilter } = useLedger();
  const [top, setTop] = useState(0);
  const [current, setCurrent] = useState(-1);
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isOpen) useLedger.getState().open(lostAt(player.moment()));
  }, [player, isOpen]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and entries name the moment.
  const records = useMemo(
    () => (isOpen ? ledgerRecords(player.moment(), filter) : []),
    [player, isOpen, version, entries, filter],
  );
  const first = Math.max(0, Math.min(records.length, Math.floor(top / rowHeight) - more));
  const last = Math.min(records.length, Math.ceil((top + height) / rowHeight) + more);
  const rows = useMemo(() => {
    if (!isOpen) return [];
    const moment = player.moment();
    const many = new Set(records.map(({ producer }) => producer)).size > 1;
    return records.slice(first, last).map((record) => ledgerRow(record, moment, many));
  }, [player, isOpen, records, first, last]);

  if (width < 480)
    return <PaneState title="The ledger needs 480 px.">It has {Math.round(width)}. Widen the pane.</PaneState>;
  if (records.length === 0) {
    if (filter === "lost-with-neighbours" || filter === "lost")
      return (
        <PaneState title="Nothing is lost.">
          With acks=1, kill a leader after it acknowledged a record and before a follower fetched it.
        </PaneState>
      );
    if (filter === "sent") return <PaneState title="Nothing sent yet.">Play the run.</PaneState>;
    return (
      <PaneState
        title={`No record is ${FILTER_WORDS[filter]} now.`}
        actions={
          <Button size="bar" onClick={() => setFilter("sent")}>
            Show all records
          </Button>
        }
      />
    );
  }

  const reveal = (index: number) => {
    const element = box.current;
    if (element === null) return;
    const from = index * rowHeight;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + 2 * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = from + 2 * rowHeight - element.clientHeight;
  };
  const choose = (row: LedgerRow | undefined) => {
    if (row?.thing) useSelection.getState().select({ kind: "record", ...row.thing });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      const next = Math.max(0, Math.min(records.length - 1, current + by));
      setCurrent(next);
      reveal(next);
    } else if (event.key === "Enter" && event.target === box.current) {
      const row = rows[current - first];
      choose(row);
      const entry = row?.fate.entry ?? row?.sent.entry;
      if (entry != null) player.seek({ entries: entry + 1 });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section
      ref={box}
      className={styles.box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label="Ledger"
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <table className={styles.table} aria-rowcount={records.length + 1}>
        <thead>
          <tr>
            {columns.map(([label, className]) => (
              <th key={label} className={className}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr style={{ blockSize: first * rowHeight }} aria-hidden="true" />}
          {rows.map((row, n) => (
            <tr
              key={row.tag}
              aria-rowindex={first + n + 2}
              aria-current={first + n === current ? "true" : undefined}
              className={cx(styles.row, row.fate.isLost && styles.lost, first + n === current && styles.current)}
            >
              <td>
                <button type="button" className={styles.name} onClick={() => choose(row)} disabled={row.thing === null}>
                  {row.name}
                </button>
              </td>
              <Moment cell={row.sent} what={`${row.name} was sent`} />
              <Moment cell={row.acked} what={`${row.name} was acknowledged`} />
              <td className={styles.number}>{row.offset}</td>
              <td className={styles.number}>{row.epoch}</td>
              <Moment cell={row.committed} what={`${row.name} was committed`} />
              <td className={styles.mono}>{row.copies}</td>
              <Moment cell={row.consumed} what={`${row.name} was read`} start />
              <td className={styles.fate}>
                {row.fate.entry === null ? (
                  row.fate.text
                ) : (
                  <Jump entry={row.fate.entry} what={`${row.name} was lost`}>
                    {row.fate.text}
                  </Jump>
                )}
              </td>
            </tr>
          ))}
          {last < records.length && (
            <tr style={{ blockSize: (records.length - last) * rowHeight }} aria-hidden="true" />
          )}
        </tbody>
      </table>
    </section>
  );
}

function Moment({
  cell,
  what,
  start = false,
}: {
  readonly cell: MomentCell;
  readonly what: string;
  readonly start?: boolean;
}) {
  return (
    <td className={start ? styles.mono : styles.number}>
      {cell.entry === null ? (
        cell.text
      ) : (
        <Jump entry={cell.entry} what={what}>
          {cell.text}
        </Jump>
      )}
    </td>
  );
}

function Jump({ entry, what, children }: { readonly entry: number; readonly what: string; readonly children: string }) {
  const player = usePlayer();
  return (
    <button
      type="button"
      className={styles.jump}
      aria-label={`Go to where ${what}: ${children}`}
      onClick={() => player.seek({ entries: entry + 1 })}
    >
      {children}
    </button>
  );
}
