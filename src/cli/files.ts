/** Reads what commands are given: scenario files, built-in scenarios by name, JSON files. */
import { readFileSync } from "node:fs";
import { scenarioSources } from "virtual:scenario-sources";
import { FACT_KINDS, type FileProblem, parseScenario, RULE_NAMES, type Scenario } from "../sim/index.ts";
import type { Output } from "./output.ts";

/** Words that scenario files may use. */
const VOCABULARY = { facts: FACT_KINDS, rules: RULE_NAMES };

/** The scenario in a file, or of that name among the built-in ones; null after complaining about every mistake. */
export function readScenario(file: string, output: Output): Scenario | null {
  const builtIn = scenarioSources.find(({ id }) => id === file);
  const text = builtIn?.text ?? readText(file, output);
  if (text === null) return null;
  const { scenario, problems } = parseScenario(
    text,
    builtIn === undefined ? file : `scenarios/${file}.yaml`,
    VOCABULARY,
  );
  for (const problem of problems) output.complain(problemText(problem));
  return scenario;
}

/** `file:line:column: what is wrong (did you mean …; allowed: …)`. */
export function problemText({ file, line, column, path, message, allowed }: FileProblem): string {
  const where = path === "" ? "" : ` ${path}:`;
  const list =
    allowed === null || allowed.length === 0 || message.includes(allowed[0] as string)
      ? ""
      : ` Allowed: ${shortList(allowed)}.`;
  return `${file}:${line}:${column}:${where} ${message}${list}`;
}

function shortList(words: readonly string[]): string {
  return words.length > 20 ? `${words.slice(0, 20).join(", ")}, and ${words.length - 20} more` : words.join(", ");
}

/** The text of a file; null after complaining. */
export function readText(file: string, output: Output): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const known = scenarioSources.map(({ id }) => id);
    const hint = file.includes("/") || file.includes(".") ? "" : ` Built-in scenarios: ${shortList(known)}.`;
    output.complain(`${file}: ${code === "ENOENT" ? "there is no such file." : `cannot be read (${code}).`}${hint}`);
    return null;
  }
}

/** The data in a JSON file; undefined after complaining. */
export function readJson(file: string, output: Output): unknown {
  const text = readText(file, output);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    output.complain(`${file}: is not JSON: ${(error as Error).message}`);
    return undefined;
  }
}
