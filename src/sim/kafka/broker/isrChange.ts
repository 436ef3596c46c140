/**
 * The leader's wishes to change the ISR: who is late, who has caught up.
 *
 * In Kafka     Partition.maybeExpandIsr, maybeShrinkIsr; ReplicaManager.maybeShrinkIsr (the isr-expiration task).
 *
 * How a wish becomes the state: isrWrite.ts (0.10, 2.1), alterPartition.ts (3.9).
 */
import { MILLISECOND } from "../../engine/types.ts";
import { type BrokerId, brokerActor, type TopicPartition } from "../protocol/ids.ts";
import { enqueueAlter } from "./alterPartition.ts";
import { type IsrShrinkEvidence, say } from "./facts.ts";
import { beginIsrChange, isrToShrink, type PendingIsrChange } from "./isrState.ts";
import { startPropagation, writeIsr } from "./isrWrite.ts";
import { isrContext, leaderStateOf, logFor, names } from "./partition.ts";
import type { BrokerPorts } from "./ports.ts";
import { type BrokerCtx, brokerOf, type HostedPartition } from "./state.ts";

/** How often late followers are looked for, as a part of replica.lag.time.max.ms. */
const CHECKS_PER_LAG = 2;
const ISR_CHECK_TIMER = "isr-expiration";

/** Starts the periodic work when the broker starts to serve. */
export function startIsrTasks(ctx: BrokerCtx): void {
  ctx.setTimer(ISR_CHECK_TIMER, checkInterval(ctx));
  if (!ctx.self.config.rules.isrChangesByController) startPropagation(ctx);
}

/**
 * Whether a change may be proposed now. While an order waits for a partition that a write holds, no other write may begin:
 * an order for many partitions would otherwise starve behind writes that hold now one of them, now another.
 */
export function mayPropose(ctx: BrokerCtx): boolean {
  return ctx.self.config.rules.isrChangesByController || brokerOf(ctx).orders.length === 0;
}

/** Proposes to take a follower that has caught up into the ISR. */
export function proposeExpand(ctx: BrokerCtx, ports: BrokerPorts, partition: HostedPartition, replica: BrokerId): void {
  const { topicPartition } = partition;
  const state = leaderStateOf(partition);
  const from = state.isr;
  const pending = beginIsrChange(state, "expand", [replica]);
  say(ctx, { kind: "isr-expand-proposed", topicPartition, from: names(from), to: names(pending.isr) });
  submit(ctx, ports, partition, pending, from, null);
}

function proposeShrink(
  ctx: BrokerCtx,
  ports: BrokerPorts,
  partition: HostedPartition,
  members: readonly BrokerId[],
): void {
  const { topicPartition } = partition;
  const state = leaderStateOf(partition);
  const from = state.isr;
  const evidence: IsrShrinkEvidence = {
    members: members.map((member) => ({
      broker: brokerActor(member),
      logEndOffset: state.remotes[member]?.logEndOffset ?? -1,
      lastCaughtUp: state.remotes[member]?.lastCaughtUp ?? null,
    })),
    leaderLogEndOffset: logFor(ctx, partition).logEndOffset,
    limitMs: ctx.self.config.broker.replicaLagTimeMaxMs,
  };
  const pending = beginIsrChange(state, "shrink", members);
  say(ctx, { kind: "isr-shrink-proposed", topicPartition, from: names(from), to: names(pending.isr), evidence });
  submit(ctx, ports, partition, pending, from, evidence);
}

function submit(
  ctx: BrokerCtx,
  ports: BrokerPorts,
  partition: HostedPartition,
  pending: PendingIsrChange,
  from: readonly BrokerId[],
  evidence: IsrShrinkEvidence | null,
): void {
  if (ctx.self.config.rules.isrChangesByController) enqueueAlter(ctx, partition, pending, from, evidence);
  else writeIsr(ctx, ports, partition, pending, from, evidence);
}

function checkInterval(ctx: BrokerCtx): number {
  return Math.floor((ctx.self.config.broker.replicaLagTimeMaxMs * MILLISECOND) / CHECKS_PER_LAG);
}

function onIsrCheck(ctx: BrokerCtx, ports: BrokerPorts): void {
  ctx.setTimer(ISR_CHECK_TIMER, checkInterval(ctx));
  const memory = brokerOf(ctx);
  if (memory.phase !== "running") return;
  // The check runs in one thread: one that hangs in a write keeps the next from starting.
  if (memory.shrinkCheck !== null) memory.shrinkCheckOverdue = true;
  else {
    memory.shrinkCheck = ledPartitions(ctx);
    continueIsrCheck(ctx, ports);
  }
}

function ledPartitions(ctx: BrokerCtx): TopicPartition[] {
  return Object.values(brokerOf(ctx).partitions).flatMap((one) => (one.role === "leader" ? one.topicPartition : []));
}

/** Begins the check that fell due while another one hung, if there is one. */
export function startOverdueIsrCheck(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  if (memory.shrinkCheck !== null || !memory.shrinkCheckOverdue) return;
  memory.shrinkCheckOverdue = false;
  memory.shrinkCheck = ledPartitions(ctx);
  continueIsrCheck(ctx, ports);
}

/** Goes on with the check until a partition is held by a write (2.1, 0.10), or to its end. */
export function continueIsrCheck(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  while (memory.shrinkCheck !== null) {
    const topicPartition = memory.shrinkCheck[0];
    if (topicPartition === undefined) {
      memory.shrinkCheck = null;
      return;
    }
    const partition = memory.partitions[topicPartition];
    if (partition?.isrWrite === true) return;
    memory.shrinkCheck.shift();
    // Its write is over; refused or not, it is looked at again only by the next check.
    if (memory.shrinkCheckHeld) {
      memory.shrinkCheckHeld = false;
      continue;
    }
    if (partition === undefined || partition.role !== "leader") continue;
    const late = isrToShrink(leaderStateOf(partition), isrContext(ctx, partition));
    if (late.length > 0 && mayPropose(ctx)) proposeShrink(ctx, ports, partition, late);
    if ((partition as HostedPartition).isrWrite) {
      memory.shrinkCheck.unshift(topicPartition);
      memory.shrinkCheckHeld = true;
      return;
    }
  }
}

export function isrTimers(ports: BrokerPorts) {
  return { [ISR_CHECK_TIMER]: (ctx: BrokerCtx) => onIsrCheck(ctx, ports) };
}
