/** `conform TRACE...`: replays recorded runs of real clusters and compares everything that they show. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { compareTrace, reportJson, type StoryReport, totalsOf } from "../conformance/comparison.ts";
import { simulate } from "../conformance/runner.ts";
import { readTrace, traceName } from "../conformance/trace.ts";
import { readArgs } from "./args.ts";
import { readJson } from "./files.ts";
import { BAD_INPUT, type ExitCode, FELL_SHORT, OK, type Output } from "./output.ts";

export const usage = `conform TRACE... [--json]
  Replays recorded runs of real clusters. Prints each observation that is not the same, then
  "N same, N differ, N unsupported". What racy.json beside the traces' folder lists is left out.`;

type Racy = Readonly<Record<string, readonly string[]>>;

export function conform(argv: readonly string[], output: Output): ExitCode {
  const args = readArgs(argv, { json: "flag" });
  const mistakes = args.words.length === 0 ? [...args.mistakes, "conform needs at least one trace"] : args.mistakes;
  for (const mistake of mistakes) output.complain(mistake);
  if (mistakes.length > 0) return BAD_INPUT;

  const reports: StoryReport[] = [];
  let isBad = false;
  args.words.forEach((file, index) => {
    const progress = (share: number) =>
      output.progress(`${index + 1} of ${args.words.length}: ${file}, ${Math.floor(share * 100)} %`);
    progress(0);
    const report = reportOn(file, progress, output);
    if (report === null) isBad = true;
    else {
      reports.push(report);
      if (!args.flags.includes("json")) for (const line of linesOf(report)) output.line(line);
    }
  });
  output.done();
  const totals = totalsOf(reports);
  if (args.flags.includes("json")) output.line(JSON.stringify(reportJson(reports)));
  else output.line(`${totals.same} same, ${totals.differs} differ, ${totals.unsupported} unsupported`);
  if (isBad) return BAD_INPUT;
  return totals.differs === 0 ? OK : FELL_SHORT;
}

function reportOn(file: string, onProgress: (share: number) => void, output: Output): StoryReport | null {
  const data = readJson(file, output);
  if (data === undefined) return null;
  const reading = readTrace(data);
  if (!reading.ok) {
    for (const { path, message } of reading.problems) output.complain(`${file}: ${path} ${message}`.trimEnd());
    return null;
  }
  for (const { path, message } of reading.remarks) output.complain(`${file}: ${path}: ${message}`);
  const { trace } = reading;
  const racy = racyBeside(file, output)[traceName(trace)] ?? [];
  return compareTrace(trace, simulate(trace, onProgress), new Set(racy));
}

/** Observations on which real clusters disagree with themselves, by story. */
function racyBeside(file: string, output: Output): Racy {
  const path = join(dirname(file), "..", "racy.json");
  return existsSync(path) ? ((readJson(path, output) as Racy | undefined) ?? {}) : {};
}

/** One line for each observation that is not the same. */
function linesOf({ story, verdicts }: StoryReport): string[] {
  return verdicts.flatMap(({ id, verdict, ours, theirs, why }) => {
    if (verdict === "same") return [];
    if (verdict === "unsupported") return [`${story} ${id}: unsupported: ${why ?? "no reason given"}`];
    return [
      `${story} ${id}: differs: ours ${short(ours)}, theirs ${short(theirs)}${why === undefined ? "" : ` (${why})`}`,
    ];
  });
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
