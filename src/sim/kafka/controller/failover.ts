/**
 * What a new controller does first: watch, read the whole cluster, and put right what happened while there was no controller.
 *
 * In Kafka     KafkaController.onControllerFailover, initializeControllerContext; the startup methods of both state machines.
 * Left out     the feature znode, log directory events.
 *
 * Nothing else is decided meanwhile: events wait. The time it takes grows with the number of partitions, one read each.
 */
import { must } from "../../engine/assert.ts";
import { freeze } from "../../engine/snapshot.ts";
import { SECOND } from "../../engine/types.ts";
import { type BrokerId, type TopicPartition, topicPartition } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { say } from "./facts.ts";
import { REBALANCE_TIMER } from "./lifecycle.ts";
import { toOnlineWhereNeeded } from "./partitionMachine.ts";
import { replicasOf, replicasOn, toReplicaState } from "./replicaMachine.ts";
import { sendUpdateMetadata } from "./requestBatch.ts";
import { addSender } from "./senders.ts";
import {
  type ContextPartition,
  type ControllerCtx,
  contextOf,
  controllerOf,
  isOnline,
  type LiveBroker,
  liveOrShuttingDown,
  partitionsWhere,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import {
  BROKER_IDS_PATH,
  brokerPath,
  childrenOp,
  DELETE_TOPICS_PATH,
  deleteOp,
  existsOp,
  ISR_CHANGES_PATH,
  PREFERRED_ELECTION_PATH,
  REASSIGN_PATH,
  readOp,
  setOp,
  stateOf,
  statePath,
  TOPICS_PATH,
  type TopicAssignment,
  topicData,
  topicOfData,
  topicPath,
} from "./znodes.ts";

/** After this long a new controller looks for imbalanced leadership for the first time. */
const FIRST_REBALANCE_CHECK = 5 * SECOND;

interface FailoverLocals {
  deletions: string[];
}

export const failover: Procedure = {
  start: () => zk([childrenOp(ISR_CHANGES_PATH, true)], "clear"),
  // Every partition is read below anyway.
  clear: (_ctx, _l, [changes]: readonly ZkResult[]) =>
    fencedZk(
      (changes?.children ?? []).map((name) => deleteOp(`${ISR_CHANGES_PATH}/${name}`)),
      "readBrokers",
    ),
  readBrokers: () => callTo("readBrokers", { watch: true }, "readTopics"),
  readTopics(ctx, _l, brokers: Readonly<Record<BrokerId, LiveBroker>>) {
    contextOf(ctx).liveBrokers = { ...brokers };
    return zk([childrenOp(TOPICS_PATH, true)], "readAssignments");
  },
  readAssignments(ctx, _l, [topics]: readonly ZkResult[]) {
    const names = topics?.children ?? [];
    for (const topic of names) contextOf(ctx).topics[topic] = { topicId: null };
    return callTo("readAssignments", { topics: names }, "readStates");
  },
  readStates(ctx) {
    for (const broker of liveOrShuttingDown(ctx)) addSender(ctx, broker);
    return callTo("readStates", { partitions: partitionsWhere(ctx, () => true) }, "readDeletions");
  },
  readDeletions: () =>
    zk(
      [childrenOp(DELETE_TOPICS_PATH, true), existsOp(PREFERRED_ELECTION_PATH), existsOp(REASSIGN_PATH)],
      "tellBrokers",
    ),
  tellBrokers(ctx, l: FailoverLocals, [deletions]: readonly ZkResult[]) {
    l.deletions = [...(deletions?.children ?? [])];
    sendUpdateMetadata(ctx, liveOrShuttingDown(ctx), []);
    return callTo("initializeDeletions", { topics: l.deletions }, "replicasOnline");
  },
  replicasOnline(ctx) {
    const { failoverCleansIsr } = ctx.self.config.rules;
    for (const one of Object.values(contextOf(ctx).partitions)) {
      for (const replica of one.assignment.replicas) {
        // Before 2.3 a replica on a dead broker is left alone until its broker returns.
        const absent = failoverCleansIsr ? "Offline" : "DeletionIneligible";
        one.replicas[replica] = contextOf(ctx).liveBrokers[replica] !== undefined ? "Online" : absent;
      }
    }
    return toReplicaState(replicasOn(ctx, liveOrShuttingDown(ctx)), "Online", "replicasOffline");
  },
  replicasOffline(ctx) {
    if (!ctx.self.config.rules.failoverCleansIsr) return go("partitions");
    const all = replicasOf(
      ctx,
      partitionsWhere(ctx, () => true),
    );
    const dead = all.filter(({ broker }) => contextOf(ctx).liveBrokers[broker] === undefined);
    return toReplicaState(dead, "Offline", "partitions");
  },
  partitions(ctx) {
    for (const one of Object.values(contextOf(ctx).partitions)) {
      if (one.state === null) one.machine = "New";
      else one.machine = isOnline(ctx, one.state.leader) ? "Online" : "Offline";
    }
    return toOnlineWhereNeeded(ctx, "ready");
  },
  ready(ctx) {
    const { epoch } = controllerOf(ctx);
    say(ctx, {
      kind: "controller-failover-finished",
      controllerEpoch: epoch,
      brokers: liveOrShuttingDown(ctx).length,
      partitions: Object.keys(contextOf(ctx).partitions).length,
    });
    return callTo("resumeReassignments", { brokers: null }, "deletions");
  },
  deletions: () => callTo("resumeDeletions", {}, "preferred"),
  preferred: () => callTo("zkPreferredElection", {}, "schedule"),
  schedule(ctx) {
    if (ctx.self.config.broker.autoLeaderRebalanceEnable) ctx.setTimer(REBALANCE_TIMER, FIRST_REBALANCE_CHECK);
    return done();
  },
};

interface ReadBrokersLocals {
  readonly watch: boolean;
  ids: number[];
}

/** Reads /brokers/ids and every broker under it; its value is the live brokers by id. */
export const readBrokers: Procedure = {
  start: (_ctx, l: ReadBrokersLocals) => zk([childrenOp(BROKER_IDS_PATH, l.watch)], "read"),
  read(_ctx, l: ReadBrokersLocals, [result]: readonly ZkResult[]) {
    l.ids = (result?.children ?? []).map(Number).sort((a, b) => a - b);
    return zk(
      l.ids.map((id) => readOp(brokerPath(id))),
      "done",
    );
  },
  done(_ctx, l: ReadBrokersLocals, results: readonly ZkResult[]) {
    const brokers: Record<BrokerId, LiveBroker> = {};
    l.ids.forEach((id, n) => {
      const { error, stat, data } = must(results[n], "broker");
      if (error !== "OK" || stat === undefined) return;
      brokers[id] = { epoch: stat.czxid, rack: (data as { readonly rack?: string | null } | null)?.rack ?? null };
    });
    return done(brokers);
  },
};

interface ReadAssignmentsLocals {
  readonly topics: readonly string[];
  found: { topic: string; assignment: TopicAssignment }[];
}

/**
 * Reads and watches the topic znodes and takes partitions that are not known yet into the context; its value is those. 3.9
 * first gives a topic its id, if whoever created it did not.
 */
export const readAssignments: Procedure = {
  start: (_ctx, l: ReadAssignmentsLocals) =>
    zk(
      l.topics.map((topic) => readOp(topicPath(topic), true)),
      "identify",
    ),
  identify(ctx, l: ReadAssignmentsLocals, results: readonly ZkResult[]) {
    l.found = [];
    const writes = l.topics.flatMap((topic, n) => {
      const result = must(results[n], "topic");
      if (result.error !== "OK" || result.data === null) return [];
      const { assignment, topicId } = topicOfData(result.data);
      l.found.push({ topic, assignment });
      const id = topicId ?? (ctx.self.config.profile === "3.9" ? newTopicId(ctx) : null);
      contextOf(ctx).topics[topic] = { topicId: id };
      return id === topicId ? [] : [setOp(topicPath(topic), topicData("3.9", assignment, id), -1)];
    });
    return fencedZk(writes, "take");
  },
  take(ctx, l: ReadAssignmentsLocals) {
    const fresh: TopicPartition[] = [];
    for (const { topic, assignment } of l.found) {
      for (const number of Object.keys(assignment).map(Number)) {
        const name = topicPartition(topic, number);
        if (contextOf(ctx).partitions[name] !== undefined) continue;
        fresh.push(name);
        contextOf(ctx).partitions[name] = contextPartition(name, must(assignment[number], name));
      }
    }
    return done(fresh);
  },
};

function contextPartition(name: TopicPartition, assignment: ContextPartition["assignment"]): ContextPartition {
  return { topicPartition: name, assignment: freeze(assignment), state: null, machine: "NonExistent", replicas: {} };
}

/** Reads the state znodes of `partitions` into the context. */
export const readStates: Procedure = {
  start: (_ctx, l: { readonly partitions: readonly TopicPartition[] }) =>
    zk(
      l.partitions.map((name) => readOp(statePath(name))),
      "take",
    ),
  take(ctx, l: { readonly partitions: readonly TopicPartition[] }, results: readonly ZkResult[]) {
    l.partitions.forEach((name, n) => {
      const partition = contextOf(ctx).partitions[name];
      const state = stateOf(must(results[n], "state"));
      if (partition !== undefined && state !== null) partition.state = state;
    });
    return done();
  },
};

const ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A topic id: 22 characters of base64, as Uuid.randomUuid prints it. */
export function newTopicId(ctx: ControllerCtx): string {
  let id = "";
  for (let n = 0; n < 22; n += 1) id += ID_CHARACTERS[ctx.random("topic-id", n === 21 ? 4 : 64)];
  return id;
}
