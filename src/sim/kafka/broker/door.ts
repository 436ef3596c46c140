/**
 * The broker's door: what the coordinators on this broker may ask of it, by plain function calls.
 *
 * In Kafka     ReplicaManager as the coordinators see it (appendRecords, getLog, getLeader), MetadataCache.
 */
import type { Delay } from "../../engine/types.ts";
import { batchesOf } from "../log/log.ts";
import { type BrokerId, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { RecordBatch, UnplacedBatch } from "../protocol/records.ts";
import type { Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { runDoorAppend } from "./produce.ts";
import { type BrokerCtx, brokerOf, logOf, type MetadataCache } from "./state.ts";

export interface BrokerDoor {
  /**
   * Appends to a partition that this broker leads, as a Produce would. `then` is resumed within this event or later with
   * `{kind: "appended", errorCode, baseOffset}`; acks=-1 waits for the ISR, at most `timeout` (microseconds).
   */
  append(
    ctx: KafkaCtx,
    topicPartition: TopicPartition,
    batch: UnplacedBatch,
    acks: 1 | -1,
    timeout: Delay,
    then: Then,
  ): void;
  /** All batches of the partition's log up to its end, oldest first; frozen. Empty if there is no log. */
  read(ctx: KafkaCtx, topicPartition: TopicPartition): readonly RecordBatch[];
  metadata(ctx: KafkaCtx): MetadataCache;
  /** Who leads the partition, as the metadata cache says; null if it does not know the partition. */
  leaderOf(
    ctx: KafkaCtx,
    topicPartition: TopicPartition,
  ): { readonly leader: BrokerId; readonly leaderEpoch: number } | null;
  /** Whether this broker leads the partition by its own state, and in which epoch; null if not. */
  leadingEpoch(ctx: KafkaCtx, topicPartition: TopicPartition): number | null;
  /** czxid of the broker's znode; -1 before it registered. */
  brokerEpoch(ctx: KafkaCtx): number;
}

export const brokerDoor: BrokerDoor = {
  append(ctx, topicPartition, batch, acks, timeout, then) {
    runDoorAppend(ctx as BrokerCtx, { topicPartition, batch, acks, timeout, then });
  },
  read(ctx, topicPartition) {
    const log = logOf(ctx, topicPartition);
    return log === null ? [] : [...batchesOf(log)];
  },
  metadata: (ctx) => brokerOf(ctx).metadata,
  leaderOf(ctx, topicPartition) {
    const state = brokerOf(ctx).metadata.topics[topicOf(topicPartition)]?.[partitionOf(topicPartition)];
    return state === undefined ? null : { leader: state.leader, leaderEpoch: state.leaderEpoch };
  },
  leadingEpoch(ctx, topicPartition) {
    const partition = brokerOf(ctx).partitions[topicPartition];
    return partition !== undefined && partition.role === "leader" ? partition.leaderEpoch : null;
  },
  brokerEpoch: (ctx) => brokerOf(ctx).brokerEpoch,
};
