/**
 * Who asks for reassignments: the request znode /admin/reassign_partitions, or since 2.4 a request; and a new controller, or a
 * target broker that is back, for those under way.
 *
 * In Kafka     KafkaController.processZkPartitionReassignment, processApiPartitionReassignment, maybeResumeReassignments,
 *              removePartitionsFromReassignedPartitions (2.1).
 * Left out     listing reassignments.
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
import { isBeingReassigned, originReplicas, type ReplicaAssignment, targetReplicas } from "./assignment.ts";
import { say } from "./facts.ts";
import { byTopicAndNumber, type ControllerCtx, contextOf, controllerOf, isToBeDeleted, partitionIn } from "./state.ts";
import { callTo, done, fencedZk, go, type Next, type Procedure, zk } from "./tasks.ts";
import { deleteOp, existsOp, REASSIGN_PATH, readOp, setOp } from "./znodes.ts";

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
