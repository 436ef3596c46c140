/** Reading and writing scenario files: limits, damaged texts, round trips, data without a text. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkScenario } from "../../src/sim/scenario/check.ts";
import { parseScenario } from "../../src/sim/scenario/parse.ts";
import { microsOf, writeMicros } from "../../src/sim/scenario/time.ts";
import { writeScenario } from "../../src/sim/scenario/write.ts";
import { BASE, changed, problemsOf } from "./base.ts";

const files = readdirSync("scenarios").filter((file) => file.endsWith(".yaml"));
const textOf = (file: string) => readFileSync(`scenarios/${file}`, "utf8");
const parsed = (text: string) => {
  const { scenario, problems } = parseScenario(text, "a text");
  expect(problems).toEqual([]);
  if (scenario === null) throw new Error("no scenario and no problem");
  return scenario;
};

describe.each(files)("%s", (file) => {
  test("has no problem", () => {
    expect(parseScenario(textOf(file), file).problems).toEqual([]);
  });

  test("written and read again is the same data", () => {
    const scenario = parsed(textOf(file));
    expect(parsed(writeScenario(scenario))).toEqual(scenario);
  });

  test("is accepted as JSON too", () => {
    const scenario = parsed(textOf(file));
    expect(checkScenario(JSON.parse(JSON.stringify(scenario)))).toEqual({ scenario, problems: [] });
  });
});

describe("words that YAML would misread", () => {
  test("a bare version is a version, not a number", () => {
    for (const profile of ["0.10", "2.1", "3.9"]) {
      expect(parsed(changed("profile: 2.1", `profile: ${profile}`)).profile).toBe(profile);
    }
    const scenario = parsed(changed("say: nothing", "in: [0.10, 3.9]\n    say: nothing"));
    expect(scenario.expectations?.[0]?.in).toEqual(["0.10", "3.9"]);
  });

  test("texts that look like something else survive writing", () => {
    for (const title of [
      "yes",
      "0.10",
      "null",
      "- x",
      "a: b",
      "#1",
      " padded ",
      'say "hi"',
      "line\nbreak",
      "1e3",
      "~",
    ]) {
      const scenario = { ...parsed(BASE), title };
      expect(parsed(writeScenario(scenario)).title).toBe(title);
    }
  });
});

describe("limits", () => {
  test("fifty megabytes are refused by their length", () => {
    const problems = problemsOf(BASE.padEnd(50_000_000, "#"));
    expect(problems).toEqual(["1:1-1:1 : the file has 50000000 characters, at most 262144 are allowed"]);
  });

  const many = (count: number, entry: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => entry(i)).join("\n");

  test.each([
    ["topics", changed("topics:", `topics:\n${many(51, (i) => `  - {name: t${i}}`)}`), "at most 50"],
    ["clients", changed("clients:", `clients:\n${many(41, (i) => `  - {producer: q${i}}`)}`), "at most 40"],
    ["acts", changed("acts:", `acts:\n${many(501, () => "  - {at: 1s, start: b1}")}`), "at most 500"],
    [
      "expectations",
      changed(
        "expectations:",
        `expectations:\n${many(201, (i) => `  - {id: x${i}, say: x, end: {count: lost, is: 0}}`)}`,
      ),
      "at most 200",
    ],
    [
      "partitions",
      changed("partitions: 1", "partitions: 199, config: {}}\n  - {name: more, partitions: 2"),
      "201 partitions",
    ],
    ["horizon", changed("horizon: 20s", "horizon: 61min"), "at most 1h"],
    ["records", changed("every: 200ms", "every: 1ms").replace("horizon: 20s", "horizon: 51s"), "51000 records"],
  ])("too many or too much: %s", (_, text, message) => {
    expect(problemsOf(text).join("\n")).toContain(message);
  });

  test.each([
    ["brackets", `title: ${"[".repeat(100_000)}`],
    ["braces", `title: ${"{a: ".repeat(50_000)}`],
    ["dashes", `title:\n  ${"- ".repeat(100_000)}x`],
    ["question marks", `${"? ".repeat(100_000)}x`],
    ["indentation", many(700, (i) => `${" ".repeat(i)}a:`)],
    ["quotes", `title: ${'"'.repeat(100_001)}`],
    ["anchors", many(30, (i) => `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`)],
    [
      "conditions",
      changed("end: {count: lost, is: 0}", `end: ${"{not: ".repeat(40)}{count: lost, is: 0}${"}".repeat(40)}`),
    ],
  ])("deep nesting is a problem, not a crash: %s", (_, text) => {
    // One that took the time its nesting allows would never come back.
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  test("a very wrong file shows a bounded number of problems and says that there are more", () => {
    const text = changed("acts:", `acts:\n${many(400, (i) => `  - {at: 1s, kill: x${i}}`)}`);
    const problems = problemsOf(text);
    expect(problems).toHaveLength(201);
    expect(problems.join("\n")).toContain("200 more problems are not shown");
  });
});

describe("data without a text", () => {
  const data = () => JSON.parse(JSON.stringify(parsed(BASE))) as Record<string, unknown>;

  test("problems carry a path", () => {
    const { scenario, problems } = checkScenario({ ...data(), acts: [{ at: "4s", kil: "b1" }] });
    expect(scenario).toBeNull();
    expect(problems).toEqual([
      {
        path: "acts[0].kil",
        message: 'unknown act key "kil", did you mean "kill"?',
        allowed: expect.arrayContaining(["kill"]),
        nearest: "kill",
      },
    ]);
  });

  test("what is not plain data is refused", () => {
    const cyclic = data();
    cyclic.title = cyclic;
    for (const wrong of [
      cyclic,
      { ...data(), title: () => 1 },
      { ...data(), seed: Number.NaN },
      { ...data(), seed: undefined },
      null,
      7,
      "x",
      [],
    ]) {
      expect(checkScenario(wrong).scenario).toBeNull();
    }
    expect(checkScenario(JSON.parse(`{"__proto__": {"a": 1}}`)).problems[0]?.message).toContain("__proto__");
  });

  test("facts and rules are checked when their names are given", () => {
    const text = changed("at: 4s", "when: {fact: isr-shrnk}");
    const words = { facts: ["isr-shrunk"], rules: [] };
    expect(parseScenario(text, "base.yaml", words).problems.map((problem) => problem.nearest)).toEqual(["isr-shrunk"]);
    expect(parseScenario(text, "base.yaml").problems).toEqual([]);
  });
});

describe("damaged files", () => {
  const source = textOf("first-failover.yaml");

  test("whatever is cut out, doubled or put in, the answer is a scenario or problems, never an exception", () => {
    const junk = fc.constantFrom(
      ":",
      "-",
      "[",
      "]",
      "{",
      "}",
      "&a",
      "*a",
      '"',
      "'",
      "|",
      ">",
      "!!",
      "#",
      "\n",
      "  ",
      "\t",
      "null",
      "\u0000",
      "💥",
      "0x",
      "<<: ",
      "? ",
    );
    const edit = fc.record({
      at: fc.nat(source.length),
      remove: fc.nat(30),
      put: fc.oneof(junk, fc.string({ maxLength: 8 })),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let text = source;
        for (const { at, remove, put } of edits) text = text.slice(0, at) + put + text.slice(at + remove);
        const { scenario, problems } = parseScenario(text, "damaged");
        expect(scenario === null).toBe(problems.length > 0);
        for (const problem of problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.message).not.toBe("");
        }
        if (scenario !== null) expect(parsed(writeScenario(scenario))).toEqual(scenario);
      }),
      { seed: 20, numRuns: 120 },
    );
  });

  test("whatever data stands in for a part, the answer is a scenario or problems, never an exception", () => {
    const whole = parsed(source) as unknown as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), fc.jsonValue({ maxDepth: 4 }), (key, value) => {
        const { scenario, problems } = checkScenario({ ...whole, [key]: value });
        expect(scenario === null).toBe(problems.length > 0);
      }),
      { seed: 21, numRuns: 120 },
    );
  });
});

describe("times", () => {
  test.each([
    ["200ms", 200_000],
    ["4s", 4_000_000],
    ["1.5s", 1_500_000],
    ["1.5min", 90_000_000],
    ["1h", 3_600_000_000],
    ["7us", 7],
    ["0.5us", null],
    ["4", null],
    ["4 s", null],
    ["-4s", null],
    ["1m", null],
  ])("%s", (written, micros) => {
    expect(microsOf(written)).toBe(micros);
    if (micros !== null) expect(microsOf(writeMicros(micros))).toBe(micros);
  });
});
