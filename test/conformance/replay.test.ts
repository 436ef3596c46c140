/**
 * Recorded stories replayed in the simulator. What real clusters showed is the expectation; how many observations differ, and which, is
 * kept in a golden so that a change shows in review (docs/fidelity.md says why each differs).
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareTrace, totalsOf } from "../../src/conformance/comparison.ts";
import { simulate } from "../../src/conformance/runner.ts";
import { readTrace } from "../../src/conformance/trace.ts";

const FOLDER = "test/data/traces";
const racy = JSON.parse(readFileSync("test/data/racy.json", "utf8")) as Record<string, string[]>;
const names = readdirSync(FOLDER).flatMap((file) => (file.includes("@") ? [file.replace(/\.json$/, "")] : []));

function reportOf(name: string): ReturnType<typeof compareTrace> {
  const reading = readTrace(readFileSync(`${FOLDER}/${name}.json`, "utf8"));
  if (!reading.ok) throw new Error(`${name}: ${JSON.stringify(reading.problems)}`);
  return compareTrace(reading.trace, simulate(reading.trace), new Set(racy[name] ?? []));
}

describe("recorded stories", () => {
  const lines: string[] = [];

  test.each(names)("%s", (name) => {
    const report = reportOf(name);
    const totals = totalsOf([report]);
    const share = totals.same / (totals.same + totals.differs + totals.unsupported);
    if (totals.differs > 0) {
      lines.push(`${name}: ${totals.same} same, ${totals.differs} differ`);
      for (const { id, verdict } of report.verdicts) if (verdict === "differs") lines.push(`  ${id}`);
    }
    expect(totals.unsupported).toBe(0);
    if (name.startsWith("leader-killed@")) expect(totals.differs).toBe(0);
    else expect(share).toBeGreaterThanOrEqual(0.9);
  });

  test("the observations that differ are those known", async () => {
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../golden/conformance.txt");
  });
});
