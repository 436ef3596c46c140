/**
 * A few manners of Python, in which the recorder's list of observations is written: how it prints values, tells them apart and orders text.
 *
 * In Kafka     nothing.
 * Simplified   only JSON values; text inside lists and objects is quoted without escapes.
 */

/** A value as an f-string prints it. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(quoted).join(", ")}]`;
  if (typeof value === "object") {
    const fields = Object.entries(value).map(([key, held]) => `'${key}': ${quoted(held)}`);
    return `{${fields.join(", ")}}`;
  }
  return String(value);
}

/** Whether two JSON values are equal: objects whatever the order of their keys, and true is 1, false is 0. */
export function pythonEqual(a: unknown, b: unknown): boolean {
  const left = typeof a === "boolean" ? Number(a) : (a ?? null);
  const right = typeof b === "boolean" ? Number(b) : (b ?? null);
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => pythonEqual(item, right[index]));
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && pythonEqual(Reflect.get(left, key), Reflect.get(right, key)))
  );
}

/** Order of two texts by code point, where JavaScript's own goes by halves of surrogate pairs. */
export function compareText(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let n = 0; n < Math.min(left.length, right.length); n++) {
    const difference = codePoint(left[n]) - codePoint(right[n]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? -1;
}

function quoted(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : pythonText(value);
}
