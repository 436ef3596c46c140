/**
 * A fetcher whose leader stands still: before 1.1 whoever ends it waits for its last answer, so the broker's other orders wait too
 * (KAFKA-6051; recorded in leader-paused-long@0.10.2.2).
 */
import { expect, test } from "vitest";
import { factsOfScenario } from "../scenario-facts.ts";

const scenario = (profile: string, acts: string): string => `
id: paused
title: A leader stands still
summary: The leader of one partition is paused for longer than its session.
profile: "${profile}"
seed: 1
horizon: 30s
cluster:
  brokers: 3
  controller: b3
  config: {zookeeper.session.timeout.ms: 6000}
topics:
  - {name: orders, replicas: [[b1, b2, b3]]}
acts:
${acts}
`;

/** When b2 began to lead, and when it heard from the controller who leads, seconds. */
function moments(profile: string, acts: string): { leads: number; tells: number } {
  const facts = factsOfScenario("paused", scenario(profile, acts)).filter(
    ({ at, actor }) => actor === "b2" && at > 5e6,
  );
  const seconds = (kind: string): number => (facts.find(({ fact }) => fact.kind === kind)?.at ?? Number.NaN) / 1e6;
  return { leads: seconds("leader-started"), tells: seconds("metadata-updated") };
}

const PAUSE = "  - {at: 5s, pause: b1, for: 15s}";

test("0.10: the new leader tells clients of the old one until that one is awake", () => {
  const { leads, tells } = moments("0.10", PAUSE);
  expect(leads).toBeLessThan(14);
  expect(tells).toBeGreaterThanOrEqual(20);
});

test.each(["2.1", "3.9"])("%s: it tells them at once", (profile) => {
  const { leads, tells } = moments(profile, PAUSE);
  expect(tells).toBeLessThan(14);
  expect(tells - leads).toBeLessThan(0.5);
});

test("0.10: a leader that was killed keeps nobody waiting", () => {
  const { leads, tells } = moments("0.10", "  - {at: 5s, kill: b1}");
  expect(tells - leads).toBeLessThan(0.5);
});

test("0.10: one killed behind a cut does, until TCP repeats its goodbye after the heal", () => {
  const acts = ["  - {at: 5s, cut: {from: b1, to: b2}}", "  - {at: 6s, kill: b1}", "  - {at: 16s, heal: all}"].join(
    "\n",
  );
  const { leads, tells } = moments("0.10", acts);
  expect(leads).toBeLessThan(15);
  expect(tells).toBeGreaterThan(16);
  expect(tells).toBeLessThan(19);
});
