/**
 * A fixed part of the random schedules, for every test run: under every rule nothing breaks, and with the rules of 0.10 an
 * acknowledged record is lost, so the generator can find something. `npm run test:random` runs as many more as you like.
 */
import { describe, expect, test } from "vitest";
import { runSchedule } from "./run-schedule.ts";
import { PROFILES, schedule } from "./schedule.ts";

const again = (seed: number, kind: string, profile: string) =>
  `npm run test:random -- --seed ${seed} --count 1 --kind ${kind} --profile ${profile}`;

const seeds = (count: number) => Array.from({ length: count }, (_, index) => 9_001 + index);

describe.each([
  { kind: "core", count: 30 },
  { kind: "wide", count: 15 },
] as const)("$kind", ({ kind, count }) => {
  test.each(seeds(count))(
    "seed %i breaks nothing",
    (seed) => {
      const profile = PROFILES[seed % PROFILES.length] as (typeof PROFILES)[number];
      const result = runSchedule(schedule({ seed, profile, kind }), { isReplayed: seed % 5 === 0, hasEveryRule: true });
      expect(result.problems, again(seed, kind, profile)).toEqual([]);
      expect(result.steps).toBeGreaterThan(500);
    },
    30_000,
  );
});

test("the rules of 0.10 lose a record acknowledged to acks=all, and every rule together keeps it", () => {
  const scenario = schedule({ seed: 312, profile: "0.10", kind: "core" });
  expect(runSchedule(scenario, { isReplayed: false, hasEveryRule: false }).lost).toBeGreaterThan(0);
  expect(runSchedule(scenario, { isReplayed: false, hasEveryRule: true }).lost).toBe(0);
});
