/** Conditional writes, multis, sequential names, watches: what one server promises a client. */
import { describe, expect, test } from "vitest";
import type { WatchEvent, ZkOp } from "../../../src/sim/kafka/protocol/zookeeper.ts";
import { answerOf, ask, cluster, create, diskOf, run, type Script, told } from "./support.ts";

/** Operations of c1, 100 ms apart from 1 s on, tagged by their number. */
function inTurn(ops: readonly ZkOp[]): Script {
  return ops.map((op, n) => [1 + n / 10, "command", ask("c1", op, String(n))] as const);
}

/** What the operations answer, in order. */
function errorsOf(ops: readonly ZkOp[]): (string | undefined)[] {
  const timeline = run(cluster(inTurn(ops)), 10);
  return ops.map((_, n) => answerOf(timeline, String(n))?.error);
}

test("a write that names a version succeeds once", () => {
  expect(
    errorsOf([
      create("/state", "a"),
      { op: "setData", path: "/state", data: "b", version: 0 },
      { op: "setData", path: "/state", data: "c", version: 0 },
      { op: "setData", path: "/state", data: "d", version: -1 },
      { op: "delete", path: "/state", version: 1 },
      { op: "delete", path: "/state", version: 2 },
    ]),
  ).toEqual(["OK", "OK", "BADVERSION", "OK", "BADVERSION", "OK"]);
});

test("what cannot be is refused with ZooKeeper's errors", () => {
  expect(
    errorsOf([
      create("/a/b"),
      create("/a", null, true),
      create("/a"),
      create("/a/b"),
      { op: "setData", path: "/b", data: 1, version: -1 },
      { op: "delete", path: "/brokers", version: -1 },
      { op: "check", path: "/b", version: 0 },
    ]),
  ).toEqual(["NONODE", "OK", "NODEEXISTS", "NOCHILDRENFOREPHEMERALS", "NONODE", "NOTEMPTY", "NONODE"]);
});

test("a multi takes effect as a whole or not at all", () => {
  const fenced = (epochVersion: number, path: string): ZkOp => ({
    op: "multi",
    ops: [
      { op: "check", path: "/controller_epoch", version: epochVersion },
      { op: "create", path, data: 1, ephemeral: false, sequential: false },
      { op: "setData", path: "/controller_epoch", data: 2, version: epochVersion },
    ],
  });
  const ops = [create("/controller_epoch", 1), fenced(1, "/no"), fenced(0, "/yes"), fenced(0, "/late")];
  const timeline = run(cluster(inTurn(ops)), 10);
  expect(ops.map((_, n) => answerOf(timeline, String(n))?.error)).toEqual(["OK", "BADVERSION", "OK", "BADVERSION"]);
  const { tree } = diskOf(timeline, "z1");
  expect([tree["/no"], tree["/late"]]).toEqual([undefined, undefined]);
  expect(tree["/yes"]?.czxid).toBe(tree["/controller_epoch"]?.mzxid);
  expect(answerOf(timeline, "1")?.results?.map(({ error }) => error)).toEqual(["BADVERSION"]);
  expect(answerOf(timeline, "2")?.results?.map(({ stat }) => stat?.version)).toEqual([0, 0, 1]);
});

test("a failed multi leaves nothing, though its first part could be done", () => {
  const timeline = run(
    cluster(
      inTurn([
        {
          op: "multi",
          ops: [
            { op: "create", path: "/one", data: 1, ephemeral: false, sequential: false },
            { op: "create", path: "/one/two", data: 1, ephemeral: false, sequential: false },
            { op: "setData", path: "/nowhere", data: 1, version: -1 },
          ],
        },
        { op: "getChildren", path: "/", watch: false },
      ]),
    ),
    5,
  );
  expect(answerOf(timeline, "0")?.error).toBe("NONODE");
  expect(answerOf(timeline, "1")?.children).not.toContain("one");
  expect(told(timeline, "znode-created")).toEqual([]);
});

test("sequential children are numbered by the children ever created, also after deletes", () => {
  const name = "/isr_change_notification/isr_change_";
  const ops: ZkOp[] = [
    create(name, 1, false, true),
    create(name, 1, false, true),
    { op: "delete", path: `${name}0000000001`, version: -1 },
    create(name, 1, false, true),
    { op: "getChildren", path: "/isr_change_notification", watch: false },
  ];
  const timeline = run(cluster(inTurn(ops)), 5);
  expect([0, 1, 3].map((n) => answerOf(timeline, String(n))?.path)).toEqual(
    ["0", "1", "2"].map((n) => `${name}000000000${n}`),
  );
  expect(answerOf(timeline, "4")?.children).toEqual(["isr_change_0000000000", "isr_change_0000000002"]);
});

test("requests sent together are answered in order, reads behind the writes before them", () => {
  const ops = [
    { op: create("/x", 1), tag: "create" },
    { op: { op: "getData", path: "/x", watch: false }, tag: "read" },
    { op: { op: "setData", path: "/x", data: 2, version: 0 }, tag: "set" },
    { op: { op: "getData", path: "/x", watch: false }, tag: "again" },
  ];
  const timeline = run(cluster([[1, "command", { who: "c1", command: { kind: "zk-many", ops } }]]), 3);
  expect(told(timeline, "answered").map(({ fact }) => fact.tag)).toEqual(["create", "read", "set", "again"]);
  expect([answerOf(timeline, "read")?.data, answerOf(timeline, "again")?.data]).toEqual([1, 2]);
});

test("each committed write is told once, in zxid order, with its author", () => {
  const timeline = run(
    cluster(
      [
        [1, "command", ask("c1", create("/x", 1))],
        [1, "command", ask("c2", create("/x", 2))],
        [1.1, "command", ask("c2", { op: "setData", path: "/x", data: 3, version: -1 })],
        [1.2, "command", ask("c1", { op: "delete", path: "/x", version: 1 })],
      ],
      { clients: ["c1", "c2"] },
    ),
    5,
  );
  const writes = told(timeline, "znode-created", "znode-changed", "znode-deleted").map(({ fact }) => fact);
  expect(writes.map((fact) => [fact.kind, fact.version, fact.by])).toEqual([
    ["znode-created", 0, writes[0]?.by],
    ["znode-changed", 1, "c2"],
    ["znode-deleted", 1, "c1"],
  ]);
  const zxids = writes.map(({ zxid }) => zxid as number);
  expect(zxids).toEqual([...zxids].sort((a, b) => a - b));
});

describe("watches", () => {
  const events = (timeline: ReturnType<typeof cluster>): [string, WatchEvent][] =>
    told(timeline, "watched").map(({ actor, fact }) => [actor, fact.event as WatchEvent]);
  const two = { clients: ["c1", "c2"] };

  test("fire once, and only for the session that set them", () => {
    const timeline = run(
      cluster(
        [
          [1, "command", ask("c1", create("/x", 1))],
          [1.1, "command", ask("c2", { op: "getData", path: "/x", watch: true })],
          [1.2, "command", ask("c1", { op: "setData", path: "/x", data: 2, version: -1 })],
          [1.3, "command", ask("c1", { op: "setData", path: "/x", data: 3, version: -1 })],
        ],
        two,
      ),
      5,
    );
    expect(events(timeline)).toEqual([["c2", { type: "NodeDataChanged", path: "/x" }]]);
  });

  test("on a znode that is not there hear of its creation; on children of births and deaths", () => {
    const timeline = run(
      cluster(
        [
          [1, "command", ask("c2", { op: "exists", path: "/controller", watch: true })],
          [1, "command", ask("c2", { op: "getChildren", path: "/brokers/ids", watch: true })],
          [1.1, "command", ask("c1", create("/controller", 1, true))],
          [1.2, "command", ask("c1", create("/brokers/ids/1", 1, true))],
          [1.3, "command", ask("c1", { op: "setData", path: "/brokers/ids/1", data: 2, version: -1 })],
          [1.4, "command", ask("c2", { op: "exists", path: "/controller", watch: true })],
          [1.4, "command", ask("c2", { op: "getChildren", path: "/brokers/ids", watch: true })],
          [2, "kill", { who: "c1" }],
        ],
        two,
      ),
      20,
    );
    expect(events(timeline).map(([, event]) => event)).toEqual([
      { type: "NodeCreated", path: "/controller" },
      { type: "NodeChildrenChanged", path: "/brokers/ids" },
      { type: "NodeChildrenChanged", path: "/brokers/ids" },
      { type: "NodeDeleted", path: "/controller" },
    ]);
  });

  test("a notification comes before the client can see the newer data", () => {
    const timeline = run(
      cluster(
        [
          [1, "command", ask("c1", create("/x", 1))],
          [1.1, "command", ask("c2", { op: "getData", path: "/x", watch: true })],
          [1.2, "command", ask("c1", { op: "setData", path: "/x", data: 2, version: -1 })],
          [1.2, "command", ask("c2", { op: "getData", path: "/x", watch: false }, "old")],
          [1.2018, "command", ask("c2", { op: "getData", path: "/x", watch: false }, "new")],
        ],
        two,
      ),
      5,
    );
    expect([answerOf(timeline, "old")?.data, answerOf(timeline, "new")?.data]).toEqual([1, 2]);
    const order = [...timeline.trace.facts]
      .filter(({ actor, fact }) => actor === "c2" && (fact.kind === "watched" || fact.tag === "new"))
      .map(({ fact }) => fact.kind);
    expect(order).toEqual(["watched", "answered"]);
  });

  test("move with their session: what changed while it was away fires at the new connection", () => {
    const timeline = run(
      cluster(
        [
          [1, "command", ask("c1", create("/x", 1))],
          [1.1, "command", ask("c2", { op: "getData", path: "/x", watch: true })],
          [1.1, "command", ask("c2", { op: "getChildren", path: "/brokers/ids", watch: true })],
          [2, "cut", { from: "c2", to: "z1" }],
          [2, "cut", { from: "z1", to: "c2" }],
          [3, "command", ask("c1", { op: "setData", path: "/x", data: 2, version: -1 })],
          [6.5, "heal", {}],
          [10, "command", ask("c1", create("/brokers/ids/1", 1, true))],
        ],
        { ...two, sessionTimeoutMs: 12000 },
      ),
      20,
    );
    expect(told(timeline, "heard-expired")).toEqual([]);
    expect(events(timeline).map(([, event]) => event)).toEqual([
      { type: "NodeDataChanged", path: "/x" },
      { type: "NodeChildrenChanged", path: "/brokers/ids" },
    ]);
  });
});

test("the administrator writes one znode after the other, and stops at the first that fails", () => {
  const write = (tag: string, ...ops: ZkOp[]) => ({ who: "o", command: { kind: "zk-write", ops, tag } });
  const timeline = run(
    cluster(
      [
        [1, "command", write("topic", create("/config/topics/t", {}), create("/brokers/topics/t", { partitions: {} }))],
        [2, "command", write("again", create("/config/topics/t", {}), create("/brokers/topics/u", {}))],
      ],
      { clients: ["o"] },
    ),
    5,
  );
  expect(told(timeline, "zk-written").map(({ fact }) => [fact.tag, fact.error])).toEqual([
    ["topic", "OK"],
    ["again", "NODEEXISTS"],
  ]);
  expect(Object.keys(diskOf(timeline, "z1").tree)).not.toContain("/brokers/topics/u");
});
