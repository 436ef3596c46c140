/**
 * A mistake in a scenario, as shown to its author. Mistakes are data, never thrown.
 *
 * Counterpart   ConfigException and its message, which stops at the first; here all are collected.
 */
export interface Problem {
  /** Where in the data: `acts[0].kill`. Empty for the file as a whole. */
  path: string;
  message: string;
  /** What would have been accepted, when that is a short list. */
  allowed: readonly string[] | null;
  /** The known word that was probably meant. */
  nearest: string | null;
}

/** A problem with its place in the text; lines and columns count from 1, the end is exclusive. */
export interface FileProblem extends Problem {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export type Step = string | number;

/** A problem whose place is still a list of steps. */
export interface Finding {
  steps: Step[];
  /** Which part of the entry at `steps` is wrong: its key, its value, or something missing inside. */
  part: "key" | "value" | "inside";
  message: string;
  allowed: readonly string[] | null;
  nearest: string | null;
}

/** `["clients", 0, "config", "linger.ms"]` → `clients[0].config["linger.ms"]`. */
export function writePath(steps: readonly Step[]): string {
  let path = "";
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) path += path === "" ? step : `.${step}`;
    else path += `[${JSON.stringify(step)}]`;
  }
  return path;
}

/** The finding as plain data for a reader without the text. */
export function problemOf(finding: Finding): Problem {
  const near = finding.nearest === null ? "" : `, did you mean "${finding.nearest}"?`;
  return {
    path: writePath(finding.steps),
    message: finding.message + near,
    allowed: finding.allowed,
    nearest: finding.nearest,
  };
}
