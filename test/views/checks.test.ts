/** The checks as data, at moments of a real run. */
import { expect, test } from "vitest";
import { checksAt } from "../../src/ui/views/checks/project.ts";
import { entryOf, runOf } from "./run.ts";

const run = runOf("first-failover");
const { timeline } = run;
const horizon = run.resolved.horizonUs;

test("before the kill nothing is decided that needs it; after the election it is", () => {
  const takesOver = (entries: number) =>
    checksAt(run, timeline.at(entries), false, horizon).checks.find(({ id }) => id === "one-epoch-more");
  const elected = entryOf(run, "leader-elected", { topicPartition: "orders-0" });
  expect(takesOver(entryOf(run, "process-killed"))).toMatchObject({ verdict: "open", at: null, entry: null });
  expect(takesOver(elected + 40)).toMatchObject({ verdict: "held" });
});

test("at the end nothing is open, and every check of this lab held", () => {
  const view = checksAt(run, timeline.head, true, horizon);
  expect(view.checks.map(({ verdict }) => verdict)).toEqual(view.checks.map(() => "held"));
  expect(view.held).toBe(view.checks.length);
  expect(view.broken).toEqual([]);
  expect(view.checks.every(({ evidence }) => evidence === "" || evidence.endsWith("."))).toBe(true);
});
