/**
 * The moments worth stopping at: faults, elections, ISR changes, truncations, losses. A table over kinds of facts, and an
 * index that grows with the trace; nothing here walks the whole trace.
 *
 * Simplified   a kind of fact that the table does not know makes no mark; marks of observers come through `PlayableRun.marksSince`.
 */
import { countWhile, type Fact, type FactEntry, type SimTime, type Trace } from "../../sim/index.ts";

export type MarkKind =
  | "fault"
  | "heal"
  | "session"
  | "controller"
  | "leader"
  | "isr"
  | "truncation"
  | "group"
  | "loss"
  | "duplicate"
  | "check"
  | "prediction";

export interface Mark {
  /** Index of the trace entry; the moment that shows it is `entry + 1` steps. */
  readonly entry: number;
  readonly at: SimTime;
  readonly kind: MarkKind;
  /** The actor whose step noted it; empty for faults. */
  readonly actor: string;
  /** The fact that it stands for; null for marks of observers. */
  readonly fact: Fact | null;
  /** A word for marks without a fact: the record, the check, the question. */
  readonly label?: string;
}

type Rule = MarkKind | ((fact: Fact, at: SimTime) => MarkKind | null);

/** Kind of fact → kind of mark. A function decides by the fact's fields and its moment; null makes no mark. */
export const MARK_RULES: Readonly<Record<string, Rule>> = {
  "process-killed": "fault",
  "process-stopping": "fault",
  "process-paused": "fault",
  "process-exited": "fault",
  "power-lost": "fault",
  "link-cut": "fault",
  "link-slowed": "fault",
  "link-lossy": "fault",
  "messages-will-break": "fault",
  "messages-will-wait": "fault",
  "session-expiry-forced": "fault",
  "consumer-slowed": "fault",
  "follower-fetch-slowed": "fault",
  "settings-changed": "fault",
  // Clients start with the run.
  "process-started": (_, at) => (at === 0 ? null : "heal"),
  "process-resumed": "heal",
  "link-healed": "heal",
  "session-expired": "session",
  "controller-elected": "controller",
  "controller-resigned": "controller",
  "leader-elected": "leader",
  "leader-lost": "leader",
  "partition-went-offline": "leader",
  "isr-shrunk": "isr",
  "isr-expanded": "isr",
  "isr-member-removed": "isr",
  "log-truncated": (fact) => (fact.from === fact.to ? null : "truncation"),
  "rebalance-started": "group",
  "rebalance-completed": "group",
};

/** The mark that a fact makes, or null. Facts about internal topics make none. */
export function markOf({ entry, at, actor, fact }: FactEntry): Mark | null {
  const rule = Object.hasOwn(MARK_RULES, fact.kind) ? MARK_RULES[fact.kind] : undefined;
  if (rule === undefined || String(fact.topicPartition ?? "").startsWith("__")) return null;
  const kind = typeof rule === "function" ? rule(fact, at) : rule;
  return kind === null ? null : { entry, at, kind, actor, fact };
}

/** Marks in the order of the trace, one index per timeline. */
export class MarkIndex {
  /** Ascending by entry. Append-only: keep the length, not a copy. */
  readonly marks: Mark[] = [];
  private factsRead = 0;
  private entriesRead = 0;

  /** Takes in what the trace has gained. Returns the number of new marks. */
  extend(trace: Trace, others: (from: number) => readonly Mark[] = () => []): number {
    const fresh: Mark[] = [];
    for (; this.factsRead < trace.facts.length; this.factsRead += 1) {
      const mark = markOf(trace.facts.at(this.factsRead) as FactEntry);
      if (mark !== null) fresh.push(mark);
    }
    for (const mark of others(this.entriesRead)) if (mark.entry >= this.entriesRead) fresh.push(mark);
    this.entriesRead = trace.length;
    fresh.sort((a, b) => a.entry - b.entry);
    this.marks.push(...fresh);
    return fresh.length;
  }

  /** An index of its own for a timeline that shares the first `entries` steps. */
  prefix(entries: number, trace: Trace): MarkIndex {
    const copy = new MarkIndex();
    copy.marks.push(...this.marks.slice(0, this.firstFrom(entries)));
    copy.factsRead = Math.min(this.factsRead, trace.facts.firstOf(entries));
    copy.entriesRead = Math.min(this.entriesRead, entries);
    return copy;
  }

  /** Place in `marks` of the first with `entry >= entry`. O(log n). */
  firstFrom(entry: number): number {
    return countWhile(this.marks.length, (index) => (this.marks[index] as Mark).entry < entry);
  }

  /** The first mark that has not happened yet after `entries` steps. */
  next(entries: number): Mark | null {
    return this.marks[this.firstFrom(entries)] ?? null;
  }

  /** The last mark that had happened before the current one: its moment is earlier than `entries` steps. */
  previous(entries: number): Mark | null {
    return this.marks[this.firstFrom(entries - 1) - 1] ?? null;
  }

  /** The last mark that has happened after `entries` steps. */
  last(entries: number): Mark | null {
    return this.marks[this.firstFrom(entries) - 1] ?? null;
  }
}
