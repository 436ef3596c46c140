/**
 * Elections: read the states, decide, write each under the version that was read.
 *
 * In Kafka     PartitionStateMachine.doElectLeaderForPartitions, updateLeaderAndIsr; 0.10: PartitionLeaderSelector.
 *
 * States are read again before an election, since in 2.1 and 0.10 leaders write them too; a write that finds another version than
 * was read starts over. A state that a later controller has written is left alone.
 */
import { must } from "../../engine/assert.ts";
import { brokerActor, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult, ZkWriteOp } from "../protocol/zookeeper.ts";
import type { ElectionStrategy } from "./election.ts";
import { say } from "./facts.ts";
import { electPartition, type LeaderAndIsr, type PartitionStep } from "./partitionStates.ts";
import { addLeaderAndIsr } from "./requestBatch.ts";
import { type ContextPartition, type ControllerCtx, isOnline, onlineIds, partitionIn, viewOf } from "./state.ts";
import { done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import { readOp, setOp, stateData, stateOf, statePath, topicConfigPath, uncleanSettingOf } from "./znodes.ts";

/** What became of the partitions of one call: those that got a state, and why others did not. */
export interface PartitionResults {
  elected: TopicPartition[];
  failed: Record<TopicPartition, string>;
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
    // Since 2.0 a controller hears of it when a topic changes its mind.
    const isWatched = ctx.self.config.profile !== "0.10";
    return zk(
      l.topics.map((topic) => readOp(topicConfigPath(topic), isWatched)),
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

export function accept(
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

export function fail(
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
