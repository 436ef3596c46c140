/** The laws of replay over every scenario file and over random schedules (`npm run test:random` takes thousands). */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULE_NAMES } from "../../src/sim/kafka/rules.ts";
import { FACT_KINDS } from "../../src/sim/narration/index.ts";
import { parseScenario } from "../../src/sim/scenario/parse.ts";
import { startScenario } from "../../src/sim/start.ts";
import { brokenLaws } from "./replay-laws.ts";
import { PROFILES, schedule } from "./schedule.ts";

/** Enough for most labs' faults and what follows at once; the whole run of each is replayed in scenarios.test.ts. */
const LONGEST = 12_000_000;

const folders = ["../../scenarios/", "../data/scenarios/"].map((path) => new URL(path, import.meta.url));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ name, url: new URL(name, folder) })),
);

describe("scenario files", () => {
  test.each(files)("$name", ({ name, url }) => {
    const { scenario } = parseScenario(readFileSync(url, "utf8"), name, { facts: FACT_KINDS, rules: RULE_NAMES });
    if (scenario === null) throw new Error(`${name} has mistakes`);
    expect(brokenLaws((more) => startScenario(scenario, more), LONGEST, [0.61, 0.13, 0.97])).toEqual([]);
  });
});

describe("random schedules", () => {
  test.each([1, 2, 3, 4])("seed %i", (seed) => {
    const profile = PROFILES[seed % PROFILES.length] as (typeof PROFILES)[number];
    const scenario = schedule({ seed, profile, kind: seed % 2 === 0 ? "wide" : "core" });
    expect(brokenLaws((more) => startScenario(scenario, more), LONGEST, [0.37, 0.71, 0.05])).toEqual([]);
  });
});
