/**
 * What the controller writes, event by event, against recorded clusters and the tables of leader epochs in the spec.
 */
import { describe, expect, test } from "vitest";
import {
  afterIsrChange,
  afterSteps,
  type ControlledPartition,
  type ControllerView,
  onBrokerFailure,
  onBrokerStartup,
  onControllerFailover,
  onPreferredElection,
  onReassignmentComplete,
  onReassignmentStart,
  type PartitionStep,
  plainAssignment,
} from "../../src/sim/kafka/controller/partitionStates.ts";
import { PROFILES, type Profile } from "../../src/sim/kafka/profiles/profile.ts";
import { rulesOf } from "../../src/sim/kafka/rules.ts";

function viewOf(profile: Profile, liveBrokers: number[], more: Partial<ControllerView> = {}): ControllerView {
  const rules = rulesOf(profile);
  return { controllerEpoch: 7, liveBrokers, shuttingDownBrokers: [], isUncleanEnabled: false, profile, rules, ...more };
}

function partitionOf(replicas: number[], leader = replicas[0]!, isr = replicas): ControlledPartition {
  const epochs = { leaderEpoch: 0, partitionEpoch: 0, controllerEpoch: 1 };
  return { assignment: plainAssignment(replicas), state: { leader, isr, ...epochs, leaderRecoveryState: 0 } };
}

/** Written states as "leader/epoch/isr", assignments as lists. */
function writesOf(steps: PartitionStep[]): string[] {
  return steps.flatMap((step) => {
    if (step.kind === "write-assignment") return [`AR ${step.assignment.replicas}`];
    if (step.kind !== "write-state") return [];
    return [`${step.state.leader}/${step.state.leaderEpoch}/${step.state.isr}`];
  });
}

describe("a controller failover with two dead brokers, one of them the leader", () => {
  const partition = partitionOf([2, 3, 1]);

  test("3.9 removes them one by one, lower id first, and then elects", () => {
    expect(writesOf(onControllerFailover(partition, viewOf("3.9", [3])))).toEqual(["2/1/2,3", "-1/2/3", "3/3/3"]);
  });

  test("2.1 and 0.10 only elect", () => {
    for (const profile of ["2.1", "0.10"] as const) {
      expect(writesOf(onControllerFailover(partition, viewOf(profile, [3])))).toEqual(["3/1/3"]);
    }
  });
});

test("a follower that died with the controller stays in the ISR before 2.3", () => {
  const steps = PROFILES.map((profile) => writesOf(onControllerFailover(partitionOf([1, 2]), viewOf(profile, [1]))));
  expect(steps).toEqual([[], [], ["1/1/1"]]);
});

test("a single copy keeps its dead member; only 0.10 empties the ISR, if it may elect unclean leaders", () => {
  const partition = partitionOf([1]);
  const written = PROFILES.map((profile) =>
    writesOf(onBrokerFailure(partition, [1], viewOf(profile, [2], { isUncleanEnabled: true }))),
  );
  expect(written).toEqual([["-1/1/"], ["-1/1/1"], ["-1/1/1"]]);
  expect(writesOf(onBrokerFailure(partition, [1], viewOf("0.10", [2])))).toEqual(["-1/1/1"]);
});

test("an emptied ISR is filled by an unclean election when the broker returns", () => {
  const view = viewOf("0.10", [1], { isUncleanEnabled: true });
  expect(writesOf(onBrokerStartup(partitionOf([1], -1, []), view))).toEqual(["1/1/1"]);
});

test("an unclean winner is marked as recovering in 3.9, until the leader changes the ISR", () => {
  const partition = partitionOf([1, 2], 1, [1]);
  const marks = PROFILES.map((profile) => {
    const view = viewOf(profile, [2], { isUncleanEnabled: true });
    return afterSteps(partition, onBrokerFailure(partition, [1], view)).state!;
  });
  expect(marks.map((state) => [state.leader, state.leaderRecoveryState])).toEqual([
    [2, 0],
    [2, 0],
    [2, 1],
  ]);
  expect(afterIsrChange(marks[2]!, [2, 1])).toMatchObject({
    leaderRecoveryState: 0,
    leaderEpoch: 1,
    partitionEpoch: 2,
  });
});

test("without the rule electsFromIsr a replica outside the ISR may win a clean election, alone", () => {
  const rules = rulesOf("2.1", ["electsFromIsr"]);
  const steps = onBrokerFailure(partitionOf([1, 2, 3], 1, [1, 3]), [1], viewOf("2.1", [2, 3], { rules }));
  expect(writesOf(steps)).toEqual(["2/1/2"]);
});

test("a preferred election with nothing to do raises the epoch in 2.1 only", () => {
  const written = PROFILES.map((profile) =>
    writesOf(onPreferredElection(partitionOf([1, 2]), viewOf(profile, [1, 2]))),
  );
  expect(written).toEqual([[], ["1/1/1,2"], []]);
});

test("every write carries the epoch of the controller that made it", () => {
  const [step] = onBrokerFailure(partitionOf([1, 2]), [1], viewOf("2.1", [2]));
  expect(step).toMatchObject({
    kind: "write-state",
    state: { controllerEpoch: 7, partitionEpoch: 1 },
    recipients: [2],
  });
});

describe("a reassignment", () => {
  /** Runs one to its end; the leader takes the target into the ISR in between. */
  function reassign(profile: Profile, replicas: number[], target: number[]): string[] {
    const view = viewOf(profile, [1, 2, 3, 4]);
    const start = onReassignmentStart(partitionOf(replicas), target, view);
    let partition = afterSteps(partitionOf(replicas), start);
    const isr = [...new Set([...replicas, ...target])];
    if (isr.length > replicas.length) partition = { ...partition, state: afterIsrChange(partition.state!, isr) };
    return [...writesOf(start), ...writesOf(onReassignmentComplete(partition, target, view))];
  }

  test.each(PROFILES)("%s: costs the leader epochs of the table", (profile) => {
    const cost = (replicas: number[], target: number[]): number =>
      reassign(profile, replicas, target).filter((write) => !write.startsWith("AR")).length;
    expect([
      cost([1], [2]),
      cost([1, 2, 3], [2, 3, 4]),
      cost([1, 2, 3], [3, 2, 1]),
      cost([1, 2], [1, 2, 3]),
      cost([1, 2, 3], [2, 3]),
    ]).toEqual([3, 3, 1, 2, 2]);
  });

  test("2.1 writes the union, the epoch, the new leader, the removal, and then the target", () => {
    expect(reassign("2.1", [1], [2])).toEqual(["AR 2,1", "1/1/1", "2/2/1,2", "2/3/2", "AR 2"]);
  });

  test("a mere reorder writes the topic znode twice in 3.9, once in 2.1", () => {
    expect(reassign("3.9", [1, 2], [2, 1])).toEqual(["AR 2,1", "1/1/1,2", "AR 2,1"]);
    expect(reassign("2.1", [1, 2], [2, 1])).toEqual(["1/1/1,2", "AR 2,1"]);
  });

  test("3.9: cancelling takes a replica that had joined already out of the ISR", () => {
    const view = viewOf("3.9", [1, 2, 3]);
    const moving = afterSteps(partitionOf([1, 2]), onReassignmentStart(partitionOf([1, 2]), [1, 2, 3, 4], view));
    const joined = { ...moving, state: afterIsrChange(moving.state!, [1, 2, 3]) };
    expect(writesOf(onReassignmentStart(joined, [1, 2], view))).toEqual(["AR 1,2", "1/2/1,2"]);
  });
});
