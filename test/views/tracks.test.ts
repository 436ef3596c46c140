/** The tracks of the timeline as data, on real runs. */
import { describe, expect, test } from "vitest";
import { clusterNow, consumersNow, type Timeline, TrackIndex, verdictsAt } from "../../src/sim/index.ts";
import { MarkIndex } from "../../src/ui/player/marks.ts";
import type { DecidedView } from "../../src/ui/views/decided.ts";
import { ownersOf } from "../../src/ui/views/owners.ts";
import { movedTo } from "../../src/ui/views/timeline/FaultMarkMenu.tsx";
import { densityOf, factNear, futuresOf, stepIn } from "../../src/ui/views/timeline/project.ts";
import { tracksView } from "../../src/ui/views/tracks.ts";
import { runOf } from "./run.ts";

function viewOf(
  id: string,
  untilEntry = Number.POSITIVE_INFINITY,
  until = runOf(id).resolved.horizonUs,
  predictions: readonly DecidedView[] = [],
) {
  const run = runOf(id);
  const timeline: Timeline = run.timeline;
  const marks = new MarkIndex();
  marks.extend(timeline.trace);
  return tracksView({
    tracks: new TrackIndex(timeline.trace, clusterNow(timeline.at(0).world).partitions).extend(),
    marks: marks.marks,
    trace: timeline.trace,
    inputs: timeline.inputs,
    verdicts: verdictsAt(run, timeline.head),
    predictions,
    context: {},
    partitions: ["orders-0"],
    ofMany: false,
    untilEntry,
    until,
  });
}

describe("the tracks of the first failover", () => {
  const tracks = viewOf("first-failover");
  const track = (id: string) => tracks.find((one) => one.id === id);

  test("the kill and the start are fault marks, each with the input that did it", () => {
    const { inputs } = runOf("first-failover").timeline;
    const marks = track("faults")?.marks ?? [];
    expect(marks.map(({ text }) => text)).toEqual(["kill b1", "start b1"]);
    expect(marks.map(({ input }) => inputs[input ?? -1]?.act.kind)).toEqual(["kill", "start"]);
  });

  test("the leader band has a gap that begins with the kill and says how long it is", () => {
    const bands = track("leader orders-0")?.bands ?? [];
    expect(bands.map(({ look }) => look)).toEqual(["solid", "gap", "solid"]);
    expect(bands[1]?.from).toBe(4_000_000);
    expect(bands[1]?.text).toMatch(/^no leader, [456]\.\d s$/);
    expect(bands[2]?.text).toBe("b2 · epoch 1");
  });

  test("decided checks are marks whose words say what was seen", () => {
    const marks = track("checks")?.marks ?? [];
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.every(({ icon }) => icon === "held")).toBe(true);
  });

  test("an answered question is a mark where the run decided it, and not before it was seen", () => {
    const { timeline } = runOf("first-failover");
    const time = 10_000_000;
    const decided = { index: 0, question: "Who leads next?", isRight: false, time, entries: timeline.entriesAt(time) };
    const marksAt = (until: number) =>
      viewOf("first-failover", timeline.entriesAt(until), until, [decided])
        .find(({ id }) => id === "checks")
        ?.marks.filter(({ icon }) => icon === "question") ?? [];
    expect(marksAt(40_000_000)).toMatchObject([
      {
        at: time,
        text: "not as you predicted",
        label: "not as you predicted, at 10.000: Who leads next?",
        entry: decided.entries - 1,
      },
    ]);
    expect(marksAt(9_000_000)).toEqual([]);
  });

  test("questions that one moment decides are one mark that counts", () => {
    const { timeline } = runOf("first-failover");
    const time = 10_000_000;
    const at = { time, entries: timeline.entriesAt(time) };
    const both = [true, false].map((isRight, index) => ({ ...at, index, question: `Q${index}?`, isRight }));
    const marks = (predictions: readonly DecidedView[]) =>
      viewOf("first-failover", timeline.length, 40_000_000, predictions)
        .find(({ id }) => id === "checks")
        ?.marks.filter(({ icon }) => icon === "question");
    expect(marks(both)?.map(({ text }) => text)).toEqual(["1 of 2 as you predicted"]);
    expect(marks(both)?.[0]?.label).toContain("Q0? Q1?");
    expect(marks(both.map((one) => ({ ...one, isRight: true })))?.[0]?.text).toBe("as you predicted");
  });

  test("bands say less where there is less room", () => {
    const bands = track("leader orders-0")?.bands ?? [];
    expect(bands[0]?.shorter).toEqual(["b1 · e0", "b1"]);
    const wait = bands[1]?.text.replace("no leader, ", "");
    expect(bands[1]?.shorter).toEqual([`none, ${wait}`, wait]);
  });

  test("what lies in fog is not there: at 3 s there is neither fault nor gap", () => {
    const { timeline } = runOf("first-failover");
    const early = viewOf("first-failover", timeline.entriesAt(3_000_000), 3_000_000);
    expect(early.find(({ id }) => id === "faults")?.marks).toEqual([]);
    expect(early.find(({ id }) => id === "leader orders-0")?.bands).toMatchObject([
      { from: 0, to: 3_000_000, look: "solid" },
    ]);
  });

  test("steps within a track go from mark to mark and end at its ends", () => {
    const faults = track("faults");
    if (faults === undefined) throw new Error("no track of faults");
    const [kill, start] = faults.marks;
    expect(stepIn(faults, -1, 1)).toBe(kill?.entry);
    expect(stepIn(faults, kill?.entry ?? 0, 1)).toBe(start?.entry);
    expect(stepIn(faults, start?.entry ?? 0, 1)).toBeNull();
    expect(stepIn(faults, start?.entry ?? 0, -1)).toBe(kill?.entry);
  });
});

test("a lab with a group shows its states, and hatches its rebalances", () => {
  const bands = viewOf("two-groups-one-topic").flatMap(({ id, bands }) => (id.startsWith("group ") ? bands : []));
  expect(bands.some(({ look, text }) => look === "hatch" && text.startsWith("preparing"))).toBe(true);
  expect(bands.some(({ text }) => text.startsWith("stable, generation"))).toBe(true);
});

describe("who reads what, in a group of several", () => {
  const { timeline, resolved } = runOf("more-consumers-than-partitions");
  const owners = ownersOf(timeline);
  const rows = (until: number) =>
    tracksView({
      tracks: new TrackIndex(timeline.trace, clusterNow(timeline.at(0).world).partitions).extend(),
      owners,
      marks: [],
      trace: timeline.trace,
      inputs: [],
      verdicts: [],
      context: {},
      partitions: [],
      ofMany: true,
      untilEntry: timeline.entriesAt(until),
      until,
    }).filter(({ id }) => id.startsWith("owner "));

  test("is a row for each partition, and says in each second what the consumers' world says", () => {
    expect(rows(resolved.horizonUs).map(({ label }) => label)).toEqual(["orders-0", "orders-1", "orders-2"]);
    for (let at = 500_000; at <= resolved.horizonUs; at += 1_000_000) {
      const { world } = timeline.at(timeline.entriesAt(at));
      const reading = consumersNow(world).filter(({ process }) => process !== "down");
      for (const { label, bands } of rows(at)) {
        const reader = reading.find(({ assignment }) => assignment.includes(label))?.id;
        const band = bands.at(-1);
        expect([label, at, band?.look === "solid" ? band.text : undefined]).toEqual([label, at, reader]);
      }
    }
  });

  test("hatches the time in which nobody reads, with its length", () => {
    const gaps = rows(resolved.horizonUs).flatMap(({ bands }) => bands.filter(({ look }) => look === "hatch"));
    expect(gaps.length).toBeGreaterThan(0);
    for (const { text, from, to } of gaps) expect(text).toBe(`unowned, ${((to - from) / 1e6).toFixed(1)} s`);
  });

  test("is left out for a single reader", () => {
    const alone = runOf("first-failover").timeline;
    expect([...ownersOf(alone).groups.values()].every(({ consumers }) => consumers.size < 2)).toBe(true);
  });
});

test("the density counts every event that may be shown once", () => {
  const { trace } = runOf("first-failover").timeline;
  const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
  expect(sum(densityOf(trace, 0, 40_000_001, 250, trace.length))).toBe(trace.length);
  expect(sum(densityOf(trace, 0, 40_000_001, 250, 1000))).toBe(1000);
});

test("near a time the weightier fact is told", () => {
  const { trace } = runOf("first-failover").timeline;
  const near = factNear(trace, 4_010_000, 100_000, trace.length, ({ fact }) =>
    fact.kind === "process-killed" ? 3 : 0,
  );
  expect(near?.fact).toMatchObject({ kind: "process-killed", node: "b1" });
  expect(factNear(trace, 4_010_000, 100_000, 10, () => 0)).toBeNull();
});

test("futures are rows, each leaving the row of its parent at the fork", () => {
  const main = { id: "main", label: "main run", parent: null, forkedAt: null, version: 1 };
  const fork = { id: "a", label: "fork A", parent: "main", forkedAt: { entries: 9, time: 4_000_000 }, version: 2 };
  expect(futuresOf([main, fork], "a")).toMatchObject([
    { id: "main", row: 0, isCurrent: false },
    { id: "a", row: 1, parentRow: 0, from: 4_000_000, isCurrent: true },
  ]);
});

test("a fault that waited for a fact happens at the time it is moved to", () => {
  const armed = {
    kind: "when",
    fact: "record-acked",
    where: {},
    nth: 1,
    after: 0,
    act: { kind: "kill", target: "b1" },
  };
  expect(movedTo({ at: 0, nth: 3, act: armed }, 5_000_000)).toEqual({
    at: 5_000_000,
    nth: 0,
    act: { kind: "kill", target: "b1" },
  });
  expect(movedTo({ at: 4, nth: 0, act: { kind: "heal" } }, 9)).toEqual({ at: 9, nth: 0, act: { kind: "heal" } });
});
