/** The engine's own lists of names say the same as the schemas, in the same order: a spec may have keys of two forms. */
import { expect, test } from "vitest";
import { ACT_NAMES, type ActSpec } from "../../src/sim/scenario/format/acts.ts";
import { EXPECTATION_KINDS, type Expectation } from "../../src/sim/scenario/format/expectations.ts";
import { COMPARISONS } from "../../src/sim/scenario/format/terms.ts";
import { actName, comparisonOf, expectationKind } from "../../src/sim/scenario/kinds.ts";

/** From a spec with all of `names`, takes the one that is found, until none is left. */
function orderFound(names: readonly string[], find: (spec: Record<string, unknown>) => string | undefined): string[] {
  const left = Object.fromEntries(names.toReversed().map((name) => [name, {}]));
  return names.map(() => {
    const found = find(left) ?? "";
    delete left[found];
    return found;
  });
}

test("acts, expectations and comparisons are found in the order of their schemas", () => {
  expect(orderFound(ACT_NAMES, (spec) => actName(spec as unknown as ActSpec))).toEqual(ACT_NAMES);
  expect(orderFound(EXPECTATION_KINDS, (spec) => expectationKind(spec as unknown as Expectation))).toEqual(
    EXPECTATION_KINDS,
  );
  expect(orderFound(Object.keys(COMPARISONS), comparisonOf)).toEqual(Object.keys(COMPARISONS));
});
