/**
 * Moving partitions to other brokers, phase by phase: the assignment grows (U), the new replicas catch up (A), the old ones go (B).
 *
 * In Kafka     KafkaController.onPartitionReassignment, moveReassignedPartitionLeaderIfRequired,
 *              stopRemovedReplicasOfReassignedPartition; since 2.4 KIP-455, before that only by /admin/reassign_partitions.
 * Left out     throttles; listing reassignments.
 *
 * 2.1 and 0.10 learn that the new replicas have caught up by a watch on the state znode, 3.9 by the leader's AlterPartition.
 */
import { must } from "../../engine/assert.ts";
import { type BrokerId, brokerActor, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { type ReplicaAssignment, reassignmentUnion, reassignTo, targetReplicas } from "./assignment.ts";
import { say } from "./facts.ts";
import { readStates as keepStates, updateOp } from "./leaderElections.ts";
import { toPartitionState } from "./partitionMachine.ts";
import { isReassignmentComplete, type LeaderAndIsr, plainAssignment, raiseLeaderEpoch } from "./partitionStates.ts";
import { toReplicaState } from "./replicaMachine.ts";
import { addLeaderAndIsr, newBatch, sendBatch, sendUpdateMetadata } from "./requestBatch.ts";
import {
  type ControllerCtx,
  contextOf,
  controllerOf,
  isOnline,
  liveOrShuttingDown,
  partitionIn,
  partitionsWhere,
  viewOf,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import { readOp, setOp, statePath, type TopicAssignment, topicData, topicPath } from "./znodes.ts";

interface ReassignLocals {
  readonly topicPartition: TopicPartition;
  adding: BrokerId[];
  /** Replicas that go, now or at the end. */
  removed: readonly BrokerId[];
}

/** Brings one reassignment as far as it can go now. */
export const reassign: Procedure = {
  start(ctx, l: ReassignLocals) {
    // From here on the state znode is watched where leaders write it.
    return zk([readOp(statePath(l.topicPartition), ctx.self.config.profile !== "3.9")], "look");
  },
  look(ctx, l: ReassignLocals, results: readonly ZkResult[]) {
    const name = l.topicPartition;
    const partition = partitionIn(ctx, name);
    if (partition === null) return done();
    const found = keepStates(ctx, [name], results, () => {}).states[name];
    if (found === undefined) return done();
    partition.state = found;
    const target = must(contextOf(ctx).reassigned[name], "target of a reassignment");
    contextOf(ctx).topicsIneligibleForDeletion[topicOf(name)] = true;
    const before = partition.assignment;

    if (ctx.self.config.profile === "3.9") {
      const next = reassignTo(before, target);
      const isNew = !sameAssignment(before, next);
      l.removed = before.replicas.filter((one) => !next.replicas.includes(one));
      partition.assignment = next;
      return isNew ? fencedZk([assignmentOp(ctx, name)], "abandon") : go("phase");
    }
    if (isReassignmentComplete(partition, target)) return go("caughtUp");
    l.adding = target.filter((one) => !before.replicas.includes(one));
    partition.assignment = plainAssignment(reassignmentUnion(before.replicas, target));
    return fencedZk([assignmentOp(ctx, name)], "raise");
  },
  /** What an earlier reassignment was still adding is not wanted any more. */
  abandon: (_ctx, l: ReassignLocals) => callTo("stopReplicas", { ...at(l), brokers: l.removed }, "phase"),
  phase(ctx, l: ReassignLocals) {
    const partition = must(partitionIn(ctx, l.topicPartition), l.topicPartition);
    if (isReassignmentComplete(partition, targetReplicas(partition.assignment))) return go("caughtUp");
    l.adding = [...partition.assignment.addingReplicas];
    return go("raise");
  },

  // A: every replica learns of the new assignment by a new leader epoch.
  raise: (_ctx, l: ReassignLocals) => callTo("raiseEpoch", { ...at(l), adding: l.adding }, "newReplicas"),
  newReplicas(ctx, l: ReassignLocals) {
    const { replicas } = must(partitionIn(ctx, l.topicPartition), l.topicPartition);
    const fresh = l.adding.filter((one) => replicas[one] === undefined || replicas[one] === "NonExistent");
    return toReplicaState(
      fresh.map((broker) => ({ broker, ...at(l) })),
      "New",
      "end",
    );
  },

  // B: all targets are in the ISR.
  caughtUp(ctx, l: ReassignLocals) {
    const { assignment } = must(partitionIn(ctx, l.topicPartition), l.topicPartition);
    const target = targetOf(ctx, l);
    l.removed = assignment.replicas.filter((one) => !target.includes(one));
    const online = ctx.self.config.profile === "3.9" ? assignment.addingReplicas : target;
    return toReplicaState(
      online.map((broker) => ({ broker, ...at(l) })),
      "Online",
      "moveLeader",
    );
  },
  moveLeader(ctx, l: ReassignLocals) {
    const target = targetOf(ctx, l);
    const partition = must(partitionIn(ctx, l.topicPartition), l.topicPartition);
    partition.assignment = plainAssignment(target);
    const leader = partition.state?.leader ?? -1;
    if (target.includes(leader) && isOnline(ctx, leader)) {
      return callTo("raiseEpoch", { ...at(l), adding: [] }, "stopOld");
    }
    return toPartitionState([l.topicPartition], "Online", "stopOld", "reassign");
  },
  stopOld: (_ctx, l: ReassignLocals) => callTo("stopReplicas", { ...at(l), brokers: l.removed }, "writeTarget"),
  writeTarget: (ctx, l: ReassignLocals) => fencedZk([assignmentOp(ctx, l.topicPartition)], "finished"),
  finished(ctx, l: ReassignLocals) {
    say(ctx, { kind: "reassignment-finished", ...at(l), to: targetOf(ctx, l).map(brokerActor) });
    delete contextOf(ctx).reassigned[l.topicPartition];
    delete contextOf(ctx).topicsIneligibleForDeletion[topicOf(l.topicPartition)];
    return callTo("clearReassigned", { isRewritten: true }, "tell");
  },
  tell(ctx, l: ReassignLocals) {
    sendUpdateMetadata(ctx, liveOrShuttingDown(ctx), [l.topicPartition]);
    return callTo("resumeDeletions", {}, "end");
  },
  end: () => done(),
};

function at(l: ReassignLocals): { readonly topicPartition: TopicPartition } {
  return { topicPartition: l.topicPartition };
}

function targetOf(ctx: ControllerCtx, l: ReassignLocals): readonly BrokerId[] {
  return contextOf(ctx).reassigned[l.topicPartition] ?? [];
}

function sameAssignment(a: ReplicaAssignment, b: ReplicaAssignment): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The topic znode with the assignments as memory has them. */
function assignmentOp(ctx: ControllerCtx, name: TopicPartition) {
  const topic = topicOf(name);
  const assignment: TopicAssignment = {};
  for (const other of partitionsWhere(ctx, (one) => topicOf(one.topicPartition) === topic)) {
    assignment[partitionOf(other)] = must(partitionIn(ctx, other), other).assignment;
  }
  const { topicId } = must(contextOf(ctx).topics[topic], topic);
  return setOp(topicPath(topic), topicData(ctx.self.config.profile, assignment, topicId), -1);
}

interface RaiseLocals {
  readonly topicPartition: TopicPartition;
  /** Replicas that are new to the partition; they are told so (3.9). */
  readonly adding: readonly BrokerId[];
  state: LeaderAndIsr;
}

/** A new leader epoch with the same leader and ISR, told to every replica. */
export const raiseEpoch: Procedure = {
  start: (_ctx, l: RaiseLocals) => zk([readOp(statePath(l.topicPartition))], "raise"),
  raise(ctx, l: RaiseLocals, results: readonly ZkResult[]) {
    const name = l.topicPartition;
    const found = keepStates(ctx, [name], results, () => {}).states[name];
    const partition = partitionIn(ctx, name);
    if (found === undefined || partition === null) return done();
    const [step] = raiseLeaderEpoch({ assignment: partition.assignment, state: found }, viewOf(ctx, false));
    if (step?.kind !== "write-state") return done();
    l.state = step.state;
    return fencedZk([updateOp(name, step.state)], "raised");
  },
  raised(ctx, l: RaiseLocals, [result]: readonly ZkResult[]) {
    if (result?.error === "BADVERSION") return go("start");
    const partition = partitionIn(ctx, l.topicPartition);
    if (result?.error !== "OK" || partition === null) return done();
    partition.state = l.state;
    const { leaderEpoch } = l.state;
    say(ctx, {
      kind: "leader-epoch-raised",
      topicPartition: l.topicPartition,
      leaderEpoch,
      reason: "its replicas change",
    });
    newBatch(ctx);
    const { replicas } = partition.assignment;
    const old = replicas.filter((one) => !l.adding.includes(one));
    addLeaderAndIsr(ctx, old, l.topicPartition, l.state, false);
    if (ctx.self.config.profile === "3.9") addLeaderAndIsr(ctx, l.adding, l.topicPartition, l.state, true);
    sendBatch(ctx);
    return done();
  },
};

interface StopLocals {
  readonly topicPartition: TopicPartition;
  readonly brokers: readonly BrokerId[];
}

/** Replicas that a partition does not need any more: out of the ISR, stopped, deleted, forgotten. */
export const stopReplicas: Procedure = {
  start: (_ctx, l: StopLocals) => toReplicaState(replicasIn(l), "Offline", "started"),
  started: (_ctx, l: StopLocals) => toReplicaState(replicasIn(l), "DeletionStarted", "successful"),
  successful: (_ctx, l: StopLocals) => toReplicaState(replicasIn(l), "DeletionSuccessful", "nonExistent"),
  nonExistent: (_ctx, l: StopLocals) => toReplicaState(replicasIn(l), "NonExistent", "end"),
  end: () => done(),
};

function replicasIn(l: StopLocals) {
  return l.brokers.map((broker) => ({ broker, topicPartition: l.topicPartition }));
}

interface ListLocals {
  readonly partitions: readonly TopicPartition[];
  left: TopicPartition[];
}

/** ISRs have grown: ends the reassignments whose targets are all in sync. */
export const completeReassignments: Procedure = {
  start(ctx, l: ListLocals) {
    const { isActive, context } = controllerOf(ctx);
    l.left = isActive ? l.partitions.filter((name) => context.reassigned[name] !== undefined) : [];
    if (l.left.length === 0) return done();
    return ctx.self.config.profile === "3.9"
      ? go("next")
      : zk(
          l.left.map((name) => readOp(statePath(name), true)),
          "look",
        );
  },
  look(ctx, l: ListLocals, results: readonly ZkResult[]) {
    const { states } = keepStates(ctx, l.left, results, () => {});
    for (const name of l.left) {
      const partition = partitionIn(ctx, name);
      const state = states[name];
      if (partition !== null && state !== undefined) partition.state = state;
    }
    return go("next");
  },
  next(ctx, l: ListLocals) {
    const [name, ...rest] = l.left;
    if (name === undefined) return done();
    l.left = rest;
    const partition = partitionIn(ctx, name);
    const target = contextOf(ctx).reassigned[name];
    if (partition === null || target === undefined || !isReassignmentComplete(partition, target)) return go("next");
    return callTo("reassign", { topicPartition: name }, "next");
  },
};
