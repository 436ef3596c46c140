/** Verdicts as if the run ended now. Pure: works on a copy of what the observer knows. */
import { snapshot } from "../../engine/snapshot.ts";
import type { World } from "../../engine/types.ts";
import type { LedgerState } from "../../observers/ledger-state.ts";
import {
  deadlineOf,
  decide,
  endCount,
  endGap,
  endInOrder,
  endOf,
  endWatched,
  isWithin,
  judge,
  lookNow,
  settleAt,
  startOf,
} from "./claims.ts";
import { takeSamples } from "./moments.ts";
import type { ClaimPlan, Plan } from "./plan.ts";
import { latencyOf } from "./rates.ts";
import { type ClaimState, type ExpectationsState, NEVER, type Source, type VerdictWord } from "./state.ts";
import { saySeconds } from "./words.ts";

export interface Verdict {
  readonly id: string;
  readonly say: string;
  readonly form: ClaimPlan["form"]["kind"];
  readonly verdict: VerdictWord;
  /** The moment that decided it; null while open. */
  readonly at: number | null;
  /** The entry that decided it; null while open, or decided by the end of the run. */
  readonly entry: number | null;
  /** One clause that says what was seen. */
  readonly evidence: string;
}

/** Where each expectation stands, without guessing about the rest of the run. */
export function verdictsSoFar(plan: Plan, state: ExpectationsState): Verdict[] {
  return plan.claims.map((claim, index) => verdictOf(claim, state.claims[index] as ClaimState));
}

/** The verdicts if the run ended at `now`, in this World; none is open. `entries` is how many steps there were. */
export function finish(
  plan: Plan,
  observed: ExpectationsState,
  world: World,
  ledger: LedgerState,
  now: number,
  entries: number,
): Verdict[] {
  const state = snapshot(observed);
  const source: Source = { world, ledger, plan, state };
  const entry = Math.max(0, entries - 1);
  // What is in the World now is still so at `now`, as far as the run was computed.
  takeSamples(state, { at: world.time, entry, headAt: now + 1, fresh: [] }, source);
  return plan.claims.map((claim, index) => {
    const own = state.claims[index] as ClaimState;
    if (own.verdict === "open") finishClaim(claim, own, source, now, entry);
    return verdictOf(claim, own);
  });
}

function verdictOf(claim: ClaimPlan, own: ClaimState): Verdict {
  const { verdict, at, entry, evidence } = own;
  const isOpen = verdict === "open";
  const base = { id: claim.id, say: claim.say, form: claim.form.kind, verdict };
  return { ...base, at: isOpen ? null : at, entry: isOpen ? null : entry, evidence };
}

function finishClaim(claim: ClaimPlan, own: ClaimState, source: Source, now: number, entry: number): void {
  const { form } = claim;
  const { state } = source;
  const start = startOf(claim, state);
  const until = endOf(claim, state);
  const end = until !== null && until < now ? until : now;
  if (form.kind === "at") {
    const moment = state.moments[form.moment] ?? null;
    if (moment === null || moment > now) {
      decide(own, "fell", now, null, "that moment never came");
      return;
    }
    own.look = lookNow(form.watch, now, entry, source);
    settleAt(own, moment);
    return;
  }
  if (start === null || start > now) {
    decide(own, "fell", now, null, "the moment it begins at never came");
    return;
  }
  switch (form.kind) {
    case "end": {
      const look = lookNow(form.watch, now, entry, source);
      decide(own, look.truth === true ? "held" : "fell", now, null, look.text);
      return;
    }
    case "always":
    case "never":
    case "eventually":
      if (!own.begun) judge(form, own, lookNow(form.watch, now, entry, source));
      if (own.verdict !== "open") return;
      endWatched(
        form,
        own,
        form.kind === "eventually" ? Math.min(end, deadlineOf(claim, form, state) ?? end) : end,
        null,
      );
      return;
    case "leadsTo": {
      const waits = own.pending[0];
      if (waits !== undefined) {
        const isLate = waits.at + form.within < now;
        const text = isLate ? `not within ${saySeconds(form.within)}` : "the run ended before";
        decide(own, "fell", now, null, `of ${saySeconds(waits.at)} nothing came of it: ${text}`);
        return;
      }
      if (own.found === 0) {
        decide(own, "fell", now, null, "what should lead to it never happened");
        return;
      }
      decide(own, "held", own.at ?? now, own.entry, own.evidence);
      return;
    }
    case "count":
      endCount(form, own, end, null);
      return;
    case "gap":
      endGap(form, own, end, own.gap.longestEntry, start, source);
      return;
    case "inOrder":
      endInOrder(form, own, end, null);
      return;
    case "latency": {
      const found = latencyOf(form, start, until, source);
      if (found === null) {
        decide(own, "fell", now, null, "no record was there to measure");
        return;
      }
      const text = `percentile ${form.percentile} of ${found.of} records is ${saySeconds(found.value)} (${found.tag})`;
      decide(own, isWithin(found.value, form.bound) ? "held" : "fell", Math.min(now, NEVER), null, text);
      return;
    }
  }
}
