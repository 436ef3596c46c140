/**
 * Each form of expectation is decided at the moment that decides it. The runs are scripts: what happens at which time, and how the
 * World looks afterwards.
 */
import { describe, expect, test } from "vitest";
import { snapshot } from "../../src/sim/engine/snapshot.ts";
import type { Fact, SimEvent, Step, World } from "../../src/sim/engine/types.ts";
import { ledger } from "../../src/sim/observers/ledger.ts";
import { createLedger } from "../../src/sim/observers/ledger-state.ts";
import { compileExpectations } from "../../src/sim/scenario/expectations/compile.ts";
import { finish, type Verdict } from "../../src/sim/scenario/expectations/finish.ts";
import { expectationsObserver } from "../../src/sim/scenario/expectations/observer.ts";
import type { ExpectationsState } from "../../src/sim/scenario/expectations/state.ts";
import type { Expectation } from "../../src/sim/scenario/format/expectations.ts";
import type { ResolvedScenario } from "../../src/sim/scenario/resolve.ts";

const S = 1_000_000;

interface Scene {
  at: number;
  facts?: Fact[];
  actor?: string;
  /** Id of an act that is done. */
  act?: string;
  /** Processes whose state changes. */
  set?: Record<string, "running" | "down">;
}

function world(): World {
  const actor = (id: string, kind: string) => ({ id, kind, process: "running", disk: { logs: {} }, memory: null });
  const tree = { "/controller": { data: { brokerid: 3 } } };
  const z1 = { ...actor("z1", "zookeeper"), disk: { committedZxid: 1, tree, sessions: {} } };
  const actors = { z1, b1: actor("b1", "broker"), b2: actor("b2", "broker"), p1: actor("p1", "producer") };
  return { time: 0, nth: 0, queue: [], actors, environment: {} } as unknown as World;
}

/** Plays the scenes and returns the verdict of the one expectation at `end` seconds. */
function play(claim: object, scenes: readonly Scene[], end = 60): Verdict {
  const spec = { id: "e", say: "something holds", ...claim } as Expectation;
  const resolved = { clients: [{ kind: "producer", id: "p1", pace: null }], sites: {}, scenario: {} };
  const plan = compileExpectations(resolved as unknown as ResolvedScenario, [spec]);
  const observer = expectationsObserver(plan);
  const now = world();
  const due = (at: number | undefined) => (at === undefined ? [] : [{ at } as SimEvent]);
  now.queue = due(scenes[0] && scenes[0].at * S);
  let state = observer.init(now) as ExpectationsState;
  const book = createLedger();
  scenes.forEach((scene, entry) => {
    now.time = scene.at * S;
    const next = scenes[entry + 1];
    now.queue = due(next && next.at * S);
    for (const [id, process] of Object.entries(scene.set ?? {}))
      (now.actors[id] as { process: string }).process = process;
    const isAct = scene.act !== undefined || scene.set !== undefined;
    const trigger = isAct
      ? { kind: "environment", event: { kind: "kill", ...(scene.act === undefined ? {} : { id: scene.act }) } }
      : { kind: "timer", timer: "t", payload: null };
    const step = { entry, at: now.time, id: entry, actor: scene.actor ?? "b1", trigger, facts: scene.facts ?? [] };
    ledger.onStep(book, step as unknown as Step, now, {});
    observer.onStep(state, step as unknown as Step, now, { ledger: book });
    // A checkpoint between any two steps changes nothing.
    state = JSON.parse(JSON.stringify(snapshot(state))) as ExpectationsState;
  });
  const before = JSON.stringify(state);
  const [verdict] = finish(plan, state, now, book, end * S, scenes.length);
  expect(JSON.stringify(state), "finish leaves the state as it is").toBe(before);
  return verdict as Verdict;
}

const outcome = (verdict: Verdict) => [verdict.verdict, verdict.at === null ? null : verdict.at / S];
const b1Down = { process: "b1", is: "down" };
const dies: Scene[] = [{ at: 4, act: "kill-b1", set: { b1: "down" } }];
const lives: Scene[] = [...dies, { at: 9, act: "start-b1", set: { b1: "running" } }];

describe("conditions over time", () => {
  test.each([
    ["always falls at the event that breaks it", { always: { process: "b1", is: "running" } }, lives, ["fell", 4]],
    ["never falls at the event that makes it so", { never: b1Down }, lives, ["fell", 4]],
    ["always holds at the end", { always: { process: "b2", is: "running" } }, lives, ["held", 60]],
    [
      "until excludes its moment",
      { always: { process: "b1", is: "running" }, until: { act: "kill-b1" } },
      lives,
      ["held", 4],
    ],
    ["from leaves out what was before", { never: b1Down, from: "10s" }, lives, ["held", 60]],
    ["from looks at what is so at that time", { never: b1Down, from: "5s" }, lives, ["fell", 5]],
    ["a beginning that never comes is a failure", { never: b1Down, from: { act: "other" } }, lives, ["fell", 60]],
    ["eventually holds when it becomes so", { eventually: b1Down }, lives, ["held", 4]],
    ["eventually falls when its time is up", { eventually: b1Down, within: "3s" }, lives, ["fell", 3]],
    [
      "eventually within counts from its beginning",
      { eventually: b1Down, within: "3s", from: "2s" },
      lives,
      ["held", 4],
    ],
    ["end looks at the end", { end: b1Down }, dies, ["held", 60]],
    ["end falls if it is over by then", { end: b1Down }, lives, ["fell", 60]],
  ])("%s", (_, claim, scenes, expected) => {
    expect(outcome(play(claim, scenes))).toEqual(expected);
  });

  test("what cannot be said is neither always true nor ever false", () => {
    const log = { leo: "orders-0", on: "b1", atLeast: 0 };
    expect(play({ always: log }, lives)).toMatchObject({
      verdict: "fell",
      evidence: "it could not be seen at any moment",
    });
    expect(play({ never: log }, lives).verdict).toBe("fell");
    expect(play({ end: log }, lives).verdict).toBe("fell");
  });
});

describe("a moment", () => {
  const fact: Scene = { at: 6, facts: [{ kind: "leader-elected", leader: "b2" }] };
  test.each([
    ["between two events is what the first left behind", "5s", ["held", 5]],
    ["at an event is right after it", "4s", ["held", 4]],
    ["before the first event is the start", "1s", ["fell", 1]],
    ["after the last event is what that left behind", "30s", ["fell", 30]],
    ["of an act", { act: "kill-b1" }, ["held", 4]],
    ["of an act and some time", { act: "kill-b1", plus: "4s" }, ["held", 8]],
    ["of a fact", { fact: "leader-elected", where: { leader: ["b2", "b3"] } }, ["held", 6]],
    ["of a fact that has other values never comes", { fact: "leader-elected", where: { leader: "b3" } }, ["fell", 60]],
    ["of the second such fact never comes", { fact: "leader-elected", nth: 2 }, ["fell", 60]],
    ["after the horizon never comes", "70s", ["fell", 60]],
  ])("%s", (_, at, expected) => {
    const scenes = [...lives.slice(0, 1), fact, ...lives.slice(1)];
    expect(outcome(play({ at, holds: b1Down }, scenes))).toEqual(expected);
  });

  test("is remembered by asOf, with a constant added", () => {
    const shrunk = (at: number): Scene => ({ at, facts: [{ kind: "isr-shrunk" }] });
    const soMany = { count: { fact: "isr-shrunk" }, is: { count: { fact: "isr-shrunk" }, asOf: "3s", plus: 2 } };
    const verdicts = [[1], [1, 5], [1, 3, 5, 7], [1, 5, 7]].map(
      (times) => play({ end: soMany }, times.map(shrunk)).verdict,
    );
    expect(verdicts).toEqual(["fell", "fell", "held", "held"]);
  });

  test("is remembered for each binding of a variable", () => {
    const same = {
      forEvery: { name: "b", broker: "all" },
      holds: { process: "$b", is: { process: "$b", asOf: "2s" } },
    };
    expect(play({ end: same }, lives).verdict).toBe("held");
    expect(play({ end: same }, dies)).toMatchObject({
      verdict: "fell",
      evidence: "the process b1 was down, the process b1 before was running",
    });
  });
});

describe("consequences", () => {
  const elected = (at: number): Scene => ({ at, facts: [{ kind: "leader-elected" }] });
  const leads = (more: object) => ({
    leadsTo: { when: b1Down, then: { fact: "leader-elected" }, within: "6s", ...more },
  });
  test.each([
    ["in time", leads({}), [...dies, elected(9)], ["held", 9]],
    ["too late falls when the time is up", leads({}), [...dies, elected(11)], ["fell", 10]],
    ["never falls when the time is up", leads({}), [...dies, { at: 20 }], ["fell", 10]],
    ["too soon", leads({ notBefore: "3s" }), [...dies, elected(6)], ["fell", 6]],
    ["without a cause are no proof", leads({}), [elected(6)], ["fell", 60]],
    ["that the run did not wait for", leads({ within: "90s" }), dies, ["fell", 60]],
    [
      "of every cause",
      leads({}),
      [...dies, elected(5), { at: 9, set: { b1: "running" } }, { at: 12, set: { b1: "down" } }],
      ["fell", 60],
    ],
  ])("%s", (_, claim, scenes, expected) => {
    expect(outcome(play(claim, scenes as Scene[]))).toEqual(expected);
  });

  test("say how long they took", () => {
    expect(play(leads({}), [...dies, elected(9)]).evidence).toBe("5.000 s later");
  });
});

describe("facts", () => {
  const fact = (at: number, kind: string, more = {}): Scene => ({ at, facts: [{ kind, ...more }] });
  const shrinks = [fact(1, "isr-shrunk", { isr: ["b1", "b2"] }), fact(5, "isr-shrunk"), fact(9, "isr-expanded")];
  test.each([
    ["exactly", { count: { fact: "isr-shrunk", is: 2 } }, ["held", 60]],
    ["too many fall at the one too many", { count: { fact: "isr-shrunk", atMost: 1 } }, ["fell", 5]],
    ["enough hold at the last one needed", { count: { fact: "isr-shrunk", atLeast: 2 } }, ["held", 5]],
    ["too few", { count: { fact: "isr-shrunk", atLeast: 3 } }, ["fell", 60]],
    ["of a part of the run", { count: { fact: "isr-shrunk", is: 1 }, from: "2s", until: "8s" }, ["held", 8]],
    ["with a list that contains a value", { count: { fact: "isr-shrunk", where: { isr: "b2" }, is: 1 } }, ["held", 60]],
    ["noted by an actor", { count: { fact: "isr-shrunk", where: { actor: "b2" }, is: 0 } }, ["held", 60]],
    ["in order", { inOrder: [{ fact: "isr-shrunk" }, { fact: "isr-expanded" }] }, ["held", 9]],
    ["out of order", { inOrder: [{ fact: "isr-expanded" }, { fact: "isr-shrunk" }] }, ["fell", 1]],
    ["that never come", { inOrder: [{ fact: "isr-shrunk" }, { fact: "log-truncated" }] }, ["fell", 60]],
  ])("are counted: %s", (_, claim, expected) => {
    expect(outcome(play(claim, shrinks))).toEqual(expected);
  });
});

describe("rates and records", () => {
  const sent = (at: number, n: number): Scene => ({
    at,
    actor: "p1",
    facts: [{ kind: "record-sent", tag: `p1:${n}`, topic: "orders", key: `k${n % 2}`, value: `v${n}` }],
  });
  const acked = (at: number, n: number): Scene => ({
    at,
    actor: "p1",
    facts: [{ kind: "record-acked", tag: `p1:${n}`, topicPartition: "orders-0", offset: n }],
  });
  const polled = (at: number, ...tags: number[]): Scene => ({
    at,
    actor: "c1",
    facts: [
      {
        kind: "records-polled",
        consumer: "c1",
        group: "g1",
        records: tags.map((n) => ({ topicPartition: "orders-0", offset: n, tag: `p1:${n}` })),
      },
    ],
  });
  const slow = [sent(1, 1), acked(2, 1), sent(3, 2), sent(4, 3), acked(11, 2), acked(12, 3), sent(40, 4), acked(41, 4)];

  test("a gap is time without answers while something waits for one", () => {
    const gap = play({ gap: { rate: "acks", of: "p1", atMost: "8s" } }, slow);
    expect(gap).toMatchObject({ verdict: "held", evidence: "the longest time without acks was 8.000 s, from 3.000 s" });
    expect(outcome(play({ gap: { rate: "acks", of: "p1", atMost: "5s" } }, slow))).toEqual(["fell", 11]);
    expect(outcome(play({ gap: { rate: "acks", atLeast: "5s" }, from: "13s" }, slow))).toEqual(["fell", 60]);
  });

  test("a gap counts what still waits at the end", () => {
    const gap = play({ gap: { rate: "acks", of: "p1", atLeast: "50s" } }, slow.slice(0, 4));
    expect(gap).toMatchObject({
      verdict: "held",
      evidence: "the longest time without acks was 57.000 s, from 3.000 s",
    });
  });

  test("a percentile of latencies is one of them", () => {
    const latency = (percentile: number) => play({ latency: { rate: "acks", percentile, atMost: "1s" } }, slow);
    expect(latency(50)).toMatchObject({ verdict: "held", evidence: "percentile 50 of 4 records is 1.000 s (p1:4)" });
    expect(latency(100)).toMatchObject({ verdict: "fell", evidence: "percentile 100 of 4 records is 8.000 s (p1:3)" });
  });

  test.each([
    ["both", { both: ["sent", "acked"] }, 4],
    ["minus", { minus: ["sent", "consumed"] }, 2],
    ["only, by key", { only: "sent", key: "k1" }, 2],
    ["only, acknowledged since", { only: "acked", from: "12s" }, 2],
    ["only, until a moment that never comes", { only: "acked", until: { act: "x" } }, 4],
    ["either", { either: ["consumed", { only: "sent", key: "k0" }] }, 3],
  ])("sets of records: %s", (_, set, count) => {
    const scenes = [...slow, polled(50, 1, 2)];
    expect(play({ end: { count: set, is: count } }, scenes).verdict).toBe("held");
  });

  test("records are named by number or by producer and number", () => {
    const scenes = [...slow, polled(50, 1, 2)];
    expect(play({ end: { records: { consumedBy: "c1" }, is: [2, "p1:1"] } }, scenes).verdict).toBe("held");
    expect(play({ end: { count: { readersOf: "2" }, is: 1 } }, scenes).verdict).toBe("held");
    const once = { forEvery: { name: "r", record: "consumed" }, holds: { count: { readersOf: "$r" }, is: 1 } };
    expect(play({ end: once }, scenes).verdict).toBe("held");
  });

  test("reading again is no disorder, reading late is", () => {
    const read = (...tags: number[]) => [...slow, polled(50, ...tags)];
    expect(play({ always: { ordered: "c1" } }, read(1, 2, 1, 3)).verdict).toBe("held");
    expect(play({ always: { ordered: "c1" } }, read(1, 3, 2)).verdict).toBe("fell");
    expect(play({ always: { perKeyOrdered: "c1" } }, read(1, 4, 3)).verdict).toBe("held");
    expect(play({ always: { perKeyOrdered: "c1" } }, read(3, 4, 1))).toMatchObject({ verdict: "fell", at: 50 * S });
  });
});
