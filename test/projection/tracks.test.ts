/** Bands of a timeline, against what the scenario does. */
import { expect, test } from "vitest";
import { clusterNow, TrackIndex } from "../../src/sim/index.ts";
import { runOf } from "../views/run.ts";

function tracksOf(id: string) {
  const { timeline } = runOf(id);
  const start = clusterNow(timeline.at(0).world).partitions;
  return new TrackIndex(timeline.trace, start).extend();
}

test("nobody leads from the kill of b1 at 4 s until b2 is chosen, a session later, with one epoch more", () => {
  const leaders = tracksOf("first-failover").partitions.get("orders-0")?.leaders ?? [];
  expect(leaders.map(({ leader }) => leader)).toEqual(["b1", null, "b2"]);
  const [first, gap, second] = leaders;
  expect(gap?.from).toBe(4_000_000);
  const waited = (second?.from ?? 0) - (gap?.from ?? 0);
  expect(waited).toBeGreaterThan(4_000_000);
  expect(waited).toBeLessThan(10_000_000);
  expect(second?.leaderEpoch).toBe((first?.leaderEpoch ?? 0) + 1);
});

test("the in-sync set loses b1 with the election, and gets it back after its return", () => {
  const isrs = tracksOf("first-failover").partitions.get("orders-0")?.isrs ?? [];
  expect(isrs.map(({ isr }) => [...isr].sort().join(" "))).toEqual(["b1 b2 b3", "b2 b3", "b1 b2 b3"]);
});

test("internal topics have no bands", () => {
  expect([...tracksOf("first-failover").partitions.keys()]).toEqual(["orders-0"]);
});
