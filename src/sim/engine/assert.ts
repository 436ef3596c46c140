/**
 * Assertions stay on in every build: an impossible state stops the run, and the screen keeps the last good one.
 */

/** Thrown by {@link assert}; the timeline records where the run stopped. Nobody catches it to carry on. */
export class AssertionFailed extends Error {
  override readonly name = "AssertionFailed";
}

/** Stops the run with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** Ends a `switch` over a union: reaching it means that a kind was added and not handled here. */
export function assertNever(value: never): never {
  throw new AssertionFailed(`unexpected ${JSON.stringify(value)}`);
}

/** Stops the run: what `what` names does not exist. As `value ?? missing(...)`, where the name is not made for nothing. */
export function missing(what: string): never {
  throw new AssertionFailed(`missing ${what}`);
}

/** The value, which must exist; `what` names it in the failure. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new AssertionFailed(`missing ${what}`);
  return value;
}
