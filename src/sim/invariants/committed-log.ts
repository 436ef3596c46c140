/**
 * S1 and S2: what was once below a leader's high watermark is the same everywhere, and stays.
 *
 * S1  Two replicas that both have an offset below their high watermarks have the same record there.
 * S2  A record that was once below a leader's high watermark is never replaced or removed from a leader's log.
 *
 * Promised while elections are clean and no machine loses its unflushed tail.
 */
import { append, type Chunked, createChunked, itemAt, lengthOf } from "../engine/chunked.ts";
import { remembered } from "../engine/remembered.ts";
import type { Fact, Step, World } from "../engine/types.ts";
import type { PartitionLog } from "../kafka/log/state.ts";
import { batchIn, brokerNow, logOn } from "../kafka/readings.ts";
import type { Invariant } from "./invariant.ts";

interface Committed {
  /** By topic partition: what stands at each offset, as `epoch/tag`. */
  partitions: Record<string, Chunked<string>>;
  /** How far each replica was compared: `b1 orders-0`. */
  compared: Record<string, number>;
  /** By topic partition: each epoch with a leader, in the order they started, and how much was committed then. */
  epochs: Record<string, { readonly epoch: number; readonly committed: number }[]>;
  /** Broken already, so that one break is told once. */
  broken: Record<string, true>;
}

function nameAt(log: PartitionLog, offset: number): string | null {
  const batch = batchIn(log, offset);
  if (batch === null || batch.baseOffset > offset) return null;
  const record = batch.records[offset - batch.baseOffset];
  return `${batch.partitionLeaderEpoch}/${record?.tag ?? `${record?.key}=${record?.value}`}`;
}

const init = (): Committed => ({ partitions: {}, compared: {}, epochs: {}, broken: {} });

/** Compares a replica's log below its high watermark with what was committed; returns the first offset that differs. */
function firstDifference(state: Committed, log: PartitionLog, name: string, from: number, to: number): number | null {
  const known = state.partitions[name];
  if (known === undefined) return null;
  const end = Math.min(to, lengthOf(known));
  for (let offset = Math.max(from, log.logStartOffset); offset < end; offset += 1) {
    if (offset < log.logEndOffset && nameAt(log, offset) !== itemAt(known, offset)) return offset;
  }
  return null;
}

export const logMatching: Invariant<Committed> = {
  promise: "S1",
  says: "Two replicas never differ below their high watermarks.",
  watches: ["high-watermark-advanced", "leader-started", "log-truncated"],
  init,
  check(state, step, fact, world) {
    const found = target(fact, step, world);
    if (found === null) return [];
    if (fact.kind === "log-truncated") {
      state.compared[found.key] = Math.min(state.compared[found.key] ?? 0, found.log.logEndOffset);
      return [];
    }
    const from = state.compared[found.key] ?? 0;
    const different = firstDifference(state, found.log, found.name, from, found.highWatermark);
    if (found.isLeader) extend(state, found);
    state.compared[found.key] = Math.max(from, found.highWatermark);
    if (different === null) return [];
    return once(
      state,
      found.key,
      `${step.actor} has another record at ${found.name} offset ${different} than was committed there.`,
    );
  },
};

export const committedStays: Invariant<Committed> = {
  promise: "S2",
  says: "A record that was once below a leader's high watermark is never replaced or removed.",
  watches: ["high-watermark-advanced", "leader-started"],
  init,
  check(state, step, fact, world) {
    const found = target(fact, step, world);
    if (found === null || !found.isLeader) return [];
    const known = state.partitions[found.name];
    if (fact.kind === "leader-started" && known !== undefined) {
      const end = committedBefore(state, found.name, Number(fact.leaderEpoch), lengthOf(known));
      if (found.log.logEndOffset < end) {
        const text = `${step.actor} leads ${found.name} and ends at ${found.log.logEndOffset}, but records up to ${end} had been committed.`;
        return once(state, `${found.name} ${end}`, text);
      }
      const different = firstDifference(state, found.log, found.name, Math.max(0, end - 1000), end);
      if (different !== null)
        return once(
          state,
          `${found.name} ${end}`,
          `${step.actor} leads ${found.name} with another record at committed offset ${different}.`,
        );
    }
    if (fact.kind === "leader-started") noteEpoch(state, found.name, Number(fact.leaderEpoch));
    extend(state, found);
    return [];
  },
};

/**
 * What a leader of this epoch must have. A process that slept may carry out its order when others lead in later epochs
 * already; what those committed is not its business, and nobody listens to it.
 */
function committedBefore(state: Committed, name: string, epoch: number, all: number): number {
  const later = (state.epochs[name] ?? []).filter((one) => one.epoch > epoch).map((one) => one.committed);
  return Math.min(all, ...later);
}

function noteEpoch(state: Committed, name: string, epoch: number): void {
  const known = state.epochs[name] ?? [];
  state.epochs[name] = known;
  if (!known.some((one) => one.epoch === epoch))
    known.push(Object.freeze({ epoch, committed: lengthOf(state.partitions[name] ?? createChunked()) }));
}

interface Found {
  readonly name: string;
  readonly key: string;
  readonly log: PartitionLog;
  readonly highWatermark: number;
  readonly isLeader: boolean;
}

/** What a replica is filed under. */
const replicaKey = remembered((broker, name) => `${broker} ${name}`);

function target(fact: Fact, step: Step, world: World): Found | null {
  const name = fact.topicPartition;
  if (typeof name !== "string") return null;
  const log = logOn(world, step.actor, name);
  const hosted = brokerNow(world, step.actor)?.partitions[name];
  if (log === null || hosted === undefined) return null;
  return {
    name,
    key: replicaKey(step.actor, name),
    log,
    highWatermark: hosted.highWatermark,
    isLeader: hosted.role === "leader",
  };
}

function extend(state: Committed, found: Found): void {
  let known = state.partitions[found.name];
  if (known === undefined) {
    known = createChunked();
    state.partitions[found.name] = known;
  }
  for (let offset = lengthOf(known); offset < Math.min(found.highWatermark, found.log.logEndOffset); offset += 1) {
    append(known, nameAt(found.log, offset) ?? "");
  }
}

function once(state: Committed, key: string, text: string): string[] {
  if (state.broken[key]) return [];
  state.broken[key] = true;
  return [text];
}
