/** Reports: verdicts can be recomputed from what they say, each id of the recording has one, and no other id has any. */
import { describe, expect, test } from "vitest";
import {
  compareTrace,
  reportJson,
  type SimulatedTrace,
  totalsByKind,
  totalsOf,
} from "../../src/conformance/comparison.ts";
import { observations } from "../../src/conformance/observations.ts";
import { same } from "../../src/conformance/same.ts";
import { sourceOf } from "../../src/conformance/source.ts";
import type { Trace } from "../../src/conformance/trace.ts";
import { racyIds, recordedNames, recordedTrace } from "./recorded.ts";

const trace = recordedTrace("leader-killed@2.1.1");

/** A deep copy that a test may change. */
function copy(of: Trace): SimulatedTrace {
  return structuredClone(of);
}

function verdictOn(simulated: Parameters<typeof compareTrace>[1], id: string, of = trace) {
  return compareTrace(of, simulated).verdicts.find((verdict) => verdict.id === id);
}

test.each(recordedNames())("%s is the same as itself, each id once and racy ones left out", (name) => {
  const recorded = recordedTrace(name);

  const report = compareTrace(recorded, copy(recorded), racyIds(name));

  expect(report.verdicts.filter(({ verdict }) => verdict !== "same")).toEqual([]);
  expect(report.verdicts.map(({ id }) => id)).toEqual(observations(recorded, racyIds(name)).map(({ id }) => id));
});

test("against another version's recording, each verdict is what same() says of ours", () => {
  const other = copy(recordedTrace("leader-killed@0.10.2.2"));
  const theirs = new Map(observations(trace).map((observation) => [observation.id, observation]));

  const { verdicts } = compareTrace(trace, other);

  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["same", "differs"]));
  for (const { id, verdict, ours, why } of verdicts) {
    const observation = theirs.get(id);
    expect(observation && same(observation, ours), id).toBe(verdict === "same");
    expect(why === undefined, id).toBe(verdict === "same");
  }
});

describe("one verdict", () => {
  test("a value that differs is shown beside the recorded one, with where they part", () => {
    const simulated = copy(trace);
    simulated.snapshots[0]!.partitions["orders-0"]!.replicas["1"]!.log.push("3:ghost");

    expect(verdictOn(simulated, "log/before/orders-0/b1/records")).toEqual({
      id: "log/before/orders-0/b1/records",
      verdict: "differs",
      ours: ["0:m0", "1:m1", "2:m2", "3:ghost"],
      theirs: ["0:m0", "1:m1", "2:m2"],
      why: "first differs at index 3, lengths 4 and 3",
    });
  });

  test("an id that the simulation lacks differs, with ours null", () => {
    const simulated = { ...copy(trace), clients: [] };

    expect(verdictOn(simulated, "send/p/m0#1")).toMatchObject({
      verdict: "differs",
      ours: null,
      theirs: ["ack", 0, 0],
    });
  });

  test("a wait that was long in reality is timed in the simulation even if it was short there", () => {
    const simulated = copy(trace);
    const id = "wait/0/gone 1/took";
    for (const step of simulated.steps) if (step.op === "wait") step.took = 1900;

    expect(verdictOn(simulated, id)).toMatchObject({ verdict: "differs", ours: 1900, theirs: 7208 });
    for (const step of simulated.steps) if (step.op === "wait") step.took = 3300;
    expect(verdictOn(simulated, id)).toEqual({ id, verdict: "same", ours: 3300 });
  });

  test("an id that only the simulation has is ignored", () => {
    const simulated = copy(trace);
    simulated.zookeeper.push({ t: 99_999, op: "delete", by: "b2", path: "/brokers/ids/2" });

    expect(totalsOf([compareTrace(trace, simulated)]).differs).toBe(0);
  });

  test("what an unsupported step shows is unsupported, without ours", () => {
    const step = trace.steps.findIndex(({ op }) => op === "wait");
    const simulated = { ...copy(trace), unsupported: [{ step, why: "no sessions here" }] };

    const verdict = verdictOn(simulated, "wait/0/gone 1/ok");

    expect(verdict).toEqual({ id: "wait/0/gone 1/ok", verdict: "unsupported", theirs: true, why: "no sessions here" });
    expect(verdictOn(simulated, "send/p/m0#1")?.verdict).toBe("same");
  });

  test("after an unsupported client call, what the client shows is compared and what it lacks is unsupported", () => {
    const step = trace.steps.findIndex(({ op }) => op === "producer.open");
    const simulated = { ...copy(trace), unsupported: [{ step, why: "no such client" }] };

    expect(verdictOn(simulated, "send/p/m0#1")?.verdict).toBe("same");
    expect(verdictOn({ ...simulated, clients: [] }, "send/p/m0#1")?.verdict).toBe("unsupported");
  });

  test("an observed nothing is not matched by silence", () => {
    const commits = recordedTrace("consumer-auto-commit@2.1.1");
    const none = observations(commits).find(({ kind, value }) => kind === "value" && value === null);
    expect(none).toBeDefined();

    const verdict = verdictOn({ ...copy(commits), clients: [] }, none!.id, commits);

    expect(verdict).toMatchObject({ verdict: "unsupported", theirs: null });
    expect(verdict).not.toHaveProperty("ours");
  });
});

test("a story that cannot be run is unsupported from end to end", () => {
  const report = compareTrace(trace, { unsupported: [{ why: "needs a console" }] });

  expect(totalsOf([report])).toEqual({ same: 0, differs: 0, unsupported: report.verdicts.length });
  expect(new Set(report.verdicts.map(({ why }) => why))).toEqual(new Set(["needs a console"]));
});

test("totals count exactly the ids of the report, and its JSON has nothing else", () => {
  const other = recordedTrace("leader-killed@3.9.1");
  const reports = [compareTrace(trace, copy(other)), compareTrace(other, copy(trace))];
  const json = JSON.parse(JSON.stringify(reportJson(reports)));

  expect(Object.keys(json)).toEqual(["leader-killed@2.1.1", "leader-killed@3.9.1"]);
  const count = (totals: Record<string, number>) => Object.values(totals).reduce((sum, number) => sum + number, 0);
  expect(count(totalsOf(reports))).toBe(json["leader-killed@2.1.1"].length + json["leader-killed@3.9.1"].length);
  expect(Object.values(totalsByKind(reports)).reduce((sum, totals) => sum + count(totals), 0)).toBe(
    count(totalsOf(reports)),
  );
});

test.each(recordedNames())("every observation of %s that one step shows leads back to a step", (name) => {
  const recorded = recordedTrace(name);
  const ofOneStep = ["wait", "cli", "group-log", "group", "controller", "registered", "state", "log", "send"];
  for (const { id, kind } of observations(recorded)) {
    const source = sourceOf(recorded, id);
    if (ofOneStep.includes(kind)) expect(source.itself, id).toBeTypeOf("number");
    else if (kind !== "zookeeper") expect(source.others.size, id).toBeGreaterThan(0);
  }
});
