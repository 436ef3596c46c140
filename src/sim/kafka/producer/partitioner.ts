/**
 * How a producer chooses the partition of a record that names none.
 *
 * In Kafka     DefaultPartitioner (0.10, 2.1): round robin without a key; BuiltInPartitioner (3.9, KIP-794): uniform sticky.
 * Simplified   a key is a string, hashed as UTF-8.
 * Left out     the sticky partitioner of 2.4 to 3.2; custom partitioners; partitioner.rack.aware.
 *
 * Luck comes in as an argument: `random` is an integer in [0, 2^31), drawn by the caller from its stream.
 */
import type { Profile } from "../profiles/profile.ts";
import { longMapOrder, mutableHashMapOrder } from "../protocol/hashOrder.ts";
import { murmur2, toPositive, utf8Bytes } from "./murmur2.ts";

/** The partition of `key` among all partitions, with or without leader. The empty string is a key. */
export function partitionForKey(key: string, partitionCount: number): number {
  return toPositive(murmur2(utf8Bytes(key))) % partitionCount;
}

/** Where an old producer stands in its round, per topic. Starts at a random integer. */
export interface RoundRobinState {
  /** A Java int: wraps at 2^31 - 1. */
  counter: number;
}

export function newRoundRobin(random: number): RoundRobinState {
  return { counter: random | 0 };
}

/**
 * The next partition, and one step on (0.10, 2.1). `available` are the partitions with a leader, in the order of the
 * metadata answer ({@link metadataPartitionOrder}); if there are none, all `partitionCount` take their turn.
 */
export function nextRoundRobin(state: RoundRobinState, available: readonly number[], partitionCount: number): number {
  const turn = toPositive(state.counter);
  state.counter = (state.counter + 1) | 0;
  return available.length === 0 ? turn % partitionCount : (available[turn % available.length] as number);
}

/**
 * The order in which a metadata answer lists partitions 0..count-1, from 0 on: that of the hash map the broker keeps
 * them in. Round robin follows it.
 */
export function metadataPartitionOrder(profile: Profile, count: number): number[] {
  if (profile !== "0.10") return longMapOrder(Array.from({ length: count }, (_, partition) => partition));
  const order = mutableHashMapOrder(count);
  const zero = order.indexOf(0);
  return [...order.slice(zero), ...order.slice(0, zero)];
}

/** Where a 3.9 producer sticks, per topic. */
export interface StickyState {
  partition: number;
  /** Bytes appended to it since it was chosen. */
  producedBytes: number;
}

/** What a choice among partitions looks at. */
export interface StickyChoice {
  readonly random: number;
  /** Partitions with a leader, in the order of the metadata answer. */
  readonly available: readonly number[];
  readonly partitionCount: number;
  /**
   * Batches queued per partition, for every partition that has a queue and a leader; null before all have one, or if
   * adaptive partitioning is off. A longer queue makes a choice less likely.
   */
  readonly queues: readonly { readonly partition: number; readonly length: number }[] | null;
}

/** A random partition: uniform, or weighted by queue length once the queues differ. */
export function chooseStickyPartition(choice: StickyChoice): number {
  const { random, available, partitionCount, queues } = choice;
  if (queues !== null && queues.length > 1 && queues.some((queue) => queue.length !== queues[0]?.length)) {
    return weightedPartition(random, queues);
  }
  return available.length === 0 ? random % partitionCount : (available[random % available.length] as number);
}

function weightedPartition(random: number, queues: NonNullable<StickyChoice["queues"]>): number {
  const longest = Math.max(...queues.map((queue) => queue.length));
  const weights = queues.map((queue) => longest + 1 - queue.length);
  let rest = random % weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return (queues[index] as { partition: number }).partition;
}

/** Starts sticking to a partition. */
export function newSticky(choice: StickyChoice): StickyState {
  return { partition: chooseStickyPartition(choice), producedBytes: 0 };
}

/**
 * Counts bytes appended to the sticky partition. True if it is time to choose another: batch.size bytes are through
 * and all its queued batches are full, or twice as many whatever the batches look like.
 */
export function addStickyBytes(
  state: StickyState,
  appended: { readonly bytes: number; readonly batchSizeBytes: number; readonly areQueuedBatchesFull: boolean },
): boolean {
  state.producedBytes += appended.bytes;
  const { batchSizeBytes } = appended;
  if (state.producedBytes >= 2 * batchSizeBytes) return true;
  return state.producedBytes >= batchSizeBytes && appended.areQueuedBatchesFull;
}

/** Moves on, after {@link addStickyBytes} said so; the same partition may come up again. */
export function switchSticky(state: StickyState, choice: StickyChoice): void {
  state.partition = chooseStickyPartition(choice);
  state.producedBytes = 0;
}
