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
import type { Message } from "../../engine/types.ts";
import type { AlterPartitionReassignmentsRequest } from "../protocol/control-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import {
  type BrokerId,
  brokerActor,
  partitionOf,
  type TopicPartition,
  topicOf,
  topicPartition,
} from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { respond } from "../rpc.ts";
import {
  isBeingReassigned,
  originReplicas,
  type ReplicaAssignment,
  reassignmentUnion,
  reassignTo,
  targetReplicas,
} from "./assignment.ts";
import { say } from "./facts.ts";
import { readStates as keepStates, toPartitionState, updateOp } from "./partitionMachine.ts";
import { isReassignmentComplete, type LeaderAndIsr, plainAssignment, raiseLeaderEpoch } from "./partitionStates.ts";
import { toReplicaState } from "./replicaMachine.ts";
import { addLeaderAndIsr, newBatch, sendBatch, sendUpdateMetadata } from "./requestBatch.ts";
import {
  byTopicAndNumber,
  type ControllerCtx,
  contextOf,
  controllerOf,
  isOnline,
  isToBeDeleted,
  liveOrShuttingDown,
  partitionIn,
  partitionsWhere,
  viewOf,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Next, type Procedure, zk } from "./tasks.ts";
import {
  deleteOp,
  existsOp,
  REASSIGN_PATH,
  readOp,
  setOp,
  statePath,
  type TopicAssignment,
  topicData,
  topicPath,
} from "./znodes.ts";

interface RequestLocals {
  targets: { topicPartition: TopicPartition; replicas: readonly BrokerId[] }[];
  left: TopicPartition[];
}

/** The request znode /admin/reassign_partitions is there, or may be. */
export const zkReassignment: Procedure = {
  start: (ctx) => (controllerOf(ctx).isActive ? zk([existsOp(REASSIGN_PATH), readOp(REASSIGN_PATH)], "read") : done()),
  read(ctx, l: RequestLocals, results: readonly ZkResult[]) {
    if (results[1]?.error !== "OK") return done();
    l.left = [];
    const { reassigned } = contextOf(ctx);
    for (const { topicPartition: name, replicas } of targetsIn(results[1].data)) {
      const partition = partitionIn(ctx, name);
      if (partition === null || isToBeDeleted(ctx, name) || isThereAlready(ctx, partition.assignment, replicas))
        continue;
      // An old-style reassignment cannot be replaced while it runs.
      if (reassigned[name] !== undefined && ctx.self.config.profile !== "3.9") continue;
      begin(ctx, name, replicas);
      l.left.push(name);
    }
    return go("next");
  },
  next(ctx, l: RequestLocals) {
    const [name, ...rest] = l.left;
    if (name !== undefined) {
      l.left = rest;
      return callTo("reassign", { topicPartition: name }, "next");
    }
    // 2.1 writes the request again even if nothing in it has changed.
    if (ctx.self.config.profile === "2.1") return callTo("clearReassigned", { isRewritten: true }, "end");
    return callTo("clearReassigned", { isRewritten: false }, "end");
  },
  end: () => done(),
};

interface AlterLocals {
  readonly message: Message;
  readonly partitions: AlterPartitionReassignmentsRequest["partitions"];
  errors: Record<TopicPartition, ErrorName>;
  left: TopicPartition[];
}

/** AlterPartitionReassignments (KIP-455): starts, replaces or cancels reassignments; 3.9. */
export const reassignRequest: Procedure = {
  start(ctx, l: AlterLocals) {
    l.errors = {};
    l.left = [];
    if (!controllerOf(ctx).isActive) {
      respond(ctx, l.message, "AlterPartitionReassignments", { errorCode: "NOT_CONTROLLER", partitions: [] });
      return done();
    }
    for (const { topicPartition: name, replicas } of l.partitions) {
      const error = reassignmentError(ctx, name, replicas);
      if (error === null) {
        begin(ctx, name, replicas ?? originReplicas(must(partitionIn(ctx, name), name).assignment));
        l.left.push(name);
      } else l.errors[name] = error;
    }
    return go("next");
  },
  next(ctx, l: AlterLocals) {
    const [name, ...rest] = l.left;
    if (name !== undefined) {
      l.left = rest;
      return callTo("reassign", { topicPartition: name }, "next");
    }
    const partitions = l.partitions.map(({ topicPartition: name }) => ({
      topicPartition: name,
      errorCode: l.errors[name] ?? ("NONE" as const),
    }));
    respond(ctx, l.message, "AlterPartitionReassignments", { errorCode: "NONE", partitions });
    return done();
  },
};

function reassignmentError(
  ctx: ControllerCtx,
  name: TopicPartition,
  replicas: readonly BrokerId[] | null,
): ErrorName | null {
  const partition = partitionIn(ctx, name);
  if (partition === null || isToBeDeleted(ctx, name)) return "UNKNOWN_TOPIC_OR_PARTITION";
  if (replicas === null) return isBeingReassigned(partition.assignment) ? null : "NO_REASSIGNMENT_IN_PROGRESS";
  const live = contextOf(ctx).liveBrokers;
  const fresh = replicas.filter((one) => !partition.assignment.replicas.includes(one));
  const isValid =
    replicas.length > 0 && new Set(replicas).size === replicas.length && fresh.every((one) => live[one] !== undefined);
  return isValid ? null : "INVALID_REPLICA_ASSIGNMENT";
}

function begin(ctx: ControllerCtx, name: TopicPartition, target: readonly BrokerId[]): void {
  const { assignment } = must(partitionIn(ctx, name), name);
  say(ctx, {
    kind: "reassignment-begun",
    topicPartition: name,
    from: assignment.replicas.map(brokerActor),
    to: target.map(brokerActor),
  });
  contextOf(ctx).reassigned[name] = target;
}

function targetsIn(data: unknown): { topicPartition: TopicPartition; replicas: readonly BrokerId[] }[] {
  const { partitions } = data as {
    readonly partitions?: readonly { topic: string; partition: number; replicas: readonly BrokerId[] }[];
  };
  return (partitions ?? [])
    .map(({ topic, partition, replicas }) => ({ topicPartition: topicPartition(topic, partition), replicas }))
    .sort((a, b) => byTopicAndNumber(a.topicPartition, b.topicPartition));
}

function isThereAlready(ctx: ControllerCtx, assignment: ReplicaAssignment, target: readonly BrokerId[]): boolean {
  const now = ctx.self.config.profile === "3.9" ? targetReplicas(assignment) : assignment.replicas;
  return !isBeingReassigned(assignment) && now.length === target.length && now.every((one, n) => one === target[n]);
}

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

interface ClearLocals {
  /** Whether what is left is written back even if nothing has gone. */
  readonly isRewritten: boolean;
}

/** Takes finished reassignments out of the request znode, which goes when it is empty. */
export const clearReassigned: Procedure = {
  start: () => zk([readOp(REASSIGN_PATH)], "clear"),
  clear(ctx, l: ClearLocals, [result]: readonly ZkResult[]): Next {
    if (result?.error !== "OK") return done();
    const { reassigned } = contextOf(ctx);
    const asked = targetsIn(result.data);
    const left = asked.filter(({ topicPartition: name }) => reassigned[name] !== undefined);
    if (left.length === 0) return fencedZk([deleteOp(REASSIGN_PATH)], "watch");
    if (left.length === asked.length && !l.isRewritten) return done();
    const partitions = left.map(({ topicPartition: name, replicas }) => ({
      topic: topicOf(name),
      partition: partitionOf(name),
      replicas,
    }));
    return fencedZk([setOp(REASSIGN_PATH, { version: 1, partitions }, -1)], "end");
  },
  watch: () => zk([existsOp(REASSIGN_PATH)], "end"),
  end: () => done(),
};

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

interface ResumeLocals {
  /** Only reassignments to these brokers, which have just registered; null: a new controller takes up all. */
  readonly brokers: readonly BrokerId[] | null;
  left: TopicPartition[];
}

/** Goes on with reassignments after a failover, or when a target broker is back. */
export const resumeReassignments: Procedure = {
  start(ctx, l: ResumeLocals) {
    const { reassigned, partitions } = contextOf(ctx);
    const { brokers } = l;
    if (brokers === null) {
      // The topic znodes say what a reassignment by request was doing (3.9).
      for (const { topicPartition: name, assignment } of Object.values(partitions)) {
        if (isBeingReassigned(assignment)) reassigned[name] = targetReplicas(assignment);
      }
    }
    const names = (Object.keys(reassigned) as TopicPartition[]).sort(byTopicAndNumber);
    l.left = names.filter(
      (name) => brokers === null || reassigned[name]?.some((replica) => brokers.includes(replica)) === true,
    );
    return go("next");
  },
  next(_ctx, l: ResumeLocals) {
    const [name, ...rest] = l.left;
    if (name === undefined) return l.brokers === null ? callTo("zkReassignment", {}, "end") : done();
    l.left = rest;
    return callTo("reassign", { topicPartition: name }, "next");
  },
  end: () => done(),
};
