/**
 * Whether a simulated value agrees with an observation of the real cluster.
 *
 * In Kafka     nothing; the counterpart is the recorder's own comparison, repeated here exactly, so that a verdict can be recomputed.
 */
import type { Observation } from "./observations.ts";
import { compareText, pythonEqual, pythonText } from "./python.ts";

/** The least room a duration has, in ms: the end of a session depends on where its last ping and the tick fell. */
const BAND_MS = 4000;

/** Whether `ours`, the simulation's value for the same id (null when there is none), agrees with the observation. */
export function same(observation: Observation, ours: unknown): boolean {
  const theirs = observation.value;
  if (isNone(ours) || isNone(theirs)) return isNone(ours) && isNone(theirs);
  switch (observation.compare) {
    case "set":
      return Array.isArray(ours) && Array.isArray(theirs) && pythonEqual(inTextOrder(ours), inTextOrder(theirs));
    case "band":
      return isNumber(ours) && Math.abs(Number(ours) - Number(theirs)) <= bandMs(Number(theirs));
    case "text":
      return typeof ours === "string" && normalise(ours) === normalise(String(theirs));
    case "exact":
      return pythonEqual(ours, theirs);
  }
}

/** How far, in ms, a simulated duration may be from a recorded one: half of it, and 4 s at least. */
export function bandMs(theirs: number): number {
  return Math.max(theirs / 2, BAND_MS);
}

/** A list ordered by what its items look like as text. */
export function inTextOrder(list: readonly unknown[]): unknown[] {
  return list.toSorted((a, b) => compareText(pythonText(a), pythonText(b)));
}

// A word's edge and a digit, as Unicode has them: JavaScript's own \b and \d know ASCII only.
const START = "(?<![\\p{L}\\p{N}_])";
const END = "(?![\\p{L}\\p{N}_])";
const D = "\\p{Nd}";
const varying = (pattern: string, word: string): [RegExp, string] => [new RegExp(pattern, "gu"), word];

const VARYING: readonly [RegExp, string][] = [
  varying(`${START}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}${END}`, "UUID"),
  varying(`${START}TopicId: [^${"\\s\\x1c-\\x1f\\x85"}]{22}`, "TopicId: ID"),
  varying(`${START}${D}{4}-${D}${D}-${D}${D}[T ]${D}${D}:${D}${D}:${D}${D}([.,]${D}+)?`, "TIME"),
  varying(`${START}1[5-9]${D}{11}${END}`, "MS"),
  varying(`${START}${D}{1,3}(\\.${D}{1,3}){3}${END}`, "ADDRESS"),
  varying("0x[0-9a-f]+", "HEX"),
  varying("[ \\t]+", " "),
];

const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const BLANK_ENDS = new RegExp(`^${SPACE}|${SPACE}$`, "gu");
const LINE_END = "\\r\\n|[\\n\\v\\f\\r\\x1c-\\x1e\\x85\\u2028\\u2029]";
const LINE_ENDS = new RegExp(LINE_END, "u");

/** Tool output without what differs between two runs of one cluster: ids, addresses, clock times, column padding, blank ends of lines. */
export function normalise(text: string): string {
  const plain = VARYING.reduce((left, [pattern, word]) => left.replace(pattern, word), text).replace(BLANK_ENDS, "");
  if (plain === "") return "";
  return plain
    .split(LINE_ENDS)
    .map((line) => line.replace(BLANK_ENDS, ""))
    .join("\n");
}

function isNone(value: unknown): boolean {
  return value === null || value === undefined;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}
