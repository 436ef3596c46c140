/** The tree alone: what one transaction does, where no ensemble is needed to see it. */
import { expect, test } from "vitest";
import { expiryOf } from "../../../src/sim/kafka/zookeeper/sessions.ts";
import type { TxnOp } from "../../../src/sim/kafka/zookeeper/state.ts";
import { applyTxn, createZkDisk } from "../../../src/sim/kafka/zookeeper/tree.ts";
import { create } from "./support.ts";

/** Applies operations in turn, zxids from 1 on; the first opens session 1. */
function applied(...ops: readonly [number, TxnOp][]) {
  const disk = createZkDisk();
  const open: [number, TxnOp] = [0, { op: "createSession", owner: "b1", timeoutMs: 6000 }];
  const results = [open, ...ops].map(([sessionId, op], n) =>
    applyTxn(disk, { zxid: n + 1, sessionId, origin: null, op }),
  );
  return { disk, errors: results.slice(1).map(({ result }) => result.error), last: results.at(-1) };
}

test("a write of a session that is over changes nothing", () => {
  const { disk, errors } = applied(
    [1, { op: "closeSession", reason: "expired", lastHeard: 0 }],
    [1, create("/controller", 1, true) as TxnOp],
    [7, create("/controller", 1, true) as TxnOp],
    [1, { op: "closeSession", reason: "closed", lastHeard: 0 }],
  );
  expect(errors).toEqual(["OK", "SESSIONEXPIRED", "SESSIONEXPIRED", "SESSIONEXPIRED"]);
  expect(disk.tree["/controller"]).toBeUndefined();
  expect(disk.committedZxid).toBe(5);
});

test("stat fields: czxid stays, mzxid and version follow the data, the owner is the session", () => {
  const { disk } = applied(
    [1, create("/controller", 1, true) as TxnOp],
    [1, { op: "setData", path: "/controller", data: 2, version: 0 }],
  );
  expect(disk.tree["/controller"]).toMatchObject({ czxid: 2, mzxid: 3, version: 1, ephemeralOwner: 1, data: 2 });
  expect(disk.tree["/"]).toMatchObject({ pzxid: 2, version: 0 });
});

test("a failed transaction still has its place in the order", () => {
  const { disk, errors } = applied([1, { op: "error", error: "SESSIONMOVED" }]);
  expect([errors, disk.committedZxid]).toEqual([["SESSIONMOVED"], 2]);
});

// ExpiryQueue.roundToNextInterval in ZooKeeper 3.8: (t / tick + 1) * tick.
test.each([
  [0, 6000, 2000, 8000],
  [1, 6000, 2000, 8000],
  [1999, 6000, 2000, 8000],
  [2000, 6000, 2000, 10000],
  [3100, 6000, 3000, 12000],
])("heard of at %d ms with %d ms and ticks of %d ms, a session ends at %d ms", (now, timeoutMs, tick, ends) => {
  expect(expiryOf(now * 1000, timeoutMs, tick * 1000)).toBe(ends * 1000);
});
