/** The command line: what it prints where, and how it ends. Exit code 0 all is well, 1 something falls short, 2 bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readArgs } from "../../src/cli/args.ts";
import { conform } from "../../src/cli/conform.ts";
import { createOutput, type Output } from "../../src/cli/output.ts";
import { run } from "../../src/cli/run.ts";
import { template } from "../../src/cli/template.ts";
import { vectors } from "../../src/cli/vectors.ts";

const folder = mkdtempSync(join(tmpdir(), "faultline-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Runs a command and returns its exit code, its result and its complaints. */
function call(command: (argv: readonly string[], output: Output) => number, ...argv: string[]) {
  const texts = { out: "", err: "" };
  const stream = (name: "out" | "err") => ({ write: (text: string) => (texts[name] += text) });
  const code = command(
    argv,
    createOutput(stream("out"), stream("err"), () => 0),
  );
  return { code, ...texts };
}

describe("run", () => {
  test("tells the story, the verdicts with their moments, the state and the hash", () => {
    const { code, out, err } = call(run, "first-failover");
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toMatch(/^first-failover: .*\(Kafka 2\.1, seed 1\)\n/);
    expect(out).toMatch(/ 4\.000 s {2}process-killed +b1 died\./);
    expect(out).toMatch(/held +10\.\d{3} s {2}b2-takes-over: /);
    expect(out).toMatch(/\norders-0: leader b2, epoch 1, /);
    expect(out).toMatch(/\d+ events, hash [0-9a-f]{16}\n$/);
    expect(out, "what comes with every record is not the story").not.toContain("records-appended");
  });

  test("is the same for the same seed", () => {
    const hash = (...more: string[]) => /hash (\w+)/.exec(call(run, "first-failover", ...more).out)?.[1];
    expect(hash()).toBe(hash());
    expect(hash("--seed", "2")).not.toBe(hash());
  });

  test("ends with 1 when an expectation falls", () => {
    const { code, out } = call(run, "first-failover", "--drop", "kill-b1,start-b1");
    expect(code).toBe(1);
    expect(out).toMatch(/FELL +40\.000 s {2}b2-takes-over: .*\(what should lead to it never happened\)/);
  });

  test("leaves open what is decided after --until", () => {
    const { code, out } = call(run, "first-failover", "--until", "6s");
    expect(code).toBe(0);
    expect(out).toMatch(/open +b2-takes-over/);
    expect(out).toContain("State at 6.000 s");
  });

  test("prints the kinds of fact that are asked for", () => {
    const { out } = call(run, "first-failover", "--until", "12s", "--facts", "isr-*,leader-elected");
    const kinds = [...out.matchAll(/^ +[\d.]+ s {2}([a-z-]+)/gm)].map((match) => match[1]);
    expect(kinds.filter((kind) => kind !== "leader-elected" && !kind?.startsWith("isr-"))).toEqual([]);
    expect(kinds).toContain("leader-elected");
  });

  test("prints one JSON object with --json", () => {
    const { code, out } = call(run, "first-failover", "--variant", "newer", "--json");
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(0);
    expect(report).toMatchObject({
      scenario: "first-failover",
      variant: "newer",
      profile: "3.9",
      ok: true,
      promises: [],
    });
    expect(report.expectations).toContainEqual(expect.objectContaining({ id: "nothing-lost", verdict: "held" }));
    expect(report.facts).toContainEqual(
      expect.objectContaining({ actor: "", sentence: expect.stringContaining("b1 died") }),
    );
  });

  test("names every mistake of a file with its place and what was meant", () => {
    const path = file(
      "wrong.yaml",
      template("wrong").replace("kill: b1", "kil: b1").replace("[b2, b3]}", "[b2, b3], onn: b1}"),
    );
    const { code, out, err } = call(run, path);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(/wrong\.yaml:\d+:\d+: .*unknown act key "kil", did you mean "kill"\?/);
    expect(err).toContain('did you mean "on"?');
  });

  test.each([
    [["no-such.yaml"], "there is no such file"],
    [
      ["first-failover", "--variant", "nwer"],
      'there is no variant "nwer"; there is newer, older, leader-is-controller',
    ],
    [["first-failover", "--seed", "x"], "--seed is a whole number"],
    [["first-failover", "--until", "30"], "--until is a time such as 30s"],
    [["first-failover", "--without", "nothing"], 'there is no rule "nothing"'],
    [["first-failover", "--sed", "1"], "there is no option --sed"],
    [[], "run needs a scenario file"],
  ])("refuses %j", (argv, message) => {
    const { code, err } = call(run, ...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("vectors and conform", () => {
  const data = (path: string) => new URL(`../data/${path}`, import.meta.url).pathname;

  test("vectors end with how many passed", () => {
    const { code, out } = call(vectors, data("vectors/broker.json"));
    expect(code).toBe(0);
    expect(out).toMatch(/\n?\d+ passed, 0 failed, 0 unsupported\n$/);
  });

  test("a vector that is missed is printed, and the command ends with 1", () => {
    const { cases } = JSON.parse(readFileSync(data("vectors/broker.json"), "utf8")) as {
      cases: { kind: string; expected: unknown }[];
    };
    const one = cases.find(({ kind }) => kind === "leader_election");
    const path = file("missed.json", JSON.stringify({ cases: [{ ...one, expected: { leader: 99, isr: [99] } }] }));
    const { code, out } = call(vectors, path);
    expect(code).toBe(1);
    expect(out).toMatch(/^failed: leader_election /);
    expect(out).toMatch(/0 passed, \d+ failed, 0 unsupported\n$/);
  });

  test("conform ends with how many are the same", () => {
    const { code, out } = call(conform, data("traces/leader-killed@2.1.1.json"));
    expect(out).toMatch(/\d+ same, \d+ differ, \d+ unsupported\n$/);
    expect(code).toBe(out.includes(" 0 differ,") ? 0 : 1);
  });

  test("conform --json gives each observation one verdict, under the name of its story", () => {
    const report = JSON.parse(call(conform, "--json", data("traces/leader-killed@2.1.1.json")).out) as Record<
      string,
      { verdict: string }[]
    >;
    expect(Object.keys(report)).toEqual(["leader-killed@2.1.1"]);
    expect(new Set(report["leader-killed@2.1.1"]?.map((one) => Object.keys(one).includes("id")))).toEqual(
      new Set([true]),
    );
  });

  test.each([
    [vectors, "{", "is not JSON"],
    [conform, "[]", "a trace is an object"],
  ])("a file that is no such thing is refused", (command, text, message) => {
    const { code, err } = call(command, file("bad.json", text));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("new", () => {
  test("the file that it writes runs, comes true, and has a variant that does", () => {
    const path = file("my-lab.yaml", template("my-lab"));
    expect(call(run, path)).toMatchObject({ code: 0, err: "" });
    expect(call(run, path, "--variant", "newer")).toMatchObject({ code: 0, err: "" });
    expect(call(run, path, "--drop", "kill-b1,start-b1").code).toBe(1);
  });
});

test("arguments may come in any order, with = or a space", () => {
  const args = readArgs(["--seed=3", "a.yaml", "--facts", "x,y", "--json", "--", "--b"], {
    seed: "value",
    facts: "list",
    json: "flag",
  });
  expect(args).toEqual({
    words: ["a.yaml", "--b"],
    values: { seed: "3" },
    lists: { facts: ["x", "y"] },
    flags: ["json"],
    mistakes: [],
  });
});

test("progress is shown once work takes longer than a second, and never among the results", () => {
  let now = 0;
  let err = "";
  const output = createOutput({ write: () => {} }, { write: (text) => (err += text) }, () => now);
  for (now = 0; now < 7000; now += 500) output.progress(`at ${now}`);
  expect(err).toBe("at 1000\nat 6000\n");
});
