/**
 * Kind controller_scenario: what the controller makes of one partition, event by event.
 */
import {
  afterIsrChange,
  afterSteps,
  type ControlledPartition,
  type ControllerView,
  createState,
  isRemainingAfterShutdown,
  onBrokerFailure,
  onBrokerStartup,
  onControlledShutdown,
  onControllerFailover,
  onPreferredElection,
  onReassignmentComplete,
  onReassignmentStart,
  type PartitionStep,
  plainAssignment,
} from "../../sim/kafka/controller/partitionStates.ts";
import { rulesOf } from "../../sim/kafka/rules.ts";
import { compared, statedFields, unsupported, type VectorKind } from "./kind.ts";

interface ScenarioStep {
  op: string;
  id: number;
  ids: number[];
  isr: number[];
  target: number[];
}

export const controllerScenarioKind: VectorKind = {
  kind: "controller_scenario",
  run: ({ input, expected, profile }) => {
    const { assignment, live, unclean } = input as { assignment: number[]; live: number[]; unclean?: boolean };
    let view: ControllerView = {
      controllerEpoch: 1,
      liveBrokers: live,
      shuttingDownBrokers: [],
      isUncleanEnabled: unclean ?? false,
      profile,
      rules: rulesOf(profile),
    };
    let partition: ControlledPartition = { assignment: plainAssignment(assignment), state: null };
    let target: number[] = [];
    let remaining = 0;
    const apply = (steps: PartitionStep[]): void => {
      partition = afterSteps(partition, steps);
    };
    apply(createState(partition, view));

    const stated: unknown[] = [];
    const ours: unknown[] = [];
    for (const step of (expected as { steps: ScenarioStep[] }).steps) {
      if (step.op === "expect") {
        const { op, ...facts } = step;
        const seen = {
          ...partition.state,
          zkVersion: partition.state?.partitionEpoch,
          controllerEpoch: view.controllerEpoch,
          remaining,
        };
        stated.push(facts);
        ours.push(statedFields(facts, seen));
      } else if (step.op === "brokerDown" || step.op === "brokerDownControllerToo") {
        view = withoutBrokers(view, step.ids);
        if (step.op === "brokerDown") apply(onBrokerFailure(partition, step.ids, view));
        else {
          view = { ...view, controllerEpoch: view.controllerEpoch + 1, shuttingDownBrokers: [] };
          apply(onControllerFailover(partition, view));
        }
      } else if (step.op === "brokerUp") {
        view = { ...withoutBrokers(view, step.ids), liveBrokers: [...view.liveBrokers, ...step.ids] };
        apply(onBrokerStartup(partition, view));
      } else if (step.op === "controlledShutdown") {
        view = { ...view, shuttingDownBrokers: [...view.shuttingDownBrokers, step.id] };
        apply(onControlledShutdown(partition, step.id, view));
        remaining = isRemainingAfterShutdown(partition, step.id) ? 1 : 0;
      } else if (step.op === "alterIsr") {
        const { state } = partition;
        if (state !== null) partition = { ...partition, state: afterIsrChange(state, step.isr) };
      } else if (step.op === "preferred") {
        apply(onPreferredElection(partition, view));
      } else if (step.op === "reassignStart") {
        target = step.target;
        apply(onReassignmentStart(partition, target, view));
      } else if (step.op === "reassignComplete") {
        apply(onReassignmentComplete(partition, target, view));
      } else return unsupported(`no operation ${step.op}`);
    }
    return compared(stated, ours);
  },
};

function withoutBrokers(view: ControllerView, ids: readonly number[]): ControllerView {
  const remain = (list: readonly number[]): number[] => list.filter((broker) => !ids.includes(broker));
  return {
    ...view,
    liveBrokers: remain(view.liveBrokers),
    shuttingDownBrokers: remain(view.shuttingDownBrokers),
  };
}
