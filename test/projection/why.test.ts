/** The chain of causes of what a run shows, against what was done to the run. */
import { describe, expect, test } from "vitest";
import { CauseIndex, type FactEntry, inputBehind, whyOf } from "../../src/sim/index.ts";
import { entryOf, runOf } from "../views/run.ts";

describe("why did leadership move", () => {
  const { timeline } = runOf("first-failover");
  const { trace } = timeline;
  const entry = entryOf(runOf("first-failover"), "leader-elected", { topicPartition: "orders-0" });
  const about = (fact: FactEntry) => fact.fact.topicPartition === "orders-0";
  const why = whyOf(trace, new CauseIndex(trace), entry, about);

  test("because b1 was killed: the chain ends at that act, with the input that did it", () => {
    expect(why.endsAt).toBe("act");
    expect(why.links.at(-1)?.fact?.fact).toMatchObject({ kind: "process-killed", node: "b1" });
    const last = why.links.at(-1);
    const input = inputBehind(timeline.inputs, trace.entry(last?.entry ?? 0), last?.fact?.fact ?? null);
    expect(timeline.inputs[input ?? -1]?.act).toMatchObject({ kind: "kill", target: "b1" });
  });

  test("it passes the end of the session and the controller's look at it, and has at most seven links", () => {
    const kinds = why.links.map(({ fact }) => fact?.fact.kind);
    expect(kinds[0]).toBe("leader-elected");
    expect(kinds).toContain("session-expired");
    expect(kinds.some((kind) => kind === "broker-failed" || kind === "partition-went-offline")).toBe(true);
    expect(why.links.length).toBeLessThanOrEqual(7);
  });

  test("every link lies before the one that it explains", () => {
    const entries = why.links.map((link) => link.entry);
    expect(entries).toEqual([...entries].sort((a, b) => b - a));
  });
});

describe("why was a record lost", () => {
  const run = runOf("acks1-failover-loss");
  const { trace } = run.timeline;
  const entry = entryOf(run, "log-truncated", { topicPartition: "orders-0" });
  const why = whyOf(trace, new CauseIndex(trace), entry);

  test("the cut rests on the election of a leader without it, and that on the death of the old one", () => {
    const kinds = why.links.map(({ fact }) => fact?.fact.kind);
    expect(kinds[0]).toBe("log-truncated");
    expect(kinds).toContain("leader-elected");
    expect(why.endsAt).toBe("act");
  });
});

test("an append is caused by a send, which began with a timer of the producer", () => {
  const run = runOf("first-failover");
  const { trace } = run.timeline;
  const sent = [...trace.facts].filter(({ fact }) => fact.kind === "records-appended" && fact.role === "leader");
  const why = whyOf(trace, new CauseIndex(trace), sent[5]?.entry ?? 0);
  expect(why.endsAt).toBe("timer");
  expect(why.links.some(({ fact, actor }) => actor === "p1" && fact !== null)).toBe(true);
});
