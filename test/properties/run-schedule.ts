/** Runs one scenario to its horizon and says what was broken: an assertion, a promise, the replay law. */
import { digest } from "../../src/sim/engine/snapshot.ts";
import { startScenario } from "../../src/sim/index.ts";
import type { InvariantsState } from "../../src/sim/invariants/index.ts";
import { recordsIn } from "../../src/sim/observers/ledger-sets.ts";
import type { LedgerState } from "../../src/sim/observers/ledger-state.ts";
import type { Scenario } from "../../src/sim/scenario/format/scenario.ts";

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
    const middle = Math.floor(timeline.length / 2);
    const again = startScenario(scenario, { hasEveryRule: options.hasEveryRule }).timeline;
    again.advance(resolved.horizonUs, middle);
    if (digest(again.head.world) !== digest(timeline.at(middle).world))
      problems.push(`replay law: the state after ${middle} steps differs`);
    again.advance(resolved.horizonUs);
    if (again.trace.hash() !== timeline.trace.hash()) problems.push("S8: the same seed gave another trace");
  }
  return { problems, lost: lost.length, steps: timeline.length };
}
