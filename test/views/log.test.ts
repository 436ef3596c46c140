/** The log as data, on a real run. */
import { describe, expect, test } from "vitest";
import { LogIndex, rowAt } from "../../src/ui/views/log/project.ts";
import { entryOf, runOf } from "./run.ts";

const { trace } = runOf("first-failover").timeline;
const index = new LogIndex(trace, { sessionTimeouts: { b1: 6_000_000 } });
const said = (level: "faults" | "story" | "all", query = "") =>
  index.matching(level, query, trace.length).map((place) => index.rows[place]?.text ?? "");

describe("levels", () => {
  test("faults alone: the kill, which says when anybody can know, and the start", () => {
    expect(said("faults")).toEqual([
      "b1 died. The ensemble notices when its session ends, in at most 6 s.",
      "b1 started.",
    ]);
  });

  test("with elections: the new leader, and nothing of the fifty internal partitions", () => {
    const story = said("story");
    expect(story.some((text) => text.startsWith("b3 made b2 leader of orders-0"))).toBe(true);
    expect(story.filter((text) => text.includes("__consumer_offsets"))).toEqual([]);
  });

  test("all: internal partitions of one step are one row that counts them", () => {
    const elected = said("all").filter((text) => text.includes("leader of __consumer_offsets"));
    expect(elected.length).toBeGreaterThan(0);
    expect(elected.length).toBeLessThan(10);
    expect(elected[0]).toMatch(/, and the same for \d+ more\.$/);
  });
});

test("a filter keeps rows that say its words, whatever their case", () => {
  expect(said("all", "SESSION OF B1").every((text) => text.toLowerCase().includes("session of b1"))).toBe(true);
  expect(said("all", "no such word")).toEqual([]);
});

test("rows in fog are left out, and grow with what is seen", () => {
  const kill = entryOf(runOf("first-failover"), "process-killed");
  expect(index.matching("faults", "", kill)).toEqual([]);
  expect(index.matching("faults", "", kill + 1)).toHaveLength(1);
});

test("the current row is the last that has happened", () => {
  const kill = entryOf(runOf("first-failover"), "process-killed");
  const places = index.matching("faults", "", trace.length);
  expect([kill, kill + 1, trace.length].map((entries) => rowAt(index, places, entries))).toEqual([-1, 0, 1]);
});
