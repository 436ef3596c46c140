/** `vectors FILE...`: runs test vectors against the model and prints what is missed. */
import { runVectors } from "../conformance/vectors.ts";
import { readArgs } from "./args.ts";
import { readJson } from "./files.ts";
import { BAD_INPUT, type ExitCode, FELL_SHORT, OK, type Output } from "./output.ts";

export const usage = `vectors FILE... [--json]
  Runs test vectors. Prints every miss, then "N passed, N failed, N unsupported".`;

interface Result {
  readonly file: string;
  readonly id: string;
  readonly kind: string;
  readonly profile: string;
  readonly verdict: "passed" | "failed" | "unsupported";
  readonly expected: unknown;
  readonly ours: unknown;
  readonly why: string;
}

export function vectors(argv: readonly string[], output: Output): ExitCode {
  const args = readArgs(argv, { json: "flag" });
  const mistakes = args.words.length === 0 ? [...args.mistakes, "vectors needs at least one file"] : args.mistakes;
  for (const mistake of mistakes) output.complain(mistake);
  if (mistakes.length > 0) return BAD_INPUT;

  const results: Result[] = [];
  for (const file of args.words) {
    output.progress(file);
    const data = readJson(file, output);
    if (data === undefined) return BAD_INPUT;
    try {
      results.push(...runVectors(data).map((result) => ({ file, ...result })));
    } catch (error) {
      output.complain(`${file}: ${(error as Error).message}`);
      return BAD_INPUT;
    }
  }
  output.done();
  const count = (verdict: Result["verdict"]) => results.filter((result) => result.verdict === verdict).length;
  const totals = { passed: count("passed"), failed: count("failed"), unsupported: count("unsupported") };
  if (args.flags.includes("json")) output.line(JSON.stringify({ ...totals, results }));
  else {
    for (const { id, kind, profile, verdict, why } of results)
      if (verdict === "failed") output.line(`failed: ${kind} ${id} (${profile}): ${why}`);
    for (const line of unsupportedLines(results)) output.line(line);
    output.line(`${totals.passed} passed, ${totals.failed} failed, ${totals.unsupported} unsupported`);
  }
  return totals.failed === 0 ? OK : FELL_SHORT;
}

/** One line for each kind and reason. */
function unsupportedLines(results: readonly Result[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, verdict, why } of results) {
    if (verdict !== "unsupported") continue;
    const key = `${kind}: ${why}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `unsupported: ${key}${count > 1 ? ` (${count} cases)` : ""}`);
}
