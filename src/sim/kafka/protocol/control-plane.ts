/** Requests between the controller and brokers, and admin requests to the controller. Kafka's field names. */
import type { ErrorName } from "./errors.ts";
import type { BrokerId, TopicPartition } from "./ids.ts";

/** The state of a partition as the controller orders it; `partitionEpoch` is the znode version. */
export interface PartitionState {
  readonly topicPartition: TopicPartition;
  readonly controllerEpoch: number;
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly isr: readonly BrokerId[];
  readonly partitionEpoch: number;
  readonly replicas: readonly BrokerId[];
  readonly isNew: boolean;
  /** 3.2+: 1 after an unclean election until the leader recovered. */
  readonly leaderRecoveryState: 0 | 1;
}

interface FromController {
  readonly controllerId: BrokerId;
  readonly controllerEpoch: number;
  /** The receiver's broker epoch as the controller knows it; -1 before 2.2. */
  readonly brokerEpoch: number;
}

export interface LeaderAndIsrRequest extends FromController {
  readonly partitionStates: readonly PartitionState[];
  readonly liveLeaders: readonly BrokerId[];
}
export interface LeaderAndIsrResponse {
  readonly errorCode: ErrorName;
  readonly partitionErrors: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
}

/** A leader that says: the topic is being deleted. */
export const LEADER_DURING_DELETE = -2;

export interface UpdateMetadataRequest extends FromController {
  readonly partitionStates: readonly (Omit<PartitionState, "isNew" | "leaderRecoveryState"> & {
    readonly offlineReplicas: readonly BrokerId[];
  })[];
  readonly liveBrokers: readonly { readonly id: BrokerId; readonly rack: string | null }[];
}
export interface UpdateMetadataResponse {
  readonly errorCode: ErrorName;
}

export interface StopReplicaRequest extends FromController {
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly leaderEpoch: number;
    readonly deletePartition: boolean;
  }[];
}
export interface StopReplicaResponse {
  readonly errorCode: ErrorName;
  readonly partitionErrors: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
}

export interface ControlledShutdownRequest {
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
}
export interface ControlledShutdownResponse {
  readonly errorCode: ErrorName;
  readonly remainingPartitions: readonly TopicPartition[];
}

export interface AlterPartitionRequest {
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly leaderEpoch: number;
    readonly newIsr: readonly BrokerId[];
    readonly leaderRecoveryState: 0 | 1;
    readonly partitionEpoch: number;
  }[];
}
export interface AlterPartitionResponse {
  readonly errorCode: ErrorName;
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    readonly errorCode: ErrorName;
    readonly leaderId: BrokerId;
    readonly leaderEpoch: number;
    readonly isr: readonly BrokerId[];
    readonly leaderRecoveryState: 0 | 1;
    readonly partitionEpoch: number;
  }[];
}

export interface CreateTopicsRequest {
  readonly topics: readonly {
    readonly name: string;
    /** -1 with explicit assignments. */
    readonly numPartitions: number;
    readonly replicationFactor: number;
    /** Explicit replica lists by partition index, an empty list where there is no such partition; none: computed. */
    readonly assignments: readonly (readonly BrokerId[])[];
    /** Verbatim topic configs. */
    readonly configs: Readonly<Record<string, string>>;
  }[];
  readonly timeoutMs: number;
}
export interface CreateTopicsResponse {
  readonly topics: readonly {
    readonly name: string;
    readonly errorCode: ErrorName;
    readonly errorMessage: string | null;
  }[];
}

export interface CreatePartitionsRequest {
  readonly topics: readonly {
    readonly name: string;
    /** Partitions in all, the existing ones included. */
    readonly count: number;
  }[];
  readonly timeoutMs: number;
}
export type CreatePartitionsResponse = CreateTopicsResponse;

export interface AlterPartitionReassignmentsRequest {
  readonly partitions: readonly {
    readonly topicPartition: TopicPartition;
    /** Null: cancel what is under way. */
    readonly replicas: readonly BrokerId[] | null;
  }[];
}
export interface AlterPartitionReassignmentsResponse {
  readonly errorCode: ErrorName;
  readonly partitions: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
}

export interface ElectLeadersRequest {
  readonly electionType: "preferred" | "unclean";
  readonly topicPartitions: readonly TopicPartition[];
}
export interface ElectLeadersResponse {
  readonly errorCode: ErrorName;
  readonly results: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
}
