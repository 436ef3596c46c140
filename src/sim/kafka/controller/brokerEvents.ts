/**
 * Brokers that come, go, or ask to be relieved of their leaderships.
 *
 * In Kafka     KafkaController.processBrokerChange, onBrokerStartup, onBrokerFailure, doControlledShutdown.
 * Left out     changes of a broker's endpoints (BrokerModifications).
 */
import { must } from "../../engine/assert.ts";
import type { Message } from "../../engine/types.ts";
import type { ControlledShutdownResponse } from "../protocol/control-plane.ts";
import { type BrokerId, brokerActor, type TopicPartition } from "../protocol/ids.ts";
import { respond } from "../rpc.ts";
import { say } from "./facts.ts";
import { partitionsWithOfflineLeader, toOnlineWhereNeeded, toPartitionState } from "./partitionMachine.ts";
import { isRemainingAfterShutdown } from "./partitionStates.ts";
import { type Replica, replicasOn, toReplicaState } from "./replicaMachine.ts";
import { addStopReplica, newBatch, sendBatch, sendUpdateMetadata } from "./requestBatch.ts";
import { addSender, removeSender } from "./senders.ts";
import {
  type ControllerCtx,
  contextOf,
  controllerOf,
  isToBeDeleted,
  type LiveBroker,
  liveOrShuttingDown,
  partitionIn,
  partitionsWhere,
} from "./state.ts";
import { callTo, done, go, type Procedure } from "./tasks.ts";

type Brokers = Readonly<Record<BrokerId, LiveBroker>>;

interface ChangeLocals {
  brokers: Brokers;
  joined: BrokerId[];
  bounced: BrokerId[];
  dead: BrokerId[];
}

/** /brokers/ids has changed: compare with who was there before. */
export const brokerChange: Procedure = {
  start: (ctx) => (controllerOf(ctx).isActive ? callTo("readBrokers", { watch: true }, "compare") : done()),
  compare(ctx, l: ChangeLocals, now: Brokers) {
    const context = contextOf(ctx);
    const before = context.liveBrokers;
    l.brokers = now;
    l.joined = idsOf(now).filter((id) => before[id] === undefined);
    l.dead = idsOf(before).filter((id) => now[id] === undefined);
    // A broker that left and came back between two reads: only its epoch tells, and only since 2.2.
    l.bounced = ctx.self.config.rules.fencesByBrokerEpoch
      ? idsOf(now).filter((id) => before[id] !== undefined && must(now[id], "broker").epoch > before[id].epoch)
      : [];
    for (const id of l.bounced) removeSender(ctx, id);
    for (const id of [...l.joined, ...l.bounced]) addSender(ctx, id);
    for (const id of l.dead) removeSender(ctx, id);
    // 2.1 and 0.10 forget the dead before they greet the new.
    if (ctx.self.config.profile !== "3.9") for (const id of l.dead) delete context.liveBrokers[id];
    for (const id of l.joined) join(ctx, id, l.brokers, "registered");
    return l.joined.length > 0 ? callTo("brokerStartup", { brokers: l.joined }, "bounced") : go("bounced");
  },
  bounced(ctx, l: ChangeLocals) {
    if (l.bounced.length === 0) return go("dead");
    for (const id of l.bounced) leave(ctx, id, "restarted");
    return callTo("brokerFailure", { brokers: l.bounced }, "back");
  },
  back(ctx, l: ChangeLocals) {
    for (const id of l.bounced) join(ctx, id, l.brokers, "restarted");
    return callTo("brokerStartup", { brokers: l.bounced }, "dead");
  },
  dead(ctx, l: ChangeLocals) {
    if (l.dead.length === 0) return done();
    for (const id of l.dead) leave(ctx, id, "not-registered");
    return callTo("brokerFailure", { brokers: l.dead }, "end");
  },
  end: () => done(),
};

function join(ctx: ControllerCtx, id: BrokerId, brokers: Brokers, reason: "registered" | "restarted"): void {
  const broker = must(brokers[id], "broker that joined");
  contextOf(ctx).liveBrokers[id] = { ...broker };
  say(ctx, { kind: "broker-joined", broker: brokerActor(id), brokerEpoch: broker.epoch, reason });
}

function leave(ctx: ControllerCtx, id: BrokerId, reason: "not-registered" | "restarted"): void {
  delete contextOf(ctx).liveBrokers[id];
  const leads = partitionsWhere(ctx, ({ state }) => state?.leader === id).length;
  say(ctx, { kind: "broker-failed", broker: brokerActor(id), leads, reason });
}

interface BrokersLocals {
  readonly brokers: readonly BrokerId[];
}

/** New brokers learn the whole cluster, and may lead what had no leader. */
export const brokerStartup: Procedure = {
  start(ctx, l: BrokersLocals) {
    const others = liveOrShuttingDown(ctx).filter((id) => !l.brokers.includes(id));
    sendUpdateMetadata(ctx, others, []);
    sendUpdateMetadata(
      ctx,
      l.brokers,
      partitionsWhere(ctx, ({ state }) => state !== null),
    );
    return toReplicaState(replicasOn(ctx, l.brokers), "Online", "elect");
  },
  elect: (ctx) => toOnlineWhereNeeded(ctx, "reassignments"),
  reassignments: (_ctx, l: BrokersLocals) => callTo("resumeReassignments", { brokers: l.brokers }, "deletions"),
  deletions: (_ctx, l: BrokersLocals) => callTo("resumeDeletionsOn", { brokers: l.brokers }, "end"),
  end: () => done(),
};

interface FailureLocals extends BrokersLocals {
  offline: TopicPartition[];
  replicas: Replica[];
}

/** Dead brokers: elections first, then each of their replicas leaves its ISR. */
export const brokerFailure: Procedure = {
  start(ctx, l: FailureLocals) {
    const context = contextOf(ctx);
    context.shuttingDownBrokers = context.shuttingDownBrokers.filter((id) => !l.brokers.includes(id));
    l.replicas = replicasOn(ctx, l.brokers);
    l.offline = partitionsWithOfflineLeader(ctx);
    return toPartitionState(l.offline, "Offline", "elect");
  },
  elect: (ctx) => toOnlineWhereNeeded(ctx, "replicas"),
  replicas(ctx, l: FailureLocals) {
    const kept = l.replicas.filter(({ topicPartition }) => !isToBeDeleted(ctx, topicPartition));
    return toReplicaState(kept, "Offline", "deletions");
  },
  deletions(ctx, l: FailureLocals) {
    const deleted = l.replicas.filter(({ topicPartition }) => isToBeDeleted(ctx, topicPartition));
    return callTo("failReplicaDeletion", { replicas: deleted }, "end");
  },
  end(ctx, l: FailureLocals) {
    if (l.offline.length === 0) sendUpdateMetadata(ctx, liveOrShuttingDown(ctx), []);
    return done();
  },
};

interface ShutdownLocals {
  readonly message: Message;
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
  /** What is still to be moved; 0.10 takes one partition at a time. */
  led: TopicPartition[];
  followed: TopicPartition[];
}

/** A broker wants to stop: its leaderships move, and its other replicas leave their ISRs. */
export const controlledShutdown: Procedure = {
  start(ctx, l: ShutdownLocals) {
    const context = contextOf(ctx);
    const known = context.liveBrokers[l.brokerId];
    const error = shutdownError(ctx, l, known);
    if (error !== null) return answer(ctx, l, error);

    say(ctx, { kind: "controlled-shutdown-begun", broker: brokerActor(l.brokerId) });
    if (!context.shuttingDownBrokers.includes(l.brokerId)) {
      context.shuttingDownBrokers = [...context.shuttingDownBrokers, l.brokerId].sort((a, b) => a - b);
    }
    const mine = partitionsWhere(
      ctx,
      ({ assignment, state, topicPartition }) =>
        assignment.replicas.length > 1 &&
        assignment.replicas.includes(l.brokerId) &&
        state !== null &&
        !isToBeDeleted(ctx, topicPartition),
    );
    l.led = mine.filter((name) => partitionIn(ctx, name)?.state?.leader === l.brokerId);
    l.followed = mine.filter((name) => !l.led.includes(name));
    if (ctx.self.config.profile === "0.10") return callTo("shutdownOneByOne", { brokerId: l.brokerId, mine }, "end");
    return toPartitionState(l.led, "Online", "stop", "controlledShutdown");
  },
  stop(ctx, l: ShutdownLocals) {
    newBatch(ctx);
    for (const name of l.followed) addStopReplica(ctx, l.brokerId, name, false);
    sendBatch(ctx);
    const replicas = l.followed.map((topicPartition) => ({ broker: l.brokerId, topicPartition }));
    return toReplicaState(replicas, "Offline", "end");
  },
  end: (ctx, l: ShutdownLocals) => answer(ctx, l, "NONE"),
};

interface OneByOneLocals {
  readonly brokerId: BrokerId;
  mine: TopicPartition[];
}

/** 0.10 relieves a broker of one partition after the other. */
export const shutdownOneByOne: Procedure = {
  start(ctx, l: OneByOneLocals) {
    const [name, ...rest] = l.mine;
    if (name === undefined) return done();
    l.mine = rest;
    if (partitionIn(ctx, name)?.state?.leader === l.brokerId) {
      return toPartitionState([name], "Online", "start", "controlledShutdown");
    }
    newBatch(ctx);
    addStopReplica(ctx, l.brokerId, name, false);
    sendBatch(ctx);
    return toReplicaState([{ broker: l.brokerId, topicPartition: name }], "Offline", "start");
  },
};

function shutdownError(
  ctx: ControllerCtx,
  { brokerEpoch }: ShutdownLocals,
  known: LiveBroker | undefined,
): "NOT_CONTROLLER" | "BROKER_NOT_AVAILABLE" | "STALE_BROKER_EPOCH" | null {
  if (!controllerOf(ctx).isActive) return "NOT_CONTROLLER";
  if (known === undefined) return "BROKER_NOT_AVAILABLE";
  const isChecked = ctx.self.config.rules.fencesByBrokerEpoch && brokerEpoch >= 0;
  return isChecked && brokerEpoch < known.epoch ? "STALE_BROKER_EPOCH" : null;
}

function answer(ctx: ControllerCtx, l: ShutdownLocals, errorCode: ControlledShutdownResponse["errorCode"]) {
  const remainingPartitions =
    errorCode === "NONE" ? partitionsWhere(ctx, (one) => isRemainingAfterShutdown(one, l.brokerId)) : [];
  respond(ctx, l.message, "ControlledShutdown", { errorCode, remainingPartitions });
  return done();
}

function idsOf(brokers: Brokers): BrokerId[] {
  return Object.keys(brokers).map(Number);
}
