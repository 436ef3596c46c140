/**
 * Orders that Kafka takes from hash collections, against what recorded clusters showed.
 */
import { expect, test } from "vitest";
import { brokerOrderForCreateTopics } from "../../src/sim/kafka/controller/assignment.ts";
import {
  addStickyBytes,
  chooseStickyPartition,
  metadataPartitionOrder,
  newRoundRobin,
  newSticky,
  nextRoundRobin,
} from "../../src/sim/kafka/producer/partitioner.ts";
import { scalaSetOrder } from "../../src/sim/kafka/protocol/hashOrder.ts";

test("an ISR keeps its order up to four members and is in hash order from five on", () => {
  expect(scalaSetOrder([1, 4, 3, 2])).toEqual([1, 4, 3, 2]);
  expect(scalaSetOrder([1, 4, 3, 2, 5])).toEqual([5, 1, 2, 3, 4]);
});

test("members whose hashes begin alike are all listed, each once", () => {
  const members = Array.from({ length: 60 }, (_, id) => id * 37);
  expect([...scalaSetOrder(members)].sort((a, b) => a - b)).toEqual(members);
});

test("a metadata answer lists partitions in the order of its version's hash map", () => {
  const recorded = {
    "0.10": ["0 2 1", "0 2 1 3", "0 2 4 1 3", "0 2 5 4 1 3", "0 2 5 4 7 1 3 6"],
    "2.1": ["0 2 1", "0 2 3 1", "0 1 4 2 3", "0 5 1 4 2 3"],
  };
  for (const [profile, orders] of Object.entries(recorded)) {
    const counts = orders.map((order) => order.split(" ").length);
    const ours = counts.map((count) => metadataPartitionOrder(profile as "0.10" | "2.1", count).join(" "));
    expect(ours).toEqual(orders);
  }
});

test("automatic placement counts through brokers in the order of the metadata cache", () => {
  expect(brokerOrderForCreateTopics([1, 2, 3])).toEqual([2, 3, 1]);
  // Recorded as the ring 2, 3, 1, 4: where a ring begins does not show, as the start is random.
  expect(brokerOrderForCreateTopics([4, 3, 2, 1])).toEqual([1, 4, 2, 3]);
  // The other ring that was recorded, also within the same run: 1, 2, 3, 4.
  expect(brokerOrderForCreateTopics([1, 2, 3, 4], true)).toEqual([4, 1, 2, 3]);
});

test("round robin goes round the available partitions in that order, from a random start", () => {
  const state = newRoundRobin(5);
  const order = metadataPartitionOrder("2.1", 4);
  expect([0, 1, 2, 3, 4].map(() => nextRoundRobin(state, order, 4))).toEqual([2, 3, 1, 0, 2]);
});

test("round robin avoids a partition without leader, and wraps like a Java int", () => {
  const state = newRoundRobin(0x7fffffff);
  expect([nextRoundRobin(state, [0, 2], 3), nextRoundRobin(state, [0, 2], 3)]).toEqual([2, 0]);
  expect(state.counter).toBe(-0x7fffffff);
});

test("without any leader the round goes over all partitions", () => {
  expect(nextRoundRobin(newRoundRobin(7), [], 3)).toBe(1);
});

test("the sticky partition changes after batch.size bytes, once its queued batches are full", () => {
  const state = newSticky({ random: 4, available: [0, 2, 1], partitionCount: 3, queues: null });
  expect(state.partition).toBe(2);
  const add = (bytes: number, areQueuedBatchesFull: boolean) =>
    addStickyBytes(state, { bytes, batchSizeBytes: 100, areQueuedBatchesFull });
  expect([add(99, true), add(1, false), add(99, false), add(1, false)]).toEqual([false, false, false, true]);
});

test("a longer queue makes a partition less likely; equal queues weigh nothing", () => {
  const queues = [
    { partition: 0, length: 2 },
    { partition: 1, length: 0 },
  ];
  const choices = [0, 1, 2, 3].map((random) =>
    chooseStickyPartition({ random, available: [0, 1], partitionCount: 2, queues }),
  );
  expect(choices).toEqual([0, 1, 1, 1]);
  const equal = queues.map((queue) => ({ ...queue, length: 1 }));
  expect(chooseStickyPartition({ random: 2, available: [0, 1], partitionCount: 2, queues: equal })).toBe(0);
});
