/**
 * Stories of one group and its coordinator, in each version. Times and answers follow recorded clusters: the stories
 * group-slow-rejoin, group-initial-delay, group-paused-member, group-rebalance-timeout, group-coordinator-killed, group-static,
 * group-max-size; and the order of checks in GroupCoordinator where they are silent.
 */
import { describe, expect, test } from "vitest";
import { PROFILES } from "../../../src/sim/kafka/profiles/profile.ts";
import { ask, at, commits, GROUP, HOME, joins, play, tell } from "./cluster.ts";

describe.each(PROFILES)("in %s", (profile) => {
  test("one member: generation 1 and all partitions", () => {
    const run = play(3, [joins(1, "m1")], { profile });
    expect(run.group()).toMatchObject({ state: "Stable", generationId: 1, protocolName: "range" });
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1", "t-2", "t-3"] });
    expect(run.errors("m1", "JoinGroup")).toEqual(profile === "3.9" ? ["MEMBER_ID_REQUIRED", "NONE"] : ["NONE"]);
    expect(run.member("m1").memberId).toMatch(/^m1-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("a second member waits for the first one's next heartbeat, then both share", () => {
    const run = play(5, [joins(1, "m1"), joins(2.5, "m2")], { profile });
    expect(run.group()).toMatchObject({ state: "Stable", generationId: 2 });
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1"], m2: ["t-2", "t-3"] });
    expect(run.errors("m1", "Heartbeat")).toContain("REBALANCE_IN_PROGRESS");
    const [joined = 0] = run.joinedAt("m2");
    expect(joined).toBeGreaterThan(3);
    expect(joined).toBeLessThan(3.2);
    expect(run.facts("rebalance-started").map((fact) => fact.reason)).toEqual(["m1 joined", "m2 joined"]);
  });

  test("a member that leaves is missed at the next heartbeat, and the last one leaves the group empty", () => {
    const run = play(
      8,
      [joins(1, "m1"), joins(2, "m2"), ask(5, "m2", "LeaveGroup"), tell(5, "m2", { kind: "silent" })],
      {
        profile,
      },
    );
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1", "t-2", "t-3"] });
    expect(run.group()?.generationId).toBe(3);

    const both = [ask(7, "m1", "LeaveGroup"), tell(7, "m1", { kind: "silent" })];
    const empty = play(8, [joins(1, "m1"), ...both], { profile });
    expect(empty.group()).toMatchObject({ state: "Empty", generationId: 2, leader: null, members: {} });
    expect(empty.log().at(-1)?.records[0]?.value).toContain('"generation":2,"protocol":null');
  });

  test("a silent member is removed when its session is over, counted from its last heartbeat", () => {
    const run = play(12, [joins(1, "m1"), joins(1.5, "m2"), at(4.7, "pause", "m2")], { profile });
    const [left] = run.facts("member-left");
    expect(left).toMatchObject({ clientId: "m2", reason: "session expired", sessionTimeoutMs: 6000 });
    expect(left!.at).toBeCloseTo((left!.lastHeartbeatAt as number) / 1e6 + 6, 6);
    expect(run.group()).toMatchObject({ state: "Stable", generationId: 3 });
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1", "t-2", "t-3"] });
  });

  test("a removed member that wakes up is told UNKNOWN_MEMBER_ID, and its commit fails", () => {
    const run = play(
      16,
      [joins(1, "m1"), joins(1.5, "m2"), at(4, "pause", "m2"), at(14, "resume", "m2"), commits(14.0001, "m2", 5)],
      { profile },
    );
    expect(run.errors("m2", "OffsetCommit")).toEqual(["UNKNOWN_MEMBER_ID"]);
    expect(run.errors("m2", "Heartbeat")).toContain("UNKNOWN_MEMBER_ID");
    expect(run.group()?.generationId).toBe(4);
    expect(run.facts("commit-refused")).toHaveLength(1);
  });

  test("the commit of a busy member still counts while its rebalance is prepared", () => {
    const run = play(
      12,
      [
        joins(1, "m1"),
        joins(2, "m2"),
        tell(4, "m1", { kind: "busy", until: 10_000_000 }),
        joins(4.5, "m3"),
        commits(9, "m1", 7),
      ],
      { profile },
    );
    expect(run.errors("m1", "OffsetCommit")).toEqual(["NONE"]);
    expect(run.group()?.offsets["t-0"]?.committedOffset).toBe(7);
    const third = run.facts("rebalance-completed").find((fact) => fact.generationId === 3);
    expect(third!.at).toBeGreaterThan(10);
    expect(third!.at).toBeLessThan(10.2);
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1"], m2: ["t-2"], m3: ["t-3"] });
  });

  test("who does not join again before the rebalance timeout is left behind, and another leads", () => {
    const members = {
      m1: { rebalanceTimeoutMs: 3000 },
      m2: { rebalanceTimeoutMs: 3000 },
      m3: { rebalanceTimeoutMs: 3000 },
    };
    const run = play(
      9,
      [joins(1, "m1"), joins(2, "m2"), tell(4, "m1", { kind: "busy", until: 30_000_000 }), joins(4.5, "m3")],
      { profile, members },
    );
    expect(run.facts("member-left")).toMatchObject([{ clientId: "m1", reason: "rebalance timeout" }]);
    const third = run.facts("rebalance-completed").find((fact) => fact.generationId === 3);
    expect(third!.at).toBeCloseTo(4.5 + 3, 1);
    expect(run.group()?.members[run.group()!.leader!]?.clientId).toBe("m2");
    expect(run.assignment()).toEqual({ m2: ["t-0", "t-1"], m3: ["t-2", "t-3"] });
  });

  test("nothing is visible before it is replicated, and a failed append is the coordinator's failure", () => {
    const failing = (errorCode: string) => tell(2, "b1", { kind: "door", set: { failing: errorCode } });
    const run = play(3, [joins(1, "m1"), failing("NOT_ENOUGH_REPLICAS"), commits(2.5, "m1", 3)], { profile });
    expect(run.errors("m1", "OffsetCommit")).toEqual(["COORDINATOR_NOT_AVAILABLE"]);
    expect(run.group()?.offsets).toEqual({});

    const moved = play(3, [joins(1, "m1"), failing("NOT_LEADER_OR_FOLLOWER"), commits(2.5, "m1", 3)], { profile });
    expect(moved.errors("m1", "OffsetCommit")).toEqual(["NOT_COORDINATOR"]);

    const early = play(2.502, [joins(1, "m1"), commits(2.5, "m1", 3)], { profile });
    expect(early.group()?.offsets).toEqual({});
    const done = play(2.51, [joins(1, "m1"), commits(2.5, "m1", 3)], { profile });
    expect(done.group()?.offsets["t-0"]?.committedOffset).toBe(3);
  });

  test("an assignment that cannot be written starts the rebalance again", () => {
    const run = play(
      4,
      [
        tell(0.9, "b1", { kind: "door", set: { failing: "NOT_ENOUGH_REPLICAS" } }),
        joins(1, "m1"),
        tell(1.5, "b1", { kind: "door", set: { failing: null } }),
      ],
      { profile },
    );
    expect(run.errors("m1", "SyncGroup")[0]).toBe("COORDINATOR_NOT_AVAILABLE");
    expect(run.facts("assignment-not-stored")[0]).toMatchObject({ generationId: 1, errorCode: "NOT_ENOUGH_REPLICAS" });
    expect(run.group()?.state).toBe("Stable");
    expect(run.group()?.generationId).toBeGreaterThan(1);
  });

  test("the next coordinator has the group as it was: no rebalance, and the next generation counts on", () => {
    const failover = [
      commits(5, "m1", 4),
      at(6, "kill", "b1"),
      tell(8, "b2", { kind: "lead", role: "leader" }),
      ...["m1", "m2", "m3"].map((who) => tell(8, who, { kind: "coordinator", to: "b2" })),
    ];
    const run = play(11, [joins(1, "m1"), joins(2, "m2"), ...failover], { profile });
    expect(run.facts("group-loaded")).toMatchObject([
      { actor: "b2", group: GROUP, topicPartition: HOME, state: "Stable", generationId: 2, offsets: { "t-0": 4 } },
    ]);
    expect(run.group("b2")).toMatchObject({ state: "Stable", generationId: 2 });
    expect(run.assignment("b2")).toEqual({ m1: ["t-0", "t-1"], m2: ["t-2", "t-3"] });
    expect(run.facts("rebalance-started")).toHaveLength(2);

    const third = play(14, [joins(1, "m1"), joins(2, "m2"), ...failover, joins(11, "m3")], { profile });
    expect(third.group("b2")).toMatchObject({ state: "Stable", generationId: 3 });

    const alone = play(20, [joins(1, "m1"), joins(2, "m2"), ...failover, at(9.5, "kill", "m2")], { profile });
    expect(alone.facts("member-left")).toMatchObject([{ actor: "b2", clientId: "m2", reason: "session expired" }]);
  });

  test("one that no longer leads gives up its groups, and answers who waits", () => {
    const run = play(
      6,
      [
        joins(1, "m1"),
        tell(2.1, "m1", { kind: "busy", until: 60_000_000 }),
        joins(3, "m2"),
        tell(5, "b1", { kind: "lead", role: "follower" }),
        ask(5.5, "m1", "Heartbeat"),
      ],
      { profile },
    );
    expect(run.errors("m2", "JoinGroup").at(-1)).toBe("NOT_COORDINATOR");
    expect(run.errors("m1", "Heartbeat").at(-1)).toBe("NOT_COORDINATOR");
    expect(run.group()).toBeUndefined();
    expect(Object.keys(run.timeline.head.world.actors.b1!.timers).filter((name) => name.startsWith("group-"))).toEqual(
      [],
    );
  });

  test("while the groups are read, a member that knows the coordinator goes on", () => {
    const run = play(
      2,
      [
        tell(1.0005, "b1", { kind: "lead", role: "leader" }),
        ask(1, "m1", "Heartbeat", { memberId: "x", generationId: 1 }),
        ask(1, "m2", "OffsetFetch", { partitions: null }),
      ],
      { profile, leads: false },
    );
    expect(run.errors("m1", "Heartbeat")).toEqual(["NONE"]);
    expect(run.errors("m2", "OffsetFetch")).toEqual(["COORDINATOR_LOAD_IN_PROGRESS"]);
  });
});

describe("the initial delay", () => {
  test.each(["2.1", "3.9"] as const)(
    "in %s a new group waits once more for each window in which one joined",
    (profile) => {
      const options = { profile, initialDelay: 3000 };
      const one = play(10, [joins(1, "m1")], options);
      expect(one.joinedAt("m1")[0]).toBeCloseTo(1 + 3, 1);

      const two = play(20, [joins(1, "m1"), joins(2, "m2")], options);
      expect(two.joinedAt("m1")[0]).toBeCloseTo(1 + 6, 1);
      expect(two.joinedAt("m2")).toEqual(two.joinedAt("m1"));
      expect(two.group()?.generationId).toBe(1);

      const three = play(20, [joins(1, "m1"), joins(2, "m2"), joins(5, "m3")], options);
      expect(three.joinedAt("m3")[0]).toBeCloseTo(1 + 9, 1);
      expect(three.group()?.generationId).toBe(1);
    },
  );

  test("a group that was empty, not new, waits one window only", () => {
    const run = play(
      20,
      [joins(1, "m1"), ask(6, "m1", "LeaveGroup"), tell(6, "m1", { kind: "silent" }), joins(8, "m2"), joins(9, "m3")],
      { initialDelay: 3000 },
    );
    expect(run.joinedAt("m2")[0]).toBeCloseTo(8 + 3, 1);
    expect(run.joinedAt("m3")).toEqual(run.joinedAt("m2"));
    expect(run.group()?.generationId).toBe(3);
  });

  test("0.10 has none", () => {
    const run = play(3, [joins(1, "m1")], { profile: "0.10", initialDelay: 3000 });
    expect(run.joinedAt("m1")[0]).toBeCloseTo(1, 1);
  });
});

describe("fencing", () => {
  const zombie = [joins(1, "m1"), joins(1.5, "m2"), at(4, "pause", "m2"), commits(12, "m1", 9), at(14, "resume", "m2")];

  test("with the rule, a member of an older generation cannot commit", () => {
    const run = play(15, [...zombie, commits(14.0001, "m2", 5)]);
    expect(run.group()?.offsets["t-0"]?.committedOffset).toBe(9);
  });

  test("without it, a zombie takes back what its successor committed", () => {
    const run = play(15, [...zombie, commits(14.0001, "m2", 5)], { without: ["fencesGenerations"] });
    expect(run.errors("m2", "OffsetCommit")).toEqual(["NONE"]);
    expect(run.group()?.offsets["t-0"]?.committedOffset).toBe(5);
  });

  test("an older generation of a known member is ILLEGAL_GENERATION", () => {
    const run = play(5, [joins(1, "m1"), joins(2, "m2"), commits(4, "m1", 5, { generationId: 1 })]);
    expect(run.errors("m1", "OffsetCommit")).toEqual(["ILLEGAL_GENERATION"]);
  });
});

describe("static members (3.9)", () => {
  const members = { m1: { groupInstanceId: "i1" }, m2: { groupInstanceId: "i2" }, m3: { groupInstanceId: "i2" } };

  test("one that starts again within its session gets its partitions back without a rebalance", () => {
    const run = play(
      12,
      [joins(1, "m1"), joins(2, "m2"), at(5, "kill", "m2"), at(6, "start", "m2"), joins(6.1, "m2")],
      {
        profile: "3.9",
        members,
      },
    );
    expect(run.group()).toMatchObject({ state: "Stable", generationId: 2 });
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1"], m2: ["t-2", "t-3"] });
    expect(run.facts("rebalance-started")).toHaveLength(2);
    expect(run.member("m2").memberId.startsWith("i2-")).toBe(true);
    expect(run.log().map((batch) => JSON.parse(batch.records[0]!.value!).generation)).toEqual([1, 2, 2]);
  });

  test("of two with one instance id the later wins, the earlier is fenced", () => {
    const run = play(8, [joins(1, "m1"), joins(2, "m2"), joins(5, "m3")], { profile: "3.9", members });
    expect(run.errors("m2", "Heartbeat")).toContain("FENCED_INSTANCE_ID");
    expect(run.assignment()).toEqual({ m1: ["t-0", "t-1"], m3: ["t-2", "t-3"] });
  });

  test("an absent one is waited for until its session ends", () => {
    const run = play(20, [joins(1, "m1"), joins(2, "m2"), at(5, "kill", "m2")], { profile: "3.9", members });
    expect(run.facts("member-left")).toMatchObject([{ clientId: "m2", reason: "session expired" }]);
    expect(run.group()?.generationId).toBe(3);
  });
});

describe("3.9 only", () => {
  test("a full group refuses, and is not disturbed", () => {
    const run = play(6, [joins(1, "m1"), joins(2, "m2"), joins(4, "m3")], { profile: "3.9", maxSize: 2 });
    expect(run.errors("m3", "JoinGroup")).toEqual(["GROUP_MAX_SIZE_REACHED"]);
    expect(run.group()).toMatchObject({ state: "Stable", generationId: 2 });
  });

  test("an id that never comes back holds the rebalance up, until it is forgotten", () => {
    const run = play(
      12,
      [
        ask(1.2, "m2", "JoinGroup", {
          memberId: "",
          protocolType: "consumer",
          sessionTimeoutMs: 6000,
          rebalanceTimeoutMs: 60_000,
          protocols: [{ name: "range", metadata: { topics: ["t"], ownedPartitions: [], generationId: -1 } }],
        }),
        at(1.2011, "pause", "m2"),
        joins(1, "m1"),
        joins(3, "m3"),
      ],
      { profile: "3.9" },
    );
    const second = run.facts("rebalance-completed").find((fact) => fact.generationId === 2);
    expect(second!.at).toBeCloseTo(1.201 + 6, 2);
  });

  test("a member that never sends SyncGroup is taken out after the rebalance timeout", () => {
    const members = { m1: { rebalanceTimeoutMs: 4000, sessionTimeoutMs: 30_000 } };
    const run = play(
      8,
      [
        joins(1, "m1"),
        // It is told of the generation and stands still before it can answer.
        at(1.0045, "pause", "m1"),
      ],
      { profile: "3.9", members },
    );
    const left = run.facts("member-left");
    expect(left).toMatchObject([{ clientId: "m1", reason: "sync timeout" }]);
    expect(left[0]!.at).toBeCloseTo(5, 1);
  });
});

describe("looking for the coordinator", () => {
  const find = (seconds: number) => ask(seconds, "m1", "FindCoordinator", { key: GROUP, keyType: "group" });

  test("it is the leader of the group's partition", () => {
    const run = play(2, [find(1)]);
    expect(run.member("m1").answers.at(-1)?.data).toEqual({ errorCode: "NONE", nodeId: 1 });
  });

  const without = (set: object) => tell(0.9, "b1", { kind: "door", set: { hasTopic: false, leader: null, ...set } });

  test.each(PROFILES)("in %s the first who is asked creates the topic", (profile) => {
    const run = play(2, [without({ alive: [1, 2, 3] }), find(1)], { profile });
    expect(run.errors("m1", "FindCoordinator")).toEqual(["COORDINATOR_NOT_AVAILABLE"]);
    expect(run.door().created).toEqual([
      {
        name: "__consumer_offsets",
        numPartitions: 3,
        replicationFactor: 3,
        configs: { "compression.type": "producer", "cleanup.policy": "compact", "segment.bytes": "104857600" },
      },
    ]);
  });

  test("two brokers for three replicas: 0.10 takes what is there, later versions refuse", () => {
    const made = PROFILES.map((profile) => {
      const run = play(2, [without({ alive: [1, 2] }), find(1)], { profile });
      return run.door().created.map((topic) => topic.replicationFactor);
    });
    expect(made).toEqual([[2], [], []]);
  });
});

test("offsets of a simple consumer need no members, and are refused while there are some", () => {
  const simple = { memberId: "", generationId: -1 };
  const alone = play(3, [commits(1, "m1", 3, simple)]);
  expect(alone.errors("m1", "OffsetCommit")).toEqual(["NONE"]);
  expect(alone.group()).toMatchObject({ state: "Empty", generationId: 0, protocolType: null });

  const among = play(4, [joins(1, "m1"), commits(3, "m2", 3, simple)]);
  expect(among.errors("m2", "OffsetCommit")).toEqual(["UNKNOWN_MEMBER_ID"]);
});

test("a run with a group is the same from any checkpoint, and its state is plain data", () => {
  const run = play(12, [joins(1, "m1"), joins(2, "m2"), at(4, "pause", "m2"), commits(5, "m1", 2), joins(6, "m3")], {
    profile: "3.9",
    initialDelay: 1000,
  });
  const { world } = run.timeline.head;
  expect(JSON.parse(JSON.stringify(world))).toEqual(world);
  const middle = Math.floor(run.timeline.length / 2);
  const forked = run.timeline.fork(middle, run.timeline.inputs);
  forked.advance(12_000_000);
  expect(forked.trace.hash(forked.length)).toBe(run.timeline.trace.hash(run.timeline.length));
});
