/**
 * Orders of the controller: LeaderAndIsr and StopReplica.
 *
 * In Kafka     ReplicaManager.becomeLeaderOrFollower, makeLeaders, makeFollowers, stopReplicas; Partition.makeLeader, makeFollower.
 * Simplified   UpdateMetadata never waits for an order (0.10: for one lock with it; it matters where two controllers speak).
 *              A deleted log is gone at once (Kafka renames it and removes the files after file.delete.delay.ms).
 *
 * Orders are carried out one after the other. The first one waits while the configuration of a topic is being read, or while an
 * ISR write holds one of its partitions (2.1, 0.10). In 0.10 the answer and the next order also wait until the fetchers that an order
 * leaves without work have had their last answer: from a leader that stands still this takes replica.socket.timeout.ms.
 *
 * A hosted partition:
 *   none → leader | follower        first order
 *   leader ↔ follower               a higher leader epoch
 *   leader → leader, follower → follower   a higher leader epoch, other ISR or leader
 *   any → gone                      StopReplica with delete
 */
import type { Message } from "../../engine/types.ts";
import { assignEpoch } from "../log/epochCache.ts";
import { truncationModeOf } from "../log/truncation.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { PartitionState } from "../protocol/control-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { type BrokerId, brokerActor, NO_LEADER, type TopicPartition } from "../protocol/ids.ts";
import { respond } from "../rpc.ts";
import { dropProposal } from "./alterPartition.ts";
import { say } from "./facts.ts";
import { runFetcher, shutDownIdleFetchers, startFetching, stopFetching } from "./fetcher.ts";
import { advanceHighWatermark } from "./highWatermark.ts";
import { becomeLeader } from "./isrState.ts";
import { createLogIfMissing, isAlive, keepsEpochs, logFor, names, truncateReplica } from "./partition.ts";
import type { BrokerPorts } from "./ports.ts";
import { checkDelayed } from "./purgatory.ts";
import {
  type BrokerCtx,
  brokerOf,
  diskOf,
  type HostedPartition,
  type LeadershipChange,
  NO_LOG_STARTS,
} from "./state.ts";
import { areConfigsKnown } from "./topicConfig.ts";

const CHECKPOINT_TIMER = "high-watermark-checkpoint";

export function onOrder(ctx: BrokerCtx, ports: BrokerPorts, message: Message): void {
  brokerOf(ctx).orders.push(message);
  runOrders(ctx, ports);
}

/** Carries out the orders that wait, up to one that has to wait longer. */
export function runOrders(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  const { orders } = memory;
  for (;;) {
    const message = orders[0];
    if (message === undefined || memory.endingFetchers.length > 0) return;
    const isDone =
      message.body.kind === "LeaderAndIsr" ? leaderAndIsr(ctx, ports, message) : stopReplica(ctx, ports, message);
    if (!isDone) return;
    orders.shift();
  }
}

/** 0.10: the threads that an order ended are gone, so that it can be answered and the next one carried out. */
export function onFetchersEnded(ctx: BrokerCtx, ports: BrokerPorts): void {
  finishOrder(ctx, ports);
  runOrders(ctx, ports);
}

/** The check of who is speaking; null: the order may be followed. */
export function checkSender(
  ctx: BrokerCtx,
  request: string,
  data: { readonly controllerId: BrokerId; readonly controllerEpoch: number; readonly brokerEpoch: number },
): "STALE_CONTROLLER_EPOCH" | "STALE_BROKER_EPOCH" | null {
  const memory = brokerOf(ctx);
  const { rules } = ctx.self.config;
  if (rules.fencesByBrokerEpoch && data.brokerEpoch >= 0 && data.brokerEpoch < memory.brokerEpoch) {
    const { brokerEpoch } = memory;
    say(ctx, { kind: "stale-broker-epoch-refused", request, requestEpoch: data.brokerEpoch, brokerEpoch });
    return "STALE_BROKER_EPOCH";
  }
  if (data.controllerEpoch < memory.controllerEpoch && rules.fencesByControllerEpoch) {
    say(ctx, {
      kind: "stale-controller-refused",
      request,
      controller: brokerActor(data.controllerId),
      controllerEpoch: data.controllerEpoch,
      seenEpoch: memory.controllerEpoch,
    });
    return "STALE_CONTROLLER_EPOCH";
  }
  memory.controllerEpoch = Math.max(memory.controllerEpoch, data.controllerEpoch);
  memory.controllerId = data.controllerId;
  return null;
}

function isHeld(ctx: BrokerCtx, topicPartition: TopicPartition): boolean {
  return brokerOf(ctx).partitions[topicPartition]?.isrWrite === true;
}

// --- LeaderAndIsr ------------------------------------------------------------------------------------------------------

/** False if the order has to wait. */
function leaderAndIsr(ctx: BrokerCtx, ports: BrokerPorts, message: Message): boolean {
  const { data } = message.body as RpcRequest<"LeaderAndIsr">;
  const { partitionStates } = data;
  if (!areConfigsKnown(ctx, ports, partitionStates)) return false;
  if (partitionStates.some((one) => isHeld(ctx, one.topicPartition))) return false;
  const stale = checkSender(ctx, "LeaderAndIsr", data);
  if (stale !== null) {
    respond(ctx, message, "LeaderAndIsr", { errorCode: stale, partitionErrors: [] });
    return true;
  }
  const partitionErrors: { topicPartition: TopicPartition; errorCode: ErrorName }[] = [];
  const leading: PartitionState[] = [];
  const following: PartitionState[] = [];
  for (const order of partitionStates) {
    const errorCode = checkOrder(ctx, order);
    partitionErrors.push({ topicPartition: order.topicPartition, errorCode });
    if (errorCode === "NONE") (order.leader === ctx.self.config.brokerId ? leading : following).push(order);
  }
  const changes: LeadershipChange[] = [];
  for (const order of leading) makeLeader(ctx, order, changes);
  const leaders = new Set<BrokerId>();
  for (const order of following) {
    const leader = makeFollower(ctx, order, changes);
    if (leader !== null) leaders.add(leader);
  }
  startCheckpoints(ctx);
  shutDownIdleFetchers(ctx);
  for (const leader of leaders) runFetcher(ctx, leader);
  const memory = brokerOf(ctx);
  memory.unfinishedOrder = { message, partitionErrors, changes };
  if (memory.endingFetchers.length === 0) finishOrder(ctx, ports);
  return true;
}

function finishOrder(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  if (memory.unfinishedOrder === null) return;
  const { message, partitionErrors, changes } = memory.unfinishedOrder;
  memory.unfinishedOrder = null;
  for (const { topicPartition, role, leaderEpoch } of changes)
    ports.onLeadershipChange(ctx, topicPartition, role, leaderEpoch);
  respond(ctx, message, "LeaderAndIsr", { errorCode: "NONE", partitionErrors });
}

function checkOrder(ctx: BrokerCtx, order: PartitionState): ErrorName {
  const { topicPartition, leaderEpoch } = order;
  const { rules, brokerId } = ctx.self.config;
  const localLeaderEpoch = brokerOf(ctx).partitions[topicPartition]?.leaderEpoch ?? -1;
  if (rules.fencesByLeaderEpoch && leaderEpoch <= localLeaderEpoch) {
    const reason =
      leaderEpoch === localLeaderEpoch ? "it has that epoch already" : `it is in epoch ${localLeaderEpoch}`;
    say(ctx, { kind: "order-ignored", topicPartition, leaderEpoch, localLeaderEpoch, reason });
    return "STALE_CONTROLLER_EPOCH";
  }
  if (!order.replicas.includes(brokerId)) {
    const reason = "it is not among the replicas";
    say(ctx, { kind: "order-ignored", topicPartition, leaderEpoch, localLeaderEpoch, reason });
    return "UNKNOWN_TOPIC_OR_PARTITION";
  }
  return "NONE";
}

/** The hosted partition, made with the high watermark of the checkpoint if it is new here. */
function host(ctx: BrokerCtx, topicPartition: TopicPartition): HostedPartition {
  const { partitions } = brokerOf(ctx);
  const log = createLogIfMissing(ctx, topicPartition);
  let partition = partitions[topicPartition];
  if (partition === undefined) {
    const checkpoint = diskOf(ctx).highWatermarkCheckpoint[topicPartition] ?? 0;
    partition = {
      topicPartition,
      role: "none",
      leader: NO_LEADER,
      leaderEpoch: -1,
      controllerEpoch: 0,
      partitionEpoch: -1,
      replicas: [],
      isr: [],
      highWatermark: Math.max(log.logStartOffset, Math.min(checkpoint, log.logEndOffset)),
      leaderState: null,
      followerLogStarts: NO_LOG_STARTS,
      isrWrite: false,
    };
    partitions[topicPartition] = partition;
  }
  return partition;
}

function take(partition: HostedPartition, order: PartitionState): void {
  partition.leader = order.leader;
  partition.leaderEpoch = order.leaderEpoch;
  partition.controllerEpoch = order.controllerEpoch;
  partition.partitionEpoch = order.partitionEpoch;
  partition.replicas = order.replicas;
  partition.isr = order.isr;
}

function makeLeader(ctx: BrokerCtx, order: PartitionState, changes: LeadershipChange[]): void {
  const { topicPartition, leaderEpoch, isr, replicas, partitionEpoch } = order;
  const { profile, brokerId } = ctx.self.config;
  const partition = host(ctx, topicPartition);
  const log = logFor(ctx, partition);
  const isNew = partition.role !== "leader";
  stopFetching(ctx, topicPartition);
  dropProposal(ctx, topicPartition);
  take(partition, order);
  partition.role = "leader";
  if (isNew) partition.followerLogStarts = NO_LOG_STARTS;
  if (keepsEpochs(ctx)) log.epochs = assignEpoch(log.epochs, leaderEpoch, log.logEndOffset);
  partition.leaderState = becomeLeader(
    isNew ? null : partition.leaderState,
    { brokerId, replicas, isr, leaderEpoch, partitionEpoch },
    {
      now: ctx.now,
      log: { logEndOffset: log.logEndOffset, highWatermark: partition.highWatermark },
      profile,
    },
  );
  say(ctx, {
    kind: "leader-started",
    topicPartition,
    leaderEpoch,
    offset: log.logEndOffset,
    highWatermark: partition.highWatermark,
    isr: names(isr),
    isNew,
  });
  if (!advanceHighWatermark(ctx, partition)) checkDelayed(ctx, topicPartition);
  if (isNew) changes.push({ topicPartition, role: "leader", leaderEpoch });
}

/** Returns the leader to fetch from; null if there is none, or nothing changes for the fetcher. */
function makeFollower(ctx: BrokerCtx, order: PartitionState, changes: LeadershipChange[]): BrokerId | null {
  const { topicPartition, leaderEpoch, leader } = order;
  const partition = host(ctx, topicPartition);
  if (leader < 0 || !isAlive(brokerOf(ctx).metadata, leader)) {
    // Kafka logs an error and leaves everything as it is, the epoch too: a later order with the same epoch is taken.
    const name = leader < 0 ? null : brokerActor(leader);
    say(ctx, { kind: "leader-not-available", topicPartition, leader: name, leaderEpoch });
    return null;
  }
  const { rules } = ctx.self.config;
  const isSameLeader = partition.role === "follower" && partition.leader === leader;
  take(partition, order);
  partition.role = "follower";
  partition.leaderState = null;
  dropProposal(ctx, topicPartition);
  if (isSameLeader && !rules.restartsFetcherOnNewEpoch) return null;
  stopFetching(ctx, topicPartition);
  checkDelayed(ctx, topicPartition);
  if (truncationModeOf(rules) === "highWatermark") {
    truncateReplica(ctx, partition, partition.highWatermark, "high-watermark");
  }
  const offset = logFor(ctx, partition).logEndOffset;
  const { highWatermark } = partition;
  say(ctx, {
    kind: "follower-started",
    topicPartition,
    leader: brokerActor(leader),
    leaderEpoch,
    offset,
    highWatermark,
  });
  changes.push({ topicPartition, role: "follower", leaderEpoch });
  // A broker on its way out must not come back into an ISR.
  if (brokerOf(ctx).isShuttingDown) return null;
  startFetching(ctx, partition);
  return leader;
}

// --- StopReplica -------------------------------------------------------------------------------------------------------

/** A leader epoch that stands for a deletion, and one that says nothing: they always pass. */
const EPOCH_DURING_DELETE = -2;
const NO_EPOCH = -1;

function stopReplica(ctx: BrokerCtx, ports: BrokerPorts, message: Message): boolean {
  const { data } = message.body as RpcRequest<"StopReplica">;
  if (data.partitions.some((one) => isHeld(ctx, one.topicPartition))) return false;
  const stale = checkSender(ctx, "StopReplica", data);
  if (stale !== null) {
    respond(ctx, message, "StopReplica", { errorCode: stale, partitionErrors: [] });
    return true;
  }
  const partitionErrors = data.partitions.map(({ topicPartition, leaderEpoch, deletePartition }) => {
    const errorCode = checkStop(ctx, topicPartition, leaderEpoch);
    if (errorCode === "NONE") stop(ctx, ports, topicPartition, deletePartition);
    return { topicPartition, errorCode };
  });
  shutDownIdleFetchers(ctx);
  respond(ctx, message, "StopReplica", { errorCode: "NONE", partitionErrors });
  return true;
}

function checkStop(ctx: BrokerCtx, topicPartition: TopicPartition, leaderEpoch: number): ErrorName {
  if (ctx.self.config.profile !== "3.9" || leaderEpoch === EPOCH_DURING_DELETE || leaderEpoch === NO_EPOCH)
    return "NONE";
  const local = brokerOf(ctx).partitions[topicPartition]?.leaderEpoch ?? -1;
  return leaderEpoch < local ? "FENCED_LEADER_EPOCH" : "NONE";
}

function stop(ctx: BrokerCtx, ports: BrokerPorts, topicPartition: TopicPartition, deleted: boolean): void {
  const memory = brokerOf(ctx);
  stopFetching(ctx, topicPartition);
  const partition = memory.partitions[topicPartition];
  if (partition === undefined && diskOf(ctx).logs[topicPartition] === undefined) return;
  if (deleted) {
    const leaderEpoch = partition?.leaderEpoch ?? -1;
    delete memory.partitions[topicPartition];
    delete diskOf(ctx).logs[topicPartition];
    delete diskOf(ctx).highWatermarkCheckpoint[topicPartition];
    dropProposal(ctx, topicPartition);
    checkDelayed(ctx, topicPartition);
    ports.onLeadershipChange(ctx, topicPartition, "removed", leaderEpoch);
  }
  say(ctx, { kind: "replica-stopped", topicPartition, deleted });
}

// --- the checkpoint of high watermarks -----------------------------------------------------------------------------------

function startCheckpoints(ctx: BrokerCtx): void {
  const memory = brokerOf(ctx);
  if (memory.checkpointing) return;
  memory.checkpointing = true;
  onCheckpoint(ctx);
}

function onCheckpoint(ctx: BrokerCtx): void {
  checkpointHighWatermarks(ctx);
  ctx.setTimer(CHECKPOINT_TIMER, ctx.self.config.broker.replicaHighWatermarkCheckpointIntervalMs * 1000);
}

/** Writes replication-offset-checkpoint. Partitions that nobody ordered yet in this life keep what the file says. */
export function checkpointHighWatermarks(ctx: BrokerCtx): void {
  const { highWatermarkCheckpoint } = diskOf(ctx);
  const { partitions } = brokerOf(ctx);
  for (const name in partitions) highWatermarkCheckpoint[name] = (partitions[name] as HostedPartition).highWatermark;
}

export const orderTimers = { [CHECKPOINT_TIMER]: onCheckpoint };
