/**
 * Who read each partition of a group from when to when: bands for a timeline, from what the consumers say. The index grows with
 * the facts of a trace.
 *
 * Simplified   a consumer reads a partition from its callback on; that its first fetch comes a little later is not told.
 */
import type { FactEntry, Trace } from "../../sim/index.ts";
import { perTimeline } from "./indexes.ts";

export interface OwnerBand {
  readonly from: number;
  readonly entry: number;
  /** Null: nobody reads it. */
  readonly owner: string | null;
}

interface GroupOwners {
  readonly consumers: Set<string>;
  /** Ascending by name when they appear in one assignment. */
  readonly partitions: Map<string, OwnerBand[]>;
}

export class OwnerIndex {
  readonly groups = new Map<string, GroupOwners>();
  private read = 0;
  private readonly trace: Trace;

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** Takes in what the trace has gained. */
  extend(): this {
    const { facts } = this.trace;
    for (; this.read < facts.length; this.read += 1) this.onFact(facts.at(this.read) as FactEntry);
    return this;
  }

  private onFact(entry: FactEntry): void {
    const { fact } = entry;
    const consumer = String(fact.consumer);
    switch (fact.kind) {
      case "partitions-assigned":
        if (typeof fact.group === "string" && Array.isArray(fact.partitions))
          this.assign(entry, fact.group, consumer, fact.partitions as readonly string[]);
        break;
      case "partitions-revoked":
      case "partitions-lost":
        this.release(entry, consumer, Array.isArray(fact.partitions) ? (fact.partitions as readonly string[]) : []);
        break;
      case "consumer-left":
        this.release(entry, consumer, null);
        break;
      case "process-killed":
      case "process-exited":
      case "power-lost":
        this.release(entry, String(fact.node), null);
        break;
    }
  }

  private assign(entry: FactEntry, id: string, consumer: string, partitions: readonly string[]): void {
    let group = this.groups.get(id);
    if (group === undefined) {
      group = { consumers: new Set(), partitions: new Map() };
      this.groups.set(id, group);
    }
    group.consumers.add(consumer);
    for (const name of partitions) {
      if (!group.partitions.has(name)) group.partitions.set(name, []);
      put(group.partitions.get(name) ?? [], entry, consumer);
    }
  }

  /** Null: all that it reads. */
  private release(entry: FactEntry, consumer: string, partitions: readonly string[] | null): void {
    for (const group of this.groups.values())
      for (const [name, bands] of group.partitions)
        if (bands.at(-1)?.owner === consumer && (partitions?.includes(name) ?? true)) put(bands, entry, null);
  }
}

function put(bands: OwnerBand[], { at, entry }: FactEntry, owner: string | null): void {
  if (bands.at(-1)?.owner === owner) return;
  // Given back and dealt out in one moment: nobody was without it.
  if (bands.at(-1)?.from === at) bands.pop();
  if (bands.at(-1)?.owner !== owner) bands.push({ from: at, entry, owner });
}

const owners = perTimeline((timeline) => new OwnerIndex(timeline.trace));

/** Who reads what by time, up to what is computed. */
export function ownersOf(timeline: Parameters<typeof owners>[0]): OwnerIndex {
  return owners(timeline).extend();
}
