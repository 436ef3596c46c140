/** Reading a trace: all recorded ones are read without a remark; what is malformed is listed with its place, and nothing is thrown. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTrace, type TraceReading, traceName } from "../../src/conformance/trace.ts";
import { recordedNames, recordedText } from "./recorded.ts";

const name = "leader-killed@2.1.1";

/** The problems or remarks of a trace whose JSON has been changed. */
function reading(change: (json: Record<string, unknown> & { steps: Record<string, unknown>[] }) => void): TraceReading {
  const json = JSON.parse(recordedText(name));
  change(json);
  return readTrace(json);
}

test.each(recordedNames())("%s is read without a remark", (recorded) => {
  const found = readTrace(recordedText(recorded));

  expect(found).toMatchObject({ ok: true, remarks: [] });
  expect(found.ok && traceName(found.trace)).toBe(recorded);
});

test("a missing field and a field of the wrong type are named with their place", () => {
  const found = reading((json) => {
    json.kafka = 2.1;
    json.steps[0] = { t: 0, op: "topic", name: "orders", config: {} };
    json.steps[1] = { t: 5, op: "move-controller", to: "three" };
    json.clients = { event: "ack" };
  });

  expect(found).toEqual({
    ok: false,
    problems: [
      { path: "trace.kafka", message: "is 2.1; a string is expected" },
      { path: "steps[0] (topic).assignment", message: "is missing; an object of lists of broker ids is expected" },
      { path: "steps[1] (move-controller).to", message: 'is "three"; a number is expected' },
      { path: "clients", message: "is an object; a list is expected" },
    ],
  });
});

test("an operation that is not known is kept, with a remark", () => {
  const found = reading((json) => json.steps.push({ t: 9, op: "set-on-fire", node: "b1" }));

  expect(found.ok && found.remarks.map(({ message }) => message)).toEqual(['"set-on-fire" is not known here']);
  expect(found.ok && found.trace.steps.at(-1)).toEqual({ t: 9, op: "set-on-fire", node: "b1" });
});

test("text that is not JSON is a problem, not an exception", () => {
  expect(readTrace("{").ok).toBe(false);
  expect(readTrace("[]")).toEqual({
    ok: false,
    problems: [{ path: "", message: "is a list of 0; a trace is an object" }],
  });
});

test("no JSON value makes the reader throw", () => {
  const top = [
    "story",
    "title",
    "kafka",
    "failure",
    "cluster",
    "steps",
    "clients",
    "zookeeper",
    "snapshots",
    "brokers",
  ];
  const any = fc.record(
    Object.fromEntries(top.map((field) => [field, fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()))])),
  );

  fc.assert(
    fc.property(any, (value) => {
      const found = readTrace(value);
      expect(found.ok || found.problems.length > 0).toBe(true);
    }),
    { seed: 11, numRuns: 200 },
  );
});
