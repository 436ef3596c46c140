/** What differs between two pieces of plain data, as paths with the value before and after. */

export interface Difference {
  /** Keys from the root: `["memory", "partitions", "orders-0", "highWatermark"]`. */
  readonly path: readonly string[];
  /** Undefined (absent) where the path did not exist. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Differences from `before` to `after`, depth first in key order, at most `limit`. Shared (identical) parts cost nothing. */
export function diffPlain(before: unknown, after: unknown, limit = 200): Difference[] {
  const found: Difference[] = [];
  walk(before, after, [], found, limit);
  return found;
}

function walk(before: unknown, after: unknown, path: string[], found: Difference[], limit: number): void {
  if (before === after || found.length >= limit) return;
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    found.push({
      path: [...path],
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
    return;
  }
  for (const key of Object.keys({ ...before, ...after })) walk(before[key], after[key], [...path, key], found, limit);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
