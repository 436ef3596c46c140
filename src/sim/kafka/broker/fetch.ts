/**
 * The leader's side of Fetch: read, note what a follower's fetch tells, answer or park.
 *
 * In Kafka     KafkaApis.handleFetchRequest, ReplicaManager.fetchMessages, Partition.updateFollowerFetchState.
 * Simplified   every fetch lists all its partitions: fetch sessions (KIP-227) are not modelled, but for the leader epoch that
 *              2.1 forgets inside one (fetcher.ts).
 *
 * The answer to a fetch is read before the fetch is counted: the mark it carries is the one before. That is why a follower
 * learns of a high watermark one fetch late.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { FetchRequest } from "../protocol/data-plane.ts";
import { respond } from "../rpc.ts";
import { noteFollowerLogStart } from "./deleteRecords.ts";
import { advanceHighWatermark } from "./highWatermark.ts";
import { mayPropose, proposeExpand } from "./isrChange.ts";
import { canExpandIsr, recordFollowerFetch } from "./isrState.ts";
import { isrContext, leaderStateOf, ledPartition, logFor } from "./partition.ts";
import type { BrokerPorts } from "./ports.ts";
import { delayFetch } from "./purgatory.ts";
import { bytesOf, readPartition } from "./reading.ts";
import { type BlockedWork, type BrokerCtx, brokerOf } from "./state.ts";

type FetchWork = Extract<BlockedWork, { kind: "fetch" }>;

export function onFetch(ctx: BrokerCtx, ports: BrokerPorts, message: Message): void {
  runFetch(ctx, ports, {
    kind: "fetch",
    message,
    phase: "read",
    next: 0,
    read: [],
    bytes: 0,
    ends: [],
    at: ctx.now,
    counted: -1,
    hasMoved: false,
  });
}

/** Goes on with a Fetch from where an ISR write stopped it (2.1, 0.10), or from its beginning. */
export function runFetch(ctx: BrokerCtx, ports: BrokerPorts, work: FetchWork): void {
  const { data } = work.message.body as RpcRequest<"Fetch">;
  if (work.phase === "read") {
    if (!readOn(ctx, work, data)) return;
    work.phase = "update";
    work.next = 0;
    work.at = ctx.now;
  }
  if (data.replicaId >= 0 && !updateOn(ctx, ports, work, data)) return;
  answerOrPark(ctx, work, data);
}

/** Reads the partitions that are still to be read. False if one of them is held; 0.10 reads without the partition's lock. */
function readOn(ctx: BrokerCtx, work: FetchWork, data: FetchRequest): boolean {
  const { partitions } = brokerOf(ctx);
  const locks = ctx.self.config.profile !== "0.10";
  while (work.next < data.partitions.length) {
    const want = data.partitions[work.next] as (typeof data.partitions)[number];
    const partition = partitions[want.topicPartition];
    if (locks && partition?.isrWrite === true) {
      brokerOf(ctx).blocked.push({ on: want.topicPartition, work });
      return false;
    }
    const result = readPartition(ctx, data, want, Math.max(0, data.maxBytes - work.bytes), work.bytes === 0);
    work.read.push(result);
    work.bytes += bytesOf(result);
    work.ends.push(partition?.role === "leader" ? logFor(ctx, partition).logEndOffset : -1);
    work.next += 1;
  }
  return true;
}

/** Counts a follower's fetch: where its log ends, whether it may join the ISR, how far the mark may move. False if held. */
function updateOn(ctx: BrokerCtx, ports: BrokerPorts, work: FetchWork, data: FetchRequest): boolean {
  while (work.next < data.partitions.length) {
    const index = work.next;
    const want = data.partitions[index] as (typeof data.partitions)[number];
    const result = work.read[index] as FetchWork["read"][number];
    const { topicPartition, fetchOffset } = want;
    const partition = ledPartition(ctx, topicPartition);
    if (partition === null || result.errorCode !== "NONE" || result.divergingEpoch !== null) {
      work.next += 1;
      continue;
    }
    const state = leaderStateOf(partition);
    if (work.counted !== index) {
      const leaderLogEndOffset = Math.max(work.ends[index] as number, fetchOffset);
      work.hasMoved = recordFollowerFetch(state, data.replicaId, { fetchOffset, leaderLogEndOffset, at: work.at });
      work.counted = index;
      noteFollowerLogStart(ctx, partition, data.replicaId, want.logStartOffset);
    }
    if (partition.isrWrite) {
      brokerOf(ctx).blocked.push({ on: topicPartition, work });
      return false;
    }
    work.next += 1;
    const isOutside = !state.isr.includes(data.replicaId);
    if (isOutside && mayPropose(ctx) && canExpandIsr(state, data.replicaId, isrContext(ctx, partition))) {
      proposeExpand(ctx, ports, partition, data.replicaId);
      if (partition.isrWrite) {
        // The thread that serves this fetch waits for its own write; the mark is looked at after it.
        brokerOf(ctx).blocked.push({ on: topicPartition, work });
        return false;
      }
    }
    if (work.hasMoved) advanceHighWatermark(ctx, partition);
  }
  return true;
}

function answerOrPark(ctx: BrokerCtx, work: FetchWork, data: FetchRequest): void {
  const isUrgent = work.read.some((one) => one.errorCode !== "NONE" || one.divergingEpoch !== null);
  const isEnough = work.bytes >= data.minBytes;
  if (data.maxWaitMs <= 0 || data.partitions.length === 0 || isUrgent || isEnough) {
    respond(ctx, work.message, "Fetch", { errorCode: "NONE", responses: work.read });
    return;
  }
  delayFetch(ctx, work.message, ctx.now + data.maxWaitMs * MILLISECOND);
}
