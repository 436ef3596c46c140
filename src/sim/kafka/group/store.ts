/**
 * Writing to the group's partition of __consumer_offsets, and what an error there means to those who wait.
 *
 * In Kafka     GroupMetadataManager.storeGroup, storeOffsets, appendForGroup.
 */
import { MILLISECOND } from "../../engine/types.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { type LogRecord, plainBatch } from "../protocol/records.ts";
import type { Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import type { GroupPorts } from "./ports.ts";
import { brokerConfigOf, offsetsTopicPartitionOf } from "./state.ts";

/** Appends as one batch, and waits for all in-sync replicas; the result comes to the handler of `then`. */
export function appendRecords(
  ctx: KafkaCtx,
  ports: GroupPorts,
  groupId: string,
  records: readonly LogRecord[],
  then: Then,
): void {
  const { offsetsCommitRequiredAcks, offsetsCommitTimeoutMs } = brokerConfigOf(ctx).broker;
  const acks = offsetsCommitRequiredAcks === -1 ? -1 : 1;
  const timeout = offsetsCommitTimeoutMs * MILLISECOND;
  ports.append(ctx, offsetsTopicPartitionOf(ctx, groupId), plainBatch(records), acks, timeout, then);
}

/** What members hear when the group's record could not be written. */
export function groupAppendError(errorCode: ErrorName): ErrorName {
  if (errorCode === "REQUEST_TIMED_OUT") return "REBALANCE_IN_PROGRESS";
  if (isTooLarge(errorCode)) return "UNKNOWN_SERVER_ERROR";
  return appendError(errorCode);
}

/** What a committing client hears when its offsets could not be written. */
export function offsetsAppendError(errorCode: ErrorName): ErrorName {
  return isTooLarge(errorCode) ? "INVALID_COMMIT_OFFSET_SIZE" : appendError(errorCode);
}

/** Errors of the partition become errors of the coordinator, so that the client looks for it again. */
function appendError(errorCode: ErrorName): ErrorName {
  switch (errorCode) {
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "NOT_ENOUGH_REPLICAS":
    case "NOT_ENOUGH_REPLICAS_AFTER_APPEND":
      return "COORDINATOR_NOT_AVAILABLE";
    case "NOT_LEADER_OR_FOLLOWER":
    case "KAFKA_STORAGE_ERROR":
      return "NOT_COORDINATOR";
    default:
      return errorCode;
  }
}

function isTooLarge(errorCode: ErrorName): boolean {
  return errorCode === "MESSAGE_TOO_LARGE" || errorCode === "RECORD_LIST_TOO_LARGE";
}
