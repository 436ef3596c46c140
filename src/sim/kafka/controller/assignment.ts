/**
 * Which brokers hold which partition: automatic placement of new partitions, and the bookkeeping of a reassignment.
 *
 * In Kafka     AdminUtils.assignReplicasToBrokers, AdminZkClient.addPartitions, ReplicaAssignment (KIP-455, since 2.4).
 * Simplified   the two random numbers of a placement come in as arguments.
 * Left out     explicit assignments; checking them is the business of the request that brings them.
 */
import { longMapOrder, scalaSetOrder } from "../protocol/hashOrder.ts";

/** Replica lists by partition number. */
export type Assignment = Record<number, number[]>;

export type AssignmentResult =
  | { readonly kind: "assigned"; readonly assignment: Assignment }
  | { readonly kind: "refused"; readonly error: "INVALID_PARTITIONS" | "INVALID_REPLICATION_FACTOR" };

export interface PlacementInput {
  /** Live brokers in the order to count through; see {@link brokerOrderForCreateTopics}. Sorted anew if racks are given. */
  readonly brokers: readonly number[];
  /** The rack of every broker, or absent: not rack aware. */
  readonly racks?: Readonly<Record<number, string>>;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  /** Where partition 0 starts in the list: a random integer in [0, brokers). */
  readonly startIndex: number;
  /** Distance from first to second replica: another random integer in [0, brokers). */
  readonly shift: number;
  /** First new partition; 0 for a new topic. */
  readonly startPartitionId?: number;
}

/**
 * Places partitions round the list of brokers; each full round widens the distance between a partition's replicas.
 * With racks the list alternates between racks, and no rack gets a second replica while another has none.
 */
export function assignReplicasToBrokers(input: PlacementInput): AssignmentResult {
  const { replicationFactor, racks } = input;
  if (input.partitionCount <= 0) return { kind: "refused", error: "INVALID_PARTITIONS" };
  if (replicationFactor <= 0 || replicationFactor > input.brokers.length) {
    return { kind: "refused", error: "INVALID_REPLICATION_FACTOR" };
  }

  const brokers = racks === undefined ? input.brokers : rackAlternatedBrokers(input.brokers, racks);
  const first = Math.max(0, input.startPartitionId ?? 0);
  const assignment: Assignment = {};
  let shift = input.shift;
  for (let partition = first; partition < first + input.partitionCount; partition++) {
    if (partition > 0 && partition % brokers.length === 0) shift++;
    const leaderIndex = (partition + input.startIndex) % brokers.length;
    assignment[partition] =
      racks === undefined
        ? replicasInRing(brokers, leaderIndex, shift, replicationFactor)
        : replicasAcrossRacks(brokers, racks, leaderIndex, shift, replicationFactor);
  }
  return { kind: "assigned", assignment };
}

function replicasInRing(brokers: readonly number[], leaderIndex: number, shift: number, count: number): number[] {
  const replicas = [brokerAt(brokers, leaderIndex)];
  for (let j = 0; j < count - 1; j++) replicas.push(followerAt(brokers, leaderIndex, shift + j));
  return replicas;
}

function replicasAcrossRacks(
  brokers: readonly number[],
  racks: Readonly<Record<number, string>>,
  leaderIndex: number,
  shift: number,
  count: number,
): number[] {
  const rackCount = new Set(brokers.map((broker) => racks[broker])).size;
  const replicas = [brokerAt(brokers, leaderIndex)];
  const usedRacks = new Set([racks[brokerAt(brokers, leaderIndex)]]);
  for (let k = 0; replicas.length < count; k++) {
    const candidate = followerAt(brokers, leaderIndex, shift * rackCount + k);
    const rackIsFree = !usedRacks.has(racks[candidate]) || usedRacks.size === rackCount;
    if (!rackIsFree || replicas.includes(candidate)) continue;
    replicas.push(candidate);
    usedRacks.add(racks[candidate]);
  }
  return replicas;
}

/** The broker `distance` steps round from the one after the leader, skipping the leader. */
function followerAt(brokers: readonly number[], leaderIndex: number, distance: number): number {
  return brokerAt(brokers, leaderIndex + 1 + (distance % (brokers.length - 1)));
}

function brokerAt(brokers: readonly number[], index: number): number {
  return brokers[index % brokers.length] as number;
}

/** Brokers rack by rack in turn: racks by name, brokers by id within; exhausted racks are skipped. */
export function rackAlternatedBrokers(brokers: readonly number[], racks: Readonly<Record<number, string>>): number[] {
  const names = [...new Set(brokers.map((broker) => racks[broker] ?? ""))].sort();
  const perRack = names.map((name) => brokers.filter((broker) => racks[broker] === name).sort((a, b) => a - b));
  const rounds = Math.max(0, ...perRack.map((list) => list.length));
  return Array.from({ length: rounds }, (_, round) => perRack.flatMap((list) => list.slice(round, round + 1))).flat();
}

export interface GrowthInput {
  readonly brokers: readonly number[];
  readonly racks?: Readonly<Record<number, string>>;
  /** Replicas of partition 0: they give the replication factor and the place to start. */
  readonly partition0: readonly number[];
  readonly existingCount: number;
  readonly newCount: number;
}

/** Places the partitions added to a topic. Nothing is random: the start follows from partition 0's preferred leader. */
export function assignAddedPartitions(input: GrowthInput): AssignmentResult {
  if (input.newCount <= input.existingCount) return { kind: "refused", error: "INVALID_PARTITIONS" };
  const sorted = [...input.brokers].sort((a, b) => a - b);
  // The index is taken in the sorted list even where the rack-alternating list is counted through: Kafka does so too.
  const start = Math.max(
    0,
    sorted.findIndex((broker) => broker >= (input.partition0[0] ?? 0)),
  );
  return assignReplicasToBrokers({
    brokers: sorted,
    ...(input.racks === undefined ? {} : { racks: input.racks }),
    partitionCount: input.newCount - input.existingCount,
    replicationFactor: input.partition0.length,
    startIndex: start,
    shift: start,
    startPartitionId: input.existingCount,
  });
}

/**
 * The order of brokers a CreateTopics request counts through: that of the metadata cache's hash map. Who comes first of two that
 * share a slot, as 1 and 4 of four do, follows from the order of the controller's request, which no rule is known for: recordings
 * of 2.1 show both within one run. `isDescending`: the higher one does.
 */
export function brokerOrderForCreateTopics(brokers: readonly number[], isDescending = false): number[] {
  return longMapOrder(brokers, isDescending);
}

/** A partition's replicas with what a running reassignment adds and removes. */
export interface ReplicaAssignment {
  /** Target first, then what is being removed. */
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

/** What the partition will have when the reassignment is done. */
export function targetReplicas(assignment: ReplicaAssignment): number[] {
  return without(assignment.replicas, assignment.removingReplicas);
}

/** What the partition had before; reassigning to it cancels. */
export function originReplicas(assignment: ReplicaAssignment): number[] {
  return without(assignment.replicas, assignment.addingReplicas);
}

export function isBeingReassigned(assignment: ReplicaAssignment): boolean {
  return assignment.addingReplicas.length > 0 || assignment.removingReplicas.length > 0;
}

/** The assignment while moving to `target`, whatever was under way before. */
export function reassignTo(assignment: ReplicaAssignment, target: readonly number[]): ReplicaAssignment {
  const origin = originReplicas(assignment);
  const replicas = [...target, ...without(origin, target)];
  return { replicas, addingReplicas: without(replicas, origin), removingReplicas: without(replicas, target) };
}

/** The list that 2.1 and 0.10 write while they move to `target`: a set, so in hash order above four brokers. */
export function reassignmentUnion(replicas: readonly number[], target: readonly number[]): number[] {
  return scalaSetOrder([...target, ...without(replicas, target)]);
}

function without(list: readonly number[], removed: readonly number[]): number[] {
  return list.filter((one) => !removed.includes(one));
}
