/**
 * Every rule in both directions: with it a scenario keeps its promise or expectation, without it the same run does not.
 *
 * A rule that nothing depends on would be a switch without a lamp. Where a promise breaks, that is the proof; some rules guard against
 * something that no promise speaks of (a refused order, a duplicate, an outage), and then an expectation of the scenario falls.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULE_NAMES, RULES, type RuleName } from "../src/sim/kafka/rules.ts";
import { FACT_KINDS } from "../src/sim/narration/index.ts";
import { reportOf } from "../src/sim/projection/report.ts";
import { parseScenario } from "../src/sim/scenario/parse.ts";
import { startScenario } from "../src/sim/start.ts";

interface Proof {
  /** A lab of scenarios/, or a file of test/data/scenarios/. */
  readonly scenario: string;
  readonly variant?: string;
  /** Promises (S1) that break and expectations that fall without the rule. */
  readonly without: readonly string[];
}

const PROOFS: Readonly<Record<RuleName, Proof>> = {
  acksAllWaitsForIsr: { scenario: "acks1-failover-loss", variant: "acks-all", without: ["nothing-lost"] },
  minIsrChecked: { scenario: "min-insync-refuses", without: ["refused", "nothing-accepted"] },
  highWatermarkIsIsrMinimum: { scenario: "acks1-failover-loss", without: ["S2"] },
  consumersStopAtHighWatermark: { scenario: "follow-one-record", without: ["S5"] },
  electsFromIsr: { scenario: "unclean-election", without: ["S2"] },
  fencesByControllerEpoch: { scenario: "zombie-controller", without: ["refused"] },
  fencesByLeaderEpoch: { scenario: "controller-dies", variant: "follower", without: ["waits-for-the-follower"] },
  conditionalIsrWrites: { scenario: "zombie-leader", without: ["S1"] },
  shrinksIsr: { scenario: "slow-follower-leaves-isr", without: ["leaves-in-time"] },
  truncatesByLeaderEpoch: { scenario: "epoch-truncation", without: ["S2", "nothing-lost"] },
  truncatesOnFetch: { scenario: "divergence-in-fetch", without: ["told-in-fetch"] },
  restartsFetcherOnNewEpoch: { scenario: "fenced-fetch", without: ["restarted"] },
  fencesFetchByLeaderEpoch: { scenario: "fenced-fetch", without: ["fenced"] },
  expandNeedsEpochStart: { scenario: "joins-at-epoch-start", without: ["not-early"] },
  shrinkSparesCaughtUp: { scenario: "slow-follower-leaves-isr", variant: "quiet", without: ["never-late"] },
  isrChangesByController: { scenario: "controller-changes-isr", without: ["asked"] },
  highWatermarkWaitsForMinIsr: { scenario: "mark-waits-for-min-isr", without: ["mark-stands", "none-read"] },
  minIsrCappedByReplicas: { scenario: "min-isr-capped", without: ["accepted"] },
  fencesByBrokerEpoch: { scenario: "broker-epoch", without: ["noticed", "somebody-serves"] },
  controllerWritesAreFenced: { scenario: "fenced-writes", without: ["fenced"] },
  failoverCleansIsr: { scenario: "controller-dies", variant: "newer-follower", without: ["controller-shrinks"] },
  deduplicates: { scenario: "idempotent-producer", without: ["no-copy"] },
  fencesGenerations: { scenario: "fenced-commit", variant: "paused", without: ["commit-refused-after-pause"] },
};

function scenarioOf(name: string) {
  const lab = new URL(`../scenarios/${name}.yaml`, import.meta.url);
  const file = existsSync(lab) ? lab : new URL(`data/scenarios/${name}.yaml`, import.meta.url);
  const { scenario, problems } = parseScenario(readFileSync(file, "utf8"), name, {
    facts: FACT_KINDS,
    rules: RULE_NAMES,
  });
  expect(problems).toEqual([]);
  if (scenario === null) throw new Error(`${name} has mistakes`);
  return scenario;
}

/** Promises that broke and expectations that fell. */
function wrong({ scenario, variant = "" }: Proof, without: readonly RuleName[]): string[] {
  const options = { variant: variant === "" ? null : variant, without };
  const run = startScenario(scenarioOf(scenario), { ...options, timeline: { checkpointEvery: 1_000_000 } });
  run.timeline.advance(run.resolved.horizonUs);
  const report = reportOf(run, run.resolved.horizonUs);
  expect(report.failure).toBeNull();
  const fallen = report.verdicts.filter(({ verdict }) => verdict === "fell").map(({ id }) => id);
  return [...fallen, ...report.broken.map(({ promise }) => promise)];
}

describe.each(RULE_NAMES)("%s", (rule) => {
  const proof = PROOFS[rule];

  test(`${RULES[rule].says}; without it that is missed`, () => {
    expect(wrong(proof, [rule])).toEqual(expect.arrayContaining([...proof.without]));
  });

  test("with it nothing is wrong", () => {
    expect(wrong(proof, [])).toEqual([]);
  });
});
