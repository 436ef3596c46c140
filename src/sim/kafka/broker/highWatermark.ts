/**
 * The high watermark of a led partition: the offset below which every in-sync replica has the data.
 *
 * In Kafka     Partition.maybeIncrementLeaderHW; the rules are in isrState.ts.
 */
import { say } from "./facts.ts";
import { nextHighWatermark } from "./isrState.ts";
import { isrContext, leaderStateOf } from "./partition.ts";
import { checkDelayed } from "./purgatory.ts";
import type { BrokerCtx, HostedPartition } from "./state.ts";

/** Moves the mark if the followers allow it, and lets go what waited for that. True if it moved. */
export function advanceHighWatermark(ctx: BrokerCtx, partition: HostedPartition): boolean {
  const next = nextHighWatermark(leaderStateOf(partition), isrContext(ctx, partition));
  const { topicPartition, highWatermark: from } = partition;
  if (next <= from) return false;
  partition.highWatermark = next;
  say(ctx, { kind: "high-watermark-advanced", topicPartition, from, to: next, role: "leader" });
  checkDelayed(ctx, topicPartition);
  return true;
}
