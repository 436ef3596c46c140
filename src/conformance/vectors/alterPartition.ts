/**
 * Kind alter_partition: the controller's checks of a leader's wish to change its ISR.
 */
import {
  type AlterPartitionCurrent,
  checkAlterPartition,
  checkAlterPartitionRequest,
} from "../../sim/kafka/controller/alterPartition.ts";
import { compared, statedFields, type VectorKind } from "./kind.ts";

interface AlterPartitionInput {
  controller: {
    active: boolean;
    liveBrokerEpochs: Record<number, number>;
    partition: Omit<AlterPartitionCurrent, "leaderRecoveryState"> | null;
  };
  request: {
    brokerId: number;
    brokerEpoch: number;
    leaderEpoch: number;
    partitionEpoch: number;
    isr: number[];
    recovery?: "RECOVERED" | "RECOVERING";
  };
}

export const alterPartitionKind: VectorKind = {
  kind: "alter_partition",
  run: ({ input, expected }) => {
    const { controller, request } = input as AlterPartitionInput;
    const context = {
      isActiveController: controller.active,
      brokerEpochs: controller.liveBrokerEpochs,
      shuttingDownBrokers: [],
    };
    const topLevel = checkAlterPartitionRequest(context, request);
    if (topLevel !== null) return compared(expected, { topLevel });

    const current: AlterPartitionCurrent | null =
      controller.partition === null ? null : { ...controller.partition, leaderRecoveryState: 0 };
    const { leaderEpoch, partitionEpoch, isr: newIsr, recovery } = request;
    const leaderRecoveryState = recovery === "RECOVERING" ? 1 : 0;
    const proposal = { leaderEpoch, partitionEpoch, newIsr, leaderRecoveryState } as const;
    const verdict = checkAlterPartition(context, current, proposal);
    const ours =
      verdict.kind === "refused"
        ? { partition: verdict.error }
        : {
            partition: "NONE",
            written: verdict.kind === "write",
            ...(verdict.kind === "write" ? verdict.state : current),
          };
    return compared(expected, statedFields(expected as object, ours));
  },
};
