/**
 * Exceptions as an application sees them: the simple name of the Java class and its text, per version.
 *
 * In Kafka     org.apache.kafka.common.errors.* and Errors.exception().
 * Simplified   messages of rarely seen errors are the error's own name.
 */
import { isAtLeast, type Profile } from "../profiles/profile.ts";
import type { ErrorName } from "../protocol/errors.ts";

export interface ClientException {
  /** Simple class name, such as `TimeoutException`. */
  readonly exception: string;
  readonly message: string;
  /** The protocol error behind it; null if the client made it up itself. */
  readonly errorCode: ErrorName | null;
}

const NAMES: Partial<Record<ErrorName, readonly [string, string]>> = {
  UNKNOWN_SERVER_ERROR: [
    "UnknownServerException",
    "The server experienced an unexpected error when processing the request.",
  ],
  OFFSET_OUT_OF_RANGE: [
    "OffsetOutOfRangeException",
    "The requested offset is not within the range of offsets maintained by the server.",
  ],
  CORRUPT_MESSAGE: [
    "CorruptRecordException",
    "This message has failed its CRC checksum, exceeds the valid size, or is otherwise corrupt.",
  ],
  UNKNOWN_TOPIC_OR_PARTITION: ["UnknownTopicOrPartitionException", "This server does not host this topic-partition."],
  LEADER_NOT_AVAILABLE: ["LeaderNotAvailableException", "There is no leader for this topic-partition."],
  REQUEST_TIMED_OUT: ["TimeoutException", "The request timed out."],
  MESSAGE_TOO_LARGE: ["RecordTooLargeException", "The request included a message larger than the server accepts."],
  OFFSET_METADATA_TOO_LARGE: ["OffsetMetadataTooLarge", "The committed offset metadata is too large."],
  NETWORK_EXCEPTION: ["NetworkException", "The server disconnected before a response was received."],
  COORDINATOR_LOAD_IN_PROGRESS: ["CoordinatorLoadInProgressException", "The coordinator is loading its groups."],
  COORDINATOR_NOT_AVAILABLE: ["CoordinatorNotAvailableException", "The coordinator is not available."],
  NOT_COORDINATOR: ["NotCoordinatorException", "This is not the correct coordinator."],
  RECORD_LIST_TOO_LARGE: ["RecordBatchTooLargeException", "The batch is larger than a segment."],
  NOT_ENOUGH_REPLICAS: [
    "NotEnoughReplicasException",
    "Messages are rejected since there are fewer in-sync replicas than required.",
  ],
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: [
    "NotEnoughReplicasAfterAppendException",
    "Messages are written to the log, but to fewer in-sync replicas than required.",
  ],
  OUT_OF_ORDER_SEQUENCE_NUMBER: ["OutOfOrderSequenceException", "The broker received an out of order sequence number."],
  UNKNOWN_PRODUCER_ID: ["UnknownProducerIdException", "The broker holds no state of this producer."],
  INVALID_GROUP_ID: ["InvalidGroupIdException", "The configured groupId is invalid."],
  UNKNOWN_MEMBER_ID: ["UnknownMemberIdException", "The coordinator is not aware of this member."],
  ILLEGAL_GENERATION: ["IllegalGenerationException", "Specified group generation id is not valid."],
  REBALANCE_IN_PROGRESS: ["RebalanceInProgressException", "The group is rebalancing, so a rejoin is needed."],
  INVALID_SESSION_TIMEOUT: ["InvalidSessionTimeoutException", "The session timeout is not within the broker's range."],
  INCONSISTENT_GROUP_PROTOCOL: [
    "InconsistentGroupProtocolException",
    "The member's protocols are incompatible with those of the group.",
  ],
  GROUP_MAX_SIZE_REACHED: ["GroupMaxSizeReachedException", "The group is at its maximum size."],
  FENCED_INSTANCE_ID: ["FencedInstanceIdException", "Another member took over this group.instance.id."],
  KAFKA_STORAGE_ERROR: ["KafkaStorageException", "Disk error when trying to access log file on the disk."],
  INVALID_TOPIC_EXCEPTION: ["InvalidTopicException", "The request attempted an operation on an invalid topic."],
  TOPIC_ALREADY_EXISTS: ["TopicExistsException", "Topic already exists."],
  INVALID_REQUIRED_ACKS: ["InvalidRequiredAcksException", "Produce request specified an invalid value for acks."],
};

/** The exception that stands for a protocol error in this version. */
export function exceptionOf(error: ErrorName, profile: Profile): ClientException {
  if (error === "NOT_LEADER_OR_FOLLOWER") {
    return isAtLeast(profile, "3.9")
      ? {
          exception: "NotLeaderOrFollowerException",
          message: "The broker is not the leader, or not a replica, of this topic-partition.",
          errorCode: error,
        }
      : {
          exception: "NotLeaderForPartitionException",
          message: "This server is not the leader for that topic-partition.",
          errorCode: error,
        };
  }
  if (error === "INVALID_PRODUCER_EPOCH") {
    return {
      exception: isAtLeast(profile, "3.9") ? "InvalidProducerEpochException" : "ProducerFencedException",
      message: "Producer attempted to produce with an old epoch.",
      errorCode: error,
    };
  }
  const [exception, message] = NAMES[error] ?? [camelCase(error), error];
  return { exception, message, errorCode: error };
}

/** An exception that the client makes up itself. */
export function clientException(exception: string, message: string): ClientException {
  return { exception, message, errorCode: null };
}

function camelCase(error: ErrorName): string {
  const words = error.replace(/_(EXCEPTION|ERROR)$/, "").split("_");
  return `${words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join("")}Exception`;
}
