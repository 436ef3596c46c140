/**
 * How each form of expectation is decided while the run goes.
 *
 *   open → held   it can no longer fail
 *   open → fell   it can no longer hold
 *
 * A claim begins at the latest of its `after` and `from` and is looked at until `until`, which is excluded. What is still open at
 * the end of the run is decided in finish.ts.
 */
import { assertNever } from "../../engine/assert.ts";
import type { Fact, Step } from "../../engine/types.ts";
import { matchesFact } from "../../environment/fact-pattern.ts";
import { evaluate, explain } from "./evaluate.ts";
import { type Now, whereIs } from "./moments.ts";
import type { ClaimForm, ClaimPlan, PatternPlan, TriggerPlan, WatchPlan } from "./plan.ts";
import { closeGap, followGap } from "./rates.ts";
import { type ClaimState, type ExpectationsState, type Look, NEVER, type Source } from "./state.ts";
import { EVERYTHING, type Touch } from "./touches.ts";
import { saySeconds } from "./words.ts";

/** One step as the claims see it. */
export interface Turn {
  readonly step: Step;
  readonly now: Now;
  readonly touched: Touch;
  readonly source: Source;
}

/** When a claim begins; null while one of its moments is not known. */
export function startOf(claim: ClaimPlan, state: ExpectationsState): number | null {
  let start = 0;
  for (const index of claim.from) {
    const moment = state.moments[index];
    if (moment === null || moment === undefined) return null;
    start = Math.max(start, moment);
  }
  return start;
}

export function endOf(claim: ClaimPlan, state: ExpectationsState): number | null {
  return claim.until === null ? null : (state.moments[claim.until] ?? null);
}

export function decide(
  own: ClaimState,
  verdict: "held" | "fell",
  at: number,
  entry: number | null,
  evidence: string,
): void {
  own.verdict = verdict;
  own.at = at;
  own.entry = entry;
  own.evidence = evidence;
  own.pending = [];
  own.look = null;
}

/** What a condition says right now. */
export function lookNow(watch: WatchPlan, at: number, entry: number, source: Source): Look {
  return { at, entry, truth: evaluate(watch.condition, source), text: explain(watch.condition, source) };
}

/** Takes one claim a step further. */
export function followClaim(claim: ClaimPlan, own: ClaimState, turn: Turn): void {
  const { form } = claim;
  switch (form.kind) {
    case "end":
    case "latency":
      return;
    case "at":
      followAt(form, own, turn);
      return;
    case "always":
    case "never":
    case "eventually":
      followWatched(claim, form, own, turn);
      return;
    case "leadsTo":
      followLeadsTo(claim, form, own, turn);
      return;
    case "count":
      followCount(claim, form, own, turn);
      return;
    case "gap":
      followRate(claim, form, own, turn);
      return;
    case "inOrder":
      followInOrder(claim, form, own, turn);
      return;
    default:
      assertNever(form);
  }
}

function followAt(form: ClaimForm & { kind: "at" }, own: ClaimState, turn: Turn): void {
  const { now, source } = turn;
  const where = whereIs(source.state.moments[form.moment] ?? null, now, now.fresh.includes(form.moment));
  if (where === "later") return;
  if (where !== "past") own.look = lookNow(form.watch, now.at, now.entry, source);
  if (where === "maybe") return;
  settleAt(own, source.state.moments[form.moment] ?? now.at);
}

/** The last look before the moment decides. */
export function settleAt(own: ClaimState, moment: number): void {
  const look = own.look;
  if (look === null) decide(own, "fell", moment, null, "nothing could be seen then");
  else decide(own, look.truth === true ? "held" : "fell", moment, look.entry, look.text);
}

/** Whether the claim is looked at now. The look at its beginning, which no event may mark, is in `own.look` when it has begun. */
function hasBegun(claim: ClaimPlan, own: ClaimState, turn: Turn, watch: WatchPlan | null): boolean {
  if (own.begun) return true;
  const { now, source } = turn;
  const start = startOf(claim, source.state);
  const isFresh = claim.from.some((index) => now.fresh.includes(index));
  const where = whereIs(start, now, isFresh);
  if (watch !== null && (where === "maybe" || where === "now")) own.look = lookNow(watch, now.at, now.entry, source);
  if (where !== "past" && where !== "now") return false;
  own.begun = true;
  return true;
}

type Watched = Extract<ClaimForm, { watch: WatchPlan; kind: "always" | "never" } | { kind: "eventually" }>;

function followWatched(claim: ClaimPlan, form: Watched, own: ClaimState, turn: Turn): void {
  const { now, source } = turn;
  const isFirst = !own.begun;
  if (!hasBegun(claim, own, turn, form.watch)) return;
  if (isFirst && own.look !== null)
    judge(form, own, { ...own.look, at: Math.max(own.look.at, startOf(claim, source.state) ?? 0) });
  if (own.verdict !== "open") return;
  const until = endOf(claim, source.state);
  if (until !== null && now.at >= until) {
    endWatched(form, own, until, now.entry);
    return;
  }
  const deadline = form.kind === "eventually" ? deadlineOf(claim, form, source.state) : null;
  if (deadline !== null && now.at > deadline) {
    endWatched(form, own, deadline, now.entry);
    return;
  }
  if ((turn.touched & form.watch.touches) === 0) return;
  if (form.kind !== "eventually") {
    // The words are only needed once it falls; most looks find what was expected.
    const truth = evaluate(form.watch.condition, source);
    if (truth !== null) own.seen += 1;
    if (truth !== (form.kind === "never")) return;
  }
  judge(form, own, lookNow(form.watch, now.at, now.entry, source));
}

export function deadlineOf(
  claim: ClaimPlan,
  form: { readonly within: number | null },
  state: ExpectationsState,
): number | null {
  const start = startOf(claim, state);
  return start === null || form.within === null ? null : start + form.within;
}

/** One look at a condition that must always, never or once be true. */
export function judge(form: Watched, own: ClaimState, look: Look): void {
  if (look.truth === null) return;
  own.seen += 1;
  own.look = form.kind === "eventually" ? look : null;
  if (form.kind === "eventually" ? look.truth : look.truth === (form.kind === "never"))
    decide(own, form.kind === "eventually" ? "held" : "fell", look.at, look.entry, look.text);
}

/** The time of a watched claim is over. */
export function endWatched(form: Watched, own: ClaimState, at: number, entry: number | null): void {
  if (own.seen === 0) decide(own, "fell", at, entry, "it could not be seen at any moment");
  else if (form.kind === "eventually")
    decide(own, "fell", at, entry, `to the end ${own.look?.text ?? "it was not so"}`);
  else decide(own, "held", at, entry, form.kind === "always" ? "it was so at every moment" : "it was so at no moment");
}

type LeadsTo = ClaimForm & { kind: "leadsTo" };

function followLeadsTo(claim: ClaimPlan, form: LeadsTo, own: ClaimState, turn: Turn): void {
  const { now, step, source, touched } = turn;
  const watched = form.when.kind === "becomes" ? form.when.watch : null;
  const isFirst = !own.begun;
  if (!hasBegun(claim, own, turn, watched)) return;
  const until = endOf(claim, source.state);
  const isOver = until !== null && now.at >= until;
  if (isFirst && own.look?.truth === true) {
    own.wasTrue = true;
    own.pending.push({ at: Math.max(own.look.at, startOf(claim, source.state) ?? 0), entry: own.look.entry });
  }
  own.look = null;
  const late = own.pending[0];
  if (late !== undefined && now.at > late.at + form.within) {
    const text = `not within ${saySeconds(form.within)} of ${saySeconds(late.at)}${sayMissing(form.then, source)}`;
    decide(own, "fell", late.at + form.within, now.entry, text);
    return;
  }
  if (touched === 0) return;
  if (!isOver) {
    const hits = form.when.kind === "fact" ? hitsOf(form.when.pattern, step) : becomes(own, form.when.watch, turn);
    for (let n = 0; n < hits; n += 1) own.pending.push({ at: now.at, entry: now.entry });
  }
  if (own.pending.length === 0 || !isThere(form.then, turn)) return;
  for (const one of own.pending) {
    const took = now.at - one.at;
    if (took < form.notBefore) {
      decide(
        own,
        "fell",
        now.at,
        now.entry,
        `it came after ${saySeconds(took)}, sooner than ${saySeconds(form.notBefore)}`,
      );
      return;
    }
    own.longest = Math.max(own.longest, took);
    own.found += 1;
  }
  own.pending = [];
  own.evidence = `${own.found === 1 ? "" : `${own.found} times, at most `}${saySeconds(own.longest)} later`;
  own.entry = now.entry;
  own.at = now.at;
}

function sayMissing(then: TriggerPlan, source: Source): string {
  return then.kind === "fact" ? `: no ${then.pattern.fact}` : `: ${explain(then.watch.condition, source)}`;
}

/** 1 if the condition was not true before and is now. */
function becomes(own: ClaimState, watch: WatchPlan, turn: Turn): number {
  if ((turn.touched & watch.touches) === 0) return 0;
  const truth = evaluate(watch.condition, turn.source) === true;
  const isNew = truth && !own.wasTrue;
  own.wasTrue = truth;
  return isNew ? 1 : 0;
}

function isThere(then: TriggerPlan, turn: Turn): boolean {
  if (then.kind === "fact") return hitsOf(then.pattern, turn.step) > 0;
  return (
    (turn.touched & (then.watch.touches | EVERYTHING)) !== 0 && evaluate(then.watch.condition, turn.source) === true
  );
}

function hitsOf(pattern: PatternPlan, step: Step): number {
  let hits = 0;
  for (const fact of step.facts) if (isHit(pattern, fact, step)) hits += 1;
  return hits;
}

function isHit(pattern: PatternPlan, fact: Fact, step: Step): boolean {
  return fact.kind === pattern.fact && matchesFact(pattern.where, fact, step.actor);
}

/** Whether the time of a claim about facts or rates is running; a claim whose time is over is closed by `close`. */
function isRunning(claim: ClaimPlan, own: ClaimState, turn: Turn, close: (at: number) => void): boolean {
  const { now, source } = turn;
  const start = startOf(claim, source.state);
  if (start === null || now.at < start) return false;
  own.begun = true;
  const until = endOf(claim, source.state);
  if (until === null || now.at < until) return true;
  close(until);
  return false;
}

function followCount(claim: ClaimPlan, form: ClaimForm & { kind: "count" }, own: ClaimState, turn: Turn): void {
  const { now, step } = turn;
  if (!isRunning(claim, own, turn, (until) => endCount(form, own, until, now.entry))) return;
  const hits = hitsOf(form.pattern, step);
  if (hits === 0) return;
  own.found += hits;
  const { is, atLeast, atMost } = form.bound;
  if (own.found > (is ?? NEVER) || own.found > (atMost ?? NEVER)) endCount(form, own, now.at, now.entry);
  else if (is === null && atMost === null && atLeast !== null && own.found >= atLeast)
    endCount(form, own, now.at, now.entry);
}

export function endCount(form: ClaimForm & { kind: "count" }, own: ClaimState, at: number, entry: number | null): void {
  const evidence = `${form.pattern.fact}: ${own.found === 1 ? "once" : own.found === 0 ? "never" : `${own.found} times`}`;
  decide(own, isWithin(own.found, form.bound) ? "held" : "fell", at, entry, evidence);
}

export function isWithin(
  value: number,
  bound: { is: number | null; atLeast: number | null; atMost: number | null },
): boolean {
  if (bound.is !== null && value !== bound.is) return false;
  return value >= (bound.atLeast ?? 0) && value <= (bound.atMost ?? NEVER);
}

function followRate(claim: ClaimPlan, form: ClaimForm & { kind: "gap" }, own: ClaimState, turn: Turn): void {
  const { now, step, source } = turn;
  const start = startOf(claim, source.state) ?? NEVER;
  // What was sent before the claim begins is still waited for when it does; only the time before does not count.
  if (
    endOf(claim, source.state) !== null &&
    !isRunning(claim, own, turn, (until) => endGap(form, own, until, now.entry, start, source))
  )
    if (own.begun) return;
  followGap(own.gap, form, step, start);
  if (own.gap.longest > (form.bound.atMost ?? NEVER)) settleGap(form, own, now.at, now.entry);
}

/** The time of a gap claim is over at `at`. */
export function endGap(
  form: ClaimForm & { kind: "gap" },
  own: ClaimState,
  at: number,
  entry: number | null,
  start: number,
  source: Source,
): void {
  closeGap(own.gap, form, at, entry ?? 0, start, source);
  settleGap(form, own, at, entry);
}

function settleGap(form: ClaimForm & { kind: "gap" }, own: ClaimState, at: number, entry: number | null): void {
  const { longest, longestFrom } = own.gap;
  const evidence = `the longest time without ${form.rate} was ${saySeconds(longest)}, from ${saySeconds(longestFrom)}`;
  decide(own, isWithin(longest, form.bound) ? "held" : "fell", at, entry, evidence);
}

function followInOrder(claim: ClaimPlan, form: ClaimForm & { kind: "inOrder" }, own: ClaimState, turn: Turn): void {
  const { now, step } = turn;
  if (!isRunning(claim, own, turn, (until) => endInOrder(form, own, until, now.entry))) return;
  if (own.firsts.length === 0) own.firsts = form.patterns.map(() => null);
  step.facts.forEach((fact, place) => {
    form.patterns.forEach((pattern, index) => {
      if (own.verdict !== "open" || own.firsts[index] !== null || !isHit(pattern, fact, step)) return;
      own.firsts[index] = { at: now.at, entry: now.entry, place };
      const missing = form.patterns.findIndex((_, before) => before < index && own.firsts[before] === null);
      if (missing !== -1)
        decide(own, "fell", now.at, now.entry, `${pattern.fact} came before ${form.patterns[missing]?.fact}`);
    });
  });
  if (own.verdict === "open" && own.firsts.every((first) => first !== null)) endInOrder(form, own, now.at, now.entry);
}

export function endInOrder(
  form: ClaimForm & { kind: "inOrder" },
  own: ClaimState,
  at: number,
  entry: number | null,
): void {
  const missing = form.patterns.find((_, index) => (own.firsts[index] ?? null) === null);
  if (missing !== undefined) {
    decide(own, "fell", at, entry, `${missing.fact} never came`);
    return;
  }
  const times = form.patterns.map((pattern, index) => `${pattern.fact} ${saySeconds(own.firsts[index]?.at ?? 0)}`);
  decide(own, "held", at, entry, times.join(", "));
}

/** The next time at which an open claim has to be looked at though nothing happens. */
export function alarmOf(claim: ClaimPlan, own: ClaimState, state: ExpectationsState): number {
  if (own.verdict !== "open" || !own.begun) return NEVER;
  if (claim.form.kind === "leadsTo") {
    const first = own.pending[0];
    return first === undefined ? NEVER : first.at + claim.form.within;
  }
  return claim.form.kind === "eventually" ? (deadlineOf(claim, claim.form, state) ?? NEVER) : NEVER;
}
