/**
 * A snapshot beside an earlier one says the same as a plain one, and is made of the earlier one's objects where nothing changed.
 * Method: fast-check draws a state, changes it in place, and the two kinds of snapshot are compared with structuredClone.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { snapshot, snapshotBeside } from "../../src/sim/engine/snapshot.ts";

const plain = fc.object({ maxDepth: 4, values: [fc.integer(), fc.string(), fc.boolean(), fc.constant(null)] });

test("a snapshot beside any other state equals structuredClone, key order included", () => {
  fc.assert(
    fc.property(plain, plain, (value, other) => {
      const copy = snapshotBeside(value, snapshot(other));
      expect(JSON.stringify(copy)).toBe(JSON.stringify(structuredClone(value)));
    }),
  );
});

test("what did not change is shared with the earlier snapshot, what did is not", () => {
  const state = { logs: { "orders-0": { tail: [1, 2] }, "orders-1": { tail: [3] } }, timers: { a: 1, b: 2 } };
  const before = snapshot(state);
  state.logs["orders-0"].tail.push(9);
  const after = snapshotBeside(state, before);

  expect(after.logs["orders-1"]).toBe(before.logs["orders-1"]);
  expect(after.timers).toBe(before.timers);
  expect(after.logs["orders-0"]).toEqual({ tail: [1, 2, 9] });
  expect(before.logs["orders-0"]).toEqual({ tail: [1, 2] });
});

test("the same keys in another order are another state: handlers walk records in order", () => {
  const before = snapshot({ timers: { a: 1, b: 2 } as Record<string, number> });
  expect(Object.keys(snapshotBeside({ timers: { b: 2, a: 1 } as Record<string, number> }, before).timers)).toEqual([
    "b",
    "a",
  ]);
});

test("a key that went away is gone", () => {
  const before = snapshot({ timers: { a: 1, b: 2 } as Record<string, number> });
  expect(snapshotBeside({ timers: { a: 1 } as Record<string, number> }, before)).toEqual({ timers: { a: 1 } });
});
