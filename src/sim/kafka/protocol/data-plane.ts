/** Requests between clients or followers and brokers: Metadata, Produce, Fetch, ListOffsets, OffsetsForLeaderEpoch. Kafka's field names. */
import type { ErrorName } from "./errors.ts";
import type { BrokerId, TopicPartition } from "./ids.ts";
import type { RecordBatch, UnplacedBatch } from "./records.ts";

/** The first request on each connection of a client; nothing else is sent before its answer. */
export type ApiVersionsRequest = Readonly<Record<never, never>>;
export interface ApiVersionsResponse {
  readonly errorCode: ErrorName;
}

export interface MetadataRequest {
  /** Null: all topics. */
  readonly topics: readonly string[] | null;
  readonly allowAutoTopicCreation: boolean;
}
export interface PartitionMetadata {
  readonly errorCode: ErrorName;
  readonly partitionIndex: number;
  readonly leaderId: BrokerId;
  /** -1 before 2.1. */
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly BrokerId[];
  readonly isrNodes: readonly BrokerId[];
  readonly offlineReplicas: readonly BrokerId[];
}
export interface TopicMetadata {
  readonly errorCode: ErrorName;
  readonly name: string;
  readonly isInternal: boolean;
  /** In the order of the broker's hash map (clients.md A.4). */
  readonly partitions: readonly PartitionMetadata[];
}
export interface MetadataResponse {
  readonly brokers: readonly { readonly nodeId: BrokerId; readonly rack: string | null }[];
  readonly controllerId: BrokerId;
  readonly topics: readonly TopicMetadata[];
}

export interface ProduceRequest {
  readonly acks: 0 | 1 | -1;
  readonly timeoutMs: number;
  readonly transactionalId: string | null;
  readonly partitionData: readonly { readonly topicPartition: TopicPartition; readonly records: UnplacedBatch }[];
}
export interface ProduceResponse {
  readonly responses: readonly {
    readonly topicPartition: TopicPartition;
    readonly errorCode: ErrorName;
    /** -1 on an error. */
    readonly baseOffset: number;
    readonly logStartOffset: number;
    /** 3.7+: the leader to go to, with a NOT_LEADER_OR_FOLLOWER answer (KIP-951). */
    readonly currentLeader: { readonly leaderId: BrokerId; readonly leaderEpoch: number } | null;
  }[];
}

export interface FetchPartition {
  readonly topicPartition: TopicPartition;
  readonly fetchOffset: number;
  /** -1: not checked. */
  readonly currentLeaderEpoch: number;
  /** 3.9 followers: epoch of the last record held; -1 otherwise. */
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}
export interface FetchRequest {
  /** -1: a consumer. */
  readonly replicaId: BrokerId;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: "read_uncommitted" | "read_committed";
  readonly partitions: readonly FetchPartition[];
}
export interface FetchedPartition {
  readonly topicPartition: TopicPartition;
  readonly errorCode: ErrorName;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null;
  readonly currentLeader: { readonly leaderId: BrokerId; readonly leaderEpoch: number } | null;
  readonly records: readonly RecordBatch[];
}
export interface FetchResponse {
  readonly errorCode: ErrorName;
  readonly responses: readonly FetchedPartition[];
}

export const LATEST_TIMESTAMP = -1;
export const EARLIEST_TIMESTAMP = -2;

export interface ListOffsetsRequest {
  readonly replicaId: BrokerId;
  readonly isolationLevel: "read_uncommitted" | "read_committed";
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly currentLeaderEpoch: number;
    readonly timestamp: number;
  }[];
}
export interface ListOffsetsResponse {
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly errorCode: ErrorName;
    readonly offset: number;
  }[];
}

export interface OffsetsForLeaderEpochRequest {
  readonly replicaId: BrokerId;
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly currentLeaderEpoch: number;
    readonly leaderEpoch: number;
  }[];
}
export interface OffsetsForLeaderEpochResponse {
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly errorCode: ErrorName;
    readonly leaderEpoch: number;
    readonly endOffset: number;
  }[];
}

export interface InitProducerIdRequest {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}
export interface InitProducerIdResponse {
  readonly errorCode: ErrorName;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Since 0.11: the log start moves up to `offset`; -1: to the high watermark. */
export interface DeleteRecordsRequest {
  readonly partitions: readonly { readonly topicPartition: TopicPartition; readonly offset: number }[];
  readonly timeoutMs: number;
}
export interface DeleteRecordsResponse {
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly errorCode: ErrorName;
    /** The least log start of the live replicas; -1 on an error. */
    readonly lowWatermark: number;
  }[];
}
