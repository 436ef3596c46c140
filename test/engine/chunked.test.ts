/** A chunked list behaves as a plain list, and what was sealed before a change stays as it was for whoever holds it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  append,
  createChunked,
  itemAt,
  itemsOf,
  lastOf,
  lengthOf,
  replaceAt,
  shorten,
} from "../../src/sim/engine/chunked.ts";
import { snapshot } from "../../src/sim/engine/snapshot.ts";

const step = fc.oneof(
  fc.record({ op: fc.constant("append" as const), count: fc.integer({ min: 1, max: 1500 }) }),
  fc.record({ op: fc.constant("shorten" as const), percent: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ op: fc.constant("replace" as const), percent: fc.integer({ min: 0, max: 99 }) }),
);

test("appended to, shortened and replaced in, it holds what a plain list holds, and so does an earlier copy", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
      const list = createChunked<number>();
      const plain: number[] = [];
      const copies: { list: typeof list; plain: number[] }[] = [];
      for (const [n, one] of steps.entries()) {
        if (one.op === "append") {
          for (let i = 0; i < one.count; i += 1) append(list, i);
          for (let i = 0; i < one.count; i += 1) plain.push(i);
        } else {
          const place = Math.floor((plain.length * one.percent) / 100);
          if (one.op === "shorten") {
            shorten(list, place);
            plain.length = place;
          } else if (plain.length > 0) {
            replaceAt(list, place, -n);
            plain[place] = -n;
          }
        }
        copies.push({ list: snapshot(list), plain: [...plain] });
      }
      for (const copy of copies) {
        expect([...itemsOf(copy.list)]).toEqual(copy.plain);
        expect(lengthOf(copy.list)).toBe(copy.plain.length);
        expect(lastOf(copy.list)).toBe(copy.plain.at(-1));
        const half = copy.plain.length >> 1;
        expect([...itemsOf(copy.list, half)]).toEqual(copy.plain.slice(half));
        expect([itemAt(copy.list, half), itemAt(copy.list, -1)]).toEqual([copy.plain[half], undefined]);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("a copy of a long list shares all but its young end", () => {
  const list = createChunked<object>();
  for (let i = 0; i < 100_000; i += 1) append(list, Object.freeze({ i }));
  const copy = snapshot(list);
  expect(copy.blocks[0]).toBe(list.blocks[0]);
  expect(copy.blocks.length + copy.chunks.length + copy.tail.length).toBeLessThan(200);
});
