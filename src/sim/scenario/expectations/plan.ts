/**
 * Expectations as a plan: conditions spelled out as nodes, and every moment, fact and remembered value that they speak of as a
 * numbered row, so that the observer keeps plain arrays beside it. Made once for a run; plain data.
 *
 * Counterpart  none in Kafka.
 * Simplified   a condition is looked at again only after events that may have changed what it reads (`touches`).
 */
import type { FactWhere } from "../../environment/fact-pattern.ts";
import type { ComparisonName } from "../format/terms.ts";
import type { Touch } from "./touches.ts";

/** What a term can be. Null: it cannot be said now (no such log, no such broker). */
export type Value = string | number | boolean | readonly (string | number)[] | null;

export interface PatternPlan {
  readonly fact: string;
  readonly where: FactWhere;
}

/** A moment of the run: a time, the nth fact of a pattern, or the first time an act was done; then `plus`. */
export type MomentPlan = { readonly plus: number } & (
  | { readonly kind: "time" }
  | { readonly kind: "fact"; readonly pattern: number; readonly nth: number }
  | { readonly kind: "act"; readonly act: string }
);

export type SetNode =
  | { readonly kind: "named"; readonly set: string }
  | { readonly kind: "consumedBy"; readonly consumer: string }
  | { readonly kind: "both" | "either" | "minus"; readonly of: readonly SetNode[] }
  | {
      readonly kind: "only";
      readonly of: SetNode;
      readonly producer: string | null;
      readonly key: string | null;
      readonly partition: string | null;
      /** Moments between which a record came into the set. */
      readonly from: number | null;
      readonly until: number | null;
    };

/** What `count` counts. */
export type CountNode =
  | { readonly kind: "set"; readonly set: SetNode }
  | { readonly kind: "facts"; readonly pattern: number }
  | { readonly kind: CollectionName; readonly name: string };
export type CollectionName =
  | "isr"
  | "replicas"
  | "members"
  | "assigned"
  | "leadersOn"
  | "live"
  | "partitionsOf"
  | "readersOf"
  | "copiesOf"
  | "groups";

export type ReadForm =
  | "leader"
  | "isr"
  | "replicas"
  | "epoch"
  | "role"
  | "leo"
  | "hw"
  | "logStart"
  | "the"
  | "process"
  | "session"
  | "group"
  | "offset"
  | "lag"
  | "owner"
  | "position"
  | "assigned"
  | "topicExists"
  | "logsEqual"
  | "perKeyOrdered"
  | "ordered";

export type TermNode = {
  /** Number of the remembered value that stands for the term (`asOf`); null: its value now. */
  readonly sample: number | null;
  readonly plus: number;
} & (
  | {
      readonly kind: "read";
      readonly form: ReadForm;
      /** What is read: a partition, a process, `controller`. May be a variable. */
      readonly name: string;
      /** `on`, `of` or `its`. */
      readonly by: string | null;
    }
  | { readonly kind: "count"; readonly of: CountNode }
  | { readonly kind: "records"; readonly set: SetNode }
  | { readonly kind: "difference"; readonly of: readonly [TermNode, TermNode] }
  | { readonly kind: "literal"; readonly value: Value }
);

export type RangeNode = { readonly variable: string } & (
  | { readonly kind: "partitionOf" | "broker" | "inIsrOf" | "replicaOf" | "consumer" | "key"; readonly name: string }
  | { readonly kind: "record"; readonly set: SetNode }
);

export type ConditionNode =
  | { readonly kind: "all" | "any"; readonly of: readonly ConditionNode[] }
  | { readonly kind: "not"; readonly of: ConditionNode }
  | { readonly kind: "forEvery" | "thereIs"; readonly range: RangeNode; readonly of: ConditionNode }
  | {
      readonly kind: "compare";
      readonly left: TermNode;
      /** `true`: the term speaks for itself. */
      readonly by: ComparisonName | "true";
      readonly right: TermNode;
      /** Whether lists are compared in order. */
      readonly inOrder: boolean;
    };

/** A value remembered from a moment on (`asOf`), for each binding of the variables around it. */
export interface SamplePlan {
  readonly moment: number;
  readonly term: TermNode;
  readonly over: readonly RangeNode[];
}

/** A condition with what may change it. */
export interface WatchPlan {
  readonly condition: ConditionNode;
  readonly touches: Touch;
}

/** A fact, or a condition that becomes true. */
export type TriggerPlan =
  | { readonly kind: "fact"; readonly pattern: PatternPlan }
  | { readonly kind: "becomes"; readonly watch: WatchPlan };

export interface Bound {
  readonly is: number | null;
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

export type ClaimForm =
  | { readonly kind: "end"; readonly watch: WatchPlan }
  | { readonly kind: "always" | "never"; readonly watch: WatchPlan }
  | { readonly kind: "eventually"; readonly watch: WatchPlan; readonly within: number | null }
  | { readonly kind: "at"; readonly moment: number; readonly watch: WatchPlan }
  | {
      readonly kind: "leadsTo";
      readonly when: TriggerPlan;
      readonly then: TriggerPlan;
      readonly within: number;
      readonly notBefore: number;
    }
  | { readonly kind: "count"; readonly pattern: PatternPlan; readonly bound: Bound }
  | {
      readonly kind: "gap";
      readonly rate: Rate;
      readonly of: string | null;
      readonly partition: string | null;
      readonly bound: Bound;
    }
  | {
      readonly kind: "latency";
      readonly rate: "acks" | "reads";
      readonly percentile: number;
      readonly of: string | null;
      readonly partition: string | null;
      readonly bound: Bound;
    }
  | { readonly kind: "inOrder"; readonly patterns: readonly PatternPlan[] };

export type Rate = "sends" | "acks" | "reads" | "commits";

export interface ClaimPlan {
  readonly id: string;
  readonly say: string;
  /** Looked at from the latest of these moments on; never empty. */
  readonly from: readonly number[];
  readonly until: number | null;
  readonly form: ClaimForm;
}

export interface Plan {
  readonly patterns: readonly PatternPlan[];
  readonly moments: readonly MomentPlan[];
  readonly samples: readonly SamplePlan[];
  readonly claims: readonly ClaimPlan[];
  /** Producers in the order of the file, for record numbers without a name. */
  readonly producers: readonly string[];
  /** Until when each producer sends by itself; null: until it has sent so many. */
  readonly sendsUntil: Readonly<Record<string, number | null>>;
  /** Whether the order of reads is asked for. */
  readonly readsOrder: boolean;
  /** Processes of each site. */
  readonly sites: Readonly<Record<string, readonly string[]>>;
}
