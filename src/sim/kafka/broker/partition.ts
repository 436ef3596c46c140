/**
 * One hosted partition: what the rules look at, and changes of its log that leave a fact.
 *
 * In Kafka     Partition, Replica; UnifiedLog for the log itself.
 */
import { missing } from "../../engine/assert.ts";
import { MILLISECOND } from "../../engine/types.ts";
import { appendAsFollower, appendAsLeader, flush, truncateTo } from "../log/log.ts";
import { createLog, type PartitionLog } from "../log/state.ts";
import type { TopicConfig } from "../profiles/config.ts";
import { type BrokerId, brokerActor, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { RecordBatch, UnplacedBatch } from "../protocol/records.ts";
import { say } from "./facts.ts";
import type { IsrContext, LeaderReplicaState } from "./isrState.ts";
import { type BrokerCtx, brokerOf, diskOf, type HostedPartition, type MetadataCache } from "./state.ts";

/** The log of a hosted partition; it exists from the first order on. */
export function logFor(ctx: BrokerCtx, partition: HostedPartition): PartitionLog {
  const { topicPartition } = partition;
  return diskOf(ctx).logs[topicPartition] ?? missing(`log of ${topicPartition}`);
}

/** The log of a partition, made if it is missing. */
export function createLogIfMissing(ctx: BrokerCtx, topicPartition: TopicPartition): PartitionLog {
  const { logs } = diskOf(ctx);
  let log = logs[topicPartition];
  if (log === undefined) {
    log = createLog();
    logs[topicPartition] = log;
  }
  return log;
}

/** Whether the metadata cache knows the broker as alive. */
export function isAlive(metadata: MetadataCache, broker: BrokerId): boolean {
  for (const one of metadata.brokers) if (one.id === broker) return true;
  return false;
}

/** A topic's configuration; it is read before the first partition of the topic is hosted. */
export function topicConfigOf(ctx: BrokerCtx, topicPartition: TopicPartition): TopicConfig {
  return brokerOf(ctx).topicConfigs[topicOf(topicPartition)] ?? missing(`configuration of ${topicOf(topicPartition)}`);
}

/** What the rules of isrState.ts look at, as of now. */
export function isrContext(ctx: BrokerCtx, partition: HostedPartition): IsrContext {
  const { config } = ctx.self;
  const { metadata } = brokerOf(ctx);
  return {
    now: ctx.now,
    log: { logEndOffset: logFor(ctx, partition).logEndOffset, highWatermark: partition.highWatermark },
    minInsyncReplicas: topicConfigOf(ctx, partition.topicPartition).minInsyncReplicas,
    replicaLagTimeMax: config.broker.replicaLagTimeMaxMs * MILLISECOND,
    profile: config.profile,
    rules: config.rules,
    isAlive: (broker) => isAlive(metadata, broker),
  };
}

/** The partition if this broker leads it, else null. */
export function ledPartition(ctx: BrokerCtx, topicPartition: TopicPartition): HostedPartition | null {
  const partition = brokerOf(ctx).partitions[topicPartition];
  return partition !== undefined && partition.role === "leader" ? partition : null;
}

export function leaderStateOf(partition: HostedPartition): LeaderReplicaState {
  return partition.leaderState ?? missing(`leader state of ${partition.topicPartition}`);
}

export function names(brokers: readonly BrokerId[]): string[] {
  return brokers.map(brokerActor);
}

/** Tags of the records of some batches, in order. */
export function tagsOf(batches: readonly (RecordBatch | UnplacedBatch)[]): string[] {
  const tags: string[] = [];
  for (const batch of batches) for (const record of batch.records) if (record.tag !== null) tags.push(record.tag);
  return tags;
}

/** Whether logs say in which leader epoch a batch was appended: not before 0.11, unless truncation is told to rest on it. */
export function keepsEpochs(ctx: BrokerCtx): boolean {
  const { profile, rules } = ctx.self.config;
  return profile !== "0.10" || rules.truncatesByLeaderEpoch;
}

/** Appends a batch to a log that this broker leads. */
export function appendLed(ctx: BrokerCtx, partition: HostedPartition, batch: UnplacedBatch): RecordBatch {
  const leaderEpoch = keepsEpochs(ctx) ? partition.leaderEpoch : -1;
  const placed = appendAsLeader(logFor(ctx, partition), batch, leaderEpoch);
  afterAppend(ctx, partition, placed, "leader");
  return placed;
}

/** Appends what the leader sent. */
export function appendFetched(ctx: BrokerCtx, partition: HostedPartition, batch: RecordBatch): void {
  appendAsFollower(logFor(ctx, partition), batch);
  afterAppend(ctx, partition, batch, "follower");
}

/** flush.messages: so many records may lie unflushed; without it nothing is flushed but at a clean stop. */
function afterAppend(
  ctx: BrokerCtx,
  partition: HostedPartition,
  batch: RecordBatch,
  role: "leader" | "follower",
): void {
  const log = logFor(ctx, partition);
  const { flushMessages } = topicConfigOf(ctx, partition.topicPartition);
  if (log.logEndOffset - log.recoveryPoint >= flushMessages) flush(log);
  say(ctx, {
    kind: "records-appended",
    topicPartition: partition.topicPartition,
    baseOffset: batch.baseOffset,
    count: batch.lastOffset - batch.baseOffset + 1,
    tags: tagsOf([batch]),
    leaderEpoch: partition.leaderEpoch,
    role,
  });
}

/** Cuts the log of a follower at `offset`; its high watermark follows. */
export function truncateReplica(
  ctx: BrokerCtx,
  partition: HostedPartition,
  offset: number,
  reason: "high-watermark" | "leader-epoch" | "leader-log-end",
): void {
  const log = logFor(ctx, partition);
  const from = log.logEndOffset;
  const belowHighWatermark = offset < partition.highWatermark;
  const removed = truncateTo(log, offset);
  if (removed.length === 0) return;
  partition.highWatermark = Math.min(partition.highWatermark, log.logEndOffset);
  say(ctx, {
    kind: "log-truncated",
    topicPartition: partition.topicPartition,
    from,
    to: log.logEndOffset,
    reason,
    leaderEpoch: partition.leaderEpoch,
    removed: tagsOf(removed),
    belowHighWatermark,
  });
}
