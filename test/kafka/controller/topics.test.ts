/** Topics: how they are created, grow, move and go, by what is written in ZooKeeper and in which order. */
import { describe, expect, test } from "vitest";
import type { Timeline } from "../../../src/sim/engine/timeline.ts";
import { PROFILES } from "../../../src/sim/kafka/profiles/profile.ts";
import type { CreateTopicsRequest } from "../../../src/sim/kafka/protocol/control-plane.ts";
import { topicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import {
  ask,
  cluster,
  controllerIn,
  factsOf,
  lineOf,
  moveController,
  type Script,
  stateLines,
  statesByPartition,
  topic,
  writesOf,
  zkWrite,
} from "./support.ts";

const create = { op: "create", ephemeral: false, sequential: false } as const;

function createTopics(name: string, spec: Partial<CreateTopicsRequest["topics"][number]>, to = "b1") {
  const one = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: {}, ...spec };
  return ask(to, "CreateTopics", { topics: [one], timeoutMs: 3000 });
}

function answers(run: Timeline): unknown[] {
  return factsOf(run, "asked").map(({ outcome }) => (outcome as { data: unknown }).data);
}

/** Answers to CreateTopics and CreatePartitions: error and message of the first topic. */
function topicAnswers(run: Timeline): [string, string | null][] {
  return answers(run).map((data) => {
    const [first] = (data as { topics: { errorCode: string; errorMessage: string | null }[] }).topics;
    return [first?.errorCode ?? "", first?.errorMessage ?? null];
  });
}

function pathsAfter(run: Timeline, second: number): string[] {
  return writesOf(run)
    .filter(({ t }) => t > second * 1000)
    .map(({ op, path }) => `${op} ${path.replace("/brokers/topics/", "")}`);
}

describe("the znodes of a new topic", () => {
  const script: Script = [[12, "command", topic("t", { 0: [1, 2], 1: [2, 1] })]];
  const byAdministrator = ["create /config/topics/t", "create t"];

  test("2.1 takes all partitions through each level of the path; 3.9 gives the topic an id first", () => {
    const levels = ["create t/partitions", "create t/partitions/0", "create t/partitions/1"];
    const states = ["create t/partitions/0/state", "create t/partitions/1/state"];
    for (const profile of ["2.1", "3.9"] as const) {
      const run = cluster(profile, script);
      run.advance(13_000_000);
      const id = profile === "3.9" ? ["setData t"] : [];
      expect(pathsAfter(run, 12)).toEqual([...byAdministrator, ...id, ...levels, ...states]);
    }
  });

  test("0.10 finishes one partition after the other", () => {
    const run = cluster("0.10", script);
    run.advance(13_000_000);
    expect(pathsAfter(run, 12)).toEqual([
      ...byAdministrator,
      "create t/partitions",
      "create t/partitions/0",
      "create t/partitions/0/state",
      "create t/partitions/1",
      "create t/partitions/1/state",
    ]);
  });
});

describe.each(PROFILES)("CreateTopics, %s", (profile) => {
  test("writes settings, then assignment, and answers when the partitions have leaders", () => {
    const run = cluster(profile, [[12, "command", createTopics("orders", { assignments: [[1, 2, 3]] })]]);
    run.advance(13_000_000);
    expect(pathsAfter(run, 12).slice(0, 2)).toEqual(["create /config/topics/orders", "create orders"]);
    expect(topicAnswers(run)).toEqual([["NONE", null]]);
    const answered = factsOf(run, "asked")[0]?.at ?? 0;
    const elected = factsOf(run, "leader-elected")[0]?.at ?? 0;
    expect(answered).toBeGreaterThan(elected);
  });

  test("refuses what Kafka refuses, in its words", () => {
    const run = cluster(profile, [
      [12, "command", createTopics("orders", {})],
      [12.1, "command", createTopics("orders", {})],
      [12.2, "command", createTopics("wide", { replicationFactor: 5 })],
      [12.3, "command", createTopics("none", { replicationFactor: 0 })],
      [12.4, "command", createTopics("empty", { numPartitions: 0 })],
      [12.5, "command", createTopics("twice", { assignments: [[1, 1]] })],
      [12.6, "command", createTopics("ragged", { assignments: [[1], [2, 3]] })],
      [12.7, "command", createTopics("a/b", {})],
      [12.8, "command", createTopics("a.b", {})],
      [12.9, "command", createTopics("a_b", {})],
      [13, "command", createTopics("conf", { configs: { "retention.ms": "soon" } })],
      [13.1, "command", createTopics("there", {}, "b2")],
    ]);
    run.advance(14_000_000);
    const map = profile === "3.9" ? "HashMap" : "Map";
    expect(topicAnswers(run).slice(0, 7)).toEqual([
      ["NONE", null],
      ["TOPIC_ALREADY_EXISTS", "Topic 'orders' already exists."],
      ["INVALID_REPLICATION_FACTOR", "Replication factor: 5 larger than available brokers: 3."],
      ["INVALID_REPLICATION_FACTOR", "Replication factor must be larger than 0."],
      ["INVALID_PARTITIONS", "Number of partitions must be larger than 0."],
      ["INVALID_REPLICA_ASSIGNMENT", `Duplicate replica assignment found: ${map}(0 -> ArrayBuffer(1, 1))`],
      ["INVALID_REPLICA_ASSIGNMENT", "All partitions should have the same number of replicas"],
    ]);
    expect(
      topicAnswers(run)
        .map(([errorCode]) => errorCode)
        .slice(7),
    ).toEqual(["INVALID_TOPIC_EXCEPTION", "NONE", "INVALID_TOPIC_EXCEPTION", "INVALID_CONFIG", "NOT_CONTROLLER"]);
    expect(topicAnswers(run)[9]?.[1]).toBe("Topic 'a_b' collides with existing topics: a.b");
  });

  test("a topic whose only replica is down waits for its broker; the request times out, the topic is there", () => {
    const run = cluster(profile, [
      [12, "kill", { who: "b3" }],
      [22, "command", createTopics("late", { assignments: [[3]] })],
      [30, "start", { who: "b3" }],
    ]);
    run.advance(29_000_000);
    expect(topicAnswers(run)).toEqual([["REQUEST_TIMED_OUT", null]]);
    expect(stateLines(run, 22)).toEqual([]);

    run.advance(33_000_000);
    expect(stateLines(run, 22)).toEqual(["b1 create late-0 3/0/[3] ce1 v0"]);
  });
});

test("partition numbers with a hole: accepted by 2.1, refused by 3.9", () => {
  for (const profile of ["2.1", "3.9"] as const) {
    const run = cluster(profile, [[12, "command", createTopics("hole", { assignments: [[1], [], [2]] })]]);
    run.advance(13_000_000);
    expect(topicAnswers(run)[0]?.[0]).toBe(profile === "2.1" ? "NONE" : "INVALID_REPLICA_ASSIGNMENT");
    const names = Object.keys(controllerIn(run, "b1")?.context.partitions ?? {});
    expect(names).toEqual(profile === "2.1" ? ["hole-0", "hole-2"] : []);
  }
});

test.each(["2.1", "3.9"] as const)("%s: CreatePartitions adds to the topic and moves nothing", (profile) => {
  const grow = (name: string, count: number) =>
    ask("b1", "CreatePartitions", { topics: [{ name, count }], timeoutMs: 3000 });
  const run = cluster(profile, [
    [12, "command", topic("a", { 0: [2, 3] })],
    [13, "command", grow("a", 3)],
    [14, "command", grow("a", 2)],
    [15, "command", grow("a", 3)],
    [16, "command", grow("nope", 2)],
  ]);
  run.advance(17_000_000);
  expect(topicAnswers(run)).toEqual([
    ["NONE", null],
    ["INVALID_PARTITIONS", "Topic currently has 3 partitions, which is higher than the requested 2."],
    ["INVALID_PARTITIONS", "Topic already has 3 partitions."],
    ["UNKNOWN_TOPIC_OR_PARTITION", "The topic 'nope' does not exist."],
  ]);
  // The start is the place of broker 2, the first replica of partition 0, among the live brokers 1, 2, 3.
  expect(stateLines(run, 13)).toEqual(["b1 create a-1 3/0/[3,2] ce1 v0", "b1 create a-2 1/0/[1,3] ce1 v0"]);
});

const deleteTopic = (name: string) => zkWrite([{ ...create, path: `/admin/delete_topics/${name}`, data: null }]);

describe.each(PROFILES)("deletion, %s", (profile) => {
  const config = { deleteTopicEnable: true };

  test("a dead broker does not keep the others from deleting; the znodes wait for it (delete-with-broker-down)", () => {
    const script: Script = [
      [12, "command", topic("gone", { 0: [1, 2], 1: [2, 3] })],
      [12.5, "command", topic("safe", { 0: [1, 2] })],
      [15, "kill", { who: "b3" }],
      [25, "command", deleteTopic("gone")],
      [25.001, "command", deleteTopic("safe")],
      [30, "start", { who: "b3" }],
    ];
    const run = cluster(profile, script, { config });
    run.advance(29_000_000);
    // As recorded: 2.1 takes broker 2 first, the others broker 1; 0.10 empties the ISR.
    const first = profile === "2.1" ? "c 1/1/[1] v1" : "c -1/1/[2] v1";
    const last = { "0.10": "c -1/2/[] v2", "2.1": "c -1/2/[1] v2", "3.9": "c -1/2/[2] v2" }[profile];
    expect(statesByPartition(writesOf(run), "safe")["0"]).toEqual(["c 1/0/[1,2] v0", first, last]);
    expect(pathsAfter(run, 25).filter((line) => line.startsWith("delete"))).toEqual([
      "delete safe/partitions/0/state",
      "delete safe/partitions/0",
      "delete safe/partitions",
      "delete safe",
      "delete /config/topics/safe",
      "delete /admin/delete_topics/safe",
    ]);
    expect(Object.keys(controllerIn(run, "b1")?.context.topics ?? {})).toEqual(["gone"]);

    run.advance(35_000_000);
    expect(pathsAfter(run, 30).filter((line) => line.startsWith("delete"))).toEqual([
      "delete gone/partitions/0/state",
      "delete gone/partitions/0",
      "delete gone/partitions/1/state",
      "delete gone/partitions/1",
      "delete gone/partitions",
      "delete gone",
      "delete /config/topics/gone",
      "delete /admin/delete_topics/gone",
    ]);
  });

  test("where topics may not be deleted the request is removed, and nothing else happens", () => {
    const script: Script = [
      [12, "command", topic("kept", { 0: [1, 2] })],
      [13, "command", deleteTopic("kept")],
    ];
    const run = cluster(profile, script, { config: { deleteTopicEnable: false } });
    run.advance(15_000_000);
    expect(pathsAfter(run, 13)).toEqual(["create /admin/delete_topics/kept", "delete /admin/delete_topics/kept"]);
  });
});

test("a broker that dies while a topic is deleted makes it wait, and costs a leader epoch each time (delete-while-broker-dies)", () => {
  const run = cluster("2.1", [
    [12, "command", topic("gone", { 0: [1, 2, 3] })],
    [14, "pause", { who: "b3" }],
    [14.001, "command", deleteTopic("gone")],
    [16, "kill", { who: "b3" }],
    [26, "start", { who: "b3" }],
  ]);
  run.advance(30_000_000);
  expect(statesByPartition(writesOf(run), "gone")["0"]).toEqual([
    "c 1/0/[1,2,3] v0",
    "c 1/1/[1,3] v1",
    "c -1/2/[3] v2",
    "c -1/3/[3] v3",
    "c -1/4/[3] v4",
    "c -1/5/[3] v5",
  ]);
  expect(writesOf(run).at(-1)?.path).toBe("/admin/delete_topics/gone");
});

/** As recorded in reassignment-steps, in every version. */
describe.each(PROFILES)("reassignment, %s", (profile) => {
  const by = (name: string, replicas: number[]) =>
    profile === "3.9"
      ? ask("b4", "AlterPartitionReassignments", {
          partitions: [{ topicPartition: topicPartition(name, 0), replicas }],
        })
      : zkWrite([
          {
            ...create,
            path: "/admin/reassign_partitions",
            data: { version: 1, partitions: [{ topic: name, partition: 0, replicas }] },
          },
        ]);

  function lines(name: string, from: number[], to: number[]): string[] {
    const script: Script = [
      [14, "command", topic(name, { 0: from })],
      ...moveController(15, 4, 4),
      [17, "command", by(name, to)],
    ];
    const run = cluster(profile, script, { brokers: 4, config: { autoLeaderRebalanceEnable: false } });
    run.advance(20_000_000);
    if (profile === "3.9")
      expect(answers(run)).toMatchObject([{ errorCode: "NONE", partitions: [{ errorCode: "NONE" }] }]);
    const written = writesOf(run).filter(({ t, path }) => t > 16_500 && !path.startsWith("/isr_change"));
    return written.map((write) => {
      const data = write.data as { partitions?: Record<string, number[]> } | null;
      if (write.path.startsWith("/admin")) return `${write.op} request`;
      return write.path.endsWith("/state") ? lineOf(write).replace(/ ce\d/, "") : `AR ${data?.partitions?.["0"]}`;
    });
  }

  const request = profile === "3.9" ? [] : ["create request"];
  const rewritten = profile === "2.1" ? ["setData request"] : [];
  const cleared = profile === "3.9" ? [] : ["delete request"];
  /** Who writes the ISR. */
  const leader = profile === "3.9" ? "b4" : "b1";

  test("one replica to another broker: three leader epochs", () => {
    expect(lines("single", [1], [2])).toEqual([
      ...request,
      "AR 2,1",
      "b4 setData single-0 1/1/[1] v1",
      ...rewritten,
      `${leader} setData single-0 1/1/[1,2] v2`,
      "b4 setData single-0 2/2/[1,2] v3",
      "b4 setData single-0 2/3/[2] v4",
      "AR 2",
      ...cleared,
    ]);
  });

  test("a mere reorder: the same leader in the next epoch; 3.9 writes the topic twice", () => {
    expect(lines("order", [1, 2, 3], [3, 2, 1])).toEqual([
      ...request,
      ...(profile === "3.9" ? ["AR 3,2,1"] : []),
      "b4 setData order-0 1/1/[1,2,3] v1",
      "AR 3,2,1",
      ...cleared,
    ]);
  });

  test("the leader is dropped: two leader epochs", () => {
    expect(lines("less", [1, 2, 3], [2, 3])).toEqual([
      ...request,
      ...(profile === "3.9" ? ["AR 2,3,1"] : []),
      "b4 setData less-0 2/1/[1,2,3] v1",
      "b4 setData less-0 2/2/[2,3] v2",
      "AR 2,3",
      ...cleared,
    ]);
  });
});
