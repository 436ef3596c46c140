/**
 * 3.9: the leader asks the controller to change the ISR, and goes on meanwhile.
 *
 * In Kafka     AlterPartitionManager, Partition.submitAlterPartition (KIP-497).
 * Simplified   the request goes straight to the broker that the metadata cache names as controller.
 *
 * proposed → sent → committed | reverted | stuck until the next LeaderAndIsr | sent again
 * All proposals of the broker travel in one request, and one request is on its way at a time.
 */
import { MILLISECOND } from "../../engine/types.ts";
import type { AlterPartitionResponse } from "../protocol/control-plane.ts";
import { type BrokerId, brokerActor, type TopicPartition } from "../protocol/ids.ts";
import { call, type Outcome, type Then } from "../rpc.ts";
import { type IsrShrinkEvidence, say } from "./facts.ts";
import { advanceHighWatermark } from "./highWatermark.ts";
import { committed } from "./isrCommit.ts";
import { finishIsrChange, type IsrChangeOutcome, type PendingIsrChange } from "./isrState.ts";
import { isAlive, leaderStateOf, names } from "./partition.ts";
import { type AlterPartitionItem, type BrokerCtx, brokerOf, type HostedPartition } from "./state.ts";

/** Pause before it is sent again: after an answer that helped nobody, and when no controller is to be found. */
const ALTER_RETRY_TIMER = "alter-partition";
const ALTER_RETRY = 50 * MILLISECOND;
const CONTROLLER_RETRY = 100 * MILLISECOND;

interface AlterPartitionThen extends Then {
  readonly kind: "broker.alter-partition";
  readonly items: readonly AlterPartitionItem[];
}

/** Adds a proposal to what is to be sent. */
export function enqueueAlter(
  ctx: BrokerCtx,
  partition: HostedPartition,
  pending: PendingIsrChange,
  from: readonly BrokerId[],
  evidence: IsrShrinkEvidence | null,
): void {
  const { topicPartition, leaderEpoch } = partition;
  const { partitionEpoch } = leaderStateOf(partition);
  brokerOf(ctx).alterPartition.unsent[topicPartition] = Object.freeze({
    topicPartition,
    leaderEpoch,
    newIsr: pending.isr,
    partitionEpoch,
    from,
    evidence,
  });
  sendAlter(ctx);
}

/** Sends all proposals in one request, unless one is on its way. */
function sendAlter(ctx: BrokerCtx): void {
  const { alterPartition, metadata, brokerEpoch, phase } = brokerOf(ctx);
  const items = Object.values(alterPartition.unsent);
  if (alterPartition.inFlight || items.length === 0 || phase !== "running") return;
  const { config } = ctx.self;
  if (metadata.controllerId < 0 || !isAlive(metadata, metadata.controllerId)) {
    ctx.setTimer(ALTER_RETRY_TIMER, CONTROLLER_RETRY);
    return;
  }
  alterPartition.inFlight = true;
  const then: AlterPartitionThen = { kind: "broker.alter-partition", items };
  const partitions = items.map(({ topicPartition, leaderEpoch, newIsr, partitionEpoch }) => ({
    topicPartition,
    leaderEpoch,
    newIsr,
    leaderRecoveryState: 0 as const,
    partitionEpoch,
  }));
  const request = { brokerId: config.brokerId, brokerEpoch, partitions };
  const timeout = config.broker.controllerSocketTimeoutMs * MILLISECOND;
  call(ctx, brokerActor(metadata.controllerId), "to-controller", "AlterPartition", request, then, timeout);
}

function onAlterAnswer(ctx: BrokerCtx, then: AlterPartitionThen, outcome: Outcome): void {
  const { alterPartition } = brokerOf(ctx);
  alterPartition.inFlight = false;
  if (outcome.kind !== "answer") {
    ctx.setTimer(ALTER_RETRY_TIMER, CONTROLLER_RETRY);
    return;
  }
  const data = outcome.data as AlterPartitionResponse;
  if (data.errorCode !== "NONE") {
    ctx.setTimer(ALTER_RETRY_TIMER, data.errorCode === "NOT_CONTROLLER" ? CONTROLLER_RETRY : ALTER_RETRY);
    return;
  }
  let again = false;
  for (const item of then.items) {
    const { topicPartition } = item;
    const answer = data.partitions.find((one) => one.topicPartition === topicPartition);
    if (answer === undefined || answer.errorCode === "NOT_CONTROLLER") again = true;
    else if (isSame(alterPartition.unsent[topicPartition], item)) {
      delete alterPartition.unsent[topicPartition];
      if (applyAlter(ctx, item, answer) === "retry") {
        alterPartition.unsent[topicPartition] = item;
        again = true;
      }
    }
  }
  if (again) ctx.setTimer(ALTER_RETRY_TIMER, CONTROLLER_RETRY);
  else sendAlter(ctx);
}

/** Whether this proposal is still the one to be made. By what it says: a state may have been written down and read again. */
function isSame(one: AlterPartitionItem | undefined, other: AlterPartitionItem): boolean {
  if (one === undefined || one.leaderEpoch !== other.leaderEpoch || one.partitionEpoch !== other.partitionEpoch)
    return false;
  return one.newIsr.length === other.newIsr.length && one.newIsr.every((id, index) => id === other.newIsr[index]);
}

function applyAlter(
  ctx: BrokerCtx,
  item: AlterPartitionItem,
  answer: AlterPartitionResponse["partitions"][number],
): IsrChangeOutcome {
  const { topicPartition } = item;
  const partition = brokerOf(ctx).partitions[topicPartition];
  if (partition === undefined || partition.leaderState === null || partition.leaderEpoch !== item.leaderEpoch) {
    return "superseded";
  }
  const state = partition.leaderState;
  const { errorCode, leaderEpoch, partitionEpoch, isr } = answer;
  const outcome = finishIsrChange(
    state,
    errorCode === "NONE"
      ? { kind: "written", leaderEpoch, partitionEpoch, isr }
      : { kind: "refused", error: errorCode },
  );
  if (outcome === "committed") committed(ctx, partition, item.from, item.evidence);
  else if (errorCode !== "NONE") {
    say(ctx, {
      kind: "isr-update-refused",
      topicPartition,
      to: names(item.newIsr),
      partitionEpoch: item.partitionEpoch,
      reason: errorCode,
    });
    if (outcome === "reverted") advanceHighWatermark(ctx, partition);
  }
  return outcome;
}

/** A new order for the partition supersedes what its leader had proposed. */
export function dropProposal(ctx: BrokerCtx, topicPartition: TopicPartition): void {
  delete brokerOf(ctx).alterPartition.unsent[topicPartition];
}

export const alterTimers = { [ALTER_RETRY_TIMER]: sendAlter };

export const alterThens = { "broker.alter-partition": onAlterAnswer };
