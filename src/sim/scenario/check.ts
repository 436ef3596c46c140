/**
 * Checks scenario data: its shape, then everything a shape cannot say. Collects all mistakes, never throws.
 *
 *   1  plain data only, within limits of depth and size
 *   2  the schema; names and settings come back as questions
 *   3  the questions: does the name refer to something, does the setting exist, is its value of the right type
 *   4  the parts together: times within the horizon, placement, records to be sent
 *   5  each variant, applied
 */
import * as v from "valibot";
import { isMap } from "../engine/plain.ts";
import { checkSetting, readConfig } from "../kafka/profiles/config.ts";
import { nearest } from "../kafka/profiles/nearest.ts";
import { DEFAULT_PROFILE, PROFILES, type Profile } from "../kafka/profiles/profile.ts";
import type { Detail, DetailedIssue, SettingsKind } from "./format/basics.ts";
import { type Scenario, scenario as scenarioSchema } from "./format/scenario.ts";
import { LIMITS } from "./limits.ts";
import { ANY_WORDS, isOpenPartition, knownNames, type Names, namesOf, type Vocabulary } from "./names.ts";
import { copyPlain } from "./plain.ts";
import { type Finding, type Problem, problemOf, type Step, writePath } from "./problem.ts";
import { checkTogether } from "./together.ts";
import { applyVariant } from "./variant.ts";

export interface CheckedScenario {
  /** Null when there is any problem. */
  scenario: Scenario | null;
  problems: Problem[];
}

/**
 * Checks plain data, for instance a scenario built in as JSON or one from a link.
 * `words` are the fact kinds and rules that exist; without them any are accepted.
 */
export function checkScenario(data: unknown, words: Vocabulary = ANY_WORDS): CheckedScenario {
  const { scenario, findings } = findMistakes(data, words);
  return { scenario, problems: findings.map(problemOf) };
}

/** As `checkScenario`, with places as lists of steps. */
export function findMistakes(data: unknown, words: Vocabulary): { scenario: Scenario | null; findings: Finding[] } {
  const { value, findings } = copyPlain(data);
  if (findings.length > 0) return { scenario: null, findings };
  findings.push(...checkWhole(value, namesOf(value), words));
  if (isMap(value) && Array.isArray(value.variants)) {
    const before = new Set(findings.map(identity));
    value.variants.slice(0, LIMITS.variants).forEach((variant: unknown, index) => {
      findings.push(...checkVariant(value, variant, index, before, words));
    });
  }
  const kept = findings.slice(0, LIMITS.problems);
  if (findings.length > kept.length) {
    kept.push(wholeFile(`${findings.length - kept.length} more problems are not shown`));
  }
  return { scenario: kept.length === 0 ? (value as Scenario) : null, findings: kept };
}

/** Steps 2 to 4. */
function checkWhole(value: unknown, names: Names, words: Vocabulary): Finding[] {
  const findings: Finding[] = [];
  for (const issue of v.safeParse(scenarioSchema, value).issues ?? []) {
    findings.push(...readIssue(issue as DetailedIssue, value, names, words));
  }
  findings.push(...checkTogether(value));
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    // Several steps of one schema may find the same: 1.5 is not whole and above the most.
    if (!followsFromMisspelling(finding, findings)) kept.set(identity(finding), finding);
  }
  return [...kept.values()];
}

/** A mistyped key is one mistake, though the right key is then missing too. */
function followsFromMisspelling(missing: Finding, findings: readonly Finding[]): boolean {
  if (missing.part !== "inside") return false;
  return findings.some(
    ({ part, nearest: meant, steps }) =>
      part === "key" &&
      meant !== null &&
      missing.message.includes(meant) &&
      writePath(steps.slice(0, -1)) === writePath(missing.steps),
  );
}

function checkVariant(
  base: Record<string, unknown>,
  variant: unknown,
  index: number,
  before: ReadonlySet<string>,
  words: Vocabulary,
): Finding[] {
  if (!isMap(variant)) return [];
  const { data, findings, origins } = applyVariant(base, variant);
  const own = findings.map((finding) => ({ ...finding, steps: ["variants", index, ...finding.steps] }));
  // What is said about an act or a client of another variant, or one that is dropped here, stays valid.
  const { acts, producers, consumers, groups, variants, expectations } = namesOf(base);
  const names = { ...namesOf(data), acts, producers, consumers, groups, variants, expectations };
  for (const finding of checkWhole(data, names, words)) {
    // A key that the other version does not have is ignored there, as a client or broker ignores it.
    if (before.has(identity(finding)) || finding.message.includes("does not exist in")) continue;
    const origin = origins.find(({ steps }) => steps.every((step, i) => finding.steps[i] === step));
    const from: Step[] = ["variants", index, ...(origin?.from ?? [])];
    if (origin !== undefined && origin.from[0] !== "set") {
      // Inside an act or client that the variant adds: most mistakes are found there already, at the same place.
      const there = { ...finding, steps: [...from, ...finding.steps.slice(origin.steps.length)] };
      if (!before.has(identity(there))) own.push(there);
      continue;
    }
    const where = finding.steps.length > 0 ? `${writePath(finding.steps)}: ` : "";
    own.push({ ...finding, part: "value", steps: from, message: `with this variant, ${where}${finding.message}` });
  }
  return own;
}

function readIssue(issue: DetailedIssue, value: unknown, names: Names, words: Vocabulary): Finding[] {
  const steps: Step[] = (issue.path ?? []).map((item) => item.key as Step);
  const detail: Detail = issue.detail ?? {};
  if (detail.reference !== undefined) return checkReference(detail.reference, steps, value, names, words);
  if (detail.settings !== undefined) return checkSettings(detail.settings, steps, value);
  const part =
    detail.part ?? (issue.path?.at(-1)?.type === "object" && issue.path.at(-1)?.origin === "key" ? "key" : "value");
  if (part === "inside" && issue.type === "object" && issue.path !== undefined) steps.pop();
  const message = part === "key" ? issue.message : `${subjectOf(steps)}${issue.message}`;
  return [{ steps, part, message, allowed: detail.allowed ?? null, nearest: detail.nearest ?? null }];
}

function checkReference(
  { kind, name }: NonNullable<Detail["reference"]>,
  steps: Step[],
  value: unknown,
  names: Names,
  words: Vocabulary,
): Finding[] {
  if (name.startsWith("$")) {
    if (boundVariables(value, steps).includes(name.slice(1))) return [];
    const bound = boundVariables(value, steps);
    return [
      {
        steps,
        part: "value",
        message: `${name} is not introduced by forEvery or thereIs`,
        allowed: bound,
        nearest: null,
      },
    ];
  }
  const known = knownNames(kind, names, words);
  if (known === null || known.includes(name)) return [];
  if (kind === "topicPartition" && isOpenPartition(name, names)) return [];
  const what = REFERENCE_WORDS[kind] ?? kind;
  const shown = known.filter((candidate) => !candidate.startsWith("__"));
  const listed = shown.length > 0 && shown.length <= 20 ? `; there is ${shown.join(", ")}` : "";
  return [
    {
      steps,
      part: "value",
      message: `no ${what} is called "${name.slice(0, 60)}"${listed}`,
      allowed: known.slice(0, 50),
      nearest: nearest(name, known),
    },
  ];
}

const REFERENCE_WORDS: Readonly<Record<string, string>> = {
  process: "broker, server or client",
  place: "broker, server, client, host or site",
  zookeeper: "ZooKeeper server",
  topicPartition: "partition",
  scope: "variant or profile",
};

function checkSettings(kind: SettingsKind, steps: Step[], value: unknown): Finding[] {
  const given = at(value, steps);
  if (!isMap(given)) return [];
  const actual = kind === "client" ? kindOfClient(value, at(value, [...steps.slice(0, -1), "client"])) : kind;
  if (actual === null) return [];
  const profile = profileAt(value, steps);
  const findings: Finding[] = [];
  const good: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    const problem = checkSetting(actual, profile, key, given[key]);
    if (problem === null) good[key] = given[key];
    else {
      const part =
        problem.message.startsWith("unknown") || problem.message.includes("does not exist") ? "key" : "value";
      findings.push({
        steps: [...steps, key],
        part,
        message: problem.message,
        allowed: problem.allowed,
        nearest: problem.nearest,
      });
    }
  }
  for (const problem of readConfig(actual, profile, good).problems) {
    const where = Object.hasOwn(given, problem.key) ? [...steps, problem.key] : steps;
    findings.push({ steps: where, part: "value", message: problem.message, allowed: null, nearest: null });
  }
  return findings;
}

function kindOfClient(value: unknown, id: unknown): "producer" | "consumer" | null {
  const names = namesOf(value);
  if (typeof id !== "string") return null;
  if (names.producers.includes(id)) return "producer";
  return names.consumers.includes(id) ? "consumer" : null;
}

/** The profile in force where a setting stands: that of the broker or client around it, else the scenario's. */
function profileAt(value: unknown, steps: readonly Step[]): Profile {
  for (let length = steps.length - 1; length >= 0; length--) {
    const around = at(value, steps.slice(0, length));
    if (!isMap(around)) continue;
    const found = PROFILES.find((profile) => profile === around.profile);
    if (found !== undefined) return found;
  }
  return DEFAULT_PROFILE;
}

/** Names introduced by the forEvery and thereIs around a place. */
function boundVariables(value: unknown, steps: readonly Step[]): string[] {
  const bound: string[] = [];
  for (let length = 0; length <= steps.length; length++) {
    const around = at(value, steps.slice(0, length));
    if (!isMap(around)) continue;
    for (const range of [around.forEvery, around.thereIs]) {
      if (isMap(range) && typeof range.name === "string") bound.push(range.name);
    }
  }
  return bound;
}

function at(value: unknown, steps: readonly Step[]): unknown {
  let here: unknown = value;
  for (const step of steps) {
    if (Array.isArray(here) && typeof step === "number") here = here[step];
    else if (isMap(here) && Object.hasOwn(here, step)) here = here[step];
    else return undefined;
  }
  return here;
}

/** The words before a message: the last key of the path, with the index of a list member. */
function subjectOf(steps: readonly Step[]): string {
  let subject = "";
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    if (typeof step === "string") return `${step}${subject} `;
    subject = `[${step}]${subject}`;
  }
  return subject === "" ? "the scenario " : `${subject} `;
}

function wholeFile(message: string): Finding {
  return { steps: [], part: "value", message, allowed: null, nearest: null };
}

function identity(finding: Finding): string {
  return `${finding.steps.join("/")} ${finding.message}`;
}
