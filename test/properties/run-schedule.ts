/** Runs one scenario to its horizon and says what was broken: an assertion, a promise, a law of replay. */
import { startScenario } from "../../src/sim/index.ts";
import type { InvariantsState } from "../../src/sim/invariants/index.ts";
import { recordsIn } from "../../src/sim/observers/ledger-sets.ts";
import type { LedgerState } from "../../src/sim/observers/ledger-state.ts";
import type { Scenario } from "../../src/sim/scenario/format/scenario.ts";
import type { RunOptions } from "../../src/sim/scenario/run.ts";
import { brokenLaws } from "./replay-laws.ts";

export interface ScheduleResult {
  readonly problems: string[];
  /** Acknowledged (not merely assumed) records of producers with acks=all that are lost at the end. */
  readonly lost: number;
  readonly steps: number;
}

export function runSchedule(
  scenario: Scenario,
  options: { isReplayed: boolean; hasEveryRule: boolean },
): ScheduleResult {
  const { timeline, resolved } = startScenario(scenario, { hasEveryRule: options.hasEveryRule });
  timeline.advance(resolved.horizonUs);
  const problems: string[] = [];
  if (timeline.failure !== null) problems.push(`assertion at ${timeline.failure.at}: ${timeline.failure.message}`);
  const { violations } = timeline.head.observed.invariants as InvariantsState;
  const first = violations[0];
  if (first !== undefined) problems.push(`${first.promise} at ${first.at}: ${first.text}`);
  const waitsForAll = new Set(
    resolved.clients.flatMap((client) => (client.kind === "producer" && client.config.acks === -1 ? [client.id] : [])),
  );
  const ledger = timeline.head.observed.ledger as LedgerState;
  const lost = recordsIn("lost", ledger, timeline.head.world).filter(
    (record) => record.acked !== null && waitsForAll.has(record.producer),
  );
  if (options.hasEveryRule && lost.length > 0)
    problems.push(`${lost.length} acknowledged records lost, first ${lost[0]?.tag}`);
  if (options.isReplayed && timeline.failure === null) {
    const start = (more: RunOptions) => startScenario(scenario, { hasEveryRule: options.hasEveryRule, ...more });
    problems.push(...brokenLaws(start, resolved.horizonUs, [0.5, 0.2]));
    const again = start({}).timeline;
    again.advance(resolved.horizonUs);
    if (again.trace.hash() !== timeline.trace.hash()) problems.push("S8: the same seed gave another trace");
  }
  return { problems, lost: lost.length, steps: timeline.length };
}
