/** The page "what is modelled" is docs/fidelity.md whole: every row of every table is there. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fidelity, parseFidelity, partsOf } from "../../src/ui/help/fidelity.ts";
import { root } from "../../tools/files.mjs";

test("every row of the document is on the page, without the column of source files", () => {
  const written = readFileSync(`${root}/docs/fidelity.md`, "utf8");
  const rows = written.split("\n").filter((line) => line.startsWith("|") && !/^\|[\s|:-]+$/.test(line)).length;
  const tables = fidelity.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === "table" ? [block] : [])));
  expect(tables.reduce((sum, table) => sum + table.rows.length + 1, 0)).toBe(rows);
  expect(tables.flatMap(({ head }) => head)).not.toContain("where");
  for (const { head, rows: of } of tables) for (const row of of) expect(row.length).toBe(head.length);
});

test("a heading begins a section, a bold line is a title, back-quotes set code", () => {
  const [, second] = parseFidelity(
    "# Top\n\nIntro.\n\n## Logs\n\n**Modelled**\n\n| a | where | b |\n| - | - | - |\n| 1 | x | 2 |",
  );
  expect(second).toEqual({
    title: "Logs",
    blocks: [
      { kind: "title", text: "Modelled" },
      { kind: "table", head: ["a", "b"], rows: [["1", "2"]] },
    ],
  });
  expect(partsOf("set `acks` to 1")).toEqual([
    { text: "set ", isCode: false },
    { text: "acks", isCode: true },
    { text: " to 1", isCode: false },
  ]);
});
