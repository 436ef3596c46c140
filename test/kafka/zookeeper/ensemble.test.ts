/** Three and five servers: who leads, what a majority can do, and what nobody can do without one. */
import { describe, expect, test } from "vitest";
import { answerOf, ask, cluster, create, diskOf, leadersOf, run, type Script, serverMemory, told } from "./support.ts";

const three = { servers: 3 } as const;

/** Cuts every link between the two sides, both ways, at `at` seconds. */
function island(at: number, inside: readonly string[], outside: readonly string[]): Script {
  return inside.flatMap((from) =>
    outside.flatMap((to) => [[at, "cut", { from, to }] as const, [at, "cut", { from: to, to: from }] as const]),
  );
}

test("with equal logs the highest id leads, some 0.2 s after the start", () => {
  const timeline = run(cluster([], three), 1);
  expect(leadersOf(timeline)).toEqual(["z3"]);
  const [elected] = told(timeline, "zookeeper-leader-elected");
  expect(elected?.at).toBeGreaterThan(200);
  expect(elected?.at).toBeLessThan(400);
});

test("a killed leader is followed by another within 0.2 to 2 s; no session ends, and clients go on", () => {
  for (const seed of ["1", "2", "3", "4"]) {
    const timeline = run(
      cluster(
        [
          [1, "command", ask("c1", create("/controller", 1, true))],
          [5, "kill", { who: "z3" }],
          [5.1, "command", ask("c1", create("/x", 1), "x")],
          [12, "start", { who: "z3" }],
        ],
        { ...three, seed },
      ),
      40,
    );
    const elected = told(timeline, "zookeeper-leader-elected")[1];
    expect(elected?.actor).toBe("z2");
    expect((elected?.at ?? 0) - 5000).toBeGreaterThan(200);
    expect((elected?.at ?? 0) - 5000).toBeLessThan(2000);
    expect(told(timeline, "session-expired", "heard-expired")).toEqual([]);
    expect(answerOf(timeline, "x")?.error).toBe("OK");
    expect(leadersOf(timeline)).toEqual(["z2"]);
    expect(serverMemory(timeline, "z3")?.mode).toBe("following");
    expect(diskOf(timeline, "z3").tree).toEqual(diskOf(timeline, "z2").tree);
  }
});

test("the server with the longest log leads, whatever its id", () => {
  const timeline = run(
    cluster(
      [
        [2, "kill", { who: "z2" }],
        [3, "command", ask("c1", create("/x", 1), "x")],
        [8, "kill", { who: "z3" }],
        [9, "start", { who: "z2" }],
      ],
      three,
    ),
    20,
  );
  expect(answerOf(timeline, "x")?.error).toBe("OK");
  expect(leadersOf(timeline)).toEqual(["z1"]);
  expect(Object.keys(diskOf(timeline, "z2").tree)).toContain("/x");
});

describe("without a quorum", () => {
  const lost: Script = [
    [1, "command", ask("c1", create("/controller", 1, true))],
    [5, "kill", { who: "z3" }],
    [5, "kill", { who: "z1" }],
    [8, "kill", { who: "c1" }],
    [9, "command", ask("c2", create("/x", 1), "x")],
  ];
  const options = { ...three, clients: ["c1", "c2"] };

  test("nothing is written, no session ends, nobody is served", () => {
    const timeline = run(cluster(lost, options), 60);
    expect(leadersOf(timeline)).toEqual([]);
    expect(told(timeline, "session-expired")).toEqual([]);
    expect(answerOf(timeline, "x")).toBeUndefined();
    expect(Object.keys(serverMemory(timeline, "z2")?.connections ?? {})).toEqual([]);
    expect(Object.keys(diskOf(timeline, "z2").tree)).toContain("/controller");
  });

  test("a killed follower and a silent quorum are noticed within a tick", () => {
    const timeline = run(
      cluster(
        [
          [5, "kill", { who: "z1" }],
          [5, "kill", { who: "z2" }],
        ],
        three,
      ),
      20,
    );
    const [gaveUp] = told(timeline, "zookeeper-quorum-lost");
    expect([gaveUp?.actor, gaveUp?.fact.reason]).toEqual(["z3", "followers-gone"]);
    expect((gaveUp?.at ?? 0) - 5000).toBeLessThanOrEqual(2000);
  });

  test("when it is back, what waited is carried out and every session has a full timeout", () => {
    const timeline = run(cluster([...lost, [30, "start", { who: "z1" }]], options), 60);
    expect(answerOf(timeline, "x")?.error).toBe("OK");
    const elected = told(timeline, "zookeeper-leader-elected")[1]?.at ?? 0;
    expect(elected - 30000).toBeLessThan(1000);
    const [expired, ...more] = told(timeline, "session-expired");
    expect([expired?.fact.owner, more.length]).toEqual(["c1", 0]);
    expect((expired?.at ?? 0) - elected).toBeGreaterThan(6000);
    expect((expired?.at ?? 0) - elected).toBeLessThan(8100);
  });
});

describe("the leader and a client are cut from the rest", () => {
  const script: Script = [
    [1, "command", ask("c1", create("/brokers/ids/1", 1, true))],
    [1, "command", ask("c2", create("/brokers/ids/2", 1, true))],
    ...island(4, ["z3", "c1"], ["z1", "z2", "c2"]),
    [5, "command", ask("c1", create("/inside", 1), "inside")],
    [5, "command", ask("c2", create("/outside", 1), "outside")],
    [30, "heal", {}],
  ];

  test.each(["1", "2", "3", "4", "5", "6"])("seed %s: the majority leads on, the minority's writes are cut", (seed) => {
    const timeline = run(cluster(script, { ...three, clients: ["c1", "c2"], seed }), 60);
    const elected = told(timeline, "zookeeper-leader-elected")[1];
    expect(elected?.actor).toBe("z2");
    // Recorded: the majority has its new leader 9.8 to 10.4 s after the cut, the old one gives up 10.4 to 11.2 s after it.
    expect((elected?.at ?? 0) - 4000).toBeGreaterThan(9000);
    expect((elected?.at ?? 0) - 4000).toBeLessThan(10600);
    const [gaveUp] = told(timeline, "zookeeper-quorum-lost");
    expect([gaveUp?.actor, gaveUp?.fact.reason]).toEqual(["z3", "followers-silent"]);
    expect((gaveUp?.at ?? 0) - 4000).toBeGreaterThan(9900);
    expect((gaveUp?.at ?? 0) - 4000).toBeLessThan(12100);
    // One session ends, of the client inside, a full timeout after the new leader began.
    const expired = told(timeline, "session-expired");
    expect(expired.map(({ fact }) => fact.owner)).toEqual(["c1"]);
    expect((expired[0]?.at ?? 0) - (elected?.at ?? 0)).toBeGreaterThan(6000);
    expect(answerOf(timeline, "outside")?.error).toBe("OK");
    expect(leadersOf(timeline)).toEqual(["z2"]);
    expect(diskOf(timeline, "z3")).toEqual(diskOf(timeline, "z2"));
    expect(diskOf(timeline, "z3").tree["/brokers/ids/2"]).toBeDefined();
    // It had proposed the end of the session outside that it no longer heard of.
    const [back] = told(timeline, "zookeeper-server-synchronised").filter(
      ({ at, actor }) => at > 30000 && actor === "z3",
    );
    expect(back?.fact.truncated).toBeGreaterThanOrEqual(1);
  });
});

test("a session moves to another server when its own dies, with its ephemerals and watches", () => {
  const moves: string[] = [];
  for (const seed of ["1", "2", "3", "4", "5", "6", "7", "8"]) {
    const script: Script = [
      [1, "command", ask("c1", create("/controller", 1, true))],
      [1.1, "command", ask("c1", { op: "exists", path: "/x", watch: true })],
      [2, "kill", { who: "z1" }],
      [8, "command", ask("c2", create("/x", 1))],
    ];
    const timeline = run(cluster(script, { ...three, clients: ["c1", "c2"], seed }), 30);
    const moved = told(timeline, "zookeeper-connected").filter(
      ({ actor, fact }) => actor === "c1" && fact.reason === "reconnected",
    );
    moves.push(...moved.map(({ fact }) => fact.server as string));
    expect(told(timeline, "session-expired", "heard-expired")).toEqual([]);
    expect(told(timeline, "watched").map(({ fact }) => fact.event)).toEqual([{ type: "NodeCreated", path: "/x" }]);
    expect(diskOf(timeline, "z2").tree["/controller"]).toBeDefined();
  }
  expect(moves.length).toBeGreaterThan(0);
  expect(moves).not.toContain("z1");
});

test("clients of followers keep their sessions: followers tell the leader whom they heard of", () => {
  const timeline = run(cluster([], { ...three, clients: ["c1", "c2", "c3", "c4", "c5"] }), 60);
  const servers = new Set(told(timeline, "zookeeper-connected").map(({ fact }) => fact.server));
  expect(servers.size).toBeGreaterThan(1);
  expect(told(timeline, "session-expired", "zookeeper-disconnected")).toEqual([]);
});

test("five servers serve with two of them dead, not with three", () => {
  const script: Script = [
    [2, "kill", { who: "z5" }],
    [2, "kill", { who: "z4" }],
    [8, "command", ask("c1", create("/two", 1), "two")],
    [12, "kill", { who: "z3" }],
    [20, "command", ask("c1", create("/three", 1), "three")],
  ];
  const timeline = run(cluster(script, { servers: 5 }), 60);
  expect(answerOf(timeline, "two")?.error).toBe("OK");
  expect(answerOf(timeline, "three")).toBeUndefined();
});

test("a paused leader is replaced and follows when it wakes", () => {
  const timeline = run(
    cluster(
      [
        [3, "pause", { who: "z3" }],
        [30, "resume", { who: "z3" }],
        [40, "command", ask("c1", create("/x", 1), "x")],
      ],
      three,
    ),
    50,
  );
  expect(leadersOf(timeline)).toEqual(["z2"]);
  expect(serverMemory(timeline, "z3")?.mode).toBe("following");
  expect(answerOf(timeline, "x")?.error).toBe("OK");
});
