/**
 * 0.10, 2.1: the leader writes an ISR change into the state znode itself, on the version it has cached.
 *
 * In Kafka     ReplicationUtils.updateLeaderAndIsr, checkLeaderAndIsrZkData; ReplicaManager.maybePropagateIsrChanges.
 *
 * proposed → written | refused (somebody else wrote: BADVERSION; the session expired)
 *
 * The write holds the partition: while ZooKeeper is away produce and fetch of it wait, and so does the check of the others.
 */
import { MILLISECOND } from "../../engine/types.ts";
import { type BrokerId, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { type Outcome, resume, type Then } from "../rpc.ts";
import { type IsrShrinkEvidence, say } from "./facts.ts";
import { committed } from "./isrCommit.ts";
import { finishIsrChange, type IsrChangeAnswer, type PendingIsrChange } from "./isrState.ts";
import { leaderStateOf, names } from "./partition.ts";
import type { BrokerPorts } from "./ports.ts";
import { type BrokerCtx, brokerOf, type HostedPartition } from "./state.ts";
import { zkResultOf } from "./zk.ts";

/** How often changes are made known in /isr_change_notification, how quiet it must be, and the longest delay. */
const PROPAGATION_TIMER = "isr-change-propagation";
const PROPAGATION_INTERVAL = 2500 * MILLISECOND;
const PROPAGATION_QUIET = 5000 * MILLISECOND;
const PROPAGATION_CAP = 60000 * MILLISECOND;

export interface IsrWrittenThen extends Then {
  readonly kind: "broker.isr-written";
  readonly topicPartition: TopicPartition;
  readonly step: "write" | "check";
  readonly from: readonly BrokerId[];
  readonly evidence: IsrShrinkEvidence | null;
}

/** Starts the periodic look for changes to make known. */
export function startPropagation(ctx: BrokerCtx): void {
  ctx.setTimer(PROPAGATION_TIMER, PROPAGATION_INTERVAL);
}

function statePath(topicPartition: TopicPartition): string {
  return `/brokers/topics/${topicOf(topicPartition)}/partitions/${partitionOf(topicPartition)}/state`;
}

function stateData(ctx: BrokerCtx, partition: HostedPartition, isr: readonly BrokerId[]): Record<string, unknown> {
  return {
    controller_epoch: partition.controllerEpoch,
    leader: ctx.self.config.brokerId,
    version: 1,
    leader_epoch: partition.leaderEpoch,
    isr: [...isr],
  };
}

/** Writes the proposed ISR; the partition is held until the answer is there. */
export function writeIsr(
  ctx: BrokerCtx,
  ports: BrokerPorts,
  partition: HostedPartition,
  pending: PendingIsrChange,
  from: readonly BrokerId[],
  evidence: IsrShrinkEvidence | null,
): void {
  const { topicPartition } = partition;
  partition.isrWrite = true;
  const then: IsrWrittenThen = { kind: "broker.isr-written", topicPartition, step: "write", from, evidence };
  sendWrite(ctx, ports, partition, pending.isr, then);
}

function sendWrite(
  ctx: BrokerCtx,
  ports: BrokerPorts,
  partition: HostedPartition,
  isr: readonly BrokerId[],
  then: IsrWrittenThen,
): void {
  const version = ctx.self.config.rules.conditionalIsrWrites ? leaderStateOf(partition).partitionEpoch : -1;
  const data = stateData(ctx, partition, isr);
  const path = statePath(partition.topicPartition);
  ports.zkRequest(ctx, { op: "setData", path, data, version }, { ...then, step: "write" } as IsrWrittenThen);
}

function onIsrWritten(ctx: BrokerCtx, ports: BrokerPorts, then: IsrWrittenThen, outcome: Outcome): void {
  const { topicPartition } = then;
  const partition = brokerOf(ctx).partitions[topicPartition];
  if (partition === undefined || partition.leaderState === null || partition.leaderState.pending === null) return;
  const state = partition.leaderState;
  const { isr } = partition.leaderState.pending;
  const result = zkResultOf(outcome);
  if (result.error === "SESSIONEXPIRED" && brokerOf(ctx).phase === "running") {
    // The write goes on waiting for a connection, and is tried in the next session.
    sendWrite(ctx, ports, partition, isr, then);
    return;
  }
  if (then.step === "write" && result.error === "BADVERSION") {
    // The write may have succeeded unheard before the connection broke: then the znode says just what we wrote.
    const check: IsrWrittenThen = { ...then, step: "check" };
    ports.zkRequest(ctx, { op: "getData", path: statePath(topicPartition), watch: false }, check);
    return;
  }
  const version = writtenVersion(ctx, partition, then, result, isr);
  partition.isrWrite = false;
  if (version === null) {
    finishIsrChange(state, { kind: "bad-version" });
    say(ctx, {
      kind: "isr-update-refused",
      topicPartition,
      to: names(isr),
      partitionEpoch: state.partitionEpoch,
      reason:
        result.error === "SESSIONEXPIRED"
          ? "the session expired"
          : `cached zkVersion ${state.partitionEpoch} is not that in ZooKeeper`,
    });
  } else {
    const answer: IsrChangeAnswer = { kind: "written", leaderEpoch: state.leaderEpoch, partitionEpoch: version, isr };
    const outcomeOfChange = finishIsrChange(state, answer);
    if (outcomeOfChange === "committed") committed(ctx, partition, then.from, then.evidence);
    recordIsrChange(ctx, topicPartition);
  }
  resume(ctx, { kind: "broker.unblocked", topicPartition } as Then, { kind: "unblocked" });
}

/** The version that the state has after our write; null if the write was refused. */
function writtenVersion(
  ctx: BrokerCtx,
  partition: HostedPartition,
  then: IsrWrittenThen,
  result: ZkResult,
  isr: readonly BrokerId[],
): number | null {
  if (result.error !== "OK") return null;
  if (then.step === "write") return result.stat?.version ?? leaderStateOf(partition).partitionEpoch + 1;
  const found = result.data as Record<string, unknown> | null | undefined;
  const ours = stateData(ctx, partition, isr);
  const isOurs =
    found !== null &&
    found !== undefined &&
    found.leader === ours.leader &&
    found.leader_epoch === ours.leader_epoch &&
    found.controller_epoch === ours.controller_epoch &&
    JSON.stringify(found.isr) === JSON.stringify(ours.isr);
  return isOurs ? (result.stat?.version ?? null) : null;
}

function recordIsrChange(ctx: BrokerCtx, topicPartition: TopicPartition): void {
  const { isrChanges } = brokerOf(ctx);
  if (!isrChanges.changed.includes(topicPartition)) isrChanges.changed.push(topicPartition);
  isrChanges.lastChange = ctx.now;
}

function onPropagation(ctx: BrokerCtx, ports: BrokerPorts): void {
  ctx.setTimer(PROPAGATION_TIMER, PROPAGATION_INTERVAL);
  const { isrChanges, phase } = brokerOf(ctx);
  if (phase !== "running" || isrChanges.changed.length === 0) return;
  const isQuiet = isrChanges.lastChange + PROPAGATION_QUIET < ctx.now;
  const isOverdue = isrChanges.lastPropagation + PROPAGATION_CAP < ctx.now;
  if (!isQuiet && !isOverdue) return;
  const partitions = isrChanges.changed.map((one) => ({ topic: topicOf(one), partition: partitionOf(one) }));
  isrChanges.changed = [];
  isrChanges.lastPropagation = ctx.now;
  ports.zkRequest(
    ctx,
    {
      op: "create",
      path: "/isr_change_notification/isr_change_",
      data: { version: 1, partitions },
      ephemeral: false,
      sequential: true,
    },
    { kind: "broker.nothing" },
  );
}

export function isrWriteTimers(ports: BrokerPorts) {
  return { [PROPAGATION_TIMER]: (ctx: BrokerCtx) => onPropagation(ctx, ports) };
}

export function isrWriteThens(ports: BrokerPorts) {
  return {
    "broker.isr-written": (ctx: BrokerCtx, then: IsrWrittenThen, outcome: Outcome) =>
      onIsrWritten(ctx, ports, then, outcome),
  };
}
