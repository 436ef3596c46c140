/**
 * Questions about offsets: ListOffsets and OffsetsForLeaderEpoch.
 *
 * In Kafka     KafkaApis.handleListOffsetRequest, Partition.fetchOffsetForTimestamp, lastOffsetForLeaderEpoch.
 */
import type { Message } from "../../engine/types.ts";
import { endOffsetFor } from "../log/epochCache.ts";
import { batchesOf } from "../log/log.ts";
import type { PartitionLog } from "../log/state.ts";
import type { RpcRequest } from "../protocol/api.ts";
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from "../protocol/data-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { respond } from "../rpc.ts";
import { leaderStateOf } from "./partition.ts";
import { readLimit, servedPartition } from "./reading.ts";
import type { BrokerCtx } from "./state.ts";

export function onListOffsets(ctx: BrokerCtx, message: Message): void {
  const { data } = message.body as RpcRequest<"ListOffsets">;
  const partitions = data.partitions.map(({ topicPartition, currentLeaderEpoch, timestamp }) => {
    const served = servedPartition(ctx, topicPartition, currentLeaderEpoch, data.replicaId);
    const result = (errorCode: ErrorName, offset: number) => ({ topicPartition, errorCode, offset });
    if (typeof served === "string") return result(served, -1);
    const { partition, log } = served;
    const limit = readLimit(ctx, partition, log, data);
    if (timestamp === EARLIEST_TIMESTAMP) return result("NONE", log.logStartOffset);
    // A new leader does not know yet how far its predecessor's consumers could read (KIP-207, since 2.2).
    const isBehindEpoch =
      ctx.self.config.profile === "3.9" &&
      data.replicaId < 0 &&
      partition.highWatermark < leaderStateOf(partition).epochStartOffset;
    if (timestamp === LATEST_TIMESTAMP)
      return isBehindEpoch ? result("OFFSET_NOT_AVAILABLE", -1) : result("NONE", limit);
    const found = offsetForTimestamp(log, timestamp, limit);
    return found === -1 && isBehindEpoch ? result("OFFSET_NOT_AVAILABLE", -1) : result("NONE", found);
  });
  respond(ctx, message, "ListOffsets", { partitions });
}

/** The first offset below `limit` whose record is not older than `timestamp` (milliseconds), or -1. */
function offsetForTimestamp(log: PartitionLog, timestamp: number, limit: number): number {
  for (const batch of batchesOf(log)) {
    if (batch.baseOffset >= limit) return -1;
    for (let i = 0; i < batch.records.length; i += 1) {
      const offset = batch.baseOffset + i;
      if (offset >= log.logStartOffset && offset < limit && (batch.records[i]?.timestamp ?? -1) >= timestamp) {
        return offset;
      }
    }
  }
  return -1;
}

export function onOffsetsForLeaderEpoch(ctx: BrokerCtx, message: Message): void {
  const { data } = message.body as RpcRequest<"OffsetsForLeaderEpoch">;
  const partitions = data.partitions.map(({ topicPartition, currentLeaderEpoch, leaderEpoch }) => {
    const served = servedPartition(ctx, topicPartition, currentLeaderEpoch, -1);
    if (typeof served === "string") return { topicPartition, errorCode: served, leaderEpoch: -1, endOffset: -1 };
    const { epochs, logEndOffset } = served.log;
    const end = endOffsetFor(epochs, leaderEpoch, logEndOffset);
    return { topicPartition, errorCode: "NONE" as const, leaderEpoch: end.epoch, endOffset: end.endOffset };
  });
  respond(ctx, message, "OffsetsForLeaderEpoch", { partitions });
}
