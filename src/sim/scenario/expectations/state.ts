/** What the expectations observer knows. Plain data, saved in checkpoints with the World. */
import type { World } from "../../engine/types.ts";
import type { LedgerState } from "../../observers/ledger-state.ts";
import type { Plan, Value } from "./plan.ts";

export type VerdictWord = "open" | "held" | "fell";

/** What was found at a moment that may still be the last look before it. */
export interface Look {
  readonly at: number;
  readonly entry: number;
  /** Null: it could not be said. */
  readonly truth: boolean | null;
  readonly text: string;
}

/** Where an expectation stands. Which fields are used depends on its form. */
export interface ClaimState {
  verdict: VerdictWord;
  /** When and by which entry it was decided; null while open. */
  at: number | null;
  entry: number | null;
  evidence: string;
  /** Whether the moment it begins at has passed. */
  begun: boolean;
  /** Looks that could be said so far. */
  seen: number;
  /** The last thing found, for moments that no event marks. */
  look: Look | null;
  /** Whether the condition that it waits for was true at the last look. */
  wasTrue: boolean;
  /** `leadsTo`: what still waits for its consequence. */
  pending: { readonly at: number; readonly entry: number }[];
  /** `leadsTo`, `count`: how many were found. */
  found: number;
  /** `leadsTo`: the slowest consequence. */
  longest: number;
  /** `inOrder`: first fact of each pattern. */
  firsts: ({ readonly at: number; readonly entry: number; readonly place: number } | null)[];
  gap: GapState;
}

/** Longest time in which a rate was 0 though it was wanted. */
export interface GapState {
  /** Since when something is wanted that did not come; null: nothing is. */
  since: number | null;
  /** What was asked for and not answered yet. */
  outstanding: number;
  longest: number;
  longestFrom: number;
  longestEntry: number;
}

/** What a consumer read, in order. */
export interface OrderState {
  ordered: boolean;
  perKey: boolean;
  /** Highest number read, by producer; and by producer and key. */
  last: Record<string, number>;
  lastOfKey: Record<string, number>;
}

export interface ExpectationsState {
  /** How many facts of each pattern there were. */
  counts: number[];
  /** When each act was first done. */
  acts: Record<string, number>;
  /** When each moment is; null: not known yet. */
  moments: (number | null)[];
  /** Whether the moment has passed and what depends on it is settled. */
  passed: boolean[];
  /** Values remembered, by sample; then by the binding of its variables. */
  samples: Record<string, Value>[];
  claims: ClaimState[];
  orders: Record<string, OrderState>;
  /** The next time at which something has to be looked at though nothing happens. */
  alarm: number;
}

export const NEVER = Number.MAX_SAFE_INTEGER;

export function createState(plan: Plan): ExpectationsState {
  return {
    counts: plan.patterns.map(() => 0),
    acts: {},
    moments: plan.moments.map((moment) => (moment.kind === "time" ? moment.plus : null)),
    passed: plan.moments.map(() => false),
    samples: plan.samples.map(() => ({})),
    claims: plan.claims.map(() => createClaim()),
    orders: {},
    alarm: NEVER,
  };
}

function createClaim(): ClaimState {
  return {
    verdict: "open",
    at: null,
    entry: null,
    evidence: "",
    begun: false,
    seen: 0,
    look: null,
    wasTrue: false,
    pending: [],
    found: 0,
    longest: 0,
    firsts: [],
    gap: { since: null, outstanding: 0, longest: 0, longestFrom: 0, longestEntry: 0 },
  };
}

/** All that a condition may read. */
export interface Source {
  readonly world: World;
  readonly ledger: LedgerState;
  readonly plan: Plan;
  readonly state: ExpectationsState;
}
