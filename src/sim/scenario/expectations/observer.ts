/**
 * The observer that decides the expectations of a scenario while its run goes. Its state is plain data beside the World; the plan
 * is made from the file and does not change.
 */
import type { Observer, Step, World } from "../../engine/types.ts";
import { createLedger, type LedgerState } from "../../observers/ledger-state.ts";
import type { Expectation } from "../format/expectations.ts";
import type { ResolvedScenario } from "../resolve.ts";
import { alarmOf, followClaim, type Turn } from "./claims.ts";
import { compileExpectations } from "./compile.ts";
import { headOf, meetMoments, type Now, passMoments, takeSamples } from "./moments.ts";
import { followOrders } from "./orders.ts";
import type { Plan } from "./plan.ts";
import { type ClaimState, createState, type ExpectationsState, type Source } from "./state.ts";
import { EVERYTHING, type Touch, touchedBy } from "./touches.ts";

/** Name of the observer, and of its state in `observed`. It comes after the ledger, which it reads. */
export const EXPECTATIONS = "expectations";
const LEDGER = "ledger";

/** The expectations that a run of this scenario (and variant) has to meet. */
export function expectationsInScope(plan: ResolvedScenario): Expectation[] {
  const written = plan.scenario.expectations ?? [];
  const scopes = [plan.variant ?? "base", plan.profile as string];
  return written.filter((one) => one.in === undefined || one.in.some((scope) => scopes.includes(scope)));
}

/** The plan of a run's expectations. */
export function planExpectations(resolved: ResolvedScenario): Plan {
  return compileExpectations(resolved, expectationsInScope(resolved));
}

export function expectationsObserver(plan: Plan): Observer<ExpectationsState> {
  return {
    name: EXPECTATIONS,
    init(world: World) {
      const state = createState(plan);
      const source: Source = { world, ledger: createLedger(), plan, state };
      const now: Now = { at: world.time, entry: 0, headAt: headOf(world), fresh: [] };
      look(state, { step: START, now, touched: EVERYTHING, source });
      return state;
    },
    onStep(state, step, world, observed) {
      const touched = touchedBy(step);
      const headAt = headOf(world);
      if (touched === 0 && step.at <= state.alarm && headAt <= state.alarm) return;
      const source: Source = { world, ledger: ledgerIn(observed), plan, state };
      const fresh = touched === 0 ? [] : meetMoments(state, step, source);
      if (plan.readsOrder && touched !== 0) followOrders(state, step, source);
      look(state, { step, now: { at: step.at, entry: step.entry, headAt, fresh }, touched, source });
    },
  };
}

function look(state: ExpectationsState, turn: Turn): void {
  const { claims } = turn.source.plan;
  takeSamples(state, turn.now, turn.source);
  for (let i = 0; i < claims.length; i += 1) {
    const own = state.claims[i] as ClaimState;
    if (own.verdict === "open") followClaim(claims[i] as Plan["claims"][number], own, turn);
  }
  let alarm = passMoments(state, turn.now);
  for (let i = 0; i < claims.length; i += 1) {
    const next = alarmOf(claims[i] as Plan["claims"][number], state.claims[i] as ClaimState, state);
    if (next < alarm) alarm = next;
  }
  state.alarm = alarm;
}

export function ledgerIn(observed: Readonly<Record<string, unknown>>): LedgerState {
  return (observed[LEDGER] as LedgerState | undefined) ?? EMPTY;
}

const EMPTY: LedgerState = Object.freeze(createLedger());

/** Stands for the moment before the first step. */
const START: Step = Object.freeze({
  entry: 0,
  at: 0,
  id: 0,
  cause: null,
  actor: "",
  kind: "start",
  ran: false,
  trigger: Object.freeze({ kind: "environment", event: Object.freeze({ kind: "start" }) }),
  facts: Object.freeze([]),
}) as Step;

export type { Touch };
