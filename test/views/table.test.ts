/** The table view has what the canvas has: every replica, process, client, fault and message, at moments of real runs. */
import { describe, expect, test } from "vitest";
import { clusterNow, environmentOf } from "../../src/sim/index.ts";
import { readThing, writeThing } from "../../src/ui/state/selection.ts";
import { tablesOf } from "../../src/ui/views/table/project.ts";
import { entryOf, runOf } from "./run.ts";

const run = runOf("acks1-failover-loss");
const killed = entryOf(run, "process-killed", { node: "b1" }) + 1;

function tablesAt(entries: number) {
  const found = tablesOf(run.timeline.at(entries));
  return (id: string) => found.find((one) => one.id === id)?.rows ?? [];
}

describe("right after the leader's death", () => {
  const rows = tablesAt(killed);
  const cluster = clusterNow(run.timeline.at(killed).world);

  test("every replica has a row with its epoch, high watermark and log end", () => {
    for (const broker of cluster.brokers) {
      for (const replica of broker.replicas) {
        const row = rows("replicas").find(({ key }) => key === `${replica.topicPartition} ${broker.id}`);
        expect(row?.cells).toEqual(
          expect.arrayContaining([String(replica.leaderEpoch), String(replica.highWatermark), String(replica.logEnd)]),
        );
      }
    }
    expect(rows("replicas").length).toBe(3);
  });

  test("the dead leader is still leader on paper, and down", () => {
    expect(rows("replicas").find(({ key }) => key === "orders-0 b1")).toMatchObject({ isDown: true });
    expect(rows("replicas")[0]?.cells[1]).toBe("leader on paper, down");
    expect(rows("partitions")[0]?.cells.at(-1)).toBe("its leader is down");
    expect(rows("processes").find(({ key }) => key === "b1")?.cells).toContain("down");
  });

  test("the fault is listed with its moment, and leads to the broker", () => {
    const faults = environmentOf(run.timeline.at(killed).world).faults;
    expect(rows("faults").length).toBe(faults.length);
  });

  test("clients tell the last acknowledged record", () => {
    expect(rows("clients").find(({ key }) => key === "p1")?.cells[3]).toContain("last acknowledged r20");
  });
});

test("every row that can be chosen names a thing that addresses can carry", () => {
  for (const { rows } of tablesOf(run.timeline.at(killed), true)) {
    for (const { thing } of rows)
      if (thing !== null && thing.kind !== "message") expect(readThing(writeThing(thing))).toEqual(thing);
  }
});

test("keys of rows are unique within their table, and cells are as many as columns", () => {
  for (const entries of [0, killed, run.timeline.length]) {
    for (const { rows, columns, id } of tablesOf(run.timeline.at(entries), true)) {
      expect(new Set(rows.map(({ key }) => key)).size, id).toBe(rows.length);
      for (const { cells } of rows) expect(cells.length, id).toBe(columns.length);
    }
  }
});

test("heartbeats are listed only when asked for", () => {
  const { trace } = run.timeline;
  let ping = 0;
  while (trace.entry(ping).kind !== "ZkPing") ping += 1;
  const kinds = (withHeartbeats: boolean) =>
    tablesOf(run.timeline.at(ping), withHeartbeats)
      .find(({ id }) => id === "messages")
      ?.rows.map(({ cells }) => cells[0]);
  expect(kinds(true)).toContain("ZkPing");
  expect(kinds(false)).not.toContain("ZkPing");
});
