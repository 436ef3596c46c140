/** Sessions end on a tick boundary between their timeout and a tick more; what a client can know of it, and when. */
import { describe, expect, test } from "vitest";
import { answerOf, ask, cluster, create, diskOf, run, told } from "./support.ts";

describe("expiry", () => {
  test.each([
    [3.1, 2000, 6000],
    [4.7, 2000, 6000],
    [5.0, 500, 2000],
    [7.3, 3000, 18000],
  ])(
    "a client killed at %d s with ticks of %d ms and a session of %d ms ends on a boundary",
    (at, tickTime, timeoutMs) => {
      const timeline = run(cluster([[at, "kill", { who: "c1" }]], { tickTime, sessionTimeoutMs: timeoutMs }), 40);
      const [expired] = told(timeline, "session-expired");
      const lastHeard = (expired?.fact.lastHeard as number) / 1000;
      // The transaction is committed one flush after the boundary.
      const boundary = Math.floor(expired?.at ?? 0) - ((expired?.at ?? 0) % tickTime);
      expect((expired?.at ?? 0) - boundary).toBeLessThanOrEqual(2);
      expect(boundary - lastHeard).toBeGreaterThan(timeoutMs);
      expect(boundary - lastHeard).toBeLessThanOrEqual(timeoutMs + tickTime);
      expect(at * 1000 - lastHeard).toBeLessThanOrEqual(timeoutMs / 3 + 1);
    },
  );

  test("takes all ephemerals of the session in one transaction, and nothing else", () => {
    const timeline = run(
      cluster(
        [
          [1, "command", ask("c1", create("/brokers/ids/1", 1, true))],
          [1.1, "command", ask("c1", create("/controller", 1, true))],
          [1.2, "command", ask("c1", create("/kept", 1))],
          [1.2, "command", ask("c2", create("/brokers/ids/2", 2, true))],
          [2, "kill", { who: "c1" }],
        ],
        { clients: ["c1", "c2"] },
      ),
      20,
    );
    const [expired] = told(timeline, "session-expired");
    const gone = told(timeline, "znode-deleted");
    expect(expired?.fact.ephemerals).toEqual(["/brokers/ids/1", "/controller"]);
    expect(gone.map(({ fact }) => [fact.path, fact.zxid, fact.by])).toEqual([
      ["/brokers/ids/1", expired?.fact.zxid, "c1"],
      ["/controller", expired?.fact.zxid, "c1"],
    ]);
    expect(Object.keys(diskOf(timeline, "z1").tree)).toContain("/kept");
    expect(Object.keys(diskOf(timeline, "z1").tree)).toContain("/brokers/ids/2");
  });
});

test("a clean stop ends the session at once", () => {
  const timeline = run(
    cluster([
      [1, "command", ask("c1", create("/controller", 1, true))],
      [2, "stop", { who: "c1" }],
    ]),
    3,
  );
  expect(told(timeline, "session-closed").map(({ fact }) => fact.ephemerals)).toEqual([["/controller"]]);
  expect(told(timeline, "process-exited").map(({ fact }) => fact.node)).toEqual(["c1"]);
});

test("a living client keeps its session for ever with a ping a third of the timeout", () => {
  const timeline = run(cluster([], {}), 120);
  expect(told(timeline, "session-expired", "zookeeper-disconnected")).toEqual([]);
  let pings = 0;
  for (let n = 0; n < timeline.length; n += 1) if (timeline.trace.entry(n).kind === "ZkPing") pings += 1;
  expect(pings).toBeGreaterThan(57);
  expect(pings).toBeLessThan(62);
});

test("a killed and restarted process begins a new session; the old one lives on until its time", () => {
  const timeline = run(
    cluster([
      [1, "command", ask("c1", create("/controller", 1, true))],
      [2, "kill", { who: "c1" }],
      [2.1, "start", { who: "c1" }],
      [3, "command", ask("c1", create("/controller", 2, true), "again")],
    ]),
    20,
  );
  expect(told(timeline, "session-created").length).toBe(2);
  expect(answerOf(timeline, "again")?.error).toBe("NODEEXISTS");
  expect(told(timeline, "session-expired").length).toBe(1);
});

describe("a pause of the client", () => {
  test("of a third of the timeout is never noticed", () => {
    const timeline = run(
      cluster([
        [3, "pause", { who: "c1" }],
        [4.9, "resume", { who: "c1" }],
      ]),
      20,
    );
    expect(told(timeline, "zookeeper-disconnected", "session-expired")).toEqual([]);
  });

  test("of more than timeout and tick is fatal, and known 1 to 2 s after the wake (recorded: 1.2 to 2.1 s)", () => {
    for (const seed of ["1", "2", "3", "4", "5"]) {
      const timeline = run(
        cluster(
          [
            [3, "pause", { who: "c1" }],
            [12.5, "resume", { who: "c1" }],
          ],
          { seed },
        ),
        20,
      );
      expect(told(timeline, "session-expired").length).toBe(1);
      expect(told(timeline, "heard-disconnected").map(({ at }) => at)).toEqual([12500]);
      const [known] = told(timeline, "heard-expired");
      expect((known?.at ?? 0) - 12500).toBeGreaterThanOrEqual(1000);
      expect((known?.at ?? 0) - 12500).toBeLessThanOrEqual(2100);
      // The next session begins at once.
      const established = told(timeline, "heard-established")[1];
      expect((established?.at ?? 0) - (known?.at ?? 0)).toBeLessThan(20);
    }
  });
});

describe("a cut", () => {
  const cut = [
    [3, "cut", { from: "c1", to: "z1" }],
    [3, "cut", { from: "z1", to: "c1" }],
  ] as const;

  test("makes the client drop its connection after 2/3 of the timeout; it cannot know that the session is over", () => {
    const timeline = run(cluster(cut), 30);
    expect(told(timeline, "session-expired").length).toBe(1);
    expect(told(timeline, "heard-expired")).toEqual([]);
    const [lost] = told(timeline, "heard-disconnected");
    expect((lost?.at ?? 0) - 3000).toBeGreaterThan(2000);
    expect((lost?.at ?? 0) - 3000).toBeLessThanOrEqual(4000);
  });

  test("that heals later than the session: the client hears of the end soon after", () => {
    const timeline = run(cluster([...cut, [20, "heal", {}]]), 40);
    const [known] = told(timeline, "heard-expired");
    expect((known?.at ?? 0) - 20000).toBeGreaterThan(0);
    expect((known?.at ?? 0) - 20000).toBeLessThan(5000);
    expect(told(timeline, "heard-established").length).toBe(2);
  });

  test("shorter than the session keeps it, and requests made meanwhile are carried out", () => {
    const timeline = run(cluster([...cut, [4, "command", ask("c1", create("/late", 1), "late")], [5, "heal", {}]]), 30);
    expect(told(timeline, "session-expired", "heard-expired")).toEqual([]);
    expect(answerOf(timeline, "late")?.error).toBe("OK");
  });
});

test("requests that waited when the session ended are answered with SESSIONEXPIRED", () => {
  const timeline = run(
    cluster([
      [3, "cut", { from: "c1", to: "z1" }],
      [3, "cut", { from: "z1", to: "c1" }],
      [4, "command", ask("c1", create("/late", 1), "late")],
      [20, "heal", {}],
    ]),
    40,
  );
  expect(answerOf(timeline, "late")?.error).toBe("SESSIONEXPIRED");
  expect(diskOf(timeline, "z1").tree["/late"]).toBeUndefined();
});

test.each([
  [1000, 2000, 4000],
  [6000, 2000, 6000],
  [60000, 2000, 40000],
  [6000, 3000, 6000],
  [2000, 500, 2000],
])("asked for %d ms with ticks of %d ms, the ensemble grants %d ms", (sessionTimeoutMs, tickTime, granted) => {
  const timeline = run(cluster([], { sessionTimeoutMs, tickTime }), 2);
  expect(told(timeline, "session-created").map(({ fact }) => fact.timeout)).toEqual([granted * 1000]);
});

test("a session ended by order is over at once, and its client learns of it when it connects again", () => {
  const timeline = run(
    cluster([
      [1, "command", ask("c1", create("/controller", 1, true))],
      [2, "command", { who: "z1", command: { kind: "expire-session", owner: "c1" } }],
    ]),
    10,
  );
  const [expired] = told(timeline, "session-expired");
  expect([expired?.at, expired?.fact.reason]).toEqual([2001, "ordered"]);
  expect(told(timeline, "heard-expired").length).toBe(1);
  expect(told(timeline, "heard-established").length).toBe(2);
});

test("a server that dies and returns in time keeps sessions, ephemerals and data", () => {
  const timeline = run(
    cluster([
      [1, "command", ask("c1", create("/controller", 1, true))],
      [3, "kill", { who: "z1" }],
      [6, "start", { who: "z1" }],
      [4, "command", ask("c1", create("/x", 1), "x")],
    ]),
    30,
  );
  expect(told(timeline, "session-expired", "heard-expired")).toEqual([]);
  expect(answerOf(timeline, "x")?.error).toBe("OK");
  expect(diskOf(timeline, "z1").tree["/controller"]).toBeDefined();
});

test("a client tries its servers in an order of its own", () => {
  const first = new Set<unknown>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const timeline = run(cluster([], { servers: 3, seed: `${seed}` }), 3);
    first.add(told(timeline, "zookeeper-connected")[0]?.fact.server);
  }
  expect([...first].sort()).toEqual(["z1", "z2", "z3"]);
});

test("what was asked before a clean stop is still done", () => {
  const ops = [
    { op: create("/x", 1), tag: "x" },
    { op: create("/y", 1), tag: "y" },
  ];
  const timeline = run(
    cluster([
      [1, "command", { who: "c1", command: { kind: "zk-many", ops } }],
      [1, "stop", { who: "c1" }],
    ]),
    5,
  );
  expect([answerOf(timeline, "x")?.error, answerOf(timeline, "y")?.error]).toEqual(["OK", "OK"]);
  expect(told(timeline, "session-closed", "process-exited").length).toBe(2);
});

test("a client without a connection stops at once; its session expires", () => {
  const timeline = run(
    cluster([
      [2, "kill", { who: "z1" }],
      [3, "stop", { who: "c1" }],
      [4, "start", { who: "z1" }],
    ]),
    20,
  );
  expect(told(timeline, "process-exited").map(({ at }) => at)).toEqual([3000]);
  expect(told(timeline, "session-expired").length).toBe(1);
});
