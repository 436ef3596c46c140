/** The charts: which metrics there are, what Kafka calls them, their values at a moment and their lines over a stretch of time. */
import { countWhile } from "../../../sim/index.ts";
import type { Happened, Level, MetricsIndex } from "./metrics-index.ts";

export interface Point {
  readonly at: number;
  /** Null: nothing to measure then. */
  readonly value: number | null;
}

export interface Series {
  readonly name: string;
  readonly look: "solid" | "dashed" | "dotted";
  /** Steps hold their value until the next; lines are measured at points. */
  readonly form: "steps" | "line";
  readonly points: readonly Point[];
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** As Kafka calls it: MBean type and name, or a client's metric. */
  readonly kafka: string;
  readonly note: string;
  readonly series: readonly Series[];
  /** Single moments, drawn as marks. */
  readonly ticks: readonly (Happened & { readonly mark: "up" | "down" | "elected" })[];
  readonly most: number;
}

export interface Reading {
  readonly chart: string;
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly kafka: string;
  readonly note: string;
}

/** Rates and latencies are measured over the second before. */
const window = 1_000_000;

const ABOUT = {
  acks: {
    title: "acks",
    unit: "per second",
    kafka: "kafka.producer:type=producer-metrics record-send-rate",
    note: "records acknowledged to producers in the last second; the client's own metric also counts acks=0",
  },
  latency: {
    title: "ack latency",
    unit: "ms",
    kafka: "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce",
    note: "from send() to the acknowledgement, over the last second; Kafka's starts when the broker has the request",
  },
  lag: {
    title: "lag by group",
    unit: "records",
    kafka: "records-lag-max; kafka-consumer-groups: LAG",
    note: "high watermark less committed offset, summed over the partitions with a commit; the client counts from its position",
  },
  under: {
    title: "under-replicated",
    unit: "partitions",
    kafka: "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions",
    note: "partitions with a leader whose in-sync set is smaller than their replicas",
  },
  offline: {
    title: "offline",
    unit: "partitions",
    kafka: "kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
    note: "as the controller knows it: while a dead leader's session runs, it does not know",
  },
  elections: {
    title: "leader elections",
    unit: "so far",
    kafka: "kafka.controller:type=ControllerStats,name=LeaderElectionRateAndTimeMs",
    note: "on the controller; unclean ones also count in UncleanLeaderElectionsPerSec",
  },
  isr: {
    title: "ISR changes",
    unit: "so far",
    kafka: "kafka.server:type=ReplicaManager,name=IsrShrinksPerSec, IsrExpandsPerSec",
    note: "by leaders only; when the controller takes a broker out of the ISR, they do not count",
  },
} as const;

/** How many come before the first that does not pass a test that holds for a prefix. */
function countUntil(list: readonly { readonly at: number }[], time: number): number {
  return countWhile(list.length, (index) => (list[index] as { at: number }).at <= time);
}

export function levelAt(levels: readonly Level[], time: number): number | null {
  return levels[countUntil(levels, time) - 1]?.value ?? null;
}

export function acksAt(index: MetricsIndex, time: number): number {
  return countUntil(index.acked, time) - countUntil(index.acked, time - window);
}

/** p50 and p99 of the second before `time`, ms; null without an acknowledgement in it. Nearest rank. */
export function latencyAt(index: MetricsIndex, time: number): { readonly p50: number; readonly p99: number } | null {
  const some = index.acked.slice(countUntil(index.acked, time - window), countUntil(index.acked, time));
  if (some.length === 0) return null;
  const sorted = some.map(({ latency }) => latency).sort((a, b) => a - b);
  const rank = (share: number) => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number) / 1000;
  return { p50: rank(0.5), p99: rank(0.99) };
}

/** All metrics at one moment, as a table has them. */
export function readingsAt(index: MetricsIndex, time: number): Reading[] {
  const latency = latencyAt(index, time);
  const rows: Reading[] = [];
  const add = (chart: keyof typeof ABOUT, name: string, value: number | null) => {
    const { unit, kafka, note } = ABOUT[chart];
    rows.push({ chart, name, value: value === null ? "–" : figure(value), unit, kafka, note });
  };
  add("acks", "acks", acksAt(index, time));
  add("latency", "ack latency p50", latency?.p50 ?? null);
  add("latency", "ack latency p99", latency?.p99 ?? null);
  const groups = [...index.lag].filter(([, levels]) => (levels[0]?.at ?? 0) <= time);
  for (const [group, levels] of groups) add("lag", `lag of ${group}`, levelAt(levels, time));
  if (groups.length === 0) add("lag", "lag of groups", null);
  add("under", "under-replicated partitions", levelAt(index.underReplicated, time));
  add("offline", "offline partitions", levelAt(index.offline, time));
  add("elections", "leader elections", countUntil(index.elections, time));
  add("isr", "ISR shrinks", countUntil(index.shrinks, time));
  add("isr", "ISR expands", countUntil(index.expands, time));
  return rows;
}

/** Charts of `from` to `to`, of what may be shown: up to `until`. `points`: how many moments a measured line has. */
export function chartsOf(index: MetricsIndex, from: number, to: number, until: number, points: number): Chart[] {
  const end = Math.min(to, until);
  const acks: Point[] = [];
  const p50: Point[] = [];
  const p99: Point[] = [];
  for (let n = 0; n <= points; n += 1) {
    const at = from + ((to - from) * n) / points;
    if (at > end) break;
    const latency = latencyAt(index, at);
    acks.push({ at, value: acksAt(index, at) });
    p50.push({ at, value: latency?.p50 ?? null });
    p99.push({ at, value: latency?.p99 ?? null });
  }
  const inside = (list: readonly Happened[]) => list.filter(({ at }) => at >= from && at <= end);
  const looks = ["solid", "dashed", "dotted"] as const;
  return [
    chart("acks", [{ name: "", look: "solid", form: "line", points: acks }]),
    chart("latency", [
      { name: "p50", look: "solid", form: "line", points: p50 },
      { name: "p99", look: "dotted", form: "line", points: p99 },
    ]),
    chart(
      "lag",
      [...index.lag]
        .filter(([, levels]) => (levels[0]?.at ?? 0) <= until)
        .map(([group, levels], n) => ({
          name: group,
          look: looks[n % looks.length] ?? "solid",
          form: "steps",
          points: stepsOf(levels, from, end),
        })),
    ),
    chart("under", [{ name: "", look: "solid", form: "steps", points: stepsOf(index.underReplicated, from, end) }]),
    chart("offline", [{ name: "", look: "solid", form: "steps", points: stepsOf(index.offline, from, end) }]),
    chart(
      "elections",
      [],
      inside(index.elections).map((one) => ({ ...one, mark: "elected" as const })),
    ),
    chart(
      "isr",
      [],
      [
        ...inside(index.shrinks).map((one) => ({ ...one, mark: "down" as const })),
        ...inside(index.expands).map((one) => ({ ...one, mark: "up" as const })),
      ],
    ),
  ];
}

function chart(id: keyof typeof ABOUT, series: readonly Series[], ticks: Chart["ticks"] = []): Chart {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value ?? 0));
  return { id, ...ABOUT[id], series, ticks, most: Math.max(1, ...values) };
}

function stepsOf(levels: readonly Level[], from: number, end: number): Point[] {
  if (end < from) return [];
  const first = countUntil(levels, from);
  const last = countUntil(levels, end);
  const points: Point[] = levels.slice(first, last);
  const before = levels[first - 1];
  if (before !== undefined) points.unshift({ at: from, value: before.value });
  const value = points.at(-1)?.value;
  if (value != null) points.push({ at: end, value });
  return points;
}

export function figure(value: number): string {
  return Number.isInteger(value) || value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
