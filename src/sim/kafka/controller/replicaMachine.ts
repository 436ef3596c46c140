/**
 * The replica state machine: which replicas are online, and the removal of the others from their ISR.
 *
 * In Kafka     ZkReplicaStateMachine; 0.10: ReplicaStateMachine.
 *
 *   NonExistent                              -> New                 LeaderAndIsr(isNew) if there is a leader
 *   New, Online, Offline, DeletionIneligible -> Online              LeaderAndIsr with the state as it is
 *   New, Online, Offline, DeletionIneligible -> Offline             StopReplica; out of the ISR; LeaderAndIsr to the others
 *   Offline                                  -> DeletionStarted     StopReplica with deletion
 *   DeletionStarted                          -> DeletionSuccessful  memory only
 *   Offline, DeletionStarted                 -> DeletionIneligible  memory only
 *   DeletionSuccessful                       -> NonExistent         the replica is forgotten
 *
 * Replicas are taken broker by broker: two dead members of one ISR cost two writes. 3.9 and 0.10 take the lower id first, 2.1
 * the order of a hash map (2, 1, 3).
 */
import { must } from "../../engine/assert.ts";
import { mutableHashMapKeys } from "../protocol/hashOrder.ts";
import { type BrokerId, brokerActor, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { say } from "./facts.ts";
import { readStates, topicsOf, updateOp } from "./leaderElections.ts";
import { type LeaderAndIsr, type PartitionStep, removeReplica } from "./partitionStates.ts";
import { addLeaderAndIsr, addStopReplica, addUpdateMetadata, newBatch, sendBatch } from "./requestBatch.ts";
import {
  byTopicAndNumber,
  type ControllerCtx,
  contextOf,
  isToBeDeleted,
  liveOrShuttingDown,
  partitionIn,
  type ReplicaMachineState,
  viewOf,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import { readOp, statePath, topicConfigPath, uncleanSettingOf } from "./znodes.ts";

/** A replica: which broker has which partition. */
export interface Replica {
  readonly broker: BrokerId;
  readonly topicPartition: TopicPartition;
}

const LIVING: readonly ReplicaMachineState[] = ["New", "Online", "Offline", "DeletionIneligible"];
const ALLOWED: Readonly<Record<ReplicaMachineState, readonly ReplicaMachineState[]>> = {
  NonExistent: ["DeletionSuccessful"],
  New: ["NonExistent"],
  Online: LIVING,
  Offline: LIVING,
  DeletionStarted: ["Offline"],
  DeletionSuccessful: ["DeletionStarted"],
  DeletionIneligible: ["Offline", "DeletionStarted"],
};

/** Moves replicas to a state and sends the orders that follow. */
export function toReplicaState(replicas: readonly Replica[], target: ReplicaMachineState, step: string) {
  return callTo("replicaStates", { replicas, target }, step);
}

/** All replicas on `brokers`, broker by broker. */
export function replicasOn(ctx: ControllerCtx, brokers: readonly BrokerId[]): Replica[] {
  const names = (Object.keys(contextOf(ctx).partitions) as TopicPartition[]).sort(byTopicAndNumber);
  return brokers.flatMap((broker) =>
    names
      .filter((name) => partitionIn(ctx, name)?.assignment.replicas.includes(broker))
      .map((topicPartition) => ({ broker, topicPartition })),
  );
}

/** All replicas of `partitions`. */
export function replicasOf(ctx: ControllerCtx, partitions: readonly TopicPartition[]): Replica[] {
  return partitions.flatMap((topicPartition) =>
    (partitionIn(ctx, topicPartition)?.assignment.replicas ?? []).map((broker) => ({ broker, topicPartition })),
  );
}

interface StatesLocals {
  readonly replicas: readonly Replica[];
  readonly target: ReplicaMachineState;
  /** Brokers still to be done, in order. */
  brokers: BrokerId[];
}

export const replicaStates: Procedure = {
  start(ctx, l: StatesLocals) {
    newBatch(ctx);
    const brokers = [...new Set(l.replicas.map(({ broker }) => broker))].sort((a, b) => a - b);
    l.brokers = ctx.self.config.profile === "2.1" ? mutableHashMapKeys(brokers) : brokers;
    return go("next");
  },
  next(ctx, l: StatesLocals) {
    const broker = l.brokers[0];
    if (broker === undefined) {
      sendBatch(ctx);
      return done();
    }
    l.brokers = l.brokers.slice(1);
    const names = l.replicas
      .filter((one) => one.broker === broker)
      .map((one) => one.topicPartition)
      .filter((name) => ALLOWED[l.target].includes(partitionIn(ctx, name)?.replicas[broker] ?? "NonExistent"));
    if (l.target === "Offline") return callTo("replicasOffline", { broker, partitions: names }, "next");
    for (const name of names) moveTo(ctx, l.target, broker, name);
    return go("next");
  },
};

function moveTo(ctx: ControllerCtx, target: ReplicaMachineState, broker: BrokerId, name: TopicPartition): void {
  const partition = must(partitionIn(ctx, name), name);
  const { state } = partition;
  const before = partition.replicas[broker];
  if (target === "New") {
    if (state !== null && state.leader !== broker) addLeaderAndIsr(ctx, [broker], name, state, true);
  }
  if (target === "Online" && before !== "New" && state !== null) addLeaderAndIsr(ctx, [broker], name, state, false);
  if (target === "DeletionStarted") addStopReplica(ctx, broker, name, true);
  if (target === "NonExistent") {
    const replicas = partition.assignment.replicas.filter((one) => one !== broker);
    partition.assignment = { ...partition.assignment, replicas };
    delete partition.replicas[broker];
  } else partition.replicas[broker] = target;
}

interface OfflineLocals {
  readonly broker: BrokerId;
  readonly partitions: readonly TopicPartition[];
}

/** The replicas of one broker stop, and leave their ISR. */
export const replicasOffline: Procedure = {
  start(ctx, l: OfflineLocals) {
    for (const name of l.partitions) addStopReplica(ctx, l.broker, name, false);
    const led = l.partitions.filter((name) => partitionIn(ctx, name)?.state !== null);
    return callTo("removeFromIsr", { broker: l.broker, partitions: led }, "removed");
  },
  removed(ctx, l: OfflineLocals, removals: readonly Removal[]) {
    for (const { topicPartition, state, recipients } of removals) {
      if (!isToBeDeleted(ctx, topicPartition)) addLeaderAndIsr(ctx, recipients, topicPartition, state, false);
    }
    for (const name of l.partitions) {
      const partition = partitionIn(ctx, name);
      if (partition === null) continue;
      partition.replicas[l.broker] = "Offline";
      if (partition.state === null) addUpdateMetadata(ctx, liveOrShuttingDown(ctx), [name]);
    }
    return done();
  },
};

/** A partition's state after a replica left it, and who is told. */
interface Removal {
  readonly topicPartition: TopicPartition;
  readonly state: LeaderAndIsr;
  readonly recipients: readonly BrokerId[];
}

interface RemoveLocals {
  readonly broker: BrokerId;
  readonly partitions: readonly TopicPartition[];
  open: TopicPartition[];
  states: Record<TopicPartition, LeaderAndIsr>;
  topics: string[];
  steps: { topicPartition: TopicPartition; step: Extract<PartitionStep, { kind: "write-state" }> }[];
  removals: Removal[];
}

/** Takes a replica out of the ISR of `partitions`: read, decide, write under the version that was read. */
export const removeFromIsr: Procedure = {
  start(_ctx, l: RemoveLocals) {
    l.open = [...l.partitions];
    l.removals = [];
    return go("read");
  },
  read(_ctx, l: RemoveLocals) {
    if (l.open.length === 0) return done(l.removals);
    return zk(
      l.open.map((name) => readOp(statePath(name))),
      "decide",
    );
  },
  decide(ctx, l: RemoveLocals, results: readonly ZkResult[]) {
    const found = readStates(ctx, l.open, results, ({ topicPartition }, reason) => {
      const by = brokerActor(l.broker);
      say(ctx, { kind: "isr-removal-failed", topicPartition, replica: by, reason });
    });
    l.open = found.names;
    l.states = found.states;
    // 0.10 empties the ISR where an unclean election would be allowed.
    const last = l.open.filter((name) => l.states[name]?.isr.every((member) => member === l.broker));
    l.topics = ctx.self.config.profile === "0.10" ? topicsOf(last) : [];
    return zk(
      l.topics.map((topic) => readOp(topicConfigPath(topic))),
      "write",
    );
  },
  write(ctx, l: RemoveLocals, results: readonly ZkResult[]) {
    const unclean: Record<string, boolean> = {};
    l.topics.forEach((topic, n) => {
      const byDefault = ctx.self.config.broker.uncleanLeaderElectionEnable;
      unclean[topic] = uncleanSettingOf(must(results[n], "topic config")) ?? byDefault;
    });
    l.steps = [];
    for (const topicPartition of l.open) {
      const { assignment } = must(partitionIn(ctx, topicPartition), topicPartition);
      const state = must(l.states[topicPartition], "state");
      const view = viewOf(ctx, unclean[topicOf(topicPartition)] === true);
      for (const step of removeReplica({ assignment, state }, l.broker, view)) {
        if (step.kind === "write-state") l.steps.push({ topicPartition, step });
        if (step.kind === "resend-state") keep(ctx, l, topicPartition, step.state, step.recipients);
      }
    }
    return fencedZk(
      l.steps.map(({ topicPartition, step }) => updateOp(topicPartition, step.state)),
      "written",
    );
  },
  written(ctx, l: RemoveLocals, results: readonly ZkResult[]) {
    l.open = [];
    l.steps.forEach(({ topicPartition, step }, n) => {
      const { error } = must(results[n], "result of a write");
      if (error === "BADVERSION") l.open.push(topicPartition);
      if (error !== "OK") return;
      noteRemoval(ctx, l.broker, topicPartition, must(l.states[topicPartition], "state"), step.state);
      keep(ctx, l, topicPartition, step.state, step.recipients);
    });
    return go("read");
  },
};

function keep(
  ctx: ControllerCtx,
  l: RemoveLocals,
  topicPartition: TopicPartition,
  state: LeaderAndIsr,
  recipients: readonly BrokerId[],
): void {
  const partition = partitionIn(ctx, topicPartition);
  if (partition === null) return;
  partition.state = state;
  l.removals.push({ topicPartition, state, recipients });
}

function noteRemoval(
  ctx: ControllerCtx,
  broker: BrokerId,
  topicPartition: TopicPartition,
  before: LeaderAndIsr,
  after: LeaderAndIsr,
): void {
  const replica = brokerActor(broker);
  const { leaderEpoch } = after;
  const isr = after.isr.map(brokerActor);
  say(ctx, {
    kind: "isr-member-removed",
    topicPartition,
    replica,
    leaderEpoch,
    isr,
    isrBefore: before.isr.map(brokerActor),
    reason: contextOf(ctx).shuttingDownBrokers.includes(broker) ? "shutting-down" : "not-registered",
  });
  if (after.leader < 0 && before.leader >= 0) {
    say(ctx, { kind: "leader-lost", topicPartition, leader: replica, leaderEpoch, isr });
  }
}
