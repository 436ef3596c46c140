/**
 * The ledger as rows of plain data. Sets and fates are those of the observer that the assertions use (`recordsIn`, `fateOf`);
 * only what is in sight is put into words.
 */
import {
  copiesNow,
  fateOf,
  type LedgerRecord,
  type LedgerState,
  type Moment,
  RECORD_SETS,
  type RecordSetName,
  recordsIn,
} from "../../../sim/index.ts";
import { seconds } from "../../widgets/seconds.ts";

/** A set, or the lost records with the one before and after each. */
export type LedgerFilter = RecordSetName | "lost-with-neighbours";

/** Filters that always stand in the bar; the others only when they count some. */
export const ALWAYS: readonly LedgerFilter[] = [
  "sent",
  "acked",
  "lost-with-neighbours",
  "duplicated",
  "unknown",
  "reordered",
  "skipped",
];

export const FILTER_WORDS: Readonly<Record<LedgerFilter, string>> = {
  sent: "all",
  acked: "acked",
  assumed: "assumed",
  failed: "failed",
  unknown: "unknown",
  committed: "committed",
  consumed: "consumed",
  lost: "lost",
  "lost-with-neighbours": "lost, with neighbours",
  duplicated: "duplicated",
  reordered: "reordered",
  reprocessed: "reprocessed",
  skipped: "skipped",
  businessDuplicate: "sent twice",
};

export interface FilterCount {
  readonly filter: LedgerFilter;
  readonly label: string;
  readonly count: number;
}

/** How many each set holds now; sets that are always shown, and those that hold some. */
export function ledgerCounts({ world, observed }: Readonly<Moment>): FilterCount[] {
  const state = observed.ledger as LedgerState | undefined;
  if (state === undefined) return [];
  const filters: LedgerFilter[] = [...ALWAYS, ...RECORD_SETS.filter((set) => set !== "lost" && !ALWAYS.includes(set))];
  return filters
    .map((filter) => {
      const count = recordsIn(filter === "lost-with-neighbours" ? "lost" : filter, state, world).length;
      return { filter, label: wordsOf(filter, count), count };
    })
    .filter(({ filter, count }) => ALWAYS.includes(filter) || count > 0);
}

function wordsOf(filter: LedgerFilter, count: number): string {
  if (filter === "lost-with-neighbours") return count === 0 ? "lost 0" : `lost ${count}, with neighbours`;
  return `${FILTER_WORDS[filter]} ${count}`;
}

/** How many acknowledged records are lost at a moment. */
export function lostAt({ observed }: Readonly<Moment>): number {
  return (observed.ledger as LedgerState | undefined)?.counts.lost ?? 0;
}

/** A moment in a cell: where it leads, and its words. */
export interface MomentCell {
  readonly text: string;
  /** Null: a word without a moment. */
  readonly entry: number | null;
}

export interface LedgerRow {
  readonly tag: string;
  readonly name: string;
  readonly sent: MomentCell;
  readonly acked: MomentCell;
  readonly place: string;
  readonly offset: string;
  readonly epoch: string;
  readonly committed: MomentCell;
  readonly copies: string;
  readonly consumed: MomentCell;
  readonly fate: MomentCell & { readonly isLost: boolean };
  /** Where it stands, to be chosen on the canvas; null: nowhere. */
  readonly thing: { readonly broker: string; readonly topicPartition: string; readonly offset: number } | null;
}

const none: MomentCell = { text: "–", entry: null };

/** The records of a filter, in the order they were sent. Frozen references, valid for ever. */
export function ledgerRecords({ world, observed }: Readonly<Moment>, filter: LedgerFilter): LedgerRecord[] {
  const state = observed.ledger as LedgerState | undefined;
  if (state === undefined) return [];
  if (filter !== "lost-with-neighbours") return recordsIn(filter, state, world);
  const lost = new Set(recordsIn("lost", state, world).map(({ tag }) => tag));
  if (lost.size === 0) return [];
  const all = recordsIn("sent", state, world);
  const isNear = (n: number, by: number) => {
    const other = all[n + by];
    return other !== undefined && other.producer === all[n]?.producer && lost.has(other.tag);
  };
  return all.filter(({ tag }, n) => lost.has(tag) || isNear(n, -1) || isNear(n, 1));
}

/** One record in words. `many`: more than one producer sends, so that names carry the producer. */
export function ledgerRow(record: LedgerRecord, { world }: Readonly<Moment>, many: boolean): LedgerRow {
  const place = record.placements.at(-1) ?? null;
  const at = (decided: { at: number; entry: number } | null): MomentCell =>
    decided === null ? none : { text: seconds(decided.at), entry: decided.entry };
  const reading = record.readings[0];
  const fate = fateOf(record, world);
  const copies = copiesNow(record, world);
  return {
    tag: record.tag,
    name: many ? `${record.producer} r${record.number}` : `r${record.number}`,
    sent: at(record.sent),
    acked: ackedCell(record),
    place: place?.topicPartition ?? record.topic,
    offset: place === null ? "–" : String(place.offset),
    epoch: place === null ? "–" : String(place.leaderEpoch),
    committed: at(record.committed),
    copies:
      copies.length === 0
        ? "–"
        : copies.map((id) => (world.actors[id]?.process === "down" ? `${id} (down)` : id)).join(" "),
    consumed:
      reading === undefined
        ? none
        : { text: `${reading.consumer} ${seconds(reading.decided.at)}`, entry: reading.decided.entry },
    fate: { text: fate.text, entry: record.lost?.entry ?? null, isLost: fate.kind === "lost" },
    thing:
      place === null || copies.length === 0
        ? null
        : {
            broker: copies.includes(place.broker) ? place.broker : (copies[0] as string),
            topicPartition: place.topicPartition,
            offset: place.offset,
          },
  };
}

function ackedCell({ acked, failed, assumed }: LedgerRecord): MomentCell {
  if (acked !== null) return { text: seconds(acked.at), entry: acked.entry };
  if (failed !== null) return { text: "failed", entry: failed.entry };
  return assumed === null ? none : { text: `${seconds(assumed.at)} assumed`, entry: assumed.entry };
}

const COLUMNS = ["record", "partition", "sent", "acked", "offset", "epoch", "committed", "copies", "consumed", "fate"];

/** The table as comma-separated text, with a header. */
export function ledgerCsv(rows: readonly LedgerRow[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
  const empty = (text: string) => (text === "–" ? "" : text);
  return [
    line(COLUMNS),
    ...rows.map((row) =>
      line(
        [
          row.tag,
          row.place,
          row.sent.text,
          row.acked.text,
          row.offset,
          row.epoch,
          row.committed.text,
          row.copies,
          row.consumed.text,
          row.fate.text,
        ].map(empty),
      ),
    ),
  ].join("\n");
}
