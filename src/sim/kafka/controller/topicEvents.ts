/**
 * Topics and partitions that appear, and ISR changes that leaders made known.
 *
 * In Kafka     KafkaController.processTopicChange, processPartitionModifications, onNewPartitionCreation,
 *              processIsrChangeNotification (2.1, 0.10).
 */
import { type TopicPartition, topicOf, topicPartition } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { say } from "./facts.ts";
import { toPartitionState } from "./partitionMachine.ts";
import { replicasOf, toReplicaState } from "./replicaMachine.ts";
import { sendUpdateMetadata } from "./requestBatch.ts";
import { type ControllerCtx, contextOf, controllerOf, liveOrShuttingDown, partitionIn } from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import { childrenOp, deleteOp, ISR_CHANGES_PATH, readOp, TOPICS_PATH } from "./znodes.ts";

/** /brokers/topics has other children. */
export const topicChange: Procedure = {
  start: (ctx) => (controllerOf(ctx).isActive ? zk([childrenOp(TOPICS_PATH, true)], "compare") : done()),
  compare(ctx, _l, [result]: readonly ZkResult[]) {
    const context = contextOf(ctx);
    const now = result?.children ?? [];
    for (const topic of Object.keys(context.topics)) if (!now.includes(topic)) forgetTopic(ctx, topic);
    const fresh = now.filter((topic) => context.topics[topic] === undefined);
    for (const topic of fresh) context.topics[topic] = { topicId: null };
    return callTo("readAssignments", { topics: fresh }, "create");
  },
  create(ctx, _l, partitions: readonly TopicPartition[]) {
    noteCreated(ctx, partitions);
    return callTo("newPartitions", { partitions }, "end");
  },
  end: () => done(),
};

function noteCreated(ctx: ControllerCtx, partitions: readonly TopicPartition[]): void {
  for (const topic of new Set(partitions.map(topicOf))) {
    const own = partitions.filter((name) => topicOf(name) === topic);
    const replicas = own.map((name) => partitionIn(ctx, name)?.assignment.replicas ?? []);
    say(ctx, { kind: "topic-created", topic, partitions: own.length, replicas });
  }
}

/** A topic is gone from memory, with all its partitions. */
export function forgetTopic(ctx: ControllerCtx, topic: string): void {
  const context = contextOf(ctx);
  delete context.topics[topic];
  delete context.topicsToBeDeleted[topic];
  delete context.topicsIneligibleForDeletion[topic];
  delete context.topicsWithDeletionStarted[topic];
  for (const name of Object.keys(context.partitions) as TopicPartition[]) {
    if (topicOf(name) === topic) delete context.partitions[name];
  }
}

/** A topic znode has been rewritten: it may have more partitions. */
export const partitionModifications: Procedure = {
  start(ctx, l: { readonly topic: string }) {
    const { isActive, context } = controllerOf(ctx);
    if (!isActive || context.topics[l.topic] === undefined) return done();
    return callTo("readAssignments", { topics: [l.topic] }, "create");
  },
  create(ctx, l: { readonly topic: string }, partitions: readonly TopicPartition[]) {
    if (partitions.length === 0) return done();
    // A topic that is being deleted gets no more partitions.
    if (contextOf(ctx).topicsToBeDeleted[l.topic] === true) {
      for (const name of partitions) delete contextOf(ctx).partitions[name];
      return done();
    }
    say(ctx, { kind: "partitions-added", topic: l.topic, partitions });
    return callTo("newPartitions", { partitions }, "end");
  },
  end: () => done(),
};

interface NewLocals {
  readonly partitions: readonly TopicPartition[];
}

/** Takes new partitions from nothing to online. */
export const newPartitions: Procedure = {
  start: (_ctx, l: NewLocals) => toPartitionState(l.partitions, "New", "replicas"),
  replicas: (ctx, l: NewLocals) => toReplicaState(replicasOf(ctx, l.partitions), "New", "online"),
  online: (_ctx, l: NewLocals) => toPartitionState(l.partitions, "Online", "replicasOnline"),
  replicasOnline: (ctx, l: NewLocals) => toReplicaState(replicasOf(ctx, l.partitions), "Online", "end"),
  end: () => done(),
};

interface IsrLocals {
  names: readonly string[];
  partitions: TopicPartition[];
}

/** Leaders have changed ISRs (2.1, 0.10): read the states, tell every broker, and clear the notifications away. */
export const isrChangeNotification: Procedure = {
  start: (ctx) => (controllerOf(ctx).isActive ? zk([childrenOp(ISR_CHANGES_PATH, true)], "list") : done()),
  list(_ctx, l: IsrLocals, [result]: readonly ZkResult[]) {
    l.names = result?.children ?? [];
    return zk(
      l.names.map((name) => readOp(`${ISR_CHANGES_PATH}/${name}`)),
      "read",
    );
  },
  read(ctx, l: IsrLocals, results: readonly ZkResult[]) {
    const named = results.flatMap(({ error, data }) => (error === "OK" ? partitionsIn(data) : []));
    l.partitions = [...new Set(named)].filter((name) => partitionIn(ctx, name) !== null);
    return l.partitions.length > 0 ? callTo("readStates", { partitions: l.partitions }, "tell") : go("clear");
  },
  tell(ctx, l: IsrLocals) {
    sendUpdateMetadata(ctx, liveOrShuttingDown(ctx), l.partitions);
    return go("clear");
  },
  clear: (_ctx, l: IsrLocals) =>
    fencedZk(
      l.names.map((name) => deleteOp(`${ISR_CHANGES_PATH}/${name}`)),
      "end",
    ),
  end: () => done(),
};

/** The partitions that a request znode or a notification names. */
export function partitionsIn(data: unknown): TopicPartition[] {
  const { partitions } = data as {
    readonly partitions?: readonly { readonly topic: string; readonly partition: number }[];
  };
  return (partitions ?? []).map(({ topic, partition }) => topicPartition(topic, partition));
}
