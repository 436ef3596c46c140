/**
 * When the moments are that expectations speak of, and what was so then.
 *
 * A time lies between two events: what was so at 15 s is what the last event until 15 s left behind. So a look is taken after each
 * event that may be that last one (the next in the queue is later), and the last look taken counts. A moment that a fact or an act
 * marks is the one right after it.
 */
import type { Step, World } from "../../engine/types.ts";
import { matchesFact } from "../../environment/fact-pattern.ts";
import { bindingKey, bindings, valueNow } from "./evaluate.ts";
import type { RangeNode, Value } from "./plan.ts";
import type { Binding } from "./sets.ts";
import { type ExpectationsState, NEVER, type Source } from "./state.ts";

/** The surroundings of one look. */
export interface Now {
  readonly at: number;
  readonly entry: number;
  /** When the next event of the queue is due. */
  readonly headAt: number;
  /** Moments that came with this step. */
  readonly fresh: readonly number[];
}

/** Where a moment lies: before this look, at it, perhaps the last look before it passes, or later. */
export type Where = "past" | "now" | "maybe" | "later";

export function whereIs(moment: number | null, now: Now, isFresh: boolean): Where {
  if (moment === null || moment > now.at) return moment !== null && now.headAt > moment ? "maybe" : "later";
  if (moment < now.at) return "past";
  if (isFresh) return "now";
  return now.headAt > moment ? "maybe" : "later";
}

export function headOf(world: World): number {
  return world.queue[0]?.at ?? NEVER;
}

/** Counts facts, notes acts, and returns the moments that came. */
export function meetMoments(state: ExpectationsState, step: Step, source: Source): number[] {
  const { patterns, moments } = source.plan;
  const fresh: number[] = [];
  for (const fact of step.facts) {
    for (let i = 0; i < patterns.length; i += 1) {
      const pattern = patterns[i];
      if (pattern === undefined || pattern.fact !== fact.kind || !matchesFact(pattern.where, fact, step.actor))
        continue;
      const count = (state.counts[i] ?? 0) + 1;
      state.counts[i] = count;
      moments.forEach((moment, index) => {
        if (moment.kind !== "fact" || moment.pattern !== i || moment.nth !== count) return;
        state.moments[index] = step.at + moment.plus;
        if (moment.plus === 0) fresh.push(index);
      });
    }
  }
  const act = actDone(step);
  if (act !== null && state.acts[act] === undefined) {
    state.acts[act] = step.at;
    moments.forEach((moment, index) => {
      if (moment.kind !== "act" || moment.act !== act) return;
      state.moments[index] = step.at + moment.plus;
      if (moment.plus === 0) fresh.push(index);
    });
  }
  return fresh;
}

/** The id of the act that this step did; null if none. An act that is only armed has not been done. */
export function actDone(step: Step): string | null {
  if (step.trigger.kind !== "environment") return null;
  const event = step.trigger.event as { kind: string; id?: string; later?: true; act?: { kind: string; id?: string } };
  const act = event.later === true ? event.act : event;
  if (act === undefined || act.kind === "when" || act.kind === "when-holds") return null;
  return act.id ?? null;
}

/** Remembers what `asOf` asks for. */
export function takeSamples(state: ExpectationsState, now: Now, source: Source): void {
  source.plan.samples.forEach((sample, index) => {
    if (state.passed[sample.moment] === true) return;
    const where = whereIs(state.moments[sample.moment] ?? null, now, now.fresh.includes(sample.moment));
    if (where !== "now" && where !== "maybe") return;
    const values: Record<string, Value> = {};
    for (const binding of everyBinding(sample.over, source))
      values[bindingKey(sample.over, binding)] = valueNow(sample.term, source, binding);
    state.samples[index] = values;
  });
}

function everyBinding(over: readonly RangeNode[], source: Source): Binding[] {
  return over.reduce<Binding[]>(
    (all, range) => all.flatMap((binding) => bindings(range, source, binding)),
    [Object.freeze({})],
  );
}

/** Marks the moments that lie behind, and returns the next one that is known. */
export function passMoments(state: ExpectationsState, now: Now): number {
  let next = NEVER;
  state.moments.forEach((moment, index) => {
    if (moment === null || state.passed[index] === true) return;
    if (moment < now.at || now.fresh.includes(index)) state.passed[index] = true;
    else if (moment < next) next = moment;
  });
  return next;
}
