/** Which facts are meant: values that some of their fields must have. Used by acts that wait for a fact, and by expectations. */
import type { ActorId, Fact } from "../engine/types.ts";

/** Field → the value it must have, or a list of which it must have one. */
export type FactWhere = Readonly<Record<string, unknown>>;

/**
 * Whether a fact noted by `actor` carries these values. The field `actor` is that actor. A field that is a list must equal a
 * list, and contain a single value.
 */
export function matchesFact(where: FactWhere, fact: Fact, actor: ActorId): boolean {
  for (const field in where) {
    if (!fits(field === "actor" ? actor : fact[field], where[field])) return false;
  }
  return true;
}

function fits(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value))
    return Array.isArray(wanted) ? JSON.stringify(value) === JSON.stringify(wanted) : value.includes(wanted);
  if (Array.isArray(wanted)) return wanted.includes(value);
  return value === wanted;
}
