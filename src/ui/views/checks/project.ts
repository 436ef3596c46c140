/** Expectations of the scenario and broken promises at one moment, as plain data. */
import {
  type InvariantsState,
  type Moment,
  promiseSays,
  type Run,
  verdictsAt,
  verdictsIfOver,
} from "../../../sim/index.ts";

export interface CheckView {
  readonly id: string;
  readonly say: string;
  readonly verdict: "open" | "held" | "fell";
  /** What was seen, as a sentence; empty while nothing was. */
  readonly evidence: string;
  /** The moment that decided it; null while open, or decided by the end of the run. */
  readonly entry: number | null;
  readonly at: number | null;
}

export interface ChecksView {
  readonly checks: readonly CheckView[];
  readonly held: number;
  readonly broken: readonly {
    readonly promise: string;
    readonly text: string;
    readonly entry: number;
    readonly at: number;
  }[];
}

/** `isOver`: the cursor stands at the end of the run, so that nothing is open any more. */
export function checksAt(run: Run | null, moment: Readonly<Moment>, isOver: boolean, now: number): ChecksView {
  const verdicts = run === null ? [] : isOver ? verdictsIfOver(run, moment, now) : verdictsAt(run, moment);
  const { violations } = (moment.observed.invariants as InvariantsState | undefined) ?? { violations: [] };
  return {
    checks: verdicts.map(({ id, say, verdict, evidence, entry, at }) => ({
      id,
      say,
      verdict,
      evidence: evidence === "" ? "" : `${evidence[0]?.toUpperCase()}${evidence.slice(1)}.`,
      entry,
      at,
    })),
    held: verdicts.filter(({ verdict }) => verdict === "held").length,
    broken: violations.map(({ promise, text, entry, at }) => ({ promise: promiseSays(promise), text, entry, at })),
  };
}
