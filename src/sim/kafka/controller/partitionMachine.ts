/**
 * The partition state machine: which partitions have a leader, and elections for those that need one.
 *
 * In Kafka     ZkPartitionStateMachine; 0.10: PartitionStateMachine.
 *
 *   NonExistent          -> New      memory only
 *   New                  -> Online   first leader and ISR, written as a new state znode
 *   Online, Offline      -> Online   an election; nobody found: the state stays
 *   New, Online, Offline -> Offline  memory only
 *   Offline              -> NonExistent
 *
 * Other transitions are refused and skipped. States are read again before an election, since in 2.1 and 0.10 leaders write
 * them too; a write that finds another version than was read starts over.
 */
import { must } from "../../engine/assert.ts";
import { brokerActor, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult, ZkWriteOp } from "../protocol/zookeeper.ts";
import type { ElectionStrategy } from "./election.ts";
import { say } from "./facts.ts";
import { createState, electPartition, type LeaderAndIsr, type PartitionStep } from "./partitionStates.ts";
import { addLeaderAndIsr, newBatch, sendBatch } from "./requestBatch.ts";
import {
  type ContextPartition,
  type ControllerCtx,
  isOnline,
  isToBeDeleted,
  onlineIds,
  type PartitionMachineState,
  partitionIn,
  partitionsWhere,
  viewOf,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import {
  createOp,
  partitionPath,
  partitionsPath,
  readOp,
  setOp,
  stateData,
  stateOf,
  statePath,
  topicConfigPath,
  uncleanSettingOf,
} from "./znodes.ts";

/** What became of the partitions of one call: those that got a state, and why others did not. */
export interface PartitionResults {
  elected: TopicPartition[];
  failed: Record<TopicPartition, string>;
}

export interface PartitionStatesLocals {
  readonly partitions: readonly TopicPartition[];
  readonly target: PartitionMachineState;
  /** For a target of Online. */
  readonly strategy: ElectionStrategy;
  /** An administrator's order: unclean elections whatever the topic says. */
  readonly forceUnclean: boolean;
}

const ALLOWED: Readonly<Record<PartitionMachineState, readonly PartitionMachineState[]>> = {
  NonExistent: ["Offline"],
  New: ["NonExistent"],
  Online: ["New", "Online", "Offline"],
  Offline: ["New", "Online", "Offline"],
};

/** Moves partitions to a state and sends the orders that follow. */
export function toPartitionState(
  partitions: readonly TopicPartition[],
  target: PartitionMachineState,
  step: string,
  strategy: ElectionStrategy = "offline",
  forceUnclean = false,
) {
  return callTo("partitionStates", { partitions, target, strategy, forceUnclean }, step);
}

/** Elects leaders for all partitions that lack one (triggerOnlinePartitionStateChange). */
export function toOnlineWhereNeeded(ctx: ControllerCtx, step: string) {
  const needy = partitionsWhere(
    ctx,
    (one) => (one.machine === "New" || one.machine === "Offline") && !isToBeDeleted(ctx, one.topicPartition),
  );
  return toPartitionState(needy, "Online", step);
}

/** Partitions whose leader is not online, those without any included. */
export function partitionsWithOfflineLeader(ctx: ControllerCtx): TopicPartition[] {
  return partitionsWhere(
    ctx,
    ({ state, topicPartition }) =>
      state !== null && !isOnline(ctx, state.leader) && !isToBeDeleted(ctx, topicPartition),
  );
}

interface StatesLocals extends PartitionStatesLocals {
  results: PartitionResults;
  toElect: TopicPartition[];
}

export const partitionStates: Procedure = {
  start(ctx, l: StatesLocals) {
    newBatch(ctx);
    l.results = { elected: [], failed: {} };
    l.toElect = [];
    const valid = l.partitions
      .map((name) => partitionIn(ctx, name))
      .filter((one): one is ContextPartition => one !== null && ALLOWED[l.target].includes(one.machine));
    if (l.target === "Online") {
      l.toElect = valid.filter(({ machine }) => machine !== "New").map((one) => one.topicPartition);
      const fresh = valid.filter(({ machine }) => machine === "New").map((one) => one.topicPartition);
      return callTo("initializeStates", { partitions: fresh, results: l.results }, "elect");
    }
    for (const one of valid) {
      if (l.target === "Offline" && one.machine !== "Offline") noteOffline(ctx, one);
      one.machine = l.target;
    }
    return go("send");
  },
  elect(_ctx, l: StatesLocals) {
    const { strategy, forceUnclean, results } = l;
    return callTo("electLeaders", { partitions: l.toElect, strategy, forceUnclean, results }, "send");
  },
  send(ctx, l: StatesLocals) {
    sendBatch(ctx);
    return done(l.results);
  },
};

function noteOffline(ctx: ControllerCtx, { topicPartition, state }: ContextPartition): void {
  say(ctx, {
    kind: "partition-went-offline",
    topicPartition,
    leader: state === null || state.leader < 0 ? null : brokerActor(state.leader),
    leaderEpoch: state?.leaderEpoch ?? -1,
  });
}

interface InitializeLocals {
  readonly partitions: readonly TopicPartition[];
  readonly results: PartitionResults;
  states: Record<TopicPartition, LeaderAndIsr>;
  /** Writes for all partitions, in order; the last one of each partition creates its state. */
  names: TopicPartition[];
}

/** First leader and ISR of new partitions. */
export const initializeStates: Procedure = {
  start(ctx, l: InitializeLocals) {
    l.states = {};
    l.names = [];
    for (const name of l.partitions) {
      const partition = must(partitionIn(ctx, name), name);
      const step = createState(partition, viewOf(ctx, false))[0];
      if (step?.kind === "write-state") {
        l.states[name] = step.state;
        l.names.push(name);
      } else fail(ctx, l.results, partition, "offline", "no replica is alive");
    }
    if (l.names.length === 0) return done();
    // 0.10 finishes one partition after the other; later versions take all of them through each level of the path.
    if (ctx.self.config.profile === "0.10")
      return fencedZk(
        l.names.flatMap((name) => pathOps(l, name)),
        "createdEach",
      );
    return fencedZk(
      topicsOf(l.names).map((topic) => createOp(partitionsPath(topic), null)),
      "createPartitions",
    );
  },
  createPartitions(_ctx, l: InitializeLocals) {
    return fencedZk(
      l.names.map((name) => createOp(partitionPath(name), null)),
      "createStates",
    );
  },
  createStates(_ctx, l: InitializeLocals) {
    return fencedZk(
      l.names.map((name) => createStateOp(l, name)),
      "created",
    );
  },
  createdEach(ctx, l: InitializeLocals, results: readonly ZkResult[]) {
    l.names.forEach((name, n) => {
      created(ctx, l, name, must(results[n * 3 + 2], "result of a create"));
    });
    return done();
  },
  created(ctx, l: InitializeLocals, results: readonly ZkResult[]) {
    l.names.forEach((name, n) => {
      created(ctx, l, name, must(results[n], "result of a create"));
    });
    return done();
  },
};

function pathOps(l: InitializeLocals, name: TopicPartition): ZkWriteOp[] {
  return [createOp(partitionsPath(topicOf(name)), null), createOp(partitionPath(name), null), createStateOp(l, name)];
}

function createStateOp(l: InitializeLocals, name: TopicPartition): ZkWriteOp {
  return createOp(statePath(name), stateData(must(l.states[name], "new state")));
}

function created(ctx: ControllerCtx, l: InitializeLocals, name: TopicPartition, result: ZkResult): void {
  const partition = partitionIn(ctx, name);
  const state = must(l.states[name], "new state");
  if (partition === null) return;
  if (result.error !== "OK") {
    fail(ctx, l.results, partition, "offline", "the state znode exists already");
    return;
  }
  accept(ctx, partition, state, null, "first", false);
  l.results.elected.push(name);
  addLeaderAndIsr(ctx, state.isr, name, state, true);
}

interface ElectLocals {
  readonly partitions: readonly TopicPartition[];
  readonly strategy: ElectionStrategy;
  readonly forceUnclean: boolean;
  readonly results: PartitionResults;
  /** Still without result. */
  open: TopicPartition[];
  states: Record<TopicPartition, LeaderAndIsr>;
  /** Own settings of the topics that were asked. */
  unclean: Record<string, boolean>;
  topics: string[];
  chosen: { topicPartition: TopicPartition; step: Extract<PartitionStep, { kind: "write-state" }> }[];
}

/** Elections: read, decide, write under the version that was read. */
export const electLeaders: Procedure = {
  start(_ctx, l: ElectLocals) {
    l.open = [...l.partitions];
    return go("read");
  },
  read(_ctx, l: ElectLocals) {
    if (l.open.length === 0) return done();
    return zk(
      l.open.map((name) => readOp(statePath(name))),
      "decide",
    );
  },
  decide(ctx, l: ElectLocals, results: readonly ZkResult[]) {
    const found = readStates(ctx, l.open, results, (partition, why) =>
      fail(ctx, l.results, partition, l.strategy, why),
    );
    l.open = found.names;
    l.states = found.states;
    l.unclean = {};
    // Only a partition without a live ISR member asks its topic whether it may lose records.
    const needy = l.open.filter((name) => !(l.states[name]?.isr ?? []).some((member) => isOnline(ctx, member)));
    l.topics = l.strategy === "offline" && !l.forceUnclean ? topicsOf(needy) : [];
    return zk(
      l.topics.map((topic) => readOp(topicConfigPath(topic))),
      "write",
    );
  },
  write(ctx, l: ElectLocals, results: readonly ZkResult[]) {
    const byDefault = ctx.self.config.broker.uncleanLeaderElectionEnable;
    l.topics.forEach((topic, n) => {
      l.unclean[topic] = uncleanSettingOf(must(results[n], "topic config")) ?? byDefault;
    });
    l.chosen = [];
    for (const topicPartition of l.open) {
      const partition = must(partitionIn(ctx, topicPartition), topicPartition);
      const mayBeUnclean = l.forceUnclean || l.unclean[topicOf(topicPartition)] === true;
      const state = must(l.states[topicPartition], "state");
      const [step] = electPartition({ assignment: partition.assignment, state }, l.strategy, viewOf(ctx, mayBeUnclean));
      if (step?.kind === "write-state") l.chosen.push({ topicPartition, step });
      else fail(ctx, l.results, { ...partition, state }, l.strategy, "no replica may lead");
    }
    return fencedZk(
      l.chosen.map(({ topicPartition, step }) => updateOp(topicPartition, step.state)),
      "written",
    );
  },
  written(ctx, l: ElectLocals, results: readonly ZkResult[]) {
    l.open = [];
    l.chosen.forEach(({ topicPartition, step }, n) => {
      const partition = partitionIn(ctx, topicPartition);
      const { error } = must(results[n], "result of a write");
      if (partition === null) return;
      if (error === "BADVERSION") l.open.push(topicPartition);
      else if (error !== "OK") fail(ctx, l.results, partition, l.strategy, `ZooKeeper answered ${error}`);
      else {
        accept(ctx, partition, step.state, l.states[topicPartition] ?? null, l.strategy, step.isUnclean);
        l.results.elected.push(topicPartition);
        addLeaderAndIsr(ctx, step.recipients, topicPartition, step.state, false);
      }
    });
    return go("read");
  },
};

/** A conditional write of the next state. */
export function updateOp(topicPartition: TopicPartition, state: LeaderAndIsr): ZkWriteOp {
  return setOp(statePath(topicPartition), stateData(state), state.partitionEpoch - 1);
}

/** States as read; a partition without one, or written by a later controller, is left out with a reason. */
export function readStates(
  ctx: ControllerCtx,
  names: readonly TopicPartition[],
  results: readonly ZkResult[],
  leaveOut: (partition: ContextPartition, why: string) => void,
): { names: TopicPartition[]; states: Record<TopicPartition, LeaderAndIsr> } {
  const kept: TopicPartition[] = [];
  const states: Record<TopicPartition, LeaderAndIsr> = {};
  names.forEach((name, n) => {
    const partition = partitionIn(ctx, name);
    const state = stateOf(must(results[n], "result of a read"));
    if (partition === null) return;
    if (state === null) leaveOut(partition, "there is no state znode");
    else if (state.controllerEpoch > viewOf(ctx, false).controllerEpoch) {
      leaveOut(partition, `a controller with epoch ${state.controllerEpoch} has written it`);
    } else {
      kept.push(name);
      states[name] = state;
    }
  });
  return { names: kept, states };
}

function accept(
  ctx: ControllerCtx,
  partition: ContextPartition,
  state: LeaderAndIsr,
  before: LeaderAndIsr | null,
  strategy: ElectionStrategy | "first",
  unclean: boolean,
): void {
  partition.state = state;
  partition.machine = "Online";
  say(ctx, {
    kind: "leader-elected",
    topicPartition: partition.topicPartition,
    leader: brokerActor(state.leader),
    leaderEpoch: state.leaderEpoch,
    isr: state.isr.map(brokerActor),
    strategy,
    reason: unclean ? "no-isr-member-online" : REASONS[strategy],
    evidence: {
      replicas: partition.assignment.replicas.map(brokerActor),
      live: onlineIds(ctx).map(brokerActor),
      leaderBefore: before === null || before.leader < 0 ? null : brokerActor(before.leader),
      isrBefore: (before?.isr ?? []).map(brokerActor),
      unclean,
    },
  });
}

const REASONS: Readonly<Record<ElectionStrategy | "first", string>> = {
  first: "partition-created",
  offline: "leader-not-online",
  reassign: "leader-not-in-target",
  preferred: "preferred-replica",
  controlledShutdown: "leader-shutting-down",
};

function fail(
  ctx: ControllerCtx,
  results: PartitionResults,
  partition: Pick<ContextPartition, "topicPartition" | "assignment" | "state">,
  strategy: ElectionStrategy,
  reason: string,
): void {
  results.failed[partition.topicPartition] = reason;
  say(ctx, {
    kind: "election-failed",
    topicPartition: partition.topicPartition,
    strategy,
    reason,
    evidence: {
      replicas: partition.assignment.replicas.map(brokerActor),
      isr: (partition.state?.isr ?? []).map(brokerActor),
      live: onlineIds(ctx).map(brokerActor),
    },
  });
}

export function topicsOf(names: readonly TopicPartition[]): string[] {
  return [...new Set(names.map(topicOf))].sort();
}
