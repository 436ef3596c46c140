/**
 * An ISR change that has been written: the leader counts the new ISR, and what that lets go.
 *
 * In Kafka     Partition.handleAlterPartitionUpdate (3.9), updateIsr (0.10, 2.1).
 */
import type { BrokerId } from "../protocol/ids.ts";
import { type IsrShrinkEvidence, say } from "./facts.ts";
import { advanceHighWatermark } from "./highWatermark.ts";
import { leaderStateOf, names } from "./partition.ts";
import { checkDelayed } from "./purgatory.ts";
import type { BrokerCtx, HostedPartition } from "./state.ts";

/** `from` is the ISR before; `evidence` says why members went, null if one came. */
export function committed(
  ctx: BrokerCtx,
  partition: HostedPartition,
  from: readonly BrokerId[],
  evidence: IsrShrinkEvidence | null,
): void {
  const { topicPartition } = partition;
  const state = leaderStateOf(partition);
  partition.isr = state.isr;
  partition.partitionEpoch = state.partitionEpoch;
  const change = { topicPartition, from: names(from), to: names(state.isr) };
  if (evidence !== null) say(ctx, { kind: "isr-shrunk", ...change, evidence });
  else say(ctx, { kind: "isr-expanded", ...change });
  if (!advanceHighWatermark(ctx, partition)) checkDelayed(ctx, topicPartition);
}
