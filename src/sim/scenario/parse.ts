/**
 * Reads a scenario file. Every mistake comes back with its place in the text; nothing is thrown, nothing dropped.
 *
 * Counterpart  none in Kafka.
 * Left out     YAML anchors, aliases, tags, merge keys and several documents: they are refused, in words.
 */
import { findMistakes } from "./check.ts";
import type { Scenario } from "./format/scenario.ts";
import { LIMITS } from "./limits.ts";
import { ANY_WORDS, type Vocabulary } from "./names.ts";
import { type FileProblem, problemOf } from "./problem.ts";
import { readYaml } from "./yaml.ts";

export interface ParsedScenario {
  /** Null when there is any problem. */
  scenario: Scenario | null;
  problems: FileProblem[];
}

/**
 * Reads the text of a scenario file. `fileName` appears in the problems and, when it ends in `.yaml`, must match the id.
 * `words` are the fact kinds and rules that exist; without them any are accepted.
 */
export function parseScenario(text: string, fileName: string, words: Vocabulary = ANY_WORDS): ParsedScenario {
  if (text.length > LIMITS.textBytes) {
    const message = `the file has ${text.length} characters, at most ${LIMITS.textBytes} are allowed`;
    return { scenario: null, problems: [atStart(fileName, message)] };
  }
  const yaml = readYaml(text);
  if (yaml.mistakes.length > 0) {
    const problems = yaml.mistakes.map(({ message, place, nearest }) => ({
      ...atStart(fileName, message),
      ...place,
      nearest,
    }));
    return { scenario: null, problems: problems.slice(0, LIMITS.problems) };
  }
  const { scenario, findings } = findMistakes(yaml.value, words);
  const problems = findings.map((finding) => ({
    ...problemOf(finding),
    file: fileName,
    ...yaml.placeOf(finding.steps, finding.part),
  }));
  const slug = /([^/]+)\.yaml$/.exec(fileName)?.[1];
  if (scenario !== null && slug !== undefined && slug !== scenario.id) {
    const message = `id must be the name of the file, "${slug}", not "${scenario.id}"`;
    problems.push({ ...atStart(fileName, message), path: "id", nearest: slug, ...yaml.placeOf(["id"], "value") });
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { scenario: problems.length === 0 ? scenario : null, problems };
}

function atStart(file: string, message: string): FileProblem {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1, path: "", message, allowed: null, nearest: null };
}
