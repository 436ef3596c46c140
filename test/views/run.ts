/** A whole run of a built-in scenario, for tests of projections: computed once a file and variant. */
import { readFileSync } from "node:fs";
import { parseScenario, type Run, startScenario } from "../../src/sim/index.ts";
import { root } from "../../tools/files.mjs";

const runs = new Map<string, Run>();

/** The run of scenarios/<id>.yaml to its horizon. */
export function runOf(id: string, variant: string | null = null): Run {
  const key = `${id} ${variant}`;
  let run = runs.get(key);
  if (run === undefined) {
    const { scenario } = parseScenario(readFileSync(`${root}/scenarios/${id}.yaml`, "utf8"), `${id}.yaml`);
    if (scenario === null) throw new Error(`${id} cannot be read`);
    run = startScenario(scenario, { variant });
    run.timeline.advance(run.resolved.horizonUs);
    runs.set(key, run);
  }
  return run;
}

/** The entry of the first fact of that kind whose fields are these. */
export function entryOf(run: Run, kind: string, fields: Readonly<Record<string, unknown>> = {}): number {
  const found = [...run.timeline.trace.facts].find(
    ({ fact }) => fact.kind === kind && Object.entries(fields).every(([key, value]) => fact[key] === value),
  );
  if (found === undefined) throw new Error(`no ${kind} in this run`);
  return found.entry;
}
