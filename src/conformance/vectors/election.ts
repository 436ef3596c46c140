/**
 * Kinds leader_election and isr_removal: who leads, and who stays in the ISR.
 */
import { type ElectionStrategy, electLeader, isrWithout } from "../../sim/kafka/controller/election.ts";
import { compared, statedFields, type VectorKind } from "./kind.ts";

export const leaderElectionKind: VectorKind = {
  kind: "leader_election",
  run: ({ input, expected }) => {
    const { strategy, assignment, isr, live, shuttingDown, uncleanEnabled } = input as {
      strategy: ElectionStrategy;
      assignment: number[];
      isr: number[];
      live: number[];
      shuttingDown?: number[];
      uncleanEnabled?: boolean;
    };
    const result = electLeader(strategy, {
      replicas: assignment,
      isr,
      liveBrokers: live,
      shuttingDownBrokers: shuttingDown ?? [],
      isUncleanEnabled: uncleanEnabled ?? false,
    });
    const uncleanElections = result?.isUnclean === true ? 1 : 0;
    return compared(
      expected,
      result === null
        ? { leader: null, uncleanElections }
        : { leader: result.leader, uncleanElections, newIsr: result.isr },
    );
  },
};

export const isrRemovalKind: VectorKind = {
  kind: "isr_removal",
  run: ({ input, expected }) => {
    const { assignment, ...rest } = input as {
      assignment: number[];
      leader: number;
      isr: number[];
      replica: number;
    };
    const { isWritten, leader, isr, recipients } = isrWithout({ ...rest, replicas: assignment });
    const leaderEpochDelta = isWritten ? 1 : 0;
    const ours = { written: isWritten, leader, isr, leaderEpochDelta, leaderAndIsrTo: recipients };
    return compared(expected, statedFields(expected as object, ours));
  },
};
