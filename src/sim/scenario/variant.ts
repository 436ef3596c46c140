/**
 * Variants: the same scenario with some things different, as plain data before and after.
 *
 * A path of `set` names list members by their id: `clients/p1/config/acks`, `topics/orders/config/retention.ms`,
 * `acts/heal-it/at`, `cluster/links/delay`. A number stands for a place in a list without ids.
 */

import { isMap } from "../engine/plain.ts";
import { nearest } from "../kafka/profiles/nearest.ts";
import type { Scenario, Variant } from "./format/scenario.ts";
import { FORBIDDEN_KEYS } from "./plain.ts";
import type { Finding, Step } from "./problem.ts";

/** The keys by which a list member is called. */
const ID_KEYS = ["id", "name", "producer", "consumer"];
/** Parts of a scenario that a variant may reach with `set`. */
const SETTABLE = ["cluster", "topics", "clients", "acts"];

export interface AppliedVariant {
  data: unknown;
  /** Mistakes of the variant itself; steps start inside it. */
  findings: Finding[];
  /** Which part of the variant each changed place of the result came from. */
  origins: { steps: Step[]; from: Step[] }[];
}

/** The scenario as the variant changes it; `null` is the scenario itself. Both are left as they are. */
export function withVariant(scenario: Scenario, variant: Variant | null): Scenario {
  if (variant === null) return scenario;
  return applyVariant(scenario, variant).data as Scenario;
}

/** As `withVariant`, on data that may be wrong. */
export function applyVariant(base: Record<string, unknown>, variant: Record<string, unknown>): AppliedVariant {
  const data = structuredCopy(base);
  const findings: Finding[] = [];
  const origins: AppliedVariant["origins"] = [];
  for (const key of ["profile", "seed", "horizon"]) {
    if (variant[key] === undefined) continue;
    data[key] = variant[key];
    origins.push({ steps: [key], from: [key] });
  }
  if (Array.isArray(variant.without)) {
    data.without = [...(Array.isArray(data.without) ? data.without : []), ...variant.without];
    origins.push({ steps: ["without"], from: ["without"] });
  }
  if (Array.isArray(variant.drop) && Array.isArray(data.acts)) {
    const dropped: unknown[] = variant.drop;
    data.acts = data.acts.filter((act) => !(isMap(act) && typeof act.id === "string" && dropped.includes(act.id)));
  }
  for (const list of ["acts", "clients"]) mergeList(data, list, variant[list], origins);
  if (isMap(variant.set)) {
    for (const path of Object.keys(variant.set)) {
      const problem = setAt(data, path, variant.set[path], origins);
      if (problem !== null) {
        const { message, near } = problem;
        findings.push({ steps: ["set", path], part: "key", message, allowed: null, nearest: near });
      }
    }
  }
  // The result is one run; it has no variants of its own.
  delete data.variants;
  return { data, findings, origins };
}

/** Adds the members of a variant's list; one with a known id takes the place of the old one. */
function mergeList(
  data: Record<string, unknown>,
  list: string,
  added: unknown,
  origins: AppliedVariant["origins"],
): void {
  if (!Array.isArray(added)) return;
  const members: unknown[] = Array.isArray(data[list]) ? data[list] : [];
  added.forEach((member: unknown, index) => {
    const id = idOf(member);
    const place = id === null ? -1 : members.findIndex((old) => idOf(old) === id);
    const target = place === -1 ? members.length : place;
    members[target] = member;
    origins.push({ steps: [list, target], from: [list, index] });
  });
  data[list] = members;
}

function setAt(
  data: Record<string, unknown>,
  path: string,
  value: unknown,
  origins: AppliedVariant["origins"],
): { message: string; near: string | null } | null {
  const parts = path.split("/");
  const last = parts.pop();
  const first = parts[0];
  if (last === undefined || first === undefined || !SETTABLE.includes(first)) {
    const near = nearest(path.split("/")[0] ?? "", SETTABLE);
    return { message: `"${path}" must start with one of ${SETTABLE.join(", ")}, then "/"`, near };
  }
  if ([...parts, last].some((part) => FORBIDDEN_KEYS.includes(part)))
    return { message: `"${path}" is not allowed`, near: null };

  const steps: Step[] = [];
  let here: unknown = data;
  for (const part of parts) {
    if (Array.isArray(here)) {
      const place = placeIn(here, part);
      if (place === -1)
        return notThere(
          path,
          part,
          here.map(idOf).filter((id) => id !== null),
        );
      steps.push(place);
      here = here[place];
    } else if (isMap(here)) {
      // A group of settings, or the part itself, may be missing so far.
      if (!Object.hasOwn(here, part)) here[part] = {};
      else if (part === "zookeeper" && typeof here[part] === "number") here[part] = { servers: here[part] };
      else if (part === "brokers" && typeof here[part] === "number") here[part] = brokerList(here[part]);
      steps.push(part);
      here = here[part];
    } else return notThere(path, part, []);
  }
  if (!isMap(here)) return notThere(path, last, []);
  here[last] = value;
  origins.push({ steps: [...steps, last], from: ["set", path] });
  return null;
}

function notThere(path: string, part: string, known: readonly string[]): { message: string; near: string | null } {
  const listed = known.length > 0 ? `; there is ${known.slice(0, 20).join(", ")}` : "";
  return { message: `"${path}" leads nowhere: no "${part}"${listed}`, near: nearest(part, known) };
}

function placeIn(list: readonly unknown[], part: string): number {
  const named = list.findIndex((member) => idOf(member) === part);
  if (named !== -1) return named;
  return /^\d{1,3}$/.test(part) && Number(part) < list.length ? Number(part) : -1;
}

/** How a list member is called, or null. */
export function idOf(member: unknown): string | null {
  if (!isMap(member)) return null;
  for (const key of ID_KEYS) {
    const id = member[key];
    if (typeof id === "string") return id;
  }
  return null;
}

function brokerList(count: number): { id: string }[] {
  return Array.from({ length: Math.max(0, Math.min(count, 9)) }, (_, index) => ({ id: `b${index + 1}` }));
}

function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
