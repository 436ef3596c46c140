/** Elections that are asked for, elections that may lose records, and ISR changes that leaders ask for. */
import { describe, expect, test } from "vitest";
import { PROFILES } from "../../../src/sim/kafka/profiles/profile.ts";
import type { TopicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import {
  ask,
  cluster,
  controllerIn,
  factsOf,
  moveController,
  type Script,
  stateLines,
  statesByPartition,
  topic,
  writesOf,
  zkWrite,
} from "./support.ts";

const T0 = "t-0" as TopicPartition;
const preferred = zkWrite([
  {
    op: "create",
    path: "/admin/preferred_replica_election",
    data: { version: 1, partitions: [{ topic: "t", partition: 0 }] },
    ephemeral: false,
    sequential: false,
  },
]);

/** b1 leads t-0, dies, and comes back; b2 leads since. */
const moved: Script = [
  [12, "command", topic("t", { 0: [1, 2, 3] })],
  ...moveController(13, 3),
  [15, "kill", { who: "b1" }],
  [25, "start", { who: "b1" }],
];

describe.each(PROFILES)("%s", (profile) => {
  test("a preferred election moves the leader back with one epoch; held again it costs an epoch in 2.1 only", () => {
    const script: Script = [...moved, [30, "command", preferred], [32, "command", preferred]];
    const run = cluster(profile, script, { config: { autoLeaderRebalanceEnable: false } });
    run.advance(34_000_000);
    const again = profile === "2.1" ? ["c 1/3/[1,2,3] v4"] : [];
    expect(statesByPartition(writesOf(run), "t")["0"]?.slice(3)).toEqual(["c 1/2/[1,2,3] v3", ...again]);
    const requests = writesOf(run).filter(({ path }) => path === "/admin/preferred_replica_election");
    expect(requests.map(({ op }) => op)).toEqual(["create", "delete", "create", "delete"]);
  });

  test("the controller looks for leaders out of place 5 s after it was elected, and then at the interval set", () => {
    const run = cluster(profile, moved, { config: { leaderImbalanceCheckIntervalSeconds: 20 } });
    run.advance(60_000_000);
    // Elected at 13.0: looks at 18.0, when b1 is dead, and at 38.0.
    const back = factsOf(run, "leader-elected").filter(({ strategy }) => strategy === "preferred");
    expect(back).toMatchObject([{ actor: "b3", topicPartition: "t-0", leader: "b1", leaderEpoch: 2 }]);
    expect(back[0]?.at).toBeGreaterThan(38);
    expect(back[0]?.at).toBeLessThan(38.1);
  });

  /** b2 is taken out of the ISR by its death, b1 dies as the last member, b2 comes back alone. */
  const lastDies: Script = [
    [12, "command", topic("t", { 0: [1, 2] })],
    ...moveController(13, 3),
    [15, "kill", { who: "b2" }],
    [25, "kill", { who: "b1" }],
    [35, "start", { who: "b2" }],
  ];

  test("nobody of the ISR is left: the partition waits for its last member", () => {
    const run = cluster(profile, lastDies, { config: { uncleanLeaderElectionEnable: false } });
    run.advance(45_000_000);
    expect(statesByPartition(writesOf(run), "t")["0"]).toEqual(["c 1/0/[1,2] v0", "c 1/1/[1] v1", "c -1/2/[1] v2"]);
    expect(factsOf(run, "election-failed").map(({ reason }) => reason)).toContain("no replica may lead");
  });

  test("with unclean elections another replica leads, alone, and the fact says that it was not in sync", () => {
    const run = cluster(profile, lastDies, { config: { uncleanLeaderElectionEnable: true } });
    run.advance(45_000_000);
    expect(statesByPartition(writesOf(run), "t")["0"]?.at(-1)).toBe("c 2/3/[2] v3");
    const elected = factsOf(run, "leader-elected").at(-1);
    expect(elected).toMatchObject({ leader: "b2", isr: ["b2"], evidence: { unclean: true } });
    const znode = writesOf(run)
      .filter(({ path }) => path.endsWith("/state"))
      .at(-1)?.data;
    const recovery = (znode as { leader_recovery_state?: number }).leader_recovery_state;
    expect(recovery).toBe(profile === "3.9" ? 1 : undefined);
  });

  test("a topic that comes to allow unclean elections gets its election at once, except in 0.10", () => {
    const data = { version: 1, config: { "unclean.leader.election.enable": "true" } };
    const allow = zkWrite([{ op: "setData", path: "/config/topics/t", data, version: -1 }]);
    const run = cluster(profile, [...lastDies, [45, "command", allow]], {
      config: { uncleanLeaderElectionEnable: false },
    });
    run.advance(47_000_000);
    expect(stateLines(run, 45)).toEqual(profile === "0.10" ? [] : ["b3 setData t-0 2/3/[2] ce2 v3"]);
  });
});

test("ElectLeaders answers for each partition (3.9)", () => {
  const elect = (electionType: "preferred" | "unclean", ...names: string[]) =>
    ask("b3", "ElectLeaders", { electionType, topicPartitions: names as TopicPartition[] });
  const script: Script = [
    ...moved,
    [30, "command", elect("preferred", "t-0", "t-9")],
    [31, "command", elect("preferred", "t-0")],
    [32, "command", ask("b1", "ElectLeaders", { electionType: "preferred", topicPartitions: [T0] })],
    [33, "command", elect("unclean", "t-0")],
  ];
  const run = cluster("3.9", script, { config: { autoLeaderRebalanceEnable: false } });
  run.advance(34_000_000);
  const answers = factsOf(run, "asked").map(({ outcome }) => {
    const { errorCode, results } = (outcome as { data: { errorCode: string; results: { errorCode: string }[] } }).data;
    return [errorCode, ...results.map((result) => result.errorCode)];
  });
  expect(answers).toEqual([
    ["NONE", "NONE", "UNKNOWN_TOPIC_OR_PARTITION"],
    ["NONE", "ELECTION_NOT_NEEDED"],
    ["NOT_CONTROLLER"],
    ["NONE", "ELECTION_NOT_NEEDED"],
  ]);
});

describe("AlterPartition (3.9)", () => {
  const alter = (to: string, brokerEpoch: number, change: object = {}) => {
    const proposal = { topicPartition: T0, leaderEpoch: 0, newIsr: [1, 2], leaderRecoveryState: 0, partitionEpoch: 0 };
    return ask(to, "AlterPartition", {
      brokerId: 1,
      brokerEpoch,
      partitions: [{ ...proposal, ...change } as never],
    });
  };
  const script: Script = [[12, "command", topic("t", { 0: [1, 2, 3] })]];
  /** The epoch that b1 registers with in every run of this cluster. */
  const epoch = (() => {
    const run = cluster("3.9", script);
    run.advance(11_000_000);
    return controllerIn(run, "b1")?.context.liveBrokers[1]?.epoch ?? -1;
  })();

  function answerTo(request: Record<string, unknown>) {
    const run = cluster("3.9", [...script, [13, "command", request]]);
    run.advance(13_500_000);
    const answers = factsOf(run, "asked").map(({ outcome }) => {
      const { data } = outcome as { data: { errorCode: string; partitions: { errorCode: string }[] } };
      return [data.errorCode, ...data.partitions.map((one) => one.errorCode)];
    });
    return { run, answer: answers[0] };
  }

  test("is written by the controller, under the version it knows and with the same leader epoch", () => {
    const { run, answer } = answerTo(alter("b1", epoch));
    expect(answer).toEqual(["NONE", "NONE"]);
    expect(stateLines(run, 13)[0]).toBe("b1 setData t-0 1/0/[1,2] ce1 v1");
    expect(factsOf(run, "isr-change-written")[0]).toMatchObject({ from: ["b1", "b2", "b3"], to: ["b1", "b2"] });
  });

  test("is refused from an earlier life of a broker, with an old leader epoch, or by a broker that is not the controller", () => {
    expect(answerTo(alter("b1", epoch - 1)).answer).toEqual(["STALE_BROKER_EPOCH"]);
    expect(answerTo(alter("b2", epoch)).answer).toEqual(["NOT_CONTROLLER"]);
    expect(answerTo(alter("b1", epoch, { leaderEpoch: -1 })).answer).toEqual(["NONE", "FENCED_LEADER_EPOCH"]);
    expect(answerTo(alter("b1", epoch, { newIsr: [1, 4] })).answer).toEqual(["NONE", "INELIGIBLE_REPLICA"]);
  });

  test("is refused when somebody else has written the state", () => {
    const path = "/brokers/topics/t/partitions/0/state";
    const data = { version: 1, leader: 1, leader_epoch: 0, controller_epoch: 1, isr: [1] };
    const foreign = zkWrite([{ op: "setData", path, data, version: -1 }]);
    const run = cluster("3.9", [...script, [12.9, "command", foreign], [13, "command", alter("b1", epoch)]]);
    run.advance(13_500_000);
    expect(factsOf(run, "asked")[0]?.outcome).toMatchObject({
      data: { partitions: [{ errorCode: "INVALID_UPDATE_VERSION" }] },
    });
  });
});

describe("a broker that restarts between two looks of the controller (H17)", () => {
  /** The controller sleeps while b1 dies, its session ends, and b1 registers again. */
  const script: Script = [
    [12, "command", topic("t", { 0: [1, 2, 3], 1: [2, 1, 3] })],
    ...moveController(13, 3),
    [14, "kill", { who: "b1" }],
    [17.5, "pause", { who: "b3" }],
    [20.2, "start", { who: "b1" }],
    [21.3, "resume", { who: "b3" }],
  ];

  test("3.9 sees the higher broker epoch: failure and startup in one", () => {
    const run = cluster("3.9", script);
    run.advance(26_000_000);
    expect(factsOf(run, "broker-failed").map(({ reason }) => reason)).toEqual(["restarted"]);
    expect(statesByPartition(writesOf(run), "t")["0"]?.[1]).toBe("c 2/1/[2,3] v1");
  });

  test("2.1 does not notice: nobody is elected", () => {
    const run = cluster("2.1", script);
    run.advance(26_000_000);
    expect(factsOf(run, "broker-failed")).toEqual([]);
    expect(statesByPartition(writesOf(run), "t")["0"]).toEqual(["c 1/0/[1,2,3] v0"]);
  });
});

test("0.10: a broker that starts alone finds its own partitions dead, and elects itself when it registers", () => {
  const alone: Script = [
    [12, "command", topic("t", { 0: [1, 2, 3] })],
    [15, "kill", { who: "b1" }],
    [15, "kill", { who: "b2" }],
    [15, "kill", { who: "b3" }],
    [30, "start", { who: "b1" }],
  ];
  const states = PROFILES.map((profile) => {
    const run = cluster(profile, alone);
    run.advance(33_000_000);
    return statesByPartition(writesOf(run), "t")["0"]?.slice(1);
  });
  // As recorded in power-loss-everywhere: 2.1 writes nothing, 3.9 takes the others out one by one.
  expect(states).toEqual([["c 1/1/[1] v1"], [], ["c 1/1/[1,3] v1", "c 1/2/[1] v2"]]);
});
