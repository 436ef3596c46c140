/** Facts of a scenario written in a test. */
import type { FactEntry } from "../../src/sim/engine/facts.ts";
import { RULE_NAMES } from "../../src/sim/kafka/rules.ts";
import { FACT_KINDS } from "../../src/sim/narration/index.ts";
import { parseScenario } from "../../src/sim/scenario/parse.ts";
import { startScenario } from "../../src/sim/start.ts";

/** Runs the scenario `<id>` in `yaml` to its horizon. Throws an Error with its mistakes, if it has any. */
export function factsOfScenario(id: string, yaml: string): FactEntry[] {
  const parsed = parseScenario(yaml, `${id}.yaml`, { facts: FACT_KINDS, rules: RULE_NAMES });
  if (parsed.scenario === null) throw new Error(JSON.stringify(parsed.problems));
  const run = startScenario(parsed.scenario);
  run.timeline.advance(run.resolved.horizonUs);
  return [...run.timeline.trace.facts];
}
