/** A hash of plain data that remembers what it found for frozen parts, so that a thousand states of one run are hashed quickly. */

const known = new WeakMap<object, number>();

/** 52 bits; equal for equal data. */
export function stateHash(value: unknown): number {
  if (typeof value !== "object" || value === null) return hashText(`${typeof value} ${String(value)}`);
  const found = known.get(value);
  if (found !== undefined) return found;
  let hash = hashText(Array.isArray(value) ? "list" : "record");
  for (const key of Object.keys(value).sort()) {
    hash = join(hash, hashText(key));
    hash = join(hash, stateHash((value as Record<string, unknown>)[key]));
  }
  if (Object.isFrozen(value)) known.set(value, hash);
  return hash;
}

function hashText(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let i = 0; i < text.length; i += 1) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(i), 0x85ebca6b);
  }
  return joined(low, high);
}

function join(a: number, b: number): number {
  const low = Math.imul((a >>> 0) ^ Math.imul(b >>> 0, 0x9e3779b1), 0x85ebca6b);
  const high = Math.imul(Math.floor(a / 4294967296) ^ Math.floor(b / 4294967296) ^ (b >>> 0), 0xc2b2ae35) + low;
  return joined(low ^ (high >>> 13), high ^ (low >>> 15));
}

function joined(low: number, high: number): number {
  return (low >>> 0) + (high & 0xfffff) * 4294967296;
}
