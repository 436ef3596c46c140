/**
 * Kinds replica_assignment, partition_increase and reassignment_state: which brokers hold a partition.
 */
import {
  type AssignmentResult,
  assignAddedPartitions,
  assignReplicasToBrokers,
  isBeingReassigned,
  reassignTo,
  targetReplicas,
} from "../../sim/kafka/controller/assignment.ts";
import { compared, type VectorKind } from "./kind.ts";

interface ClusterInput {
  brokers: number[];
  racks?: Record<number, string>;
}

export const replicaAssignmentKind: VectorKind = {
  kind: "replica_assignment",
  run: ({ input, expected }) => {
    const { partitions, ...rest } = input as ClusterInput & {
      partitions: number;
      replicationFactor: number;
      startIndex: number;
      shift: number;
      startPartitionId: number;
    };
    return compared(expected, answerOf(assignReplicasToBrokers({ ...rest, partitionCount: partitions })));
  },
};

export const partitionIncreaseKind: VectorKind = {
  kind: "partition_increase",
  run: ({ input, expected }) => {
    const { existing, newTotal, ...rest } = input as ClusterInput & {
      partition0: number[];
      existing: number;
      newTotal: number;
    };
    const result = assignAddedPartitions({ ...rest, existingCount: existing, newCount: newTotal });
    return compared(expected, answerOf(result));
  },
};

function answerOf(result: AssignmentResult): unknown {
  return result.kind === "assigned" ? { assignment: result.assignment } : { error: result.error };
}

export const reassignmentStateKind: VectorKind = {
  kind: "reassignment_state",
  run: ({ input, expected }) => {
    const { current, target } = input as {
      current: { replicas: number[]; adding?: number[]; removing?: number[] };
      target?: number[];
    };
    const { replicas, adding = [], removing = [] } = current;
    const before = { replicas, addingReplicas: adding, removingReplicas: removing };
    const after = target === undefined ? before : reassignTo(before, target);
    return compared(expected, {
      replicas: after.replicas,
      adding: after.addingReplicas,
      removing: after.removingReplicas,
      targetReplicas: targetReplicas(after),
      inProgress: isBeingReassigned(after),
    });
  },
};
