/**
 * Writes a scenario as YAML text that reads back as the same data: for "save", and for turning what a learner just
 * did into a file.
 *
 * Order        the parts in the order of the format, whatever order the data has; short groups on one line.
 */
import { Document, isMap, isScalar, isSeq, type Node, visit } from "yaml";
import { ACT_NAMES } from "./format/acts.ts";
import { type Scenario, scenario as scenarioSchema } from "./format/scenario.ts";

/** Keys that come first inside any group, in this order. */
const FIRST = [
  "id",
  "name",
  "producer",
  "consumer",
  "say",
  "in",
  "at",
  "when",
  "after",
  ...ACT_NAMES,
  "label",
  "title",
];

/** Groups of plain values up to this many letters go on one line. */
const ONE_LINE = 90;

export function writeScenario(scenario: Scenario): string {
  const parts = Object.keys(scenarioSchema.entries);
  const ordered = Object.fromEntries(
    parts.filter((key) => Object.hasOwn(scenario, key)).map((key) => [key, scenario[key as keyof Scenario]]),
  );
  const document = new Document(sortKeys(ordered, true), { aliasDuplicateObjects: false, version: "1.2" });
  visit(document, {
    Collection: (_, node, path) => {
      if (path.length > 2 && fitsOneLine(node)) node.flow = true;
    },
    Scalar: (_, node) => {
      // Words that YAML would read as something else are quoted by the library; profiles get quotes for clarity.
      if (typeof node.value === "string" && /^\d+\.\d+$/.test(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 110, indentSeq: true, flowCollectionPadding: false, minContentWidth: 40 });
}

function sortKeys(value: unknown, isRoot = false): unknown {
  if (Array.isArray(value)) return value.map((member) => sortKeys(member));
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  const sorted = isRoot
    ? keys
    : [...FIRST.filter((key) => keys.includes(key)), ...keys.filter((key) => !FIRST.includes(key))];
  return Object.fromEntries(sorted.map((key) => [key, sortKeys((value as Record<string, unknown>)[key])]));
}

function fitsOneLine(node: Node): boolean {
  if (!isMap(node) && !isSeq(node)) return false;
  let letters = 0;
  let depth = 0;
  const measure = (part: unknown, level: number): void => {
    depth = Math.max(depth, level);
    if (isScalar(part)) letters += String(part.value).length + 2;
    else if (isMap(part)) {
      for (const pair of part.items) for (const half of [pair.key, pair.value]) measure(half, level + 1);
    } else if (isSeq(part)) for (const item of part.items) measure(item, level + 1);
  };
  measure(node, 0);
  return letters <= ONE_LINE && depth <= 2;
}
