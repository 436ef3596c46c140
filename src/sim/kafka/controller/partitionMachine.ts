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
import { accept, fail, type PartitionResults, topicsOf } from "./leaderElections.ts";
import { createState, type LeaderAndIsr } from "./partitionStates.ts";
import { addLeaderAndIsr, newBatch, sendBatch } from "./requestBatch.ts";
import {
  type ContextPartition,
  type ControllerCtx,
  isOnline,
  isToBeDeleted,
  type PartitionMachineState,
  partitionIn,
  partitionsWhere,
  viewOf,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure } from "./tasks.ts";
import { createOp, partitionPath, partitionsPath, stateData, statePath } from "./znodes.ts";

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
