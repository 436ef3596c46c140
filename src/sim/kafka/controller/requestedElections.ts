/**
 * Elections that somebody asks for: the preferred leader back in its place, by hand or by itself, and unclean ones by hand.
 *
 * In Kafka     KafkaController.processReplicaLeaderElection, onReplicaLeaderElection, checkAndTriggerAutoLeaderRebalance,
 *              processPreferredReplicaLeaderElection (2.1, 0.10).
 * Simplified   ElectLeaders is answered when the election is written, not when the own metadata cache has it.
 */
import { type Message, SECOND } from "../../engine/types.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { type BrokerId, brokerActor, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { respond } from "../rpc.ts";
import { preferredElection } from "./election.ts";
import { say } from "./facts.ts";
import type { PartitionResults } from "./leaderElections.ts";
import { REBALANCE_TIMER } from "./lifecycle.ts";
import { toPartitionState } from "./partitionMachine.ts";
import {
  byTopicAndNumber,
  type ContextPartition,
  type ControllerCtx,
  contextOf,
  controllerOf,
  isOnline,
  isToBeDeleted,
  partitionIn,
  partitionsWhere,
  viewOf,
} from "./state.ts";
import { callTo, done, fencedZk, go, type Procedure, zk } from "./tasks.ts";
import { partitionsIn } from "./topicEvents.ts";
import { deleteOp, existsOp, PREFERRED_ELECTION_PATH, readOp, topicConfigPath, uncleanSettingOf } from "./znodes.ts";

type Errors = Record<TopicPartition, ErrorName>;

interface LeaderLocals {
  readonly electionType: "preferred" | "unclean";
  readonly trigger: "admin" | "zookeeper" | "auto";
  readonly partitions: readonly TopicPartition[];
  errors: Errors;
  wanted: TopicPartition[];
}

/** Elections for `partitions`; its value is an error for each that got no new leader. */
export const leaderElection: Procedure = {
  start(ctx, l: LeaderLocals) {
    l.errors = {};
    l.wanted = [];
    for (const name of [...l.partitions].sort(byTopicAndNumber)) {
      const partition = partitionIn(ctx, name);
      if (partition === null) l.errors[name] = "UNKNOWN_TOPIC_OR_PARTITION";
      else if (isToBeDeleted(ctx, name)) l.errors[name] = "INVALID_TOPIC_EXCEPTION";
      else if (isDone(ctx, l.electionType, partition)) l.errors[name] = "ELECTION_NOT_NEEDED";
      else l.wanted.push(name);
    }
    if (l.wanted.length === 0) return done(l.errors);
    say(ctx, { kind: "leader-election-begun", electionType: l.electionType, trigger: l.trigger, partitions: l.wanted });
    const isUnclean = l.electionType === "unclean";
    return toPartitionState(l.wanted, "Online", "elected", isUnclean ? "offline" : "preferred", isUnclean);
  },
  elected(_ctx, l: LeaderLocals, results: PartitionResults) {
    for (const name of l.wanted) {
      if (results.elected.includes(name)) continue;
      l.errors[name] =
        l.electionType === "unclean" ? "ELIGIBLE_LEADERS_NOT_AVAILABLE" : "PREFERRED_LEADER_NOT_AVAILABLE";
    }
    return done(l.errors);
  },
};

function isDone(
  ctx: ControllerCtx,
  electionType: "preferred" | "unclean",
  { state, assignment }: ContextPartition,
): boolean {
  const leader = state?.leader ?? -1;
  if (electionType === "unclean") return leader >= 0 && contextOf(ctx).liveBrokers[leader] !== undefined;
  // 2.1 holds the election all the same, which costs a leader epoch.
  return leader === assignment.replicas[0] && ctx.self.config.profile !== "2.1";
}

interface RequestLocals {
  readonly message: Message;
  readonly electionType: "preferred" | "unclean";
  /** None: all. */
  readonly topicPartitions: readonly TopicPartition[];
  asked: readonly TopicPartition[];
}

/** The ElectLeaders request. */
export const electLeadersRequest: Procedure = {
  start(ctx, l: RequestLocals) {
    if (!controllerOf(ctx).isActive) {
      respond(ctx, l.message, "ElectLeaders", { errorCode: "NOT_CONTROLLER", results: [] });
      return done();
    }
    l.asked = l.topicPartitions.length > 0 ? l.topicPartitions : partitionsWhere(ctx, () => true);
    const { electionType } = l;
    return callTo("leaderElection", { electionType, trigger: "admin", partitions: l.asked }, "answer");
  },
  answer(ctx, l: RequestLocals, errors: Errors) {
    const results = l.asked.map((topicPartition) => ({ topicPartition, errorCode: errors[topicPartition] ?? "NONE" }));
    respond(ctx, l.message, "ElectLeaders", { errorCode: "NONE", results });
    return done();
  },
};

/** The request znode /admin/preferred_replica_election; it is deleted when the elections are over. */
export const zkPreferredElection: Procedure = {
  start(ctx) {
    if (!controllerOf(ctx).isActive) return done();
    return zk([existsOp(PREFERRED_ELECTION_PATH), readOp(PREFERRED_ELECTION_PATH)], "read");
  },
  read(_ctx, _l, results: readonly ZkResult[]) {
    if (results[1]?.error !== "OK") return done();
    const partitions = partitionsIn(results[1].data);
    return callTo("leaderElection", { electionType: "preferred", trigger: "zookeeper", partitions }, "clear");
  },
  clear: () => fencedZk([deleteOp(PREFERRED_ELECTION_PATH)], "watch"),
  watch: () => zk([existsOp(PREFERRED_ELECTION_PATH)], "end"),
  end: () => done(),
};

interface ConfigLocals {
  readonly topic: string;
}

/** A topic's settings have changed (2.1, 3.9): if it allows unclean elections now, its offline partitions get theirs. */
export const topicConfigChange: Procedure = {
  start(ctx, l: ConfigLocals) {
    return controllerOf(ctx).isActive ? zk([readOp(topicConfigPath(l.topic), true)], "look") : done();
  },
  look(ctx, l: ConfigLocals, [result]: readonly ZkResult[]) {
    if (result === undefined || uncleanSettingOf(result) !== true) return done();
    const offline = partitionsWhere(
      ctx,
      ({ topicPartition, machine }) => topicOf(topicPartition) === l.topic && machine === "Offline",
    ).filter((name) => !isToBeDeleted(ctx, name));
    return offline.length === 0 ? done() : toPartitionState(offline, "Online", "end");
  },
  end: () => done(),
};

interface RebalanceLocals {
  /** Partitions to move, by preferred leader. */
  moves: { broker: BrokerId; partitions: TopicPartition[] }[];
}

/** The periodic check that leaders are where the assignment wants them. */
export const autoRebalance: Procedure = {
  start(ctx, l: RebalanceLocals) {
    if (!controllerOf(ctx).isActive) return done();
    l.moves = imbalances(ctx);
    return go("next");
  },
  next(ctx, l: RebalanceLocals) {
    const [move, ...rest] = l.moves;
    if (move === undefined) {
      const seconds = ctx.self.config.broker.leaderImbalanceCheckIntervalSeconds;
      ctx.setTimer(REBALANCE_TIMER, seconds * SECOND);
      return done();
    }
    l.moves = rest;
    const { partitions } = move;
    return callTo("leaderElection", { electionType: "preferred", trigger: "auto", partitions }, "next");
  },
};

/** Brokers with too many of their preferred leaderships elsewhere. */
function imbalances(ctx: ControllerCtx): RebalanceLocals["moves"] {
  const limit = ctx.self.config.broker.leaderImbalancePerBrokerPercentage;
  const all = partitionsWhere(
    ctx,
    ({ topicPartition, state }) => state !== null && !isToBeDeleted(ctx, topicPartition),
  ).flatMap((name) => partitionIn(ctx, name) ?? []);
  const preferred = [...new Set(all.map(({ assignment }) => assignment.replicas[0] ?? -1))].sort((a, b) => a - b);
  const moves: RebalanceLocals["moves"] = [];
  for (const broker of preferred) {
    const own = all.filter(({ assignment }) => assignment.replicas[0] === broker);
    const elsewhere = own.filter(({ state }) => state?.leader !== broker);
    if (elsewhere.length * 100 <= limit * own.length) continue;
    const partitions = elsewhere.filter((one) => mayMove(ctx, broker, one)).map((one) => one.topicPartition);
    say(ctx, {
      kind: "leadership-imbalance-found",
      broker: brokerActor(broker),
      elsewhere: elsewhere.length,
      preferred: own.length,
      partitions,
      limitPercent: limit,
    });
    if (partitions.length > 0) moves.push({ broker, partitions });
  }
  return moves;
}

function mayMove(ctx: ControllerCtx, broker: BrokerId, { assignment, state }: ContextPartition): boolean {
  if (ctx.self.config.profile !== "3.9") {
    return isOnline(ctx, broker) && Object.keys(contextOf(ctx).reassigned).length === 0;
  }
  const { replicas } = assignment;
  return state !== null && preferredElection({ ...viewOf(ctx, false), replicas, isr: state.isr }) !== null;
}
