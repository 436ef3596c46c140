/**
 * Kind alter_partition: the controller's checks of a leader's wish to change its ISR.
 */
import {
  type AlterPartitionCurrent,
  checkAlterPartition,
  checkAlterPartitionRequest,
  type LeaderRecoveryState,
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
    recovery?: LeaderRecoveryState;
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
      controller.partition === null ? null : { ...controller.partition, leaderRecoveryState: "RECOVERED" };
    const proposal = { ...request, leaderRecoveryState: request.recovery ?? "RECOVERED" };
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
