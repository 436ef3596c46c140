/** The inspector as data, on real runs. */
import { describe, expect, test } from "vitest";
import { CauseIndex, type FactEntry } from "../../src/sim/index.ts";
import { changesOf, fieldsOf } from "../../src/ui/views/inspector/fields.ts";
import { askedAbout, isQuiet, ruleOf, whyView } from "../../src/ui/views/inspector/project.ts";
import { entryOf, runOf } from "./run.ts";

const run = runOf("first-failover");
const { timeline } = run;
const { trace } = timeline;
const kill = entryOf(run, "process-killed");
const elected = entryOf(run, "leader-elected", { topicPartition: "orders-0" });
const replica = { kind: "replica", broker: "b2", topicPartition: "orders-0" } as const;

/** What an entry changed in a thing, as the pane shows it. */
function changedAt(entry: number, thing: Parameters<typeof fieldsOf>[0]) {
  const before = timeline.at(entry);
  const old = fieldsOf(thing, before, before.world.time);
  const after = timeline.at(entry + 1);
  return changesOf(old, fieldsOf(thing, after, after.world.time));
}

describe("now", () => {
  test("the replica of a dead leader is leader on paper, with its broker down", () => {
    const view = fieldsOf({ ...replica, broker: "b1" }, timeline.at(kill + 1), 4_000_000);
    expect(view?.what).toContain("on paper, broker down");
    expect(view?.fields.find(({ label }) => label === "leader epoch")?.value).toBe("0");
  });

  test("a record tells its tag, and whether the watermark has passed it", () => {
    const record = { kind: "record", broker: "b2", topicPartition: "orders-0", offset: 3 } as const;
    const view = fieldsOf(record, timeline.at(kill), 3_999_000);
    const value = (label: string) => view?.fields.find((field) => field.label === label)?.value;
    expect(value("record")).toBe("p1:4");
    expect(value("below the HW here")).toBe("yes");
    expect(value("acknowledged")).toMatch(/^\d\.\d{3}$/);
  });

  test("what is not there has no fields", () => {
    expect(fieldsOf({ kind: "broker", id: "b9" }, timeline.at(0), 0)).toBeNull();
  });

  test.each(["server:z1", "client:p1", "client:c1"])("%s has fields", (key) => {
    const [kind, id] = key.split(":") as ["server" | "client", string];
    expect(fieldsOf({ kind, id }, timeline.at(kill), 4_000_000)?.fields.length).toBeGreaterThan(1);
  });
});

describe("changed at this event", () => {
  test("the kill changes the process of b1 from up to down", () => {
    expect(changedAt(kill, { kind: "broker", id: "b1" })).toContainEqual({
      label: "process",
      before: "up",
      after: "down",
    });
  });

  test("an append moves the log end by one", () => {
    const append = [...trace.facts].find(
      ({ fact, actor, at }) => fact.kind === "records-appended" && actor === "b2" && at > 2_000_000,
    );
    const changes = changedAt(append?.entry ?? 0, replica);
    const moved = changes.find(({ label }) => label === "log end, LEO");
    expect(Number(moved?.after)).toBe(Number(moved?.before) + 1);
  });
});

describe("why", () => {
  test("with nothing chosen, a timer that did nothing gives way to the last turn; a message does not", () => {
    const after = Array.from({ length: trace.length - elected - 1 }, (_, n) => elected + 1 + n);
    const idle = after.find((entry) => isQuiet(trace, entry)) ?? 0;
    expect(trace.entry(idle).kind).toMatch(/^[a-z]/);
    expect(askedAbout(trace, idle + 1, null, null)).toMatchObject({ fact: { kind: expect.any(String) } });
    const message =
      after.find((entry) => /^[A-Z]/.test(trace.entry(entry).kind) && trace.factsOf(entry).length === 0) ?? 0;
    expect(askedAbout(trace, message + 1, null, null)).toBe(message);
  });

  const ask = (asked: FactEntry | number | null) => whyView(timeline, new CauseIndex(trace), asked ?? 0, {}, "2.1");

  test("after the election, the chosen replica asks why it leads; the answer ends at the kill, which can be left out", () => {
    const asked = askedAbout(trace, elected + 1, replica, null);
    const why = ask(asked);
    expect(why.question).toBe("Why does b2 lead orders-0?");
    expect(why.links.at(-1)?.text).toMatch(/^b1 died/);
    expect(timeline.inputs[why.fault?.input ?? -1]?.act.kind).toBe("kill");
    expect(why.rule?.says).toContain("ISR");
  });

  test("of several things that one step decided, the answer begins with the one asked about", () => {
    const entry = Array.from({ length: trace.length }, (_, n) => n).find((n) => ledBy(n).length > 1) ?? -1;
    for (const asked of ledBy(entry)) {
      const [first] = whyView(timeline, new CauseIndex(trace), asked, {}, "2.1").links;
      expect(first?.text).toContain(`leader of ${String(asked.fact.topicPartition)} `);
    }
    expect(ledBy(entry).length).toBeGreaterThan(1);
  });
  const ledBy = (entry: number) => trace.factsOf(entry).filter(({ fact }) => fact.kind === "leader-elected");

  test("with nothing said at this event the last change of the thing is asked about", () => {
    const later = askedAbout(trace, elected + 3, { kind: "broker", id: "b1" }, null);
    expect(typeof later === "number" ? later : later?.fact.kind).not.toBe(elected + 2);
  });

  test("at the start nothing is asked", () => {
    expect(askedAbout(trace, 0, null, null)).toBeNull();
  });
});

test("a rule says whether it holds in the version of the run", () => {
  expect(ruleOf("log-truncated", "0.10")?.holds).toBe(false);
  expect(ruleOf("log-truncated", "2.1")?.holds).toBe(true);
  expect(ruleOf("process-killed", "2.1")).toBeNull();
});
