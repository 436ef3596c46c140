/** Reads a scenario file that somebody chose or dropped. A large one is refused by its size, before a byte of it is read. */
import { FACT_KINDS, type FileProblem, LIMITS, parseScenario, RULE_NAMES, type Scenario } from "../../../sim/index.ts";
import { text } from "./text.ts";

export type ReadFile =
  | { readonly scenario: Scenario; readonly problems: readonly FileProblem[]; readonly refused: null }
  | { readonly scenario: null; readonly problems: readonly FileProblem[]; readonly refused: string | null };

/** The part of a File that is needed. */
export interface FileLike {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  text(): Promise<string>;
}

/** Never throws. */
export async function readScenarioFile(file: FileLike): Promise<ReadFile> {
  if (file.size > LIMITS.textBytes) {
    const refused = text.tooBig(file.name, text.kilobytes(file.size), text.kilobytes(LIMITS.textBytes));
    return { scenario: null, problems: [], refused };
  }
  let written: string;
  try {
    written = await file.text();
  } catch {
    return { scenario: null, problems: [], refused: text.unreadable(file.name) };
  }
  // Without its ending the name need not be that of the scenario: browsers rename what they save twice.
  const { scenario, problems } = parseScenario(written, file.name.replace(/\.ya?ml$/, ""), {
    facts: FACT_KINDS,
    rules: RULE_NAMES,
  });
  return scenario === null ? { scenario: null, problems, refused: null } : { scenario, problems, refused: null };
}
