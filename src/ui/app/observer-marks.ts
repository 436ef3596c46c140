/** Marks that observers make: an acknowledged record is lost, a record is stored again, an expectation is decided. */
import {
  type LedgerRecord,
  type LedgerState,
  type Moment,
  type Run,
  recordsIn,
  someItem,
  verdictsAt,
} from "../../sim/index.ts";
import type { Mark } from "../player/index.ts";

/** Marks with `entry >= from`, ascending. Asked after each slice of computing, so that it looks only where there is something. */
export function observerMarks(run: Run, head: Readonly<Moment>, from: number): Mark[] {
  const { observed, world } = head;
  const ledger = observed.ledger as LedgerState | undefined;
  const marks: Mark[] = [];
  if (ledger !== undefined && ledger.counts.lost > 0) {
    for (const { lost, acked, tag } of recordsIn("lost", ledger, world)) {
      if (lost === null || acked === null || lost.entry < from) continue;
      marks.push({ ...lost, kind: "loss", actor: lost.by ?? "", fact: null, label: nameOf(tag) });
    }
  }
  if (ledger !== undefined && hasSecondPlace(ledger, from)) {
    for (const { placements, tag } of recordsIn("duplicated", ledger, world)) {
      const last = placements.at(-1);
      if (last === undefined || last.decided.entry < from) continue;
      marks.push({ ...last.decided, kind: "duplicate", actor: last.broker, fact: null, label: nameOf(tag) });
    }
  }
  for (const { verdict, say, at, entry } of verdictsAt(run, head)) {
    if (verdict === "open" || at === null || entry === null || entry < from) continue;
    marks.push({ entry, at, kind: "check", actor: "", fact: null, label: say });
  }
  return marks
    .map(({ entry, at, kind, actor, fact, label }) => ({ entry, at, kind, actor, fact, label: label ?? "" }))
    .sort((a, b) => a.entry - b.entry);
}

/** Parts of ledgers in which every record has one offset. */
const placedOnce = new WeakSet<readonly unknown[]>();

/** Whether some record got another offset since `from`. Costs what has changed since it was last asked, not the ledger. */
function hasSecondPlace({ producers }: LedgerState, from: number): boolean {
  const isSince = (record: LedgerRecord) => isPlacedAgain(record, from);
  const isOnce = (record: LedgerRecord) => !isPlacedAgain(record, 0);
  return Object.values(producers).some(({ records }) => someItem(records, isSince, isOnce, placedOnce));
}

function isPlacedAgain({ placements }: LedgerRecord, from: number): boolean {
  const [first] = placements;
  const last = placements.at(-1);
  return first !== undefined && last !== undefined && last.offset !== first.offset && last.decided.entry >= from;
}

/** `p1:20` → `r20`. */
function nameOf(tag: string): string {
  return `r${tag.slice(tag.lastIndexOf(":") + 1)}`;
}
