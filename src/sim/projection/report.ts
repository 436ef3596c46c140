/**
 * The report on a run as text: what happened, what was expected, which promises broke, where it stands. The command line prints
 * it, and goldens keep it.
 */
import type { FactEntry } from "../engine/facts.ts";
import { type InvariantsState, promiseSays, type Violation } from "../invariants/index.ts";
import { isStory, type NarrationContext, narrate } from "../narration/index.ts";
import type { LedgerState } from "../observers/ledger-state.ts";
import type { Verdict } from "../scenario/expectations/finish.ts";
import type { ResolvedScenario } from "../scenario/resolve.ts";
import { type Run, verdictsAt, verdictsIfOver } from "../scenario/run.ts";
import { type EndState, endState, endStateLines } from "./end-state.ts";

export interface RunReport {
  readonly verdicts: readonly Verdict[];
  /** The first break of each promise, and whether the scenario said that it would break. */
  readonly broken: readonly (Violation & { readonly isAnnounced: boolean; readonly times: number })[];
  readonly end: EndState;
  /** Why the run stopped before its end; null if it did not. */
  readonly failure: string | null;
}

/** The report at the frontier of a run, as if it ended at `now`; before the horizon what is open stays open. */
export function reportOf(run: Run, now: number): RunReport {
  const { timeline, resolved } = run;
  const moment = timeline.head;
  const isOver = now >= resolved.horizonUs;
  const { violations } = moment.observed.invariants as InvariantsState;
  const announced = announcedBreaks(resolved);
  const broken = violations.filter(
    ({ promise }, index) => violations.findIndex((other) => other.promise === promise) === index,
  );
  return {
    verdicts: isOver ? verdictsIfOver(run, moment, now) : verdictsAt(run, moment),
    broken: broken.map((one) => ({
      ...one,
      isAnnounced: announced.includes(one.promise),
      times: violations.filter(({ promise }) => promise === one.promise).length,
    })),
    end: endState(moment.world, moment.observed.ledger as LedgerState),
    failure: timeline.failure?.message ?? null,
  };
}

/** Promises that the scenario breaks on purpose in this variant. */
export function announcedBreaks(resolved: ResolvedScenario): string[] {
  const scopes: string[] = [resolved.variant ?? "base", resolved.profile];
  return (resolved.scenario.breaks ?? []).flatMap((one) => {
    if (typeof one === "string") return [one];
    return one.in === undefined || one.in.some((scope) => scopes.includes(scope)) ? [one.promise] : [];
  });
}

/** What sentences may add about this run. */
export function narrationContext(resolved: ResolvedScenario): NarrationContext {
  const timeouts = resolved.brokers.map(({ id, config }) => [id, config.zookeeperSessionTimeoutMs * 1000] as const);
  return { sessionTimeouts: Object.fromEntries(timeouts) };
}

/** Whether a fact is shown: by names with `*`, or, without any, if it is part of the story. */
export function factFilter(patterns: readonly string[]): (entry: FactEntry) => boolean {
  if (patterns.length === 0) return isStory;
  const tests = patterns.map((one) => new RegExp(`^${one.replace(/[^a-z0-9*-]/gi, "\\$&").replaceAll("*", ".*")}$`));
  return ({ fact }) => tests.some((test) => test.test(fact.kind));
}

/** `  10.012 s  leader-elected  b3 made b2 leader of orders-0 …`. */
export function factLine(entry: FactEntry, context: NarrationContext): string {
  return `${timeText(entry.at)}  ${entry.fact.kind.padEnd(26)} ${narrate(entry, context)}`;
}

export function verdictLines(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(({ verdict, at, id, say, evidence }) => {
    const word = verdict === "fell" ? "FELL" : verdict;
    const when = at === null ? " ".repeat(12) : timeText(at);
    return `${word.padEnd(5)}${when}  ${id}: ${say}${evidence === "" ? "" : ` (${evidence})`}`;
  });
}

export function promiseLines(broken: RunReport["broken"]): string[] {
  return broken.map(({ promise, at, text, times, isAnnounced }) => {
    const again = times > 1 ? ` (and ${times - 1} more)` : "";
    const word = isAnnounced ? "broken as announced" : "BROKEN";
    return `${word}${timeText(at)}  ${promise}, ${promiseSays(promise)}: ${text}${again}`;
  });
}

/** Everything after the facts. */
export function closingLines(report: RunReport, now: number): string[] {
  const { verdicts, broken, end, failure } = report;
  return [
    "",
    "Expectations",
    ...(verdicts.length === 0 ? ["none in this variant"] : verdictLines(verdicts)),
    "",
    "Promises",
    ...(broken.length === 0 ? ["all kept"] : promiseLines(broken)),
    "",
    `State at ${timeText(now).trim()}`,
    ...endStateLines(end),
    ...(failure === null ? [] : ["", `THE RUN STOPPED: ${failure}`]),
  ];
}

/** Whether a run met all that was expected of it. */
export function isAsExpected({ verdicts, broken, failure }: RunReport): boolean {
  return (
    verdicts.every(({ verdict }) => verdict !== "fell") && broken.every((one) => one.isAnnounced) && failure === null
  );
}

/** Microseconds as `  10.012 s`, twelve wide. */
export function timeText(at: number): string {
  return `${(Math.floor(at / 1000) / 1000).toFixed(3)} s`.padStart(12);
}
