/**
 * Freezing, copying and digesting plain data.
 *
 * What never changes (records, batches, messages, events, facts, sealed log chunks) is frozen when made; a snapshot shares
 * everything frozen and copies the rest. That makes a checkpoint cheap however long the logs are.
 */
import { assert } from "./assert.ts";

/** Freezes `value` and all plain data below it that is not frozen yet; returns it. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  // Primitives are passed over here, without a call: most of a message is that.
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const item: unknown = value[i];
      if (typeof item === "object" && item !== null) freeze(item);
    }
  } else {
    for (const key in value) {
      const item: unknown = value[key];
      if (typeof item === "object" && item !== null) freeze(item);
    }
  }
  return Object.freeze(value);
}

/** A copy of plain data that shares whatever is frozen. Frozen data is deeply frozen by {@link freeze}. */
export function snapshot<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    const copy = value.slice();
    for (let i = 0; i < copy.length; i += 1) {
      const item = copy[i];
      if (typeof item === "object" && item !== null) copy[i] = snapshot(item);
    }
    return copy as T;
  }
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  for (const key in copy) {
    const item = copy[key];
    if (typeof item === "object" && item !== null) copy[key] = snapshot(item);
  }
  return copy as T;
}

/**
 * A snapshot beside an earlier one: whatever still is as it was in `before`, keys in the same order, is that very object. Most of a
 * World does not change between two checkpoints. Nobody may change `before` or the result.
 */
export function snapshotBeside<T>(value: T, before: unknown): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (typeof before !== "object" || before === null || Array.isArray(before) !== Array.isArray(value))
    return snapshot(value);
  return (
    Array.isArray(value) ? listBeside(value, before as unknown[]) : recordBeside(value as Plain, before as Plain)
  ) as T;
}

type Plain = Record<string, unknown>;

function listBeside(list: readonly unknown[], before: readonly unknown[]): readonly unknown[] {
  let copy = list.length === before.length ? null : list.slice();
  for (let i = 0; i < list.length; i += 1) {
    const own = list[i];
    const old = before[i];
    // The same object twice is frozen.
    const item = own === old ? own : snapshotBeside(own, old);
    // What came before the first difference is as it was.
    if (copy === null && item !== old) copy = [...before.slice(0, i), ...list.slice(i)];
    if (copy !== null) copy[i] = item;
  }
  return copy ?? before;
}

function recordBeside(record: Plain, before: Plain): Plain {
  const keys = Object.keys(before);
  let copy: Plain | null = null;
  let count = 0;
  for (const key in record) {
    const own = record[key];
    const old = before[key];
    const item = own === old ? own : snapshotBeside(own, old);
    if (copy === null && (item !== old || key !== keys[count])) {
      copy = { ...record };
      for (let i = 0; i < count; i += 1) copy[keys[i] as string] = before[keys[i] as string];
    }
    if (copy !== null) copy[key] = item;
    count += 1;
  }
  if (copy !== null) return copy;
  return count === keys.length ? before : snapshot(record);
}

/** Canonical JSON: keys sorted at every level, so that two equal states have equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    assert(value !== undefined, "undefined is not plain data");
    assert(typeof value !== "number" || Number.isFinite(value), "NaN and Infinity are not plain data");
    assert(typeof value !== "function", "functions are not plain data");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

/** A 64-bit digest of plain data as 16 hex digits; equal for equal data. For tests and links, not for security. */
export function digest(value: unknown): string {
  const text = canonicalJson(value);
  let a = 0xdeadbeef | 0;
  let b = 0x41c6ce57 | 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return hex64(a, b);
}

/** Two 32-bit lanes as 16 hex digits. */
export function hex64(a: number, b: number): string {
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}
