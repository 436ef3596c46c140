/**
 * What the metrics are made of, by time: acknowledgements, lag of each group, partitions that lack replicas or a leader,
 * elections, changes of the in-sync set. It reads the facts of a trace once, as they come; internal topics are left out.
 *
 * In Kafka     the gauges and meters that charts.ts names.
 * Simplified   under-replicated partitions are counted for the cluster; in Kafka each leader counts those that it leads.
 */
import type { FactEntry, PartitionNow, SimTime, Trace } from "../../../sim/index.ts";

/** A value from `at` on, until the next. */
export interface Level {
  readonly at: SimTime;
  readonly value: number;
}

export interface Acked {
  readonly at: SimTime;
  /** From send() to the acknowledgement, µs. */
  readonly latency: number;
}

export interface Happened {
  readonly at: SimTime;
  readonly entry: number;
  readonly text: string;
  readonly isUnclean: boolean;
}

interface PartitionState {
  readonly replicas: number;
  isr: number;
  /** As the controller knows it. */
  isOffline: boolean;
  highWatermark: number;
}

export class MetricsIndex {
  /** All ascending by time. */
  readonly acked: Acked[] = [];
  readonly lag = new Map<string, Level[]>();
  readonly underReplicated: Level[] = [{ at: 0, value: 0 }];
  readonly offline: Level[] = [{ at: 0, value: 0 }];
  readonly elections: Happened[] = [];
  readonly shrinks: Happened[] = [];
  readonly expands: Happened[] = [];
  private read = 0;
  private readonly trace: Trace;
  private readonly sent = new Map<string, SimTime>();
  private readonly partitions = new Map<string, PartitionState>();
  private readonly committed = new Map<string, Map<string, number>>();

  /** `start`: partitions as they were before the first step; `ends`: their high watermarks. */
  constructor(trace: Trace, start: readonly PartitionNow[], ends: Readonly<Record<string, number>> = {}) {
    this.trace = trace;
    for (const { topicPartition, replicas, isr, leader } of start) {
      this.partitions.set(topicPartition, {
        replicas: replicas.length,
        isr: isr.length,
        isOffline: leader === null,
        highWatermark: ends[topicPartition] ?? 0,
      });
    }
    this.count(0);
  }

  /** Takes in what the trace has gained. */
  extend(): this {
    const { facts } = this.trace;
    for (; this.read < facts.length; this.read += 1) this.onFact(facts.at(this.read) as FactEntry);
    return this;
  }

  private onFact(entry: FactEntry): void {
    const { at, fact } = entry;
    switch (fact.kind) {
      case "record-sent":
        this.sent.set(String(fact.tag), at);
        return;
      case "send-failed":
        this.sent.delete(String(fact.tag));
        return;
      case "record-acked": {
        const sentAt = this.sent.get(String(fact.tag));
        this.sent.delete(String(fact.tag));
        if (sentAt !== undefined) this.acked.push({ at, latency: at - sentAt });
        return;
      }
      case "offsets-stored":
      case "group-loaded":
        this.onCommit(at, String(fact.group), fact.offsets as Readonly<Record<string, number>>);
        return;
    }
    const name = fact.topicPartition;
    if (typeof name === "string" && !name.startsWith("__")) this.onPartition(entry, name);
  }

  private onPartition({ at, entry, fact }: FactEntry, name: string): void {
    const state = this.stateOf(name, fact.replicas);
    const happened = (text: string, isUnclean = false): Happened => ({ at, entry, text, isUnclean });
    switch (fact.kind) {
      case "leader-elected":
        state.isOffline = false;
        state.isr = (fact.isr as readonly string[]).length;
        if (fact.strategy !== "first") {
          const isUnclean = (fact.evidence as { unclean?: boolean } | undefined)?.unclean === true;
          this.elections.push(happened(`${fact.leader} elected for ${name}`, isUnclean));
        }
        break;
      case "partition-went-offline":
      case "leader-lost":
        state.isOffline = true;
        break;
      case "isr-shrunk":
      case "isr-expanded":
        state.isr = (fact.to as readonly string[]).length;
        (fact.kind === "isr-shrunk" ? this.shrinks : this.expands).push(
          happened(`${name} to ${(fact.to as readonly string[]).join(" ")}`),
        );
        break;
      case "isr-change-written":
        state.isr = (fact.to as readonly string[]).length;
        break;
      case "isr-member-removed":
        state.isr = (fact.isr as readonly string[]).length;
        break;
      case "leader-started":
      case "high-watermark-advanced": {
        if (fact.kind === "high-watermark-advanced" && fact.role !== "leader") return;
        state.highWatermark = Number(fact.kind === "leader-started" ? fact.highWatermark : fact.to);
        for (const [group, offsets] of this.committed) if (offsets.has(name)) this.setLag(at, group);
        return;
      }
      default:
        return;
    }
    this.count(at);
  }

  private stateOf(name: string, replicas: unknown): PartitionState {
    let state = this.partitions.get(name);
    if (state === undefined) {
      const count = Array.isArray(replicas) ? replicas.length : 0;
      state = { replicas: count, isr: count, isOffline: false, highWatermark: 0 };
      this.partitions.set(name, state);
    }
    return state;
  }

  private count(at: SimTime): void {
    let under = 0;
    let offline = 0;
    for (const state of this.partitions.values()) {
      if (state.isOffline) offline += 1;
      else if (state.isr < state.replicas) under += 1;
    }
    push(this.underReplicated, at, under);
    push(this.offline, at, offline);
  }

  private onCommit(at: SimTime, group: string, offsets: Readonly<Record<string, number>>): void {
    let known = this.committed.get(group);
    if (known === undefined) {
      known = new Map();
      this.committed.set(group, known);
    }
    for (const [name, offset] of Object.entries(offsets)) known.set(name, offset);
    if (known.size > 0) this.setLag(at, group);
  }

  private setLag(at: SimTime, group: string): void {
    let sum = 0;
    for (const [name, offset] of this.committed.get(group) ?? [])
      sum += Math.max(0, (this.partitions.get(name)?.highWatermark ?? 0) - offset);
    let levels = this.lag.get(group);
    if (levels === undefined) {
      levels = [];
      this.lag.set(group, levels);
    }
    push(levels, at, sum);
  }
}

/** A level that did not change is not kept; of several at one moment the last counts. */
function push(levels: Level[], at: SimTime, value: number): void {
  const last = levels.at(-1);
  if (last?.value === value) return;
  if (last?.at === at) levels.pop();
  if (levels.at(-1)?.value !== value) levels.push({ at, value });
}
