/** Marks that observers make: an acknowledged record is lost, a record is stored a second time. */
import { type LedgerState, type Moment, recordsIn } from "../../sim/index.ts";
import type { Mark } from "../player/index.ts";

/** Marks with `entry >= from`, ascending. Looks at records only when the ledger counts some. */
export function observerMarks({ observed, world }: Readonly<Moment>, from: number): Mark[] {
  const ledger = observed.ledger as LedgerState | undefined;
  if (ledger === undefined || ledger.counts.lost === 0) return [];
  const marks: Mark[] = [];
  for (const record of recordsIn("lost", ledger, world)) {
    const { lost, acked, tag } = record;
    if (lost === null || acked === null || lost.entry < from) continue;
    marks.push({
      entry: lost.entry,
      at: lost.at,
      kind: "loss",
      actor: lost.by ?? "",
      fact: null,
      label: `r${tag.slice(tag.lastIndexOf(":") + 1)}`,
    });
  }
  return marks.sort((a, b) => a.entry - b.entry);
}
