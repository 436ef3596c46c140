/** The documentation and the editor schema against the code that reads the files. */
import { readFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, test } from "vitest";
import { ACT_NAMES } from "../../src/sim/scenario/format/acts.ts";
import { EXPECTATION_KINDS } from "../../src/sim/scenario/format/expectations.ts";
import { scenario } from "../../src/sim/scenario/format/scenario.ts";
import { COMPARISONS, LEDGER_SETS, TERM_NAMES } from "../../src/sim/scenario/format/terms.ts";
import { parseScenario } from "../../src/sim/scenario/parse.ts";

const page = readFileSync("docs/scenario-format.md", "utf8");
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");

/** A text as its top-level parts: key → lines. */
function partsOf(text: string): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const part of text.split(/^(?=[a-z])/m)) {
    const key = /^[a-zA-Z]+/.exec(part)?.[0];
    if (key !== undefined) parts[key] = part;
  }
  return parts;
}

describe("every example is valid: the first as it stands, the others in its place in the first", () => {
  test.each(blocks.map((block) => [block.split("\n").slice(0, 3).join(" "), block]))("%s", (_, block) => {
    const [first = ""] = blocks;
    const text = Object.values({ ...partsOf(first), ...partsOf(block) }).join("");
    expect(parseScenario(text, "base.yaml").problems.map(({ line, message }) => `${line} ${message}`)).toEqual([]);
  });
});

test("every act, claim, term, comparison and set stands on the page", () => {
  const all = [...ACT_NAMES, ...EXPECTATION_KINDS, ...TERM_NAMES, ...Object.keys(COMPARISONS), ...LEDGER_SETS];
  const words = new Set(page.match(/[\w-]+/g));
  expect(all.filter((word) => !words.has(word))).toEqual([]);
});

// Rewritten with `npx vitest run test/scenario/documentation.test.ts -u`.
test("the schema for editors is that of the code", async () => {
  const schema = toJsonSchema(scenario, { errorMode: "ignore", target: "draft-2020-12" });
  const text = `${JSON.stringify({ title: "Scenario of the failure lab", ...schema }, null, 1)}\n`;
  await expect(text).toMatchFileSnapshot("../../schema/scenario.schema.json");
});
