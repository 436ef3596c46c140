/**
 * Automatic placement against assignments recorded on clusters of 4 and 5 brokers. Start and shift of a new topic are
 * random there, so the claim is that some start and shift give exactly what was recorded.
 */
import { expect, test } from "vitest";
import {
  type Assignment,
  assignAddedPartitions,
  assignReplicasToBrokers,
  brokerOrderForCreateTopics,
  originReplicas,
  rackAlternatedBrokers,
  reassignmentUnion,
  reassignTo,
} from "../../src/sim/kafka/controller/assignment.ts";

const RACKS = { 1: "a", 2: "a", 3: "b", 4: "b", 5: "c" };

/** Every [start, shift] under which the recorded lists come out. */
function startsAndShifts(recorded: number[][], brokers: number[], racks?: Record<number, string>): [number, number][] {
  const partitionCount = recorded.length;
  const replicationFactor = recorded[0]!.length;
  const wanted: Assignment = Object.fromEntries(recorded.map((replicas, partition) => [partition, replicas]));
  const found: [number, number][] = [];
  for (let startIndex = 0; startIndex < brokers.length; startIndex++) {
    for (let shift = 0; shift < brokers.length; shift++) {
      const input = { brokers, partitionCount, replicationFactor, startIndex, shift, ...(racks ? { racks } : {}) };
      const result = assignReplicasToBrokers(input);
      if (JSON.stringify(result) === JSON.stringify({ kind: "assigned", assignment: wanted })) {
        found.push([startIndex, shift]);
      }
    }
  }
  return found;
}

test("2.1: eight partitions on brokers 1 to 4, in the order of the metadata cache and not of ids", () => {
  const recorded = [
    [1, 4, 2],
    [4, 2, 3],
    [2, 3, 1],
    [3, 1, 4],
    [1, 2, 3],
    [4, 3, 1],
    [2, 1, 4],
    [3, 4, 2],
  ];
  expect(startsAndShifts(recorded, brokerOrderForCreateTopics([1, 2, 3, 4]))).toContainEqual([0, 0]);
  expect(startsAndShifts(recorded, [1, 2, 3, 4])).toEqual([]);
});

test("3.9: ten partitions over racks of different size", () => {
  const recorded = [
    [4, 1, 5],
    [1, 3, 5],
    [3, 5, 2],
    [5, 2, 4],
    [2, 4, 5],
    [4, 2, 5],
    [1, 4, 5],
    [3, 1, 5],
    [5, 3, 2],
    [2, 5, 4],
  ];
  expect(startsAndShifts(recorded, [1, 2, 3, 4, 5], RACKS).length).toBeGreaterThan(0);
});

test("growth with racks starts at the id-sorted index, used in the rack-alternating list", () => {
  const result = assignAddedPartitions({
    brokers: [1, 2, 3, 4, 5],
    racks: RACKS,
    partition0: [3, 1, 5],
    existingCount: 2,
    newCount: 6,
  });
  const assignment = { 2: [4, 5, 2], 3: [1, 4, 5], 4: [3, 1, 5], 5: [5, 4, 1] };
  expect(result).toEqual({ kind: "assigned", assignment });
});

test("racks take turns by name; an exhausted one is skipped", () => {
  expect(rackAlternatedBrokers([5, 4, 3, 2, 1], RACKS)).toEqual([1, 3, 5, 2, 4]);
});

test("reassigning to where a partition came from cancels; the order it had is lost", () => {
  const moving = reassignTo({ replicas: [1, 2, 3], addingReplicas: [], removingReplicas: [] }, [4, 2]);
  expect(moving).toEqual({ replicas: [4, 2, 1, 3], addingReplicas: [4], removingReplicas: [1, 3] });
  const cancelled = reassignTo(moving, originReplicas(moving));
  expect(cancelled).toEqual({ replicas: [2, 1, 3], addingReplicas: [], removingReplicas: [] });
});

test("the list of an old reassignment is target first, and a set above four brokers", () => {
  expect(reassignmentUnion([1, 2, 3], [4, 2])).toEqual([4, 2, 1, 3]);
  expect(reassignmentUnion([1, 2, 3], [4, 5])).toEqual([5, 1, 2, 3, 4]);
});
