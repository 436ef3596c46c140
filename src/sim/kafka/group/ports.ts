/**
 * What the coordinator needs of the broker it lives on. The broker's door answers these; model.ts joins the two.
 *
 * In Kafka     ReplicaManager.appendRecords and getLog, MetadataCache, AdminManager (AutoTopicCreationManager in 3.9).
 */
import type { Delay } from "../../engine/types.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { BrokerId, TopicPartition } from "../protocol/ids.ts";
import type { RecordBatch, UnplacedBatch } from "../protocol/records.ts";
import type { Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";

/** What comes back, by `resume(ctx, then, result)`, when an append is over. */
export interface Appended extends Then {
  readonly kind: "appended";
  readonly errorCode: ErrorName;
  /** -1 on an error. */
  readonly baseOffset: number;
}

export interface NewTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  /** Verbatim topic configs. */
  readonly configs: Readonly<Record<string, string>>;
}

export interface GroupPorts {
  /**
   * Appends `batch` to the local leader of `topicPartition`. With acks -1 the result comes once the high watermark passed
   * it, or the `timeout` (microseconds) is over (REQUEST_TIMED_OUT), or the partition is no longer led here.
   */
  append(
    ctx: KafkaCtx,
    topicPartition: TopicPartition,
    batch: UnplacedBatch,
    acks: 1 | -1,
    timeout: Delay,
    then: Then,
  ): void;
  /** All batches of the local log, from its start to its end. */
  readAll(ctx: KafkaCtx, topicPartition: TopicPartition): readonly RecordBatch[];
  /** The leader as the metadata cache has it, if it is alive there; null: none, or the partition is not known. */
  leaderOf(ctx: KafkaCtx, topicPartition: TopicPartition): BrokerId | null;
  /** Partitions of a topic in the metadata cache; null: not known. */
  partitionCountOf(ctx: KafkaCtx, topic: string): number | null;
  /** Ids of the brokers that the metadata cache takes for alive, ascending. */
  aliveBrokers(ctx: KafkaCtx): readonly BrokerId[];
  /**
   * Creates a topic with replicas placed by the broker. In every recorded version the broker that was asked for the
   * coordinator writes the znodes itself. `then` is resumed, with any result, when they are written or cannot be: another
   * broker may have been faster.
   */
  createTopic(ctx: KafkaCtx, topic: NewTopic, then: Then): void;
}
