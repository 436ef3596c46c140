/**
 * The names that the engine looks for in a checked scenario, without the schemas that check it: a page that plays built-in
 * files loads no checker. Types hold these lists to the schemas; tests compare their order.
 */
import type { ActName, ActSpec } from "./format/acts.ts";
import type { Expectation, ExpectationKind } from "./format/expectations.ts";
import type { ComparisonName } from "./format/terms.ts";

/** Keys that only act forms have, in the order in which they are looked for. */
const ACTS: Readonly<Record<ActName, true>> = {
  kill: true,
  stop: true,
  start: true,
  pause: true,
  resume: true,
  "power-loss": true,
  "crash-client": true,
  "add-broker": true,
  cut: true,
  heal: true,
  "slow-link": true,
  "lossy-link": true,
  "break-connection": true,
  "hold-messages": true,
  refuse: true,
  "slow-follower-fetch": true,
  "expire-session": true,
  "move-controller": true,
  "rewrite-state": true,
  "preferred-election": true,
  "create-topic": true,
  "delete-topic": true,
  "add-partitions": true,
  reassign: true,
  "set-config": true,
  send: true,
  "start-sending": true,
  "stop-sending": true,
  "slow-consumer": true,
  subscribe: true,
  assign: true,
  seek: true,
  commit: true,
  close: true,
  "set-group": true,
  "reset-offsets": true,
  command: true,
};

const EXPECTATIONS: Readonly<Record<ExpectationKind, true>> = {
  end: true,
  always: true,
  never: true,
  eventually: true,
  at: true,
  leadsTo: true,
  count: true,
  gap: true,
  latency: true,
  inOrder: true,
};

const COMPARISONS: Readonly<Record<ComparisonName, true>> = {
  is: true,
  isNot: true,
  atLeast: true,
  atMost: true,
  moreThan: true,
  lessThan: true,
  contains: true,
  within: true,
};

const ACT_LIST = Object.keys(ACTS) as ActName[];
const EXPECTATION_LIST = Object.keys(EXPECTATIONS) as ExpectationKind[];
const COMPARISON_LIST = Object.keys(COMPARISONS) as ComparisonName[];

/** Which act it is: the one key that names a fault or an action. */
export function actName(spec: ActSpec): ActName {
  const found = ACT_LIST.find((candidate) => Object.hasOwn(spec, candidate));
  if (found === undefined) throw new Error("an act without a name passed validation");
  return found;
}

/** Which kind of expectation it is. */
export function expectationKind(spec: Expectation): ExpectationKind {
  const found = EXPECTATION_LIST.find((kind) => Object.hasOwn(spec, kind));
  if (found === undefined) throw new Error("an expectation without a kind passed validation");
  return found;
}

/** How a term is compared; undefined for one that is true or false by itself. */
export function comparisonOf(fields: Readonly<Record<string, unknown>>): ComparisonName | undefined {
  return COMPARISON_LIST.find((name) => fields[name] !== undefined);
}
