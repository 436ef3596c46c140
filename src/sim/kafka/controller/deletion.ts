/**
 * Deleting topics: replicas first, then the znodes.
 *
 * In Kafka     TopicDeletionManager, KafkaController.processTopicDeletion.
 *
 * A topic goes when all its replicas are deleted. A replica on a dead broker makes the topic wait (ineligible), but does not
 * keep the others from being deleted; when its broker is back the deletion goes on.
 */
import { type BrokerId, brokerActor, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { say } from "./facts.ts";
import { toPartitionState } from "./partitionMachine.ts";
import { type Replica, replicasOf, replicasOn, toReplicaState } from "./replicaMachine.ts";
import { sendUpdateMetadata } from "./requestBatch.ts";
import {
  type ControllerCtx,
  contextOf,
  controllerOf,
  isOnline,
  liveOrShuttingDown,
  partitionIn,
  partitionsWhere,
  type ReplicaMachineState,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import { forgetTopic } from "./topicEvents.ts";
import {
  childrenOp,
  DELETE_TOPICS_PATH,
  deleteOp,
  partitionPath,
  partitionsPath,
  statePath,
  topicConfigPath,
  topicPath,
} from "./znodes.ts";

/** /admin/delete_topics has other children. */
export const topicDeletion: Procedure = {
  start: (ctx) => (controllerOf(ctx).isActive ? zk([childrenOp(DELETE_TOPICS_PATH, true)], "enqueue") : done()),
  enqueue: (_ctx, _l, [result]: readonly ZkResult[]) =>
    callTo("initializeDeletions", { topics: result?.children ?? [] }, "resume"),
  resume: () => callTo("resumeDeletions", {}, "end"),
  end: () => done(),
};

/** Queues requests to delete; those that cannot be met are simply removed. */
export const initializeDeletions: Procedure = {
  start(ctx, l: { readonly topics: readonly string[] }) {
    const context = contextOf(ctx);
    const isEnabled = ctx.self.config.broker.deleteTopicEnable;
    const refused = l.topics.filter((topic) => !isEnabled || context.topics[topic] === undefined);
    for (const topic of l.topics.filter((one) => !refused.includes(one))) {
      if (context.topicsToBeDeleted[topic] === undefined) {
        say(ctx, { kind: "topic-deletion-begun", topic });
        context.topicsToBeDeleted[topic] = true;
      }
      if (partitionsOf(ctx, topic).some((name) => context.reassigned[name] !== undefined)) {
        context.topicsIneligibleForDeletion[topic] = true;
      }
    }
    return fencedZk(
      refused.map((topic) => deleteOp(`${DELETE_TOPICS_PATH}/${topic}`)),
      "end",
    );
  },
  end: () => done(),
};

interface ResumeLocals {
  /** Topics still to be looked at. */
  topics: string[];
  retry: Replica[];
  eligible: string[];
}

/** Goes on with every deletion that can go on. */
export const resumeDeletions: Procedure = {
  start(ctx, l: ResumeLocals) {
    l.topics = Object.keys(contextOf(ctx).topicsToBeDeleted).sort();
    l.retry = [];
    l.eligible = [];
    return go("next");
  },
  next(ctx, l: ResumeLocals) {
    const [topic, ...rest] = l.topics;
    if (topic === undefined) return toReplicaState(l.retry, "Offline", "begin");
    l.topics = rest;
    const replicas = replicasOf(ctx, partitionsOf(ctx, topic));
    const isDeleted = replicas.every((one) => replicaState(ctx, one) === "DeletionSuccessful");
    if (isDeleted) return callTo("completeDeletion", { topic }, "next");
    const isRunning = replicas.some((one) => replicaState(ctx, one) === "DeletionStarted");
    if (!isRunning) l.retry.push(...replicas.filter((one) => replicaState(ctx, one) === "DeletionIneligible"));
    if (!isRunning && contextOf(ctx).topicsIneligibleForDeletion[topic] === undefined) l.eligible.push(topic);
    return go("next");
  },
  begin(ctx, l: ResumeLocals) {
    if (l.eligible.length === 0) return done();
    const unseen = l.eligible.filter((topic) => contextOf(ctx).topicsWithDeletionStarted[topic] === undefined);
    return toPartitionState(
      unseen.flatMap((topic) => partitionsOf(ctx, topic)),
      "Offline",
      "nonExistent",
    );
  },
  nonExistent(ctx, l: ResumeLocals) {
    const unseen = l.eligible.filter((topic) => contextOf(ctx).topicsWithDeletionStarted[topic] === undefined);
    for (const topic of unseen) contextOf(ctx).topicsWithDeletionStarted[topic] = true;
    return toPartitionState(
      unseen.flatMap((topic) => partitionsOf(ctx, topic)),
      "NonExistent",
      "tell",
    );
  },
  /** Clients get UNKNOWN_TOPIC_OR_PARTITION from now on. */
  tell(ctx, l: ResumeLocals) {
    const partitions = l.eligible.flatMap((topic) => partitionsOf(ctx, topic));
    sendUpdateMetadata(ctx, liveOrShuttingDown(ctx), partitions);
    const dead = replicasOf(ctx, partitions).filter(({ broker }) => !isOnline(ctx, broker));
    for (const { topicPartition } of dead) contextOf(ctx).topicsIneligibleForDeletion[topicOf(topicPartition)] = true;
    return toReplicaState(dead, "DeletionIneligible", "offline");
  },
  offline: (ctx, l: ResumeLocals) => toReplicaState(toBeDeleted(ctx, l), "Offline", "started"),
  started: (ctx, l: ResumeLocals) => toReplicaState(toBeDeleted(ctx, l), "DeletionStarted", "end"),
  end: () => done(),
};

/** Replicas of the topics that can be deleted now. */
function toBeDeleted(ctx: ControllerCtx, l: ResumeLocals): Replica[] {
  const partitions = l.eligible.flatMap((topic) => partitionsOf(ctx, topic));
  return replicasOf(ctx, partitions).filter(
    (one) => isOnline(ctx, one.broker) && replicaState(ctx, one) !== "DeletionSuccessful",
  );
}

/** All replicas are gone: the znodes go, from the leaves to the request. */
export const completeDeletion: Procedure = {
  start(ctx, l: { readonly topic: string }) {
    const { topic } = l;
    const partitions = partitionsOf(ctx, topic);
    return fencedZk(
      [
        ...partitions.flatMap((name) => [deleteOp(statePath(name)), deleteOp(partitionPath(name))]),
        deleteOp(partitionsPath(topic)),
        deleteOp(topicPath(topic)),
        deleteOp(topicConfigPath(topic)),
        deleteOp(`${DELETE_TOPICS_PATH}/${topic}`),
      ],
      "forget",
    );
  },
  forget(ctx, l: { readonly topic: string }) {
    forgetTopic(ctx, l.topic);
    say(ctx, { kind: "topic-deleted", topic: l.topic });
    return done();
  },
};

interface AnswerLocals {
  readonly broker: BrokerId;
  readonly partitions: readonly TopicPartition[];
  readonly failed: readonly TopicPartition[];
}

/** A broker answered an order to delete replicas. */
export const stopReplicaAnswered: Procedure = {
  start(ctx, l: AnswerLocals) {
    if (!controllerOf(ctx).isActive) return done();
    return callTo("failReplicaDeletion", { replicas: l.failed.map(replicaAt(l.broker)) }, "succeeded");
  },
  succeeded(_ctx, l: AnswerLocals) {
    const deleted = l.partitions.filter((name) => !l.failed.includes(name));
    return toReplicaState(deleted.map(replicaAt(l.broker)), "DeletionSuccessful", "resume");
  },
  resume: () => callTo("resumeDeletions", {}, "end"),
  end: () => done(),
};

/** Replicas could not be deleted: their topics wait. */
export const failReplicaDeletion: Procedure = {
  start(ctx, l: { readonly replicas: readonly Replica[] }) {
    const failed = l.replicas.filter(({ topicPartition }) => partitionIn(ctx, topicPartition) !== null);
    if (failed.length === 0) return done();
    for (const { topicPartition, broker } of failed) {
      const topic = topicOf(topicPartition);
      contextOf(ctx).topicsIneligibleForDeletion[topic] = true;
      say(ctx, {
        kind: "topic-deletion-waits",
        topic,
        partition: partitionOf(topicPartition),
        on: brokerActor(broker),
      });
    }
    return toReplicaState(failed, "DeletionIneligible", "resume");
  },
  resume: () => callTo("resumeDeletions", {}, "end"),
  end: () => done(),
};

/** Brokers are back: deletions that waited for them go on. */
export const resumeDeletionsOn: Procedure = {
  start(ctx, l: { readonly brokers: readonly BrokerId[] }) {
    const context = contextOf(ctx);
    const topics = new Set(replicasOn(ctx, l.brokers).map(({ topicPartition }) => topicOf(topicPartition)));
    const waiting = [...topics].filter((topic) => context.topicsToBeDeleted[topic] === true);
    if (waiting.length === 0) return done();
    for (const topic of waiting) delete context.topicsIneligibleForDeletion[topic];
    return callTo("resumeDeletions", {}, "end");
  },
  end: () => done(),
};

function partitionsOf(ctx: ControllerCtx, topic: string): TopicPartition[] {
  return partitionsWhere(ctx, ({ topicPartition }) => topicOf(topicPartition) === topic);
}

function replicaState(ctx: ControllerCtx, { broker, topicPartition }: Replica): ReplicaMachineState {
  return partitionIn(ctx, topicPartition)?.replicas[broker] ?? "NonExistent";
}

function replicaAt(broker: BrokerId): (topicPartition: TopicPartition) => Replica {
  return (topicPartition) => ({ broker, topicPartition });
}
