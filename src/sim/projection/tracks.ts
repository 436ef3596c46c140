/**
 * Who led a partition from when to when, its in-sync set, and the state of each group: bands for a timeline. The index grows
 * with the facts of a trace; it begins with what ZooKeeper held at the start.
 *
 * Simplified   a band without a leader begins when the leader's process ends, not when somebody notices: that is how long
 *              nobody could write.
 */
import type { FactEntry } from "../engine/facts.ts";
import type { Trace } from "../engine/trace.ts";
import type { ActorId, SimTime } from "../engine/types.ts";
import type { PartitionNow } from "./cluster.ts";

export interface LeaderBand {
  readonly from: SimTime;
  readonly entry: number;
  /** Null: nobody leads. */
  readonly leader: ActorId | null;
  readonly leaderEpoch: number;
}

export interface IsrBand {
  readonly from: SimTime;
  readonly entry: number;
  readonly isr: readonly ActorId[];
}

export interface GroupBand {
  readonly from: SimTime;
  readonly entry: number;
  readonly state: string;
  readonly generation: number;
}

interface PartitionTrack {
  readonly replicas: readonly ActorId[];
  /** Ascending; each lasts until the next. */
  readonly leaders: LeaderBand[];
  readonly isrs: IsrBand[];
}

export class TrackIndex {
  readonly partitions = new Map<string, PartitionTrack>();
  readonly groups = new Map<string, GroupBand[]>();
  private read = 0;
  private readonly trace: Trace;

  /** `start`: partitions as they were before the first step. */
  constructor(trace: Trace, start: readonly PartitionNow[]) {
    this.trace = trace;
    for (const { topicPartition, replicas, leader, leaderEpoch, isr } of start) {
      this.partitions.set(topicPartition, {
        replicas,
        leaders: [{ from: 0, entry: -1, leader, leaderEpoch }],
        isrs: [{ from: 0, entry: -1, isr }],
      });
    }
  }

  /** Takes in what the trace has gained. */
  extend(): this {
    const { facts } = this.trace;
    for (; this.read < facts.length; this.read += 1) this.onFact(facts.at(this.read) as FactEntry);
    return this;
  }

  private onFact(entry: FactEntry): void {
    const { fact, actor } = entry;
    switch (fact.kind) {
      case "process-killed":
      case "process-exited":
      case "power-lost":
        this.onGone(entry, String(fact.node));
        break;
      case "leader-elected":
        this.setLeader(entry, fact.leader as ActorId, fact.leaderEpoch as number);
        this.setIsr(entry, fact.isr);
        break;
      case "leader-started":
        // It came back before anybody else was chosen.
        if (this.paperLeader(entry) === actor) this.setLeader(entry, actor, fact.leaderEpoch as number);
        break;
      case "partition-went-offline":
      case "leader-lost":
        this.setLeader(entry, null, fact.leaderEpoch as number);
        break;
      case "leader-epoch-raised": {
        const last = this.partitions.get(String(fact.topicPartition))?.leaders.at(-1);
        if (last !== undefined) this.setLeader(entry, last.leader, fact.leaderEpoch as number);
        break;
      }
      case "isr-shrunk":
      case "isr-expanded":
      case "isr-change-written":
        this.setIsr(entry, fact.to);
        break;
      case "isr-member-removed":
        this.setIsr(entry, fact.isr);
        break;
      case "group-state-changed":
        this.setGroup(entry, String(fact.to), fact.generationId as number);
        break;
      case "rebalance-completed":
        this.setGroup(entry, null, fact.generationId as number);
        break;
      case "group-loaded":
        this.setGroup(entry, String(fact.state), fact.generationId as number);
        break;
    }
  }

  private onGone({ at, entry }: FactEntry, node: ActorId): void {
    for (const { leaders } of this.partitions.values()) {
      const last = leaders.at(-1) as LeaderBand;
      if (last.leader === node) leaders.push({ from: at, entry, leader: null, leaderEpoch: last.leaderEpoch });
    }
  }

  private paperLeader({ fact }: FactEntry): ActorId | null {
    return (
      this.partitions.get(String(fact.topicPartition))?.leaders.findLast(({ leader }) => leader !== null)?.leader ??
      null
    );
  }

  private track(topicPartition: string): PartitionTrack | null {
    if (topicPartition.startsWith("__")) return null;
    let track = this.partitions.get(topicPartition);
    if (track === undefined) {
      track = { replicas: [], leaders: [{ from: 0, entry: -1, leader: null, leaderEpoch: -1 }], isrs: [] };
      this.partitions.set(topicPartition, track);
    }
    return track;
  }

  private setLeader({ at, entry, fact }: FactEntry, leader: ActorId | null, leaderEpoch: number): void {
    const leaders = this.track(String(fact.topicPartition))?.leaders;
    const last = leaders?.at(-1);
    if (leaders === undefined || (last?.leader === leader && (leader === null || last.leaderEpoch === leaderEpoch)))
      return;
    leaders.push({ from: at, entry, leader, leaderEpoch });
  }

  private setIsr({ at, entry, fact }: FactEntry, value: unknown): void {
    const isrs = this.track(String(fact.topicPartition))?.isrs;
    if (isrs === undefined || !Array.isArray(value)) return;
    const isr = value as readonly ActorId[];
    const last = isrs.at(-1)?.isr ?? [];
    if (last.length === isr.length && isr.every((one) => last.includes(one))) return;
    isrs.push({ from: at, entry, isr });
  }

  private setGroup({ at, entry, fact }: FactEntry, state: string | null, generation: number): void {
    const group = String(fact.group);
    let bands = this.groups.get(group);
    if (bands === undefined) {
      bands = [];
      this.groups.set(group, bands);
    }
    const last = bands.at(-1);
    const next = state ?? last?.state ?? "Stable";
    if (last?.state === next && last.generation === generation) return;
    bands.push({ from: at, entry, state: next, generation });
  }
}
