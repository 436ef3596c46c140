/**
 * Rows of the log: facts in words, told once and kept. Facts of one step about several internal partitions (a broker may lead
 * seventeen of the offsets topic) are one row that says how many more there are.
 */
import {
  countWhile,
  type FactEntry,
  isStory,
  type NarrationContext,
  narrate,
  type Trace,
  weightOf,
} from "../../../sim/index.ts";
import { seconds } from "../../widgets/seconds.ts";

/** Faults and losses; what changes who does what; everything. */
export type Level = "faults" | "story" | "all";

export interface LogRow {
  readonly entry: number;
  readonly at: number;
  readonly actor: string;
  readonly kind: string;
  readonly level: Level;
  readonly text: string;
  readonly isFault: boolean;
}

const FAULTS =
  /^(process-(killed|stopping|paused|resumed|exited)|power-lost|link-|messages-will-|session-expiry-forced|settings-changed|consumer-slowed|follower-fetch-slowed|faults-healed)/;

export class LogIndex {
  readonly rows: LogRow[] = [];
  private read = 0;
  private readonly found = new Map<string, { read: number; readonly places: number[] }>();
  private readonly trace: Trace;
  private readonly context: NarrationContext;

  constructor(trace: Trace, context: NarrationContext) {
    this.trace = trace;
    this.context = context;
  }

  /** Places in `rows` that pass level and query, of entries before `until`. Grows; the walk goes over what is new. */
  matching(level: Level, query: string, until: number): readonly number[] {
    this.extend();
    const wanted = query.trim().toLowerCase();
    const key = `${level} ${wanted}`;
    let found = this.found.get(key);
    if (found === undefined) {
      if (this.found.size > 20) this.found.clear();
      found = { read: 0, places: [] };
      this.found.set(key, found);
    }
    for (; found.read < this.rows.length; found.read += 1) {
      const row = this.rows[found.read] as LogRow;
      if (isShown(row, level) && (wanted === "" || sayRow(row).includes(wanted))) found.places.push(found.read);
    }
    const end = placesBefore(this.rows, found.places, until);
    return end === found.places.length ? found.places : found.places.slice(0, end);
  }

  private extend(): void {
    const { facts } = this.trace;
    while (this.read < facts.length) {
      const fact = facts.at(this.read) as FactEntry;
      let alike = 1;
      if (isInternal(fact)) {
        for (let next = facts.at(this.read + alike); next !== undefined; next = facts.at(this.read + alike)) {
          if (next.entry !== fact.entry || next.fact.kind !== fact.fact.kind || !isInternal(next)) break;
          alike += 1;
        }
      }
      this.read += alike;
      const isFault =
        FAULTS.test(fact.fact.kind) || (fact.fact.kind === "process-started" && fact.entry > 0 && fact.at > 0);
      const told = narrate(fact, this.context);
      this.rows.push({
        entry: fact.entry,
        at: fact.at,
        actor: fact.actor,
        kind: fact.fact.kind,
        level: isFault ? "faults" : isStory(fact) && weightOf(fact.fact.kind) === "story" ? "story" : "all",
        text: alike === 1 ? told : `${told.replace(/\.$/, "")}, and the same for ${alike - 1} more.`,
        isFault,
      });
    }
  }
}

function isInternal({ fact }: FactEntry): boolean {
  return typeof fact.topicPartition === "string" && fact.topicPartition.startsWith("__");
}

function isShown(row: LogRow, level: Level): boolean {
  if (level === "all") return true;
  return row.level === "faults" || (level === "story" && row.level === "story");
}

function sayRow(row: LogRow): string {
  return `${seconds(row.at)} ${row.text}`.toLowerCase();
}

/** How many of `places`, which are of rows in order, are of a step before `entries`. */
function placesBefore(rows: readonly LogRow[], places: readonly number[], entries: number): number {
  return countWhile(places.length, (index) => (rows[places[index] as number] as LogRow).entry < entries);
}

/** The last of the rows that has happened after `entries` steps; -1 before all of them. */
export function rowAt(index: LogIndex, places: readonly number[], entries: number): number {
  return placesBefore(index.rows, places, entries) - 1;
}
