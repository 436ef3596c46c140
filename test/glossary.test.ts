import { expect, test } from "vitest";
import { glossary, parseGlossary } from "../src/ui/help/glossary.ts";

test("the glossary explains every word once, in one sentence", () => {
  expect(glossary.length).toBeGreaterThanOrEqual(40);
  const names = glossary.flatMap(({ term, shortForm }) => [term, ...(shortForm === null ? [] : [shortForm])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(glossary.filter(({ sentence }) => !/^[A-Z][^.]*(\d\.\d[^.]*|\.\w[^.]*)*\.$/.test(sentence))).toEqual([]);
  expect(glossary.filter(({ group }) => group === "")).toEqual([]);
});

test("a line that only looks like a term is reported", () => {
  expect(() => parseGlossary("- **epoch** without a colon")).toThrow("cannot read");
});
