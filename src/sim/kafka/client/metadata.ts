/**
 * What a client knows of the cluster, and when it asks again.
 *
 * In Kafka     Metadata, ProducerMetadata, ConsumerMetadata, NetworkClient.DefaultMetadataUpdater.
 * Simplified   a request always asks for all wanted topics (no partial updates for new ones).
 * Left out     topic ids; metadata.recovery.strategy; racks.
 */
import { type ActorId, MILLISECOND, type SimTime } from "../../engine/types.ts";
import { isAtLeast } from "../profiles/profile.ts";
import type { MetadataResponse } from "../protocol/data-plane.ts";
import { type ErrorName, INVALID_METADATA } from "../protocol/errors.ts";
import { type BrokerId, brokerActor, NO_LEADER, type TopicPartition, topicPartition } from "../protocol/ids.ts";
import type { KafkaCtx } from "../types.ts";
import { retryBackoff } from "./backoff.ts";
import { javaHashOrder } from "./javaHashOrder.ts";
import type { NetworkSettings } from "./network.ts";

export interface PartitionLeader {
  readonly partition: number;
  readonly leaderId: BrokerId;
  readonly leaderEpoch: number;
}

export interface TopicView {
  /** In the order of the answer (3.9: of the client's own hash map), which round robin follows. */
  partitions: PartitionLeader[];
}

export interface MetadataCache {
  /** Brokers of the last answer; null before the first, while only the bootstrap servers are known. */
  brokers: BrokerId[] | null;
  controllerId: BrokerId;
  topics: Record<string, TopicView>;
  /** Errors of topics that have no view. */
  errors: Record<string, ErrorName>;
  /** Topics asked for, with the moment of their last use. */
  wanted: Record<string, SimTime>;
  /** The highest leader epoch seen, by partition (2.1+). */
  epochs: Record<TopicPartition, number>;
  isUpdateRequested: boolean;
  /** A request is on its way. */
  isInProgress: boolean;
  lastRefreshAt: SimTime;
  lastSuccessAt: SimTime;
  /** Failed requests in a row. */
  failures: number;
  /** Answers in a row that told nothing new (3.9 backs off from them). */
  equalAnswers: number;
  /** Counts answers. */
  version: number;
  /** Not before this: no node could be asked. */
  notBefore: SimTime;
}

export interface MetadataSettings extends NetworkSettings {
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
}

export function newMetadata(): MetadataCache {
  return {
    brokers: null,
    controllerId: NO_LEADER,
    topics: {},
    errors: {},
    wanted: {},
    epochs: {},
    isUpdateRequested: false,
    isInProgress: false,
    lastRefreshAt: -1,
    lastSuccessAt: -1,
    failures: 0,
    equalAnswers: 0,
    version: 0,
    notBefore: 0,
  };
}

/** Who can be asked: the brokers of the last answer, before it the bootstrap servers. */
export function knownNodes(metadata: MetadataCache, bootstrapServers: readonly ActorId[]): readonly ActorId[] {
  return metadata.brokers === null ? bootstrapServers : metadata.brokers.map(brokerActor);
}

/** Wants a topic; true if that is new, so that an update is needed (since 2.1 without waiting for the backoff). */
export function wantTopic(ctx: KafkaCtx, metadata: MetadataCache, topic: string): boolean {
  const isNew = metadata.wanted[topic] === undefined;
  metadata.wanted[topic] = ctx.now;
  if (isNew) {
    metadata.isUpdateRequested = true;
    if (isAtLeast(ctx.self.config.profile, "2.1")) metadata.notBefore = 0;
  }
  return isNew;
}

export function requestUpdate(metadata: MetadataCache): void {
  metadata.isUpdateRequested = true;
}

export function partitionCount(metadata: MetadataCache, topic: string): number | null {
  return metadata.topics[topic]?.partitions.length ?? null;
}

/** The leader of a partition as the client believes; null if the partition or its leader is unknown. */
export function leaderOf(metadata: MetadataCache, topic: string, partition: number): PartitionLeader | null {
  for (const one of metadata.topics[topic]?.partitions ?? [])
    if (one.partition === partition) return one.leaderId === NO_LEADER ? null : one;
  return null;
}

/** Partitions with a leader, in the order of the answer. */
export function availablePartitions(metadata: MetadataCache, topic: string): number[] {
  return (metadata.topics[topic]?.partitions ?? [])
    .filter((one) => one.leaderId !== NO_LEADER)
    .map((one) => one.partition);
}

/** When the next request is due, if nobody has to be waited for. */
export function nextUpdateAt(ctx: KafkaCtx, metadata: MetadataCache, settings: MetadataSettings): SimTime {
  const expires =
    metadata.lastSuccessAt < 0 ? ctx.now : metadata.lastSuccessAt + settings.metadataMaxAgeMs * MILLISECOND;
  const wantedAt = metadata.isUpdateRequested ? ctx.now : expires;
  return Math.max(wantedAt, metadata.notBefore);
}

function holdOff(ctx: KafkaCtx, metadata: MetadataCache, settings: MetadataSettings): void {
  metadata.lastRefreshAt = ctx.now;
  const tries = Math.max(metadata.failures, isAtLeast(ctx.self.config.profile, "3.9") ? metadata.equalAnswers : 0);
  metadata.notBefore = ctx.now + retryBackoff(ctx, settings, Math.max(1, tries));
}

/** The request was lost: ask another node after the backoff. */
export function onMetadataLost(ctx: KafkaCtx, metadata: MetadataCache, settings: MetadataSettings): void {
  metadata.isInProgress = false;
  metadata.isUpdateRequested = true;
  metadata.failures += 1;
  holdOff(ctx, metadata, settings);
}

/**
 * Takes an answer over. Partitions whose leader epoch is older than one already seen keep what is known (2.1+). Returns
 * whether anything about leaders changed.
 */
export function onMetadataAnswer(
  ctx: KafkaCtx,
  metadata: MetadataCache,
  settings: MetadataSettings,
  answer: MetadataResponse,
): boolean {
  metadata.isInProgress = false;
  if (answer.brokers.length === 0) {
    onMetadataLost(ctx, metadata, settings);
    return false;
  }
  const before = JSON.stringify(metadata.topics);
  metadata.isUpdateRequested = false;
  metadata.failures = 0;
  metadata.version += 1;
  metadata.lastSuccessAt = ctx.now;
  metadata.brokers = answer.brokers.map((broker) => broker.nodeId);
  metadata.controllerId = answer.controllerId;
  const keepsEpochs = isAtLeast(ctx.self.config.profile, "2.1");
  const retriesAtOnce = isAtLeast(ctx.self.config.profile, "3.9");
  const topics: Record<string, TopicView> = {};
  metadata.errors = {};
  for (const topic of answer.topics) {
    if (topic.errorCode !== "NONE") {
      metadata.errors[topic.name] = topic.errorCode;
      if (retriesAtOnce && INVALID_METADATA.has(topic.errorCode)) metadata.isUpdateRequested = true;
      continue;
    }
    const view: TopicView = { partitions: [] };
    for (const one of topic.partitions) {
      if (retriesAtOnce && INVALID_METADATA.has(one.errorCode)) metadata.isUpdateRequested = true;
      const name = topicPartition(topic.name, one.partitionIndex);
      const seen = metadata.epochs[name] ?? -1;
      const known = metadata.topics[topic.name]?.partitions.find((other) => other.partition === one.partitionIndex);
      if (keepsEpochs && one.leaderEpoch >= 0 && one.leaderEpoch < seen && known !== undefined) {
        view.partitions.push(known);
        continue;
      }
      if (one.leaderEpoch > seen) metadata.epochs[name] = one.leaderEpoch;
      view.partitions.push({
        partition: one.partitionIndex,
        leaderId: one.leaderId,
        leaderEpoch: keepsEpochs ? one.leaderEpoch : -1,
      });
    }
    if (isAtLeast(ctx.self.config.profile, "3.9")) sortLikeJava(topic.name, view);
    topics[topic.name] = view;
  }
  metadata.topics = topics;
  const changed = JSON.stringify(topics) !== before;
  metadata.equalAnswers = changed ? 0 : metadata.equalAnswers + 1;
  holdOff(ctx, metadata, settings);
  return changed;
}

/** Newer clients keep partitions in a hash map of their own, so the order of the answer does not show. */
function sortLikeJava(topic: string, view: TopicView): void {
  const order = javaHashOrder(view.partitions.map((one) => topicPartition(topic, one.partition)));
  const place = (one: PartitionLeader): number => order.indexOf(topicPartition(topic, one.partition));
  view.partitions.sort((a, b) => place(a) - place(b));
}

/** A produce or fetch answer named the new leader (KIP-951, 3.7+). True if that was news. */
export function learnLeader(
  metadata: MetadataCache,
  topic: string,
  partition: number,
  leader: { readonly leaderId: BrokerId; readonly leaderEpoch: number },
): boolean {
  const name = topicPartition(topic, partition);
  const partitions = metadata.topics[topic]?.partitions ?? [];
  const index = partitions.findIndex((one) => one.partition === partition);
  if (index < 0 || leader.leaderId === NO_LEADER || leader.leaderEpoch <= (metadata.epochs[name] ?? -1)) return false;
  if (metadata.brokers !== null && !metadata.brokers.includes(leader.leaderId))
    metadata.brokers = [...metadata.brokers, leader.leaderId].sort((a, b) => a - b);
  metadata.epochs[name] = leader.leaderEpoch;
  partitions[index] = { partition, leaderId: leader.leaderId, leaderEpoch: leader.leaderEpoch };
  return true;
}
