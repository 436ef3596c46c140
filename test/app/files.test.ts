/** Scenario files: large ones are refused unread, what was done is written so that it runs the same again. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Act,
  checkScenario,
  type Input,
  parseScenario,
  type Scenario,
  SECOND,
  startScenario,
  writeScenario,
} from "../../src/sim/index.ts";
import { scenarioFromRun } from "../../src/ui/app/files/from-run.ts";
import { readScenarioFile } from "../../src/ui/app/files/read-file.ts";
import type { PlayableRun } from "../../src/ui/player/index.ts";
import { blueprintOf, fitsForm, NOTHING, problemsOf, scenarioFrom, USUAL } from "../../src/ui/views/setup/blueprint.ts";
import { root } from "../../tools/files.mjs";

const written = readFileSync(`${root}/scenarios/first-failover.yaml`, "utf8");

const file = (name: string, text: string, size = text.length) => ({ name, size, text: async () => text });

describe("reading", () => {
  test("a file of 50 MB is refused by its size, before anything is read", async () => {
    const large = {
      name: "large.yaml",
      size: 50_000_000,
      text: () => Promise.reject(new Error("it was read")),
    };
    const { scenario, refused } = await readScenarioFile(large);
    expect(scenario).toBe(null);
    expect(refused).toContain("50.0 MB");
  });

  test("a misspelled key comes with its place and the word that was meant", async () => {
    const { problems } = await readScenarioFile(file("mine.yaml", written.replace("    kill: b1", "    kil: b1")));
    const line = written.split("\n").indexOf("    kill: b1") + 1;
    expect(problems[0]).toMatchObject({ line, column: 5, nearest: "kill" });
  });

  test("the name of the file need not be that of the scenario", async () => {
    expect((await readScenarioFile(file("first-failover (1).yaml", written))).scenario?.id).toBe("first-failover");
  });

  test("one that cannot be read is said, not thrown", async () => {
    const gone = { name: "gone.yaml", size: 5, text: () => Promise.reject(new Error("gone")) };
    expect((await readScenarioFile(gone)).refused).toContain("gone.yaml");
  });
});

/** A run of the sandbox in which these acts were done, and the scenario written from it. */
function did(acts: readonly (readonly [number, Act])[], scenario: Scenario = scenarioFrom(USUAL)) {
  const started = startScenario(scenario, { isInteractive: true });
  const inputs: Input[] = acts.map(([at, act]) => ({ at, nth: 0, act }));
  const timeline = started.timeline.restart([...started.timeline.inputs, ...inputs].sort((a, b) => a.at - b.at));
  const run = {
    id: scenario.id,
    title: scenario.title,
    timeline,
    horizon: started.resolved.horizonUs,
    resolved: started.resolved,
    run: started,
    scenario,
    origin: {
      scenarioId: null,
      seed: null,
      variant: null,
      profile: null,
      without: [],
      ownInputs: started.timeline.inputs,
    },
  } as PlayableRun;
  const made = scenarioFromRun(run, timeline.inputs);
  if (made === null) throw new Error("no scenario");
  return { timeline, made };
}

const act = (body: Record<string, unknown>) => body as unknown as Act;

describe("what was done", () => {
  test("is a scenario that reads back and runs to the same trace", () => {
    const { timeline, made } = did([
      [4 * SECOND + 5, act({ kind: "kill", target: "b1" })],
      [9 * SECOND, act({ kind: "cut", from: ["b2"], to: ["z1", "z2"], oneWay: false, for: null })],
      [12 * SECOND, act({ kind: "heal" })],
      [
        13 * SECOND,
        act({ kind: "slow-link", from: ["b2"], to: ["b3"], oneWay: false, delay: 50_000, jitter: 10_000, for: null }),
      ],
      [15 * SECOND, act({ kind: "start", target: "b1" })],
      [
        16 * SECOND,
        act({ kind: "set-config", target: ["p1"], section: "producer", config: { acks: -1, lingerMs: 5 } }),
      ],
    ]);
    expect(made.left).toEqual([]);
    expect(checkScenario(made.scenario).problems).toEqual([]);
    const { scenario, problems } = parseScenario(writeScenario(made.scenario), "mine");
    expect(problems).toEqual([]);
    const again = startScenario(scenario as Scenario).timeline;
    timeline.advance(20 * SECOND);
    again.advance(20 * SECOND);
    expect(again.length).toBe(timeline.length);
    expect(again.trace.hash(again.length)).toBe(timeline.trace.hash(timeline.length));
  });

  test("a button that was pressed becomes the act of the file at the time of the press", () => {
    const { scenario } = parseScenario(written, "first-failover.yaml");
    const { made } = did([[6 * SECOND, act({ kind: "kill", target: "b1", id: "kill-b1" })]], scenario as Scenario);
    expect(made.scenario.acts).toEqual([expect.objectContaining({ id: "kill-b1", kill: "b1", at: "6s" })]);
    expect(made.scenario.lesson).toBe(undefined);
    expect(checkScenario(made.scenario).problems).toEqual([]);
  });

  test("what no file can say is named", () => {
    const { made } = did([[SECOND, act({ kind: "heal-everything", target: "b1" })]]);
    expect(made.left.length).toBe(1);
    expect(made.scenario.acts).toEqual([]);
  });
});

describe("the sandbox's form", () => {
  test("makes a scenario without problems, and reads it back", () => {
    const plan = {
      ...USUAL,
      brokers: 5,
      topics: [...USUAL.topics, { name: "payments", partitions: 4, copies: 2 }],
      producers: [...USUAL.producers, { topic: "payments", acks: "0" as const, rate: 20, keys: "none" as const }],
      groups: [...USUAL.groups, { name: "g2", topic: "payments", consumers: 3 }],
    };
    expect(problemsOf(plan)).toEqual([]);
    const scenario = scenarioFrom(plan);
    expect(checkScenario(scenario).problems).toEqual([]);
    expect(blueprintOf(scenario)).toEqual(plan);
    expect(fitsForm(scenario)).toBe(true);
    expect(checkScenario(scenarioFrom(NOTHING)).problems).toEqual([]);
  });

  test("says in words what cannot be run", () => {
    expect(problemsOf({ ...USUAL, brokers: 2 })).toEqual(["orders has more copies than there are brokers (2)."]);
    expect(problemsOf({ ...USUAL, topics: [] }).length).toBe(2);
    expect(problemsOf({ ...USUAL, topics: [...USUAL.topics, ...USUAL.topics] })).toEqual([
      "There are two things called orders.",
    ]);
  });

  test("a lab has more than the form can say, and that is noticed", () => {
    const { scenario } = parseScenario(written, "first-failover.yaml");
    expect(fitsForm(scenario as Scenario)).toBe(false);
  });
});
