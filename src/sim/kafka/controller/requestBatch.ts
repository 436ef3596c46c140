/**
 * Orders gathered during one call of a state machine: at most one LeaderAndIsr, UpdateMetadata and StopReplica a broker.
 *
 * In Kafka     ControllerBrokerRequestBatch (AbstractControllerBrokerRequestBatch in 3.9).
 * Simplified   0.10 tells a broker that joins the same as later versions; it used to tell every broker everything.
 *
 * Nothing is sent to a broker without a znode, whoever it is meant for.
 */
import {
  LEADER_DURING_DELETE,
  type LeaderAndIsrRequest,
  type StopReplicaRequest,
  type UpdateMetadataRequest,
} from "../protocol/control-plane.ts";
import type { BrokerId, TopicPartition } from "../protocol/ids.ts";
import type { LeaderAndIsr } from "./partitionStates.ts";
import { enqueueOrder } from "./senders.ts";
import {
  byTopicAndNumber,
  type ControllerCtx,
  contextOf,
  controllerOf,
  createBatch,
  isOnline,
  isToBeDeleted,
  liveOrShuttingDown,
  partitionIn,
} from "./state.ts";

/** Starts an empty batch. */
export function newBatch(ctx: ControllerCtx): void {
  controllerOf(ctx).batch = createBatch();
}

/** LeaderAndIsr to `recipients`, and the news of it to everybody. */
export function addLeaderAndIsr(
  ctx: ControllerCtx,
  recipients: readonly BrokerId[],
  topicPartition: TopicPartition,
  state: LeaderAndIsr,
  isNew: boolean,
): void {
  const { batch } = controllerOf(ctx);
  const replicas = partitionIn(ctx, topicPartition)?.assignment.replicas ?? [];
  for (const broker of recipients) {
    const orders = batch.leaderAndIsr[broker] ?? {};
    batch.leaderAndIsr[broker] = orders;
    const wasNew = orders[topicPartition]?.isNew === true;
    orders[topicPartition] = { ...state, topicPartition, replicas, isNew: isNew || wasNew };
  }
  addUpdateMetadata(ctx, liveOrShuttingDown(ctx), [topicPartition]);
}

/** UpdateMetadata to `brokers`, with these partitions in it for all of them. */
export function addUpdateMetadata(
  ctx: ControllerCtx,
  brokers: readonly BrokerId[],
  partitions: readonly TopicPartition[],
): void {
  const { batch } = controllerOf(ctx);
  for (const broker of brokers) batch.updateMetadataBrokers[broker] = true;
  for (const topicPartition of partitions) {
    const partition = partitionIn(ctx, topicPartition);
    // Nobody can use a partition that has never had a leader.
    if (partition === null || partition.state === null) continue;
    const { leaderRecoveryState: _, ...state } = partition.state;
    const { replicas } = partition.assignment;
    const isDeleted = isToBeDeleted(ctx, topicPartition);
    batch.updateMetadata[topicPartition] = {
      ...state,
      topicPartition,
      ...(isDeleted ? { leader: LEADER_DURING_DELETE } : {}),
      replicas,
      offlineReplicas: replicas.filter((replica) => !isOnline(ctx, replica)),
    };
  }
}

export function addStopReplica(
  ctx: ControllerCtx,
  broker: BrokerId,
  topicPartition: TopicPartition,
  deletePartition: boolean,
): void {
  const { batch } = controllerOf(ctx);
  const orders = batch.stopReplica[broker] ?? {};
  batch.stopReplica[broker] = orders;
  // A topic that is being deleted is stopped whatever epoch the broker has.
  const leaderEpoch = isToBeDeleted(ctx, topicPartition)
    ? LEADER_DURING_DELETE
    : (partitionIn(ctx, topicPartition)?.state?.leaderEpoch ?? -1);
  const isDeletion = deletePartition || orders[topicPartition]?.deletePartition === true;
  orders[topicPartition] = { topicPartition, leaderEpoch, deletePartition: isDeletion };
}

/** Hands the batch to the send threads: LeaderAndIsr first, so that a replica is there when clients come to know of it. */
export function sendBatch(ctx: ControllerCtx): void {
  const memory = controllerOf(ctx);
  const { batch } = memory;
  memory.batch = createBatch();
  if (!memory.isActive) return;
  const live = contextOf(ctx).liveBrokers;
  const head = (broker: BrokerId) => ({
    controllerId: ctx.self.config.brokerId,
    controllerEpoch: memory.epoch,
    brokerEpoch: ctx.self.config.rules.fencesByBrokerEpoch ? (live[broker]?.epoch ?? -1) : -1,
  });

  for (const broker of idsOf(batch.leaderAndIsr)) {
    const partitionStates = inOrder(batch.leaderAndIsr[broker] ?? {});
    const leaders = [...new Set(partitionStates.map(({ leader }) => leader))].sort((a, b) => a - b);
    const liveLeaders = leaders.filter((leader) => live[leader] !== undefined);
    const data: LeaderAndIsrRequest = { ...head(broker), partitionStates, liveLeaders };
    enqueueOrder(ctx, broker, { api: "LeaderAndIsr", data });
  }
  const partitionStates = inOrder(batch.updateMetadata);
  const liveBrokers = liveOrShuttingDown(ctx).map((id) => ({ id, rack: live[id]?.rack ?? null }));
  for (const broker of idsOf(batch.updateMetadataBrokers)) {
    const data: UpdateMetadataRequest = { ...head(broker), partitionStates, liveBrokers };
    enqueueOrder(ctx, broker, { api: "UpdateMetadata", data });
  }
  for (const broker of idsOf(batch.stopReplica)) {
    const partitions = inOrder(batch.stopReplica[broker] ?? {});
    const data: StopReplicaRequest = { ...head(broker), partitions };
    enqueueOrder(ctx, broker, { api: "StopReplica", data });
  }
}

/** One UpdateMetadata batch of its own. */
export function sendUpdateMetadata(
  ctx: ControllerCtx,
  brokers: readonly BrokerId[],
  partitions: readonly TopicPartition[],
): void {
  newBatch(ctx);
  addUpdateMetadata(ctx, brokers, partitions);
  sendBatch(ctx);
}

function idsOf(record: Readonly<Record<BrokerId, unknown>>): BrokerId[] {
  return Object.keys(record).map(Number);
}

function inOrder<T>(orders: Readonly<Record<TopicPartition, T>>): T[] {
  const names = (Object.keys(orders) as TopicPartition[]).sort(byTopicAndNumber);
  return names.map((name) => orders[name] as T);
}
