/** Two futures: what became of the records, how long nobody could write, who leads at the end, and the logs at a moment. */
import { clusterNow, type LedgerState, list, type Moment, recordsIn, type Trace } from "../../../sim/index.ts";
import { seconds } from "../../widgets/seconds.ts";
import { spanOf } from "../time.ts";

export interface Outcome {
  readonly acked: number;
  /** When acknowledgements came, ascending, µs. */
  readonly ackedAt: readonly number[];
  readonly sent: number;
  readonly failed: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Time from send() to the acknowledgement, µs; null without any. */
  readonly p99: number | null;
  /** The longest time without an acknowledgement between two of them, or from the last to the end, µs. */
  readonly gap: { readonly from: number; readonly length: number; readonly isOpen: boolean } | null;
  readonly elections: number;
  readonly partitions: readonly {
    readonly topicPartition: string;
    readonly leader: string | null;
    readonly leaderEpoch: number;
    readonly isr: readonly string[];
  }[];
}

/** What came of a run up to a moment. `from`: since when gaps and latencies are measured (the fork), µs. */
export function outcomeOf({ world, observed }: Readonly<Moment>, trace: Trace, from: number, until: number): Outcome {
  const ledger = observed.ledger as LedgerState;
  const acks = recordsIn("acked", ledger, world).flatMap(({ acked, sent }) =>
    acked === null ? [] : [{ at: acked.at, latency: acked.at - sent.at }],
  );
  const since = acks.filter(({ at }) => at >= from);
  const latencies = since.map(({ latency }) => latency).sort((a, b) => a - b);
  const times = acks.map(({ at }) => at).sort((a, b) => a - b);
  return {
    sent: ledger.counts.sent,
    acked: acks.length,
    ackedAt: times,
    failed: ledger.counts.failed,
    lost: recordsIn("lost", ledger, world).length,
    duplicated: recordsIn("duplicated", ledger, world).length,
    p99: latencies[Math.max(0, Math.ceil(0.99 * latencies.length) - 1)] ?? null,
    gap: longestGap(times, from, until),
    elections: electionsUntil(trace, until),
    partitions: clusterNow(world).partitions.map(({ topicPartition, leader, leaderEpoch, isr }) => ({
      topicPartition,
      leader,
      leaderEpoch,
      isr,
    })),
  };
}

/** Among gaps that end after `from`. */
export function longestGap(times: readonly number[], from: number, until: number): Outcome["gap"] {
  let best: Outcome["gap"] = null;
  times.forEach((at, n) => {
    const next = times[n + 1];
    const end = next ?? until;
    if (end >= from && (best === null || end - at > best.length))
      best = { from: at, length: end - at, isOpen: next === undefined };
  });
  return best;
}

function electionsUntil(trace: Trace, until: number): number {
  let count = 0;
  for (const { at, fact } of trace.facts) {
    if (at > until) break;
    if (fact.kind === "leader-elected" && fact.strategy !== "first" && !String(fact.topicPartition).startsWith("__"))
      count += 1;
  }
  return count;
}

export interface OutcomeRow {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
  /** Losses: told in their colour. */
  readonly isLoss: boolean;
}

export function outcomeRows(left: Outcome, right: Outcome): OutcomeRow[] {
  const rows: OutcomeRow[] = [];
  const add = (name: string, of: (one: Outcome) => string, isLoss = false) => {
    const [a, b] = [of(left), of(right)];
    rows.push({ name, left: a, right: b, differs: a !== b, isLoss });
  };
  add("acknowledged", ({ acked, sent }) => `${acked} of ${sent} sent`);
  add("failed", ({ failed }) => String(failed));
  add("lost", ({ lost }) => String(lost), left.lost + right.lost > 0);
  add("duplicated", ({ duplicated }) => String(duplicated));
  add("ack latency p99", ({ p99 }) => (p99 === null ? "–" : spanOf(p99)));
  add("longest time without an ack", ({ gap }) =>
    gap === null ? "–" : `${spanOf(gap.length)} from ${seconds(gap.from)}${gap.isOpen ? ", still" : ""}`,
  );
  add("leader elections", ({ elections }) => String(elections));
  const names = [...new Set([...left.partitions, ...right.partitions].map(({ topicPartition }) => topicPartition))];
  for (const name of names)
    add(name, ({ partitions }) => {
      const one = partitions.find(({ topicPartition }) => topicPartition === name);
      if (one === undefined) return "does not exist";
      return `${one.leader ?? "nobody"} leads epoch ${one.leaderEpoch}, ISR ${one.isr.join(" ") || "nobody"}`;
    });
  return rows;
}

/** What is compared of the copies of a partition, by broker. */
export interface CopiesView {
  readonly topicPartition: string;
  readonly copies: Readonly<Record<string, unknown>>;
}

/** The copies of all partitions: who leads and is in sync, and what the logs hold. */
export function copiesOf({ world }: Readonly<Moment>): CopiesView[] {
  const { brokers, partitions } = clusterNow(world);
  return partitions.map(({ topicPartition, isr }) => ({
    topicPartition,
    copies: Object.fromEntries(
      brokers.flatMap(({ id, process, replicas }) =>
        replicas
          .filter((one) => one.topicPartition === topicPartition)
          .map(({ role, logStart, highWatermark, logEnd, log }) => [
            id,
            { process, role, isInSync: isr.includes(id), logStart, highWatermark, logEnd, epochs: log?.epochs ?? [] },
          ]),
      ),
    ),
  }));
}

/** The copies that differ: "orders-0 on b1 and b3". */
export function copiesThatDiffer(left: readonly CopiesView[], right: readonly CopiesView[]): string[] {
  const said: string[] = [];
  for (const { topicPartition, copies } of left) {
    const other = right.find((one) => one.topicPartition === topicPartition)?.copies ?? {};
    const on = Object.keys(copies).filter((id) => JSON.stringify(copies[id]) !== JSON.stringify(other[id]));
    if (on.length > 0) said.push(`${topicPartition} on ${list(on)}`);
  }
  return said;
}
