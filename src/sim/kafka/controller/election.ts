/**
 * Who leads a partition, and who stays in its ISR when a replica goes offline.
 *
 * In Kafka     PartitionLeaderElectionAlgorithms and Election (0.10: PartitionLeaderSelector); ReplicaStateMachine's
 *              doRemoveReplicasFromIsr (0.10: KafkaController.removeReplicaFromIsr).
 * Simplified   a broker is online or not; a failed log directory is not told from a failed broker.
 *
 * Pure functions over ids. Every list is in its stored order: the assignment's order decides the leader.
 */
import { assertNever } from "../../engine/assert.ts";

export type ElectionStrategy = "offline" | "reassign" | "preferred" | "controlledShutdown";

/** What an election looks at. */
export interface ElectionInput {
  /** The assignment; for `reassign`, the target replicas. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Registered brokers, those that are shutting down included. */
  readonly liveBrokers: readonly number[];
  readonly shuttingDownBrokers?: readonly number[];
  /** unclean.leader.election.enable of the topic; only the offline strategy asks. */
  readonly isUncleanEnabled?: boolean;
  /** With the rule electsFromIsr off: any online replica may lead. */
  readonly isIsrIgnored?: boolean;
}

/** A winner. `isUnclean`: it was not in the ISR, so records acknowledged with acks=all may be lost. */
export interface ElectionResult {
  readonly leader: number;
  readonly isr: number[];
  readonly isUnclean: boolean;
  /** Assigned replicas that LeaderAndIsr goes to. */
  readonly recipients: number[];
}

/** The result, or null if nobody may lead: the state then stays as it is. */
export function electLeader(strategy: ElectionStrategy, input: ElectionInput): ElectionResult | null {
  switch (strategy) {
    case "offline":
      return offlineElection(input);
    case "reassign":
      return reassignElection(input);
    case "preferred":
      return preferredElection(input);
    case "controlledShutdown":
      return controlledShutdownElection(input);
    default:
      return assertNever(strategy);
  }
}

/** The first online ISR member in assignment order; without one, and if allowed, the first online replica, alone. */
export function offlineElection(input: ElectionInput): ElectionResult | null {
  const online = onlineBrokers(input);
  const recipients = input.replicas.filter((replica) => online.includes(replica));
  const leader =
    recipients.find((replica) => mayLead(input, replica)) ??
    (input.isUncleanEnabled === true ? recipients[0] : undefined);
  if (leader === undefined) return null;
  const isr = input.isr.filter((member) => online.includes(member));
  return resultOf(input, leader, isr, recipients);
}

/** The first target replica that is online and in the ISR; the ISR stays. */
export function reassignElection(input: ElectionInput): ElectionResult | null {
  const online = onlineBrokers(input);
  const leader = input.replicas.find((replica) => mayLead(input, replica) && online.includes(replica));
  return leader === undefined ? null : resultOf(input, leader, input.isr, input.replicas);
}

/** The first replica of the assignment, if it is online and in the ISR; the ISR stays. */
export function preferredElection(input: ElectionInput): ElectionResult | null {
  const preferred = reassignElection({ ...input, replicas: input.replicas.slice(0, 1) });
  return preferred === null ? null : { ...preferred, recipients: [...input.replicas] };
}

/** The first ISR member that is not shutting down; brokers that are leave the ISR but still get LeaderAndIsr. */
export function controlledShutdownElection(input: ElectionInput): ElectionResult | null {
  const shuttingDown = input.shuttingDownBrokers ?? [];
  const recipients = input.replicas.filter((replica) => input.liveBrokers.includes(replica));
  const leader = recipients.find((replica) => mayLead(input, replica) && !shuttingDown.includes(replica));
  if (leader === undefined) return null;
  const isr = input.isr.filter((member) => !shuttingDown.includes(member));
  return resultOf(input, leader, isr, recipients);
}

/** Registered and not shutting down. */
export function onlineBrokers(input: Pick<ElectionInput, "liveBrokers" | "shuttingDownBrokers">): number[] {
  return input.liveBrokers.filter((broker) => !(input.shuttingDownBrokers ?? []).includes(broker));
}

function mayLead(input: ElectionInput, replica: number): boolean {
  return input.isr.includes(replica) || input.isIsrIgnored === true;
}

/** A winner from outside the ISR is the whole new ISR: whatever the others have beyond its log will be cut. */
function resultOf(
  input: ElectionInput,
  leader: number,
  isr: readonly number[],
  recipients: readonly number[],
): ElectionResult {
  const isUnclean = !input.isr.includes(leader);
  return { leader, isr: isUnclean ? [leader] : [...isr], isUnclean, recipients: [...recipients] };
}

/** What {@link isrWithout} looks at. */
export interface IsrRemovalInput {
  readonly replicas: readonly number[];
  readonly leader: number;
  readonly isr: readonly number[];
  readonly replica: number;
  /** 0.10 with unclean election enabled: the last member goes too. Since 0.11 it always stays. */
  readonly mayEmptyIsr?: boolean;
}

/** The state after a removal. If nothing is written LeaderAndIsr goes out all the same, with the old leader epoch. */
export interface IsrRemovalResult {
  readonly isWritten: boolean;
  /** -1 if the replica led. */
  readonly leader: number;
  readonly isr: number[];
  readonly recipients: number[];
}

/**
 * Takes an offline replica out of the ISR. A member costs a write and a leader epoch, even the only one, which stays:
 * without it nobody would know who may lead later.
 */
export function isrWithout(input: IsrRemovalInput): IsrRemovalResult {
  const { leader, isr, replica } = input;
  const recipients = input.replicas.filter((one) => one !== replica);
  if (!isr.includes(replica)) return { isWritten: false, leader, isr: [...isr], recipients };

  const remaining = isr.filter((member) => member !== replica);
  return {
    isWritten: true,
    leader: leader === replica ? -1 : leader,
    isr: remaining.length === 0 && input.mayEmptyIsr !== true ? [...isr] : remaining,
    recipients,
  };
}
