/**
 * DeleteRecords: the log start moves up, and the answer waits until every live replica has followed.
 *
 * In Kafka     ReplicaManager.deleteRecords, Partition.deleteRecordsOnLeader, DelayedDeleteRecords (KIP-107). Not in 0.10.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import { advanceLogStart } from "../log/log.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { BrokerId, TopicPartition } from "../protocol/ids.ts";
import { say } from "./facts.ts";
import { isAlive, ledPartition, logFor, topicConfigOf } from "./partition.ts";
import { answerDelete, delayDelete } from "./purgatory.ts";
import { notHosted } from "./reading.ts";
import { type BrokerCtx, brokerOf, type DelayedDelete, type HostedPartition } from "./state.ts";

/** The offset that stands for the high watermark. */
const HIGH_WATERMARK = -1;

export function onDeleteRecords(ctx: BrokerCtx, message: Message): void {
  const { data } = message.body as RpcRequest<"DeleteRecords">;
  const partitions = data.partitions.map(({ topicPartition, offset }) => deleteOnLeader(ctx, topicPartition, offset));
  delayDelete(ctx, { deadline: ctx.now + data.timeoutMs * MILLISECOND, message, partitions });
  lookAtDeletes(ctx);
}

function deleteOnLeader(
  ctx: BrokerCtx,
  topicPartition: TopicPartition,
  offset: number,
): DelayedDelete["partitions"][number] {
  const refused = (errorCode: ErrorName) => ({ topicPartition, errorCode, requiredOffset: -1, lowWatermark: -1 });
  const hosted = brokerOf(ctx).partitions[topicPartition];
  if (hosted === undefined) return refused(notHosted(ctx, topicPartition));
  if (hosted.role !== "leader") return refused("NOT_LEADER_OR_FOLLOWER");
  if (!topicConfigOf(ctx, topicPartition).cleanupPolicy.includes("delete")) return refused("POLICY_VIOLATION");
  const log = logFor(ctx, hosted);
  const to = offset === HIGH_WATERMARK ? hosted.highWatermark : offset;
  if (to < 0 || to > hosted.highWatermark) return refused("OFFSET_OUT_OF_RANGE");
  const from = log.logStartOffset;
  if (to > from) {
    advanceLogStart(log, to, ctx.self.config.profile !== "3.9");
    say(ctx, { kind: "log-start-advanced", topicPartition, from, to, reason: "delete-records" });
  }
  return { topicPartition, errorCode: null, requiredOffset: to, lowWatermark: -1 };
}

/** A follower's fetch said where its log begins. */
export function noteFollowerLogStart(
  ctx: BrokerCtx,
  partition: HostedPartition,
  replica: BrokerId,
  logStartOffset: number,
): void {
  if (partition.followerLogStarts[replica] === logStartOffset) return;
  partition.followerLogStarts = Object.freeze({ ...partition.followerLogStarts, [replica]: logStartOffset });
  lookAtDeletes(ctx);
}

/** Answers the requests whose partitions have all been followed, or moved away. */
function lookAtDeletes(ctx: BrokerCtx): void {
  for (const operation of Object.values(brokerOf(ctx).delayedDeletes)) {
    for (const one of operation.partitions) {
      if (one.errorCode !== null) continue;
      const partition = ledPartition(ctx, one.topicPartition);
      if (partition === null) one.errorCode = "NOT_LEADER_OR_FOLLOWER";
      else {
        one.lowWatermark = lowWatermark(ctx, partition);
        if (one.lowWatermark >= one.requiredOffset) one.errorCode = "NONE";
      }
    }
    if (operation.partitions.every((one) => one.errorCode !== null)) answerDelete(ctx, operation);
  }
}

/** The least log start of the replicas whose brokers are alive. */
function lowWatermark(ctx: BrokerCtx, partition: HostedPartition): number {
  const { metadata } = brokerOf(ctx);
  const starts = partition.replicas
    .filter((one) => one !== ctx.self.config.brokerId && isAlive(metadata, one))
    .map((one) => partition.followerLogStarts[one] ?? -1);
  return Math.min(logFor(ctx, partition).logStartOffset, ...starts);
}
