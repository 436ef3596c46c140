/**
 * Copies data that claims to be plain, within limits of depth and number of values.
 *
 * Why          data of a link comes from a stranger: it may be deep, huge, cyclic, or carry keys such as `__proto__`.
 */
import { LIMITS } from "./limits.ts";
import type { Finding, Step } from "./problem.ts";

/** Keys that mean something to JavaScript and nothing here. */
export const FORBIDDEN_KEYS: readonly string[] = ["__proto__", "prototype", "constructor"];

/** A copy made of objects, lists, texts, numbers, booleans and null only, and what could not be copied. */
export function copyPlain(data: unknown): { value: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  let budget: number = LIMITS.values;

  const complain = (steps: readonly Step[], message: string): undefined => {
    findings.push({ steps: [...steps], part: "value", message, allowed: null, nearest: null });
    return undefined;
  };

  const copy = (value: unknown, steps: Step[]): unknown => {
    if (budget === 0) return undefined;
    budget -= 1;
    if (budget === 0) return complain([], `the scenario has more than ${LIMITS.values} values`);
    if (steps.length > LIMITS.depth) return complain(steps, `is nested more than ${LIMITS.depth} levels deep`);
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number")
      return Number.isFinite(value) ? value : complain(steps, `${value} is not a number that can be used`);
    if (Array.isArray(value)) return value.map((member, index) => copy(member, [...steps, index]));
    if (typeof value !== "object") return complain(steps, `a ${typeof value} is not plain data`);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      if (FORBIDDEN_KEYS.includes(key)) complain([...steps, key], `the key "${key}" is not allowed`);
      else result[key] = copy((value as Record<string, unknown>)[key], [...steps, key]);
    }
    return result;
  };

  return { value: copy(data, []), findings };
}
