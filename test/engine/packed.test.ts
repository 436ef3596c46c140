/** What is packed comes back equal, whatever plain data it is, also from the copy of a part of the list. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { PackedList } from "../../src/sim/engine/packed.ts";

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.integer({ min: -3, max: 200 }),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.constantFrom("", "0", "007", "orders-0", "p1:20", "a00", "9".repeat(20), "x123456789012345678"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test("a packed list gives back what was put in, in order", () => {
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 40 }), fc.array(plain, { maxLength: 5 }), (values, more) => {
      const list = new PackedList();
      for (const value of values) list.append(value);
      const half = values.length >> 1;
      const part = list.prefix(half);
      for (const value of more) part.append(value);
      const read = (from: PackedList) => Array.from({ length: from.length }, (_, index) => from.at(index));
      expect(read(list)).toEqual(values);
      expect(read(part)).toEqual([...values.slice(0, half), ...more]);
      expect([list.at(-1), list.at(values.length)]).toEqual([undefined, undefined]);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("a fact of the common kind takes less than 40 bytes", () => {
  const list = new PackedList();
  const fact = (n: number) => ({
    kind: "records-appended",
    topicPartition: `orders-${n % 6}`,
    role: "leader",
    leaderEpoch: 3,
    from: 1000 + n,
    to: 1001 + n,
    tags: [`p1:${n}`],
  });
  for (let n = 0; n < 1000; n += 1) list.append(fact(n));
  expect(list.at(999)).toEqual(fact(999));
  expect(list.size / list.length).toBeLessThan(40);
});
