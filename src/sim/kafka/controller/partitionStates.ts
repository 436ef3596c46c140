/**
 * What the controller writes for one partition, event by event and in which order: elections, removals from the ISR,
 * reassignments.
 *
 * In Kafka     PartitionStateMachine, ReplicaStateMachine, and the event handlers of KafkaController.
 * Simplified   one partition at a time. Kafka takes all partitions through an election before it takes replicas
 *              offline; the order within one partition is the same.
 * Left out     memory-only states, deletion; the requests themselves (each step says who gets LeaderAndIsr).
 *
 *   NonExistent -> New               memory only
 *   New         -> Online            first live replica leads, all live ones are the ISR, epoch 0
 *   Online, Offline -> Online        an election; nobody found: the state stays
 *   New, Online, Offline -> Offline  memory only
 *
 * The single steps (createState, electPartition, removeReplica, raiseLeaderEpoch) are what a controller does between two
 * answers of ZooKeeper; the sequences (onBrokerFailure and below) say which steps an event consists of if all succeed.
 */
import { freeze } from "../../engine/snapshot.ts";
import type { Profile } from "../profiles/profile.ts";
import type { PartitionState } from "../protocol/control-plane.ts";
import type { Rules } from "../rules.ts";
import { type ReplicaAssignment, reassignmentUnion, reassignTo, targetReplicas } from "./assignment.ts";
import { type ElectionInput, type ElectionStrategy, electLeader, isrWithout, onlineBrokers } from "./election.ts";

/** What the state znode of a partition says; `partitionEpoch` is its version, leader -1 means none. */
export type LeaderAndIsr = Omit<PartitionState, "topicPartition" | "replicas" | "isNew">;

export interface ControlledPartition {
  readonly assignment: ReplicaAssignment;
  /** Null until a first leader was found. */
  readonly state: LeaderAndIsr | null;
}

export interface ControllerView {
  readonly controllerEpoch: number;
  /** Registered brokers, those that are shutting down included. */
  readonly liveBrokers: readonly number[];
  readonly shuttingDownBrokers: readonly number[];
  /** unclean.leader.election.enable of the topic. */
  readonly isUncleanEnabled: boolean;
  readonly profile: Profile;
  readonly rules: Rules;
}

/** One thing the controller does. `recipients`: assigned replicas that get LeaderAndIsr, dead ones included. */
export type PartitionStep =
  | {
      readonly kind: "write-state";
      readonly reason: "created" | "elected" | "removed-from-isr" | "epoch-raised";
      readonly state: LeaderAndIsr;
      readonly isUnclean: boolean;
      readonly recipients: readonly number[];
    }
  /** The replica was not in the ISR: LeaderAndIsr goes out with the state as it is, and is ignored. */
  | { readonly kind: "resend-state"; readonly state: LeaderAndIsr; readonly recipients: readonly number[] }
  | { readonly kind: "election-failed"; readonly strategy: ElectionStrategy }
  | { readonly kind: "write-assignment"; readonly assignment: ReplicaAssignment };

/** The partition after `steps`. */
export function afterSteps(partition: ControlledPartition, steps: readonly PartitionStep[]): ControlledPartition {
  let { assignment, state } = partition;
  for (const step of steps) {
    if (step.kind === "write-state") state = step.state;
    if (step.kind === "write-assignment") assignment = step.assignment;
  }
  return { assignment, state };
}

/** First leader and ISR of a new partition; none if no replica is live. */
export function createState(partition: ControlledPartition, view: ControllerView): PartitionStep[] {
  const isr = partition.assignment.replicas.filter((replica) => onlineBrokers(view).includes(replica));
  const leader = isr[0];
  if (leader === undefined) return [];
  const { controllerEpoch } = view;
  const state: LeaderAndIsr = freeze({
    leader,
    leaderEpoch: 0,
    isr,
    partitionEpoch: 0,
    controllerEpoch,
    leaderRecoveryState: 0,
  });
  return [{ kind: "write-state", reason: "created", state, isUnclean: false, recipients: isr }];
}

/** One election; a partition without state gets its first one. */
export function electPartition(
  partition: ControlledPartition,
  strategy: ElectionStrategy,
  view: ControllerView,
): PartitionStep[] {
  const { state } = partition;
  if (state === null) return createState(partition, view);
  const isIsrIgnored = !view.rules.electsFromIsr;
  const input: ElectionInput = { ...view, replicas: electable(partition, strategy), isr: state.isr, isIsrIgnored };
  const result = electLeader(strategy, input);
  if (result === null) return [{ kind: "election-failed", strategy }];

  const { leader, isr, isUnclean, recipients } = result;
  const leaderRecoveryState = isUnclean && view.profile === "3.9" ? 1 : state.leaderRecoveryState;
  const next = nextState(state, view, { leader, isr, leaderRecoveryState });
  return [{ kind: "write-state", reason: "elected", state: next, isUnclean, recipients }];
}

function electable({ assignment }: ControlledPartition, strategy: ElectionStrategy): readonly number[] {
  return strategy === "reassign" ? targetReplicas(assignment) : assignment.replicas;
}

/** One replica goes offline: out of the ISR, with a new leader epoch if it was a member. */
export function removeReplica(partition: ControlledPartition, replica: number, view: ControllerView): PartitionStep[] {
  const { state, assignment } = partition;
  if (state === null) return [];
  const mayEmptyIsr = view.profile === "0.10" && view.isUncleanEnabled;
  const { replicas } = assignment;
  const { isWritten, leader, isr, recipients } = isrWithout({ ...state, replicas, replica, mayEmptyIsr });
  if (!isWritten) return [{ kind: "resend-state", state, recipients }];
  const next = nextState(state, view, { leader, isr });
  return [{ kind: "write-state", reason: "removed-from-isr", state: next, isUnclean: false, recipients }];
}

/** A new leader epoch with the same leader and ISR, which makes every replica look at its orders again. */
export function raiseLeaderEpoch(partition: ControlledPartition, view: ControllerView): PartitionStep[] {
  const { state, assignment } = partition;
  if (state === null) return [];
  const recipients = assignment.replicas;
  return [
    { kind: "write-state", reason: "epoch-raised", state: nextState(state, view, {}), isUnclean: false, recipients },
  ];
}

/** Every write of a controller raises both epochs and carries its own. */
function nextState(state: LeaderAndIsr, view: ControllerView, change: Partial<LeaderAndIsr>): LeaderAndIsr {
  return freeze({
    ...state,
    ...change,
    leaderEpoch: state.leaderEpoch + 1,
    partitionEpoch: state.partitionEpoch + 1,
    controllerEpoch: view.controllerEpoch,
  });
}

/** The state after a change of the ISR by the leader: the leader epoch stays, so followers keep fetching. */
export function afterIsrChange(state: LeaderAndIsr, isr: readonly number[]): LeaderAndIsr {
  return freeze({ ...state, isr, partitionEpoch: state.partitionEpoch + 1, leaderRecoveryState: 0 });
}

/** True if the leader is registered and not shutting down. */
export function hasOnlineLeader(partition: ControlledPartition, view: ControllerView): boolean {
  return partition.state !== null && onlineBrokers(view).includes(partition.state.leader);
}

/**
 * Brokers were found dead by a controller that lives; `view` no longer has them. First the election, then each dead
 * replica leaves the ISR, lower id first; the winner's ISR is usually without them already.
 */
export function onBrokerFailure(
  partition: ControlledPartition,
  deadBrokers: readonly number[],
  view: ControllerView,
): PartitionStep[] {
  return inSequence(partition, [
    (current) => electIfOffline(current, view),
    ...removalsOf(
      deadBrokers.filter((broker) => partition.assignment.replicas.includes(broker)),
      view,
    ),
  ]);
}

/** Brokers have registered: only a partition without an online leader is touched. */
export function onBrokerStartup(partition: ControlledPartition, view: ControllerView): PartitionStep[] {
  return electIfOffline(partition, view);
}

/**
 * A new controller has taken over. 3.9: replicas on dead brokers leave the ISR first, so a leader that died with the
 * old controller costs two epochs. Before 2.3 there is only the election: a dead follower stays in the ISR.
 */
export function onControllerFailover(partition: ControlledPartition, view: ControllerView): PartitionStep[] {
  const dead = partition.assignment.replicas.filter((replica) => !view.liveBrokers.includes(replica));
  return inSequence(partition, [
    ...(view.rules.failoverCleansIsr ? removalsOf(dead, view) : []),
    (current) => electIfOffline(current, view),
  ]);
}

/** `broker` asked to shut down; `view` has it among the shutting down. A partition with one replica is left alone. */
export function onControlledShutdown(
  partition: ControlledPartition,
  broker: number,
  view: ControllerView,
): PartitionStep[] {
  const { replicas } = partition.assignment;
  if (replicas.length < 2 || !replicas.includes(broker)) return [];
  if (partition.state?.leader === broker) return electPartition(partition, "controlledShutdown", view);
  return removeReplica(partition, broker, view);
}

/** True if the partition counts as remaining in the answer to ControlledShutdown, which the broker then repeats. */
export function isRemainingAfterShutdown(partition: ControlledPartition, broker: number): boolean {
  return partition.assignment.replicas.length > 1 && partition.state?.leader === broker;
}

/** A preferred election was asked for. Nothing to do is no step (0.10 reports it as an error), but a write in 2.1. */
export function onPreferredElection(partition: ControlledPartition, view: ControllerView): PartitionStep[] {
  const isDone = partition.state?.leader === partition.assignment.replicas[0];
  return isDone && view.profile !== "2.1" ? [] : electPartition(partition, "preferred", view);
}

/**
 * A reassignment to `target` begins: the assignment grows by the target, and if that means new replicas a new leader
 * epoch tells the leader of them. If all targets are in sync already, 2.1 and 0.10 go straight to the end.
 */
export function onReassignmentStart(
  partition: ControlledPartition,
  target: readonly number[],
  view: ControllerView,
): PartitionStep[] {
  const { assignment } = partition;
  const isInSync = isReassignmentComplete(partition, target);
  if (view.profile === "3.9") {
    const next = reassignTo(assignment, target);
    const abandoned = assignment.replicas.filter((replica) => !next.replicas.includes(replica));
    return inSequence(partition, [
      () => [{ kind: "write-assignment", assignment: next }],
      // What an earlier reassignment was still adding is not wanted any more.
      ...abandoned.map(
        (replica): Move =>
          (current) =>
            removeReplica(current, replica, view),
      ),
      (current) => (isInSync ? [] : raiseLeaderEpoch(current, view)),
    ]);
  }
  if (isInSync) return [];
  const union = reassignmentUnion(assignment.replicas, target);
  return inSequence(partition, [
    () => [{ kind: "write-assignment", assignment: plainAssignment(union) }],
    (current) => raiseLeaderEpoch(current, view),
  ]);
}

/** True if every target replica is in the ISR, so that the reassignment can be ended. */
export function isReassignmentComplete({ state }: ControlledPartition, target: readonly number[]): boolean {
  return target.every((replica) => state?.isr.includes(replica));
}

/**
 * A reassignment ends: the leader moves into the target (or only its epoch rises), the dropped replicas leave the ISR
 * one by one, and the assignment znode is written with the target (even if it says so already).
 */
export function onReassignmentComplete(
  partition: ControlledPartition,
  target: readonly number[],
  view: ControllerView,
): PartitionStep[] {
  const dropped = partition.assignment.replicas.filter((replica) => !target.includes(replica));
  // From here on the controller's memory has the target as the assignment; the znode follows at the end.
  const inMemory = { ...partition, assignment: plainAssignment(target) };
  const steps = inSequence(inMemory, [
    (current) => moveLeaderInto(target, current, view),
    ...dropped.map(
      (replica): Move =>
        (current) =>
          removeReplica(current, replica, view),
    ),
  ]);
  return [...steps, { kind: "write-assignment", assignment: inMemory.assignment }];
}

function moveLeaderInto(
  target: readonly number[],
  partition: ControlledPartition,
  view: ControllerView,
): PartitionStep[] {
  const stays = hasOnlineLeader(partition, view) && target.includes(partition.state?.leader ?? -1);
  return stays ? raiseLeaderEpoch(partition, view) : electPartition(partition, "reassign", view);
}

/** An assignment that is not being changed. */
export function plainAssignment(replicas: readonly number[]): ReplicaAssignment {
  return freeze({ replicas, addingReplicas: [], removingReplicas: [] });
}

type Move = (partition: ControlledPartition) => PartitionStep[];

function electIfOffline(partition: ControlledPartition, view: ControllerView): PartitionStep[] {
  return hasOnlineLeader(partition, view) ? [] : electPartition(partition, "offline", view);
}

function removalsOf(brokers: readonly number[], view: ControllerView): Move[] {
  const ascending = [...brokers].sort((a, b) => a - b);
  return ascending.map((broker) => (partition) => removeReplica(partition, broker, view));
}

/** The steps of `moves`, each looking at the partition as the ones before left it. */
function inSequence(partition: ControlledPartition, moves: readonly Move[]): PartitionStep[] {
  const steps: PartitionStep[] = [];
  for (const move of moves) steps.push(...move(afterSteps(partition, steps)));
  return steps;
}
