/** A digest of plain data that remembers what it found for frozen parts, so that a thousand states of one run are digested quickly. */
import { digest } from "../src/sim/engine/snapshot.ts";

const known = new WeakMap<object, string>();

/** Equal for equal data; a primitive stands for itself. */
export function stateHash(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  let found = known.get(value);
  if (found === undefined) {
    const parts = Object.keys(value)
      .sort()
      .map((key) => [key, stateHash((value as Record<string, unknown>)[key])]);
    found = digest([Array.isArray(value), parts]);
    if (Object.isFrozen(value)) known.set(value, found);
  }
  return found;
}
