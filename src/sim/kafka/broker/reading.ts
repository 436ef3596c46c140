/**
 * Reading one partition for a Fetch: who may read, from where, up to where.
 *
 * In Kafka     Partition.fetchRecords, readRecords; ReplicaManager.readFromLog.
 * Left out     reading from followers (KIP-392), aborted transactions in the answer.
 */
import { epochAt, readBatches } from "../log/log.ts";
import { firstOpenTransactionOffset } from "../log/producerState.ts";
import type { PartitionLog } from "../log/state.ts";
import { checkFetchConsistency } from "../log/truncation.ts";
import type { FetchedPartition, FetchPartition, FetchRequest } from "../protocol/data-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { brokerActor, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import { say } from "./facts.ts";
import { logFor } from "./partition.ts";
import { type BrokerCtx, brokerOf, type HostedPartition } from "./state.ts";

const NO_RECORDS: FetchedPartition["records"] = Object.freeze([]);

/** Whether the metadata cache knows the partition. */
export function isKnown(ctx: BrokerCtx, topicPartition: TopicPartition): boolean {
  return brokerOf(ctx).metadata.topics[topicOf(topicPartition)]?.[partitionOf(topicPartition)] !== undefined;
}

/** The error for a partition that this broker does not host: another leads it, or nobody knows it. */
export function notHosted(ctx: BrokerCtx, topicPartition: TopicPartition): ErrorName {
  return isKnown(ctx, topicPartition) ? "NOT_LEADER_OR_FOLLOWER" : "UNKNOWN_TOPIC_OR_PARTITION";
}

/** Who leads the partition as far as this broker knows; sent with NOT_LEADER_OR_FOLLOWER since 3.7 (KIP-951). */
export function currentLeader(
  ctx: BrokerCtx,
  topicPartition: TopicPartition,
): { readonly leaderId: number; readonly leaderEpoch: number } | null {
  if (ctx.self.config.profile !== "3.9") return null;
  const hosted = brokerOf(ctx).partitions[topicPartition];
  if (hosted !== undefined && hosted.leader >= 0) return { leaderId: hosted.leader, leaderEpoch: hosted.leaderEpoch };
  const cached = brokerOf(ctx).metadata.topics[topicOf(topicPartition)]?.[partitionOf(topicPartition)];
  return cached === undefined ? null : { leaderId: cached.leader, leaderEpoch: cached.leaderEpoch };
}

/** The check of the leader epoch that a request names; -1 names none. */
export function checkLeaderEpoch(ctx: BrokerCtx, partition: HostedPartition, epoch: number): ErrorName | null {
  if (epoch < 0 || !ctx.self.config.rules.fencesFetchByLeaderEpoch || epoch === partition.leaderEpoch) return null;
  return epoch < partition.leaderEpoch ? "FENCED_LEADER_EPOCH" : "UNKNOWN_LEADER_EPOCH";
}

/** The offset that read_committed consumers may read up to. */
export function lastStableOffset(log: PartitionLog, highWatermark: number): number {
  const open = firstOpenTransactionOffset(log.producers);
  return open === null ? highWatermark : Math.min(highWatermark, open);
}

/** Where the sender of a fetch has to stop. */
export function readLimit(
  ctx: BrokerCtx,
  partition: HostedPartition,
  log: PartitionLog,
  request: Pick<FetchRequest, "replicaId" | "isolationLevel">,
): number {
  if (request.replicaId >= 0 || !ctx.self.config.rules.consumersStopAtHighWatermark) return log.logEndOffset;
  if (request.isolationLevel === "read_committed") return lastStableOffset(log, partition.highWatermark);
  return partition.highWatermark;
}

/** The partition and its log if the request may be served here, or the error. */
export function servedPartition(
  ctx: BrokerCtx,
  topicPartition: TopicPartition,
  currentLeaderEpoch: number,
  replicaId: number,
): { readonly partition: HostedPartition; readonly log: PartitionLog } | ErrorName {
  const partition = brokerOf(ctx).partitions[topicPartition];
  if (partition === undefined) return notHosted(ctx, topicPartition);
  const fenced = checkLeaderEpoch(ctx, partition, currentLeaderEpoch);
  if (fenced !== null) return fenced;
  if (partition.role !== "leader") return "NOT_LEADER_OR_FOLLOWER";
  if (replicaId >= 0 && !partition.replicas.includes(replicaId)) {
    // The follower knows of an assignment that this leader has not been told of yet.
    return currentLeaderEpoch >= 0 ? "UNKNOWN_LEADER_EPOCH" : "NOT_LEADER_OR_FOLLOWER";
  }
  return { partition, log: logFor(ctx, partition) };
}

/** One partition of a fetch: at most `maxBytes`, but one batch in any case if `atLeastOne`. */
export function readPartition(
  ctx: BrokerCtx,
  request: FetchRequest,
  want: FetchPartition,
  maxBytes: number,
  atLeastOne: boolean,
): FetchedPartition {
  const { topicPartition, fetchOffset, lastFetchedEpoch } = want;
  const served = servedPartition(ctx, topicPartition, want.currentLeaderEpoch, request.replicaId);
  if (typeof served === "string") return refused(ctx, request, want, served);
  const { partition, log } = served;
  const { highWatermark } = partition;
  const { logStartOffset, logEndOffset, epochs } = log;
  const result: FetchedPartition = {
    topicPartition,
    errorCode: "NONE",
    highWatermark,
    lastStableOffset: lastStableOffset(log, highWatermark),
    logStartOffset,
    divergingEpoch: null,
    currentLeader: null,
    records: NO_RECORDS,
  };

  if (ctx.self.config.rules.truncatesOnFetch) {
    const consistency = checkFetchConsistency(
      { logStartOffset, logEndOffset, epochs },
      { fetchOffset, lastFetchedEpoch },
    );
    if (consistency.kind === "error") return refused(ctx, request, want, consistency.error);
    if (consistency.kind === "diverging") {
      const { epoch, endOffset } = consistency;
      say(ctx, {
        kind: "divergence-found",
        topicPartition,
        follower: senderOf(request),
        fetchOffset,
        lastFetchedEpoch,
        epoch,
        endOffset,
      });
      return { ...result, divergingEpoch: { epoch, endOffset } };
    }
  }
  if (fetchOffset < logStartOffset || fetchOffset > logEndOffset) {
    return refused(ctx, request, want, "OFFSET_OUT_OF_RANGE");
  }
  const limit = readLimit(ctx, partition, log, request);
  if (fetchOffset >= limit) return result;
  const records = readBatches(log, fetchOffset, limit, Math.min(maxBytes, want.partitionMaxBytes), atLeastOne);
  return records.length === 0 ? result : { ...result, records };
}

/** The whole of a request, read at once (as for one that was parked). */
export function readAll(ctx: BrokerCtx, request: FetchRequest): FetchedPartition[] {
  let left = request.maxBytes;
  let atLeastOne = true;
  return request.partitions.map((want) => {
    const result = readPartition(ctx, request, want, left, atLeastOne);
    if (result.records.length > 0) atLeastOne = false;
    left = Math.max(0, left - bytesOf(result));
    return result;
  });
}

export function bytesOf(result: FetchedPartition): number {
  let bytes = 0;
  for (const batch of result.records) bytes += batch.sizeBytes;
  return bytes;
}

/** Epoch of the last record of a log, as a 3.9 follower names it; -1 if it has none. */
export function lastEpochOf(log: PartitionLog): number {
  return epochAt(log, log.logEndOffset);
}

function senderOf(request: FetchRequest): string {
  return request.replicaId >= 0 ? brokerActor(request.replicaId) : "a consumer";
}

function refused(ctx: BrokerCtx, request: FetchRequest, want: FetchPartition, errorCode: ErrorName): FetchedPartition {
  const { topicPartition, fetchOffset } = want;
  say(ctx, { kind: "fetch-refused", topicPartition, error: errorCode, from: senderOf(request), fetchOffset });
  const tellsLeader = errorCode === "NOT_LEADER_OR_FOLLOWER" || errorCode === "FENCED_LEADER_EPOCH";
  return {
    topicPartition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: null,
    currentLeader: tellsLeader ? currentLeader(ctx, topicPartition) : null,
    records: NO_RECORDS,
  };
}
