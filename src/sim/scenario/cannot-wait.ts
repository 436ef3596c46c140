/** What an act cannot wait for: it sees the World, and what only observers know is not in it. */
import { isMap } from "../engine/plain.ts";

const NEEDS_AN_OBSERVER: Readonly<Record<string, string>> = {
  asOf: "values of an earlier moment",
  records: "records",
  record: "records",
  key: "records",
  perKeyOrdered: "records",
  ordered: "records",
  readersOf: "records",
  copiesOf: "records",
  partitionsOf: "records",
  fact: "facts so far",
  consumedBy: "records",
  both: "records",
  either: "records",
  minus: "records",
  only: "records",
};

/** What in a condition an act cannot wait for, in words; null if it can. Reads unchecked data. */
export function cannotWaitFor(condition: unknown): string | null {
  if (Array.isArray(condition)) return condition.map(cannotWaitFor).find((found) => found !== null) ?? null;
  if (!isMap(condition)) return null;
  for (const key of Object.keys(condition)) {
    const known = NEEDS_AN_OBSERVER[key];
    if (known !== undefined) return known;
    if (key === "count" && typeof condition[key] === "string") return "records";
    const inner = cannotWaitFor(condition[key]);
    if (inner !== null) return inner;
  }
  return null;
}
