/** The recorded traces that are kept beside the tests, and what the recorder's own script says about each of them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Observation } from "../../src/conformance/observations.ts";
import { readTrace, type Trace } from "../../src/conformance/trace.ts";

const folder = new URL("../data/", import.meta.url);

/** The names, "<story>@<version>", of all recorded traces. */
export function recordedNames(): string[] {
  return readdirSync(new URL("traces/", folder))
    .map((file) => file.replace(/\.json$/, ""))
    .sort();
}

/** The text of a trace's file. */
export function recordedText(name: string): string {
  return readFileSync(new URL(`traces/${name}.json`, folder), "utf8");
}

/** A recorded trace; fails with the reader's problems. */
export function recordedTrace(name: string): Trace {
  const reading = readTrace(recordedText(name));
  if (!reading.ok) throw new Error(reading.problems.map(({ path, message }) => `${path} ${message}`).join("\n"));
  return reading.trace;
}

/** Ids on which two recordings of the same story disagreed, by name. */
export function racyIds(name: string): Set<string> {
  const racy: Record<string, string[]> = JSON.parse(readFileSync(new URL("racy.json", folder), "utf8"));
  return new Set(racy[name]);
}

/** How many observations of each kind the recorder's script lists for a trace without its racy ones, and a digest of them all. */
export function expectedObservations(): Record<string, { kinds: Record<string, number>; sha256: string }> {
  return JSON.parse(readFileSync(new URL("observations.json", folder), "utf8"));
}

/** The first 16 hex digits of the SHA-256 of the observations as JSON with sorted keys. */
export function digestOf(observations: readonly Observation[]): string {
  return createHash("sha256").update(canonical(observations)).digest("hex").slice(0, 16);
}

/** JSON with the keys in the order of their text; JSON.stringify puts "10" behind "2". */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(Reflect.get(value, key))}`).join(",")}}`;
}
