/** Acts that wait for a condition happen when it becomes true, and not because it was true before. */
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../src/sim/scenario/parse.ts";
import { startScenario } from "../../src/sim/start.ts";

const scenario = (acts: string) => `id: waits
title: An act that waits
profile: "2.1"
seed: 1
horizon: 30s
cluster: {brokers: 3, controller: b3}
topics:
  - {name: orders, replicas: [[b1, b2, b3]]}
clients:
  - {producer: p1, topic: orders, config: {acks: all}, sends: {every: 500ms}}
acts:
${acts}
`;

function killed(acts: string): { at: number; node: unknown }[] {
  const parsed = parseScenario(scenario(acts), "a text");
  expect(parsed.problems).toEqual([]);
  if (parsed.scenario === null) throw new Error("not read");
  const { timeline } = startScenario(parsed.scenario);
  timeline.advance(30_000_000);
  // A trip through a checkpoint keeps what still waits.
  const resumed = timeline.fork(Math.floor(timeline.length / 3), timeline.inputs);
  resumed.advance(30_000_000);
  expect(resumed.trace.hash()).toBe(timeline.trace.hash());
  return [...timeline.trace.facts]
    .filter(({ fact }) => fact.kind === "process-killed")
    .map(({ at, fact }) => ({ at, node: fact.node }));
}

describe("an act that waits for a condition", () => {
  test("happens once the condition has become true, after its delay", () => {
    const found = killed(`  - {at: 2s, kill: b1}
  - {when: {holds: {leader: orders-0, is: b2}}, after: 3s, kill: b2}`);
    expect(found.map(({ node }) => node)).toEqual(["b1", "b2"]);
    const [first, second] = found.map(({ at }) => at) as [number, number];
    expect(first).toBe(2_000_000);
    // b1's session of 6 s has to end first; then the delay of 3 s.
    expect(second - first).toBeGreaterThan(3_000_000 + 4_000_000);
    expect(second - first).toBeLessThan(3_000_000 + 9_000_000);
  });

  test("does not happen for what is so from the start", () => {
    expect(killed("  - {when: {holds: {isr: orders-0, contains: b1}}, kill: b2}")).toEqual([]);
  });

  test.each([
    ["{count: {both: [acked, lost]}, atLeast: 1}", "records"],
    ["{all: [{leader: orders-0, is: b1}, {count: acked, atLeast: 5}]}", "records"],
    ["{count: {fact: isr-shrunk}, atLeast: 2}", "facts so far"],
    ["{epoch: orders-0, is: {epoch: orders-0, asOf: 3s, plus: 1}}", "values of an earlier moment"],
  ])("cannot wait for what only an observer knows: %s", (holds, what) => {
    const { problems } = parseScenario(scenario(`  - {when: {holds: ${holds}}, kill: b2}`), "a text");
    expect(problems).toMatchObject([{ path: "acts[0].when.holds" }]);
    expect(problems[0]?.message).toContain(`cannot wait for ${what}`);
  });
});
