/**
 * What an expectation may look at, and how it compares: terms, collections, conditions. Structured YAML, no formulas.
 *
 *   { leader: orders-0, is: b2 }                     the term, then the comparison
 *   { count: { both: [acked, lost] }, is: 0 }        sets of records from the ledger
 *   { leo: orders-0, on: b2, is: { leo: orders-0, on: leader } }
 *
 * Counterpart  none in Kafka; the sets are those of the ledger observer.
 * Left out     arithmetic beyond a difference and a constant.
 */
import * as v from "valibot";
import { isMap } from "../../engine/plain.ts";
import { RECORD_SETS } from "../../observers/ledger-state.ts";
import { byKey, byShape, checked, duration, flag, items, nameOf, text, variable, whole, word } from "./basics.ts";
import { type FactPattern, factPattern, type Moment, moment } from "./moments.ts";

export { RECORD_SETS as LEDGER_SETS };

/** A set of records of the ledger. */
export type RecordSet =
  | (typeof RECORD_SETS)[number]
  | { consumedBy: string }
  | { both: RecordSet[] }
  | { either: RecordSet[] }
  | { minus: RecordSet[] }
  | {
      only: RecordSet;
      producer?: string;
      key?: string;
      partition?: string;
      from?: Moment;
      until?: Moment;
    };

const setForms: v.GenericSchema<Exclude<RecordSet, string>> = byKey(
  "set",
  {},
  {
    consumedBy: { consumedBy: variable("consumer") },
    both: {
      both: items(
        v.lazy(() => recordSet),
        10,
        2,
      ),
    },
    either: {
      either: items(
        v.lazy(() => recordSet),
        10,
        2,
      ),
    },
    minus: {
      minus: items(
        v.lazy(() => recordSet),
        10,
        2,
      ),
    },
    only: {
      only: v.lazy(() => recordSet),
      producer: v.exactOptional(variable("producer")),
      key: v.exactOptional(text(200)),
      partition: v.exactOptional(variable("topicPartition")),
      from: v.exactOptional(moment),
      until: v.exactOptional(moment),
    },
  },
) as v.GenericSchema<Exclude<RecordSet, string>>;

export const recordSet: v.GenericSchema<RecordSet> = byShape({ text: word(RECORD_SETS), map: setForms });

const partition = variable("topicPartition");
const replica = v.exactOptional(variable("broker", ["leader"]));

/** Things that can be counted besides records. */
const collections = byKey(
  "collection",
  {},
  {
    fact: factPattern.entries,
    isr: { isr: partition },
    replicas: { replicas: partition },
    members: { members: variable("group") },
    assigned: { assigned: variable("consumer") },
    leadersOn: { leadersOn: variable("broker") },
    live: { live: word(["brokers", "zookeeper"]) },
    partitionsOf: { partitionsOf: text(200) },
    readersOf: { readersOf: text(100) },
    copiesOf: { copiesOf: text(100) },
    groups: { groups: v.literal("all", "must be all") },
  },
);
export type Collection = v.InferOutput<typeof collections>;

const SET_KEYS = ["consumedBy", "both", "either", "minus", "only"];
const countable = byShape({
  text: word(RECORD_SETS),
  map: v.lazy((input) =>
    input === undefined
      ? v.union([setForms, collections])
      : isMap(input) && SET_KEYS.some((key) => key in input)
        ? setForms
        : collections,
  ),
}) as v.GenericSchema<RecordSet | Collection>;

/** What a term is, without a comparison. Also allowed as the right side of one. */
const ofGroup = { of: variable("group") };
const simpleForms = {
  // With `on`: as that broker sees it; without: as ZooKeeper has it.
  leader: { leader: partition, on: v.exactOptional(variable("broker")) },
  isr: { isr: partition, on: v.exactOptional(variable("broker")) },
  replicas: { replicas: partition },
  epoch: { epoch: partition, on: v.exactOptional(variable("broker")) },
  role: { role: partition, on: variable("broker") },
  leo: { leo: partition, on: replica },
  hw: { hw: partition, on: replica },
  logStart: { logStart: partition, on: replica },
  the: { the: word(["controller", "controllerEpoch", "zkQuorum", "zkLeader"]) },
  process: { process: variable("process") },
  session: { session: variable("broker") },
  group: { group: variable("group"), its: word(["state", "generation", "members", "assignment", "coordinator"]) },
  offset: { offset: partition, ...ofGroup },
  lag: { lag: partition, ...ofGroup },
  owner: { owner: partition, ...ofGroup },
  position: { position: partition, of: variable("consumer") },
  assigned: { assigned: variable("consumer") },
  topicExists: { topicExists: text(249) },
  logsEqual: { logsEqual: partition, on: v.exactOptional(word(["isr", "replicas"])) },
  perKeyOrdered: { perKeyOrdered: variable("consumer") },
  ordered: { ordered: variable("consumer") },
  count: { count: countable },
  records: { records: recordSet },
} as const;

const modifiers = { asOf: v.exactOptional(moment), plus: v.exactOptional(whole(-1_000_000, 1_000_000)) };

type TermForms = Omit<typeof simpleForms, "count" | "records">;
type FormOf<E> = E extends v.ObjectEntries ? v.InferOutput<v.StrictObjectSchema<E, undefined>> : never;
type Modifiers = { asOf?: Moment; plus?: number };
export type Term = (
  | { [K in keyof TermForms]: FormOf<TermForms[K]> }[keyof TermForms]
  | { count: RecordSet | Collection }
  | { records: RecordSet }
  | { difference: Term[] }
) &
  Modifiers;

const lazyTerm: v.GenericSchema<Term> = v.lazy(() => term);
const termForms = { ...simpleForms, difference: { difference: items(lazyTerm, 2, 2) } };
export const TERM_NAMES = Object.keys(termForms) as (keyof typeof termForms)[];
export const term: v.GenericSchema<Term> = byKey("term", modifiers, termForms) as unknown as v.GenericSchema<Term>;

export type Literal = string | number | boolean | (string | number)[];
export type Operand = Literal | Term;
const literalList = items(
  v.union([v.string(), v.number()], (issue) => `must be a name or a number, not ${nameOf(issue.input)}`),
  500,
);
const operand: v.GenericSchema<Operand> = byShape({
  text: text(400),
  number: v.number(),
  flag: flag(),
  list: literalList,
  map: term,
}) as v.GenericSchema<Operand>;

const numeric: v.GenericSchema<string | number | Term> = byShape({
  text: duration(),
  number: v.number(),
  map: term,
}) as v.GenericSchema<string | number | Term>;

/** How a term is compared; exactly one. Terms that are true or false may go without. */
export const COMPARISONS = {
  is: operand,
  isNot: operand,
  atLeast: numeric,
  atMost: numeric,
  moreThan: numeric,
  lessThan: numeric,
  contains: operand,
  within: literalList,
} as const;
export type ComparisonName = keyof typeof COMPARISONS;
const comparisonNames = Object.keys(COMPARISONS);

interface Comparison {
  is?: Operand;
  isNot?: Operand;
  atLeast?: string | number | Term;
  atMost?: string | number | Term;
  moreThan?: string | number | Term;
  lessThan?: string | number | Term;
  contains?: Operand;
  within?: (string | number)[];
}

/** What a variable runs over. */
const range = byKey(
  "range",
  { name: variableName() },
  {
    partitionOf: { partitionOf: variable("topic") },
    broker: { broker: word(["all", "live"]) },
    inIsrOf: { inIsrOf: partition },
    replicaOf: { replicaOf: partition },
    consumer: { consumer: variable("group", ["all"]) },
    key: { key: v.literal("all", "must be all") },
    record: { record: recordSet },
  },
);
export type Range = v.InferOutput<typeof range>;

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { forEvery: Range; holds: Condition }
  | { thereIs: Range; with: Condition }
  | (Term & Comparison);

const deeper = v.lazy(() => condition);
const logicForms = {
  all: { all: items(deeper, 50, 1) },
  any: { any: items(deeper, 50, 1) },
  not: { not: deeper },
  forEvery: { forEvery: range, holds: deeper },
  thereIs: { thereIs: range, with: deeper },
};
const logic = byKey("condition", {}, logicForms);
const comparisons = Object.fromEntries(
  Object.entries(COMPARISONS).map(([key, schema]) => [key, v.exactOptional(schema)]),
) as { [K in ComparisonName]: v.ExactOptionalSchema<(typeof COMPARISONS)[K], undefined> };
const statement = checked(byKey("condition", { ...comparisons, ...modifiers }, termForms), oneComparison);

const LOGIC_NAMES = Object.keys(logicForms);
const everyCondition = v.union([logic, statement]);
const stranger = byKey("condition", { ...comparisons, ...modifiers }, { ...logicForms, ...termForms });

/** A claim about one moment of the run. */
export const condition: v.GenericSchema<Condition> = v.lazy((input) => {
  if (input === undefined) return everyCondition;
  if (!isMap(input)) return stranger;
  if (LOGIC_NAMES.some((key) => key in input)) return logic;
  return TERM_NAMES.some((key) => key in input) ? statement : stranger;
}) as unknown as v.GenericSchema<Condition>;

const TRUE_OR_FALSE = ["topicExists", "logsEqual", "perKeyOrdered", "ordered"];

function oneComparison(input: unknown, report: Parameters<Parameters<typeof checked>[1]>[1]): void {
  if (!isMap(input)) return;
  const given = comparisonNames.filter((key) => input[key] !== undefined);
  const speaksForItself = TRUE_OR_FALSE.some((key) => key in input) || input.the === "zkQuorum";
  if (given.length === 0 && !speaksForItself) {
    report(`compares with nothing; it needs one of ${comparisonNames.join(", ")}`, {
      part: "inside",
      allowed: comparisonNames,
    });
  }
  for (const key of given.slice(1)) report(`compares twice: "${given[0]}" and "${key}"`, { part: "key" }, key);
}

function variableName() {
  return v.pipe(
    v.string((issue) => `must be a short name, not ${nameOf(issue.input)}`),
    v.regex(/^[a-z][A-Za-z0-9]{0,20}$/, "must be a short name such as p; it is used as $p"),
  );
}

export type { FactPattern };
