/** Marks of observers, asked for slice by slice as the page does, against the ledger at the end. */
import { expect, test } from "vitest";
import { type LedgerState, recordsIn, type Scenario, startScenario } from "../../src/sim/index.ts";
import { observerMarks } from "../../src/ui/app/observer-marks.ts";
import { scenarioOf } from "../../src/ui/app/open.ts";
import type { Mark } from "../../src/ui/player/index.ts";

test.each(["lost-ack-duplicate", "follow-one-record"])(
  "%s: a second copy makes its mark in the slice that stored it",
  async (id) => {
    const run = startScenario((await scenarioOf(id)) as Scenario);
    const { timeline } = run;
    const marks: Mark[] = [];
    for (let from = 0, isDone = false; !isDone; from = timeline.length) {
      isDone = timeline.advance(run.resolved.horizonUs, 40);
      marks.push(...observerMarks(run, timeline.head, from));
    }
    const ledger = timeline.head.observed.ledger as LedgerState;
    const again = [...recordsIn("duplicated", ledger, timeline.head.world)].map(
      ({ placements }) => placements.at(-1)?.decided.entry,
    );
    expect(marks.filter(({ kind }) => kind === "duplicate").map(({ entry }) => entry)).toEqual(again);
    if (id === "lost-ack-duplicate") expect(again.length).toBeGreaterThan(0);
  },
);
