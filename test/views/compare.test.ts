/** Two futures compared: a run forked before the leader dies, and one in which it does not die. */
import { describe, expect, test } from "vitest";
import { type LedgerState, recordsIn, type Timeline, weightOf } from "../../src/sim/index.ts";
import { MarkIndex } from "../../src/ui/player/marks.ts";
import { commonEntries, differencesOf } from "../../src/ui/views/compare/differences.ts";
import { copiesOf, copiesThatDiffer, longestGap, outcomeOf, outcomeRows } from "../../src/ui/views/compare/project.ts";
import { countsOf, pairedTracks, shortName } from "../../src/ui/views/compare/tracks.ts";
import { entryOf, runOf } from "./run.ts";

const second = 1_000_000;
const run = runOf("first-failover");
const horizon = run.resolved.horizonUs;
const killed = entryOf(run, "process-killed");
const killedAt = run.timeline.trace.at(killed);
/** The same run without what is done from that death on. */
const calm = run.timeline.fork(
  killed,
  run.timeline.inputs.filter(({ at }) => at < killedAt),
);
calm.advance(horizon);
const isMinor = (kind: string) => weightOf(kind) !== "story";
const { trace } = run.timeline;

describe("the shared past", () => {
  test("ends right before the act", () => {
    expect(commonEntries(trace, calm.trace)).toBe(killed);
    expect(commonEntries(trace, trace)).toBe(trace.length);
  });

  test("a run does not differ from itself, nor from the same run computed anew", () => {
    expect(differencesOf(trace, trace, horizon, isMinor)).toEqual([]);
    const again = run.timeline.fork(killed, run.timeline.inputs);
    again.advance(horizon);
    expect(differencesOf(trace, again.trace, horizon, isMinor)).toEqual([]);
  });
});

describe("differences", () => {
  const found = differencesOf(trace, calm.trace, horizon, isMinor);

  test("the first is the death, which happens on one side only", () => {
    expect(found[0]).toMatchObject({ at: killedAt, left: { fact: { kind: "process-killed" } }, right: null });
  });

  test("come in the order of time, and nothing past what may be shown is among them", () => {
    const times = found.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { at } of differencesOf(trace, calm.trace, killedAt + second, isMinor))
      expect(at).toBeLessThanOrEqual(killedAt + second);
  });

  test("the election is one, and turns round with the sides", () => {
    expect(found.some(({ left, right }) => left?.fact.kind === "leader-elected" && right === null)).toBe(true);
    const turned = differencesOf(calm.trace, trace, horizon, isMinor);
    expect(turned[0]).toMatchObject({ left: null, right: { fact: { kind: "process-killed" } } });
    expect(turned.length).toBe(found.length);
  });

  test("a record that is acknowledged later on one side is one difference with both sides", () => {
    const late = found.filter(({ left, right }) => left?.fact.kind === "record-acked" && right !== null);
    for (const { left, right } of late) {
      expect(left?.fact.tag).toBe(right?.fact.tag);
      expect(Math.abs((left?.at ?? 0) - (right?.at ?? 0))).toBeGreaterThanOrEqual(100_000);
    }
    expect(late.length).toBeGreaterThan(0);
  });
});

describe("tracks on one axis", () => {
  const marksOf = (timeline: Timeline) => {
    const index = new MarkIndex();
    index.extend(timeline.trace);
    return index.marks;
  };
  const side = (name: string, timeline: Timeline) => ({ name, timeline, marks: marksOf(timeline) });
  const dead = side("main", run.timeline);
  const alive = side("A", calm);
  const rowsUntil = (until: number) => pairedTracks(dead, alive, until);

  test("what is the same is one row, what differs is two with the names of the sides", () => {
    const before = rowsUntil(killedAt - 1);
    expect(before.map(({ label }) => label)).toEqual(["leader, both", "ISR, both"]);

    const rows = rowsUntil(horizon);
    const labels = rows.map(({ label }) => label);
    expect(labels.slice(0, 4)).toEqual(["faults main", "faults A", "leader main", "leader A"]);
    const leaders = (label: string) => rows.find((row) => row.label === label)?.bands.map(({ look }) => look);
    expect(leaders("leader main")).toEqual(["solid", "gap", "solid"]);
    expect(leaders("leader A")).toEqual(["solid"]);
    // Faults are moved on the timeline, not here.
    expect(rows.flatMap(({ marks }) => marks).every(({ input }) => input === null)).toBe(true);
  });

  test("what is not to be seen yet is in no row", () => {
    for (const { bands, marks } of rowsUntil(killedAt + second)) {
      for (const { to } of bands) expect(to).toBeLessThanOrEqual(killedAt + second);
      for (const { at } of marks) expect(at).toBeLessThanOrEqual(killedAt + second);
    }
  });

  test("bars count every acknowledgement once", () => {
    const { ackedAt, acked } = outcomeOf(run.timeline.at(trace.length), trace, killedAt, horizon);
    const bars = countsOf(ackedAt, 0, horizon, 50);
    expect(bars.length).toBe(50);
    expect(bars.reduce((sum, count) => sum + count, 0)).toBe(acked);
    // Nobody is told anything while nobody leads: the bars have a hole after the kill.
    const width = horizon / 50;
    expect(bars[Math.floor(killedAt / width) + 2]).toBe(0);
  });

  test("a fork is called by its letter", () => {
    expect(["main run", "fork A", "fork B: kill b1"].map(shortName)).toEqual(["main", "A", "B"]);
  });
});

describe("what came of them", () => {
  const one = outcomeOf(run.timeline.at(trace.length), trace, killedAt, horizon);
  const other = outcomeOf(calm.at(calm.length), calm.trace, killedAt, horizon);

  test("is counted as the ledger counts", () => {
    const { world, observed } = run.timeline.at(trace.length);
    const ledger = observed.ledger as LedgerState;
    expect(one).toMatchObject({
      acked: recordsIn("acked", ledger, world).length,
      lost: recordsIn("lost", ledger, world).length,
    });
  });

  test("without the death there is no election, and the gap is shorter", () => {
    expect(other.elections).toBe(0);
    expect(one.elections).toBeGreaterThan(0);
    expect(one.gap?.length).toBeGreaterThan(other.gap?.length ?? 0);
  });

  test("rows say what differs, for each partition too", () => {
    const rows = outcomeRows(one, other);
    expect(rows.find(({ name }) => name === "leader elections")?.differs).toBe(true);
    expect(rows.filter(({ name }) => name.startsWith("orders-")).length).toBe(one.partitions.length);
    expect(outcomeRows(one, one).every(({ differs }) => !differs)).toBe(true);
  });
});

test("the longest gap counts up to the end while nothing comes any more", () => {
  expect(longestGap([1, 2, 6], 0, 7)).toEqual({ from: 2, length: 4, isOpen: false });
  expect(longestGap([1, 2, 6], 0, 20)).toEqual({ from: 6, length: 14, isOpen: true });
  expect(longestGap([1, 9, 10], 9.5, 11)).toEqual({ from: 9, length: 1, isOpen: false });
  expect(longestGap([], 0, 5)).toBeNull();
});

test("the copies that differ at a moment are named, and none do where the past is shared", () => {
  const before = copiesOf(run.timeline.at(killed));
  const after = copiesOf(run.timeline.at(killed + 1));
  expect(copiesThatDiffer(before, before)).toEqual([]);
  expect(copiesThatDiffer(before, after)).toEqual([expect.stringMatching(/^orders-0 on b\d$/)]);
});
