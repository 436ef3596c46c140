/**
 * The list of observations is a copy of the recorder's script, in another language. test/data/observations.json holds what that script
 * printed for the traces kept here: counts by kind, to say roughly where a difference lies, and a digest over ids, values and order.
 */
import { describe, expect, test } from "vitest";
import { formOf, observations } from "../../src/conformance/observations.ts";
import { normalise, same } from "../../src/conformance/same.ts";
import { digestOf, expectedObservations, racyIds, recordedNames, recordedTrace } from "./recorded.ts";

const expected = expectedObservations();

test("every recorded trace has an expectation, and every expectation a trace", () => {
  expect(recordedNames()).toEqual(Object.keys(expected).sort());
});

test.each(recordedNames())("%s shows what the recorder's script says it shows", (name) => {
  const found = observations(recordedTrace(name), racyIds(name));

  const kinds: Record<string, number> = {};
  for (const { kind } of found) kinds[kind] = (kinds[kind] ?? 0) + 1;
  expect(kinds).toEqual(expected[name]?.kinds);
  expect(digestOf(found)).toBe(expected[name]?.sha256);
});

test("a racy id is left out, and the numbers of the others do not move", () => {
  const trace = recordedTrace("leader-killed@2.1.1");
  const all = observations(trace);
  const first = all.find(({ id }) => id === "zookeeper//brokers/topics/orders/partitions/0/state/1");

  const rest = observations(trace, new Set(["zookeeper//brokers/topics/orders/partitions/0/state/1"]));

  expect(first).toBeDefined();
  expect(rest).toEqual(all.filter((observation) => observation !== first));
  expect(rest.map(({ id }) => id)).toContain("zookeeper//brokers/topics/orders/partitions/0/state/2");
});

test("a simulation with few answers is listed per partition where the recording had many", () => {
  const trace = recordedTrace("controller-killed@2.1.1");
  const few = { ...trace, clients: trace.clients.filter(({ event }) => event === "ack").slice(0, 5) };

  expect(observations(few).filter(({ kind }) => kind === "send")).toHaveLength(5);
  const together = observations(few, new Set(), formOf(trace)).filter(({ id }) => id.startsWith("send"));
  expect(together.map(({ kind }) => kind)).toEqual(together.map(() => "sends"));
});

describe("same", () => {
  const observed = (compare: "exact" | "set" | "band" | "text", value: unknown) => ({
    id: "x/y",
    kind: "x",
    value,
    compare,
  });

  test("an ISR is a set, a log is a list", () => {
    expect(same(observed("set", [1, 2, 3]), [2, 3, 1])).toBe(true);
    expect(same(observed("set", [1, 2]), [1, 2, 2])).toBe(false);
    expect(same(observed("exact", ["0:a", "1:b"]), ["1:b", "0:a"])).toBe(false);
  });

  test("a duration may be off by half of it, or by 4 s if that is more", () => {
    expect(same(observed("band", 6000), 2000)).toBe(true);
    expect(same(observed("band", 6000), 1999)).toBe(false);
    expect(same(observed("band", 20000), 30000)).toBe(true);
    expect(same(observed("band", 20000), 30001)).toBe(false);
  });

  test("an object's keys have no order", () => {
    expect(same(observed("exact", { op: "create", by: "b1" }), { by: "b1", op: "create" })).toBe(true);
    expect(same(observed("exact", { op: "create", by: "b1" }), { op: "create", by: "b1", isr: [] })).toBe(false);
  });

  test("nothing agrees with nothing only", () => {
    expect(same(observed("set", null), null)).toBe(true);
    expect(same(observed("set", null), [])).toBe(false);
    expect(same(observed("exact", 0), null)).toBe(false);
  });

  test("tool output is compared without clock times, addresses, ids and padding", () => {
    const real =
      "Topic: t\tTopicId: abcdefghijklmnopqrstuv\n[2024-01-02 03:04:05,678] 10.0.0.1:9092 (id 1704164645678)  \n";
    expect(normalise(real)).toBe("Topic: t TopicId: ID\n[TIME] ADDRESS:9092 (id MS)");
    expect(same(observed("text", real), real.replace("Topic: t", "Topic:   t"))).toBe(true);
    expect(same(observed("text", real), real.replace("Topic: t", "Topic: u"))).toBe(false);
  });
});
