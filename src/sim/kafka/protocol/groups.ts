/** Requests between consumers and the group coordinator. Kafka's field names. */
import type { ErrorName } from "./errors.ts";
import type { BrokerId, TopicPartition } from "./ids.ts";

export interface FindCoordinatorRequest {
  readonly key: string;
  readonly keyType: "group" | "transaction";
}
export interface FindCoordinatorResponse {
  readonly errorCode: ErrorName;
  readonly nodeId: BrokerId;
}

/** What a consumer says in JoinGroup about one assignor (ConsumerProtocol subscription). */
export interface Subscription {
  readonly topics: readonly string[];
  readonly ownedPartitions: readonly TopicPartition[];
  readonly generationId: number;
}
export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: "consumer";
  /** In the member's order of preference. */
  readonly protocols: readonly { readonly name: string; readonly metadata: Subscription }[];
}
export interface JoinGroupResponse {
  readonly errorCode: ErrorName;
  readonly generationId: number;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly memberId: string;
  /** Only for the leader of the group. */
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Subscription;
  }[];
}

export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** Only from the leader. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: readonly TopicPartition[] }[];
}
export interface SyncGroupResponse {
  readonly errorCode: ErrorName;
  readonly assignment: readonly TopicPartition[];
}

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}
export interface HeartbeatResponse {
  readonly errorCode: ErrorName;
}

export interface LeaveGroupRequest {
  readonly groupId: string;
  readonly memberId: string;
}
export interface LeaveGroupResponse {
  readonly errorCode: ErrorName;
}

export interface CommittedOffset {
  readonly topicPartition: TopicPartition;
  /** The next offset to read. */
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string;
}
export interface OffsetCommitRequest {
  readonly groupId: string;
  /** -1: not a member. */
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly offsets: readonly CommittedOffset[];
}
export interface OffsetCommitResponse {
  readonly errors: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
}

export interface OffsetFetchRequest {
  readonly groupId: string;
  /** Null: all of the group. */
  readonly partitions: readonly TopicPartition[] | null;
  readonly requireStable: boolean;
}
export interface OffsetFetchResponse {
  readonly errorCode: ErrorName;
  /** Offset -1: nothing committed. */
  readonly offsets: readonly (CommittedOffset & { readonly errorCode: ErrorName })[];
}

export interface DescribeGroupsRequest {
  readonly groups: readonly string[];
}
export interface DescribeGroupsResponse {
  readonly groups: readonly {
    readonly errorCode: ErrorName;
    readonly groupId: string;
    readonly groupState: string;
    readonly protocolData: string;
    readonly members: readonly {
      readonly memberId: string;
      readonly clientId: string;
      readonly clientHost: string;
      readonly assignment: readonly TopicPartition[];
    }[];
  }[];
}
