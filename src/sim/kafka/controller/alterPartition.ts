/**
 * The controller's checks of an AlterPartition request: a leader's wish to change its ISR.
 *
 * In Kafka     KafkaController.processAlterPartition, tryProcessAlterPartition (KIP-497, KIP-841); IBP 2.7-IV2 and later.
 * Simplified   one version of the request (that of 3.9): the checks of names and topic ids are the caller's.
 * Left out     the write itself: its version may still be refused by ZooKeeper, which is INVALID_UPDATE_VERSION too.
 */
import type { AlterPartitionRequest, PartitionState } from "../protocol/control-plane.ts";

/** The partition's state as the controller knows it; leaderRecoveryState 1 while an unclean leader recovers. */
export type AlterPartitionCurrent = Pick<
  PartitionState,
  "leader" | "leaderEpoch" | "isr" | "partitionEpoch" | "leaderRecoveryState"
>;

/** Who is asking, and who is alive. */
export interface AlterPartitionContext {
  readonly isActiveController: boolean;
  /** Broker epoch of each registered broker. */
  readonly brokerEpochs: Readonly<Record<number, number>>;
  readonly shuttingDownBrokers: readonly number[];
}

/** What the leader proposes for one partition. */
export type AlterPartitionProposal = Omit<AlterPartitionRequest["partitions"][number], "topicPartition">;

export type AlterPartitionError =
  | "NOT_CONTROLLER"
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "FENCED_LEADER_EPOCH"
  | "INVALID_UPDATE_VERSION"
  | "INVALID_REQUEST"
  | "INELIGIBLE_REPLICA";

export type AlterPartitionVerdict =
  | { readonly kind: "refused"; readonly error: AlterPartitionError }
  /** The state is already as proposed: answered with it, nothing is written. */
  | { readonly kind: "unchanged" }
  /** To be written with the version the controller knows; the leader epoch stays, the partition epoch rises by 1. */
  | { readonly kind: "write"; readonly state: AlterPartitionCurrent };

/** The checks for the request as a whole; null: look at its partitions. */
export function checkAlterPartitionRequest(
  context: AlterPartitionContext,
  request: Pick<AlterPartitionRequest, "brokerId" | "brokerEpoch">,
): "NOT_CONTROLLER" | "STALE_BROKER_EPOCH" | null {
  if (!context.isActiveController) return "NOT_CONTROLLER";
  return context.brokerEpochs[request.brokerId] === request.brokerEpoch ? null : "STALE_BROKER_EPOCH";
}

/** The checks for one partition, in Kafka's order; `current` is null if the controller does not know it. */
export function checkAlterPartition(
  context: AlterPartitionContext,
  current: AlterPartitionCurrent | null,
  proposal: AlterPartitionProposal,
): AlterPartitionVerdict {
  if (current === null) return { kind: "refused", error: "UNKNOWN_TOPIC_OR_PARTITION" };
  // A leader that is ahead of this controller talks to one that has been replaced.
  if (proposal.partitionEpoch > current.partitionEpoch || proposal.leaderEpoch > current.leaderEpoch) {
    return { kind: "refused", error: "NOT_CONTROLLER" };
  }
  if (proposal.leaderEpoch < current.leaderEpoch) return { kind: "refused", error: "FENCED_LEADER_EPOCH" };
  // A repeated proposal whose answer was lost; its partition epoch is old, and that is fine.
  if (isSameState(current, proposal)) return { kind: "unchanged" };
  if (proposal.partitionEpoch < current.partitionEpoch) return { kind: "refused", error: "INVALID_UPDATE_VERSION" };
  if (isImpossibleRecovery(current, proposal)) return { kind: "refused", error: "INVALID_REQUEST" };
  if (!proposal.newIsr.every((member) => isEligible(context, member))) {
    return { kind: "refused", error: "INELIGIBLE_REPLICA" };
  }
  const { leader, leaderEpoch } = current;
  const { leaderRecoveryState } = proposal;
  const partitionEpoch = current.partitionEpoch + 1;
  return {
    kind: "write",
    state: { leader, leaderEpoch, isr: [...proposal.newIsr], partitionEpoch, leaderRecoveryState },
  };
}

function isSameState(current: AlterPartitionCurrent, proposal: AlterPartitionProposal): boolean {
  return (
    current.leaderRecoveryState === proposal.leaderRecoveryState &&
    current.isr.length === proposal.newIsr.length &&
    current.isr.every((member, place) => member === proposal.newIsr[place])
  );
}

/** A leader that recovers from an unclean election is alone, and no leader goes back to recovering. */
function isImpossibleRecovery(current: AlterPartitionCurrent, proposal: AlterPartitionProposal): boolean {
  if (proposal.leaderRecoveryState === 0) return false;
  return proposal.newIsr.length > 1 || current.leaderRecoveryState === 0;
}

function isEligible(context: AlterPartitionContext, member: number): boolean {
  return context.brokerEpochs[member] !== undefined && !context.shuttingDownBrokers.includes(member);
}
