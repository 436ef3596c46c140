/**
 * The replay laws on the smallest model, under random faults: running on from any checkpoint, seeking, forking and a trip
 * through JSON change nothing. Failures print the seed.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest } from "../../src/sim/engine/snapshot.ts";
import { Timeline } from "../../src/sim/engine/timeline.ts";
import type { Input } from "../../src/sim/engine/types.ts";
import { act, game, pingPong } from "./ping-pong.ts";

const END = 800_000;

const faults = fc.array(
  fc.record({
    at: fc.integer({ min: 1, max: END }),
    kind: fc.constantFrom("kill", "start", "pause", "resume", "cut", "heal"),
    who: fc.constantFrom("ping", "pong"),
  }),
  { maxLength: 12 },
);
const inputsOf = (list: { at: number; kind: string; who: string }[]): Input[] =>
  list.map((fault) => act(fault.at, fault.kind, fault.who));

function played(seed: string, inputs: Input[], checkpointEvery = 64): Timeline {
  const timeline = game(seed, inputs, { checkpointEvery });
  timeline.advance(END);
  return timeline;
}

describe("replay laws", () => {
  test("seeking to any moment equals the straight run up to it", () => {
    fc.assert(
      fc.property(fc.string(), faults, fc.nat(), (seed, list, pick) => {
        const whole = played(seed, inputsOf(list));
        const n = pick % (whole.length + 1);
        const straight = game(seed, inputsOf(list), { checkpointEvery: 1_000_000 });
        straight.advance(END, n);
        expect(digest(whole.at(n).world)).toBe(digest(straight.head.world));
      }),
      { numRuns: 300 },
    );
  });

  test("a fork equals a fresh run with the same inputs, and leaves the old future alone", () => {
    fc.assert(
      fc.property(fc.string(), faults, fc.nat(), fc.constantFrom("kill", "pause", "cut"), (seed, list, pick, kind) => {
        const whole = played(seed, inputsOf(list));
        const old = whole.trace.hash();
        const n = pick % (whole.length + 1);
        const at = n === 0 ? 0 : whole.trace.at(n - 1);
        const extra: Input = { ...whole.place(at, n), act: act(0, kind, "pong").act };
        const past = whole.inputs.slice(0, whole.at(n).world.inputsApplied);
        const rest = whole.inputs.slice(past.length);
        const forked = whole.fork(n, [...past, extra, ...rest]);
        forked.advance(END);
        const fresh = new Timeline(pingPong, game(seed).at(0).world, [...past, extra, ...rest], []);
        fresh.advance(END);
        expect(forked.trace.hash()).toBe(fresh.trace.hash());
        expect(digest(forked.head.world)).toBe(digest(fresh.head.world));
        expect(whole.trace.hash()).toBe(old);
      }),
      { numRuns: 300 },
    );
  });

  test("a trip of the World through JSON changes nothing that follows", () => {
    fc.assert(
      fc.property(fc.string(), faults, fc.nat(), (seed, list, pick) => {
        const whole = played(seed, inputsOf(list));
        const n = pick % (whole.length + 1);
        const moment = whole.at(n);
        const copy = JSON.parse(JSON.stringify(moment.world));
        const rest = new Timeline(pingPong, copy, whole.inputs, []);
        rest.advance(END);
        expect(digest(rest.head.world)).toBe(digest(whole.head.world));
      }),
      { numRuns: 300 },
    );
  });

  test("another seed gives another run", () => {
    expect(played("a", []).trace.hash()).not.toBe(played("b", []).trace.hash());
    expect(played("a", []).trace.hash()).toBe(played("a", []).trace.hash());
  });
});

describe("connections", () => {
  test("what a cut swallowed comes back at TCP's next repeat after the heal, not at the heal", () => {
    const run = game("x", [act(100_000, "cut"), act(1_000_000, "heal")], {}, 0);
    run.advance(3_000_000);
    const hits = [...run.trace.facts].filter((f) => f.at > 120_000).map((f) => f.at);
    // First lost within some 10 ms of the cut; repeats 0.2, 0.6, 1.5 s later; healed at 1.0 s.
    expect(hits[0]).toBeGreaterThan(1_590_000);
    expect(hits[0]).toBeLessThan(1_640_000);
  });

  test("a killed process resets its connections at once", () => {
    const run = game("x", [act(100_000, "kill", "pong")], {}, 0);
    run.advance(3_000_000);
    const notice = [...Array(run.length).keys()].map((n) => run.trace.entry(n)).find((e) => e.kind === "disconnected");
    expect(notice?.actor).toBe("ping");
    expect(notice?.at).toBeLessThan(102_000);
  });

  test("what reached a paused process runs at its resume", () => {
    const run = game("x", [act(100_000, "pause", "pong"), act(900_000, "resume", "pong")], {}, 0);
    run.advance(910_000);
    const during = [...run.trace.facts].filter((f) => f.at > 110_000 && f.at < 900_000);
    expect(during).toEqual([]);
    expect([...run.trace.facts].some((f) => f.at === 900_000 && f.actor === "pong")).toBe(true);
  });
});

test("what an event changed is listed field by field", () => {
  const run = game("x", [], {}, 0);
  run.advance(100_000);
  const entry = run.trace.facts.at(3)?.entry as number;
  const paths = run.changesAt(entry).map((change) => change.path.join("."));
  expect(paths).toContain("disk.hits");
  expect(run.changesAt(entry).find((change) => change.path.join(".") === "disk.hits")).toMatchObject({
    before: 2,
    after: 4,
  });
});

test("found once: the last event of a run reached a paused player (seeking to the end differed)", () => {
  const list = inputsOf([{ at: 502539, kind: "pause", who: "pong" }]);
  const whole = played("X8", list);
  const straight = game("X8", list, { checkpointEvery: 1_000_000 });
  straight.advance(END, whole.length);
  expect(digest(whole.at(whole.length).world)).toBe(digest(straight.head.world));
});
