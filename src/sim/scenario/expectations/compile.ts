/**
 * From the expectations of a scenario to their plan. Everything here was checked when the file was read.
 *
 * Left out   `asOf` of a record set inside `only` bounds; the moments of `only` count from the moment they come.
 */
import type { FactWhere } from "../../environment/fact-pattern.ts";
import { RECORD_SETS } from "../../observers/ledger-state.ts";
import type { Expectation, ExpectationOf } from "../format/expectations.ts";
import type { Moment } from "../format/moments.ts";
import type { Collection, ComparisonName, Condition, Operand, Range, RecordSet, Term } from "../format/terms.ts";
import { comparisonOf, expectationKind } from "../kinds.ts";
import type { ResolvedScenario } from "../resolve.ts";
import { microsOf } from "../time.ts";
import type {
  Bound,
  ClaimForm,
  ClaimPlan,
  ConditionNode,
  CountNode,
  MomentPlan,
  PatternPlan,
  Plan,
  RangeNode,
  ReadForm,
  SamplePlan,
  SetNode,
  TermNode,
  TriggerPlan,
  Value,
  WatchPlan,
} from "./plan.ts";
import { CLIENTS, CLUSTER, FACTS, LEDGER, LOGS, type Touch } from "./touches.ts";

/** A claim about a partition as the file writes it. */
type Fields = Readonly<Record<string, unknown>>;

/** Collects the rows of a plan; the same moment or fact has one row. */
class Rows {
  readonly patterns: PatternPlan[] = [];
  readonly moments: MomentPlan[] = [];
  readonly samples: SamplePlan[] = [];
  private readonly known = new Map<string, number>();

  pattern(fact: string, where: FactWhere): number {
    return this.row(this.patterns, { fact, where });
  }

  moment(written: Moment): number {
    if (typeof written === "string") return this.row(this.moments, { kind: "time", plus: micros(written) });
    const plus = written.plus === undefined ? 0 : micros(written.plus);
    if ("act" in written) return this.row(this.moments, { kind: "act", act: written.act, plus });
    const pattern = this.pattern(written.fact, written.where ?? {});
    return this.row(this.moments, { kind: "fact", pattern, nth: written.nth ?? 1, plus });
  }

  sample(sample: SamplePlan): number {
    return this.row(this.samples, sample);
  }

  private row<T>(list: T[], item: T): number {
    const key = `${list === (this.patterns as unknown) ? "p" : list === (this.moments as unknown) ? "m" : "s"}${JSON.stringify(item)}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    list.push(item);
    this.known.set(key, list.length - 1);
    return list.length - 1;
  }
}

/** Where a condition stands: the rows, and the variables around it. */
interface Place {
  readonly rows: Rows;
  readonly over: readonly RangeNode[];
}

/** The plan of those expectations of a run that are in scope. */
export function compileExpectations(plan: ResolvedScenario, expectations: readonly Expectation[]): Plan {
  const rows = new Rows();
  const claims = expectations.map((spec) => claimOf(spec, rows));
  const producers = plan.clients.filter((client) => client.kind === "producer");
  const sendsUntil = Object.fromEntries(
    producers.flatMap(({ id, pace }) => (pace === null ? [] : [[id, pace.count === null ? pace.untilUs : null]])),
  );
  const readsOrder = /"form":"(perKeyO|o)rdered"/.test(JSON.stringify(claims));
  const { patterns, moments, samples } = rows;
  const names = producers.map(({ id }) => id);
  return { patterns, moments, samples, claims, producers: names, sendsUntil, readsOrder, sites: plan.sites };
}

/** One condition that stands alone, for acts that wait for it; without rows: it may look at the World only. */
export function compileCondition(condition: Condition): WatchPlan {
  return watchOf(condition, { rows: new Rows(), over: [] });
}

function claimOf(spec: Expectation, rows: Rows): ClaimPlan {
  const starts = [spec.after, spec.from].filter((moment) => moment !== undefined);
  const from = (starts.length === 0 ? ["0s"] : starts).map((moment) => rows.moment(moment));
  const until = spec.until === undefined ? null : rows.moment(spec.until);
  return { id: spec.id, say: spec.say, from, until, form: formOf(spec, rows) };
}

function formOf(spec: Expectation, rows: Rows): ClaimForm {
  const place: Place = { rows, over: [] };
  const kind = expectationKind(spec);
  switch (kind) {
    case "end":
    case "always":
    case "never":
      return { kind, watch: watchOf((spec as unknown as Record<string, Condition>)[kind] as Condition, place) };
    case "eventually": {
      const { eventually, within } = spec as ExpectationOf<"eventually">;
      return { kind, watch: watchOf(eventually, place), within: within === undefined ? null : micros(within) };
    }
    case "at": {
      const { at, holds } = spec as ExpectationOf<"at">;
      return { kind, moment: rows.moment(at), watch: watchOf(holds, place) };
    }
    case "leadsTo": {
      const { when, then, within, notBefore } = (spec as ExpectationOf<"leadsTo">).leadsTo;
      return {
        kind,
        when: triggerOf(when, place),
        then: triggerOf(then, place),
        within: micros(within),
        notBefore: notBefore === undefined ? 0 : micros(notBefore),
      };
    }
    case "count": {
      const { fact, where, ...amount } = (spec as ExpectationOf<"count">).count;
      return { kind, pattern: { fact, where: where ?? {} }, bound: boundOf(amount) };
    }
    case "gap": {
      const { rate, of, partition, ...span } = (spec as ExpectationOf<"gap">).gap;
      return { kind, rate, of: of ?? null, partition: partition ?? null, bound: boundOf(span) };
    }
    case "latency": {
      const { rate, percentile, of, partition, ...span } = (spec as ExpectationOf<"latency">).latency;
      return { kind, rate, percentile, of: of ?? null, partition: partition ?? null, bound: boundOf(span) };
    }
    case "inOrder": {
      const patterns = (spec as ExpectationOf<"inOrder">).inOrder;
      return { kind, patterns: patterns.map(({ fact, where }) => ({ fact, where: where ?? {} })) };
    }
  }
}

function triggerOf(trigger: Condition | { fact: string; where?: FactWhere }, place: Place): TriggerPlan {
  if ("fact" in trigger) return { kind: "fact", pattern: { fact: trigger.fact, where: trigger.where ?? {} } };
  return { kind: "becomes", watch: watchOf(trigger as Condition, place) };
}

function boundOf(amount: Fields): Bound {
  const read = (key: string): number | null => {
    const value = amount[key];
    return typeof value === "string" ? micros(value) : typeof value === "number" ? value : null;
  };
  return { is: read("is"), atLeast: read("atLeast"), atMost: read("atMost") };
}

function watchOf(condition: Condition, place: Place): WatchPlan {
  const node = conditionOf(condition, place);
  return { condition: node, touches: touchesOf(node) };
}

function conditionOf(condition: Condition, place: Place): ConditionNode {
  if ("all" in condition) return { kind: "all", of: condition.all.map((one) => conditionOf(one, place)) };
  if ("any" in condition) return { kind: "any", of: condition.any.map((one) => conditionOf(one, place)) };
  if ("not" in condition) return { kind: "not", of: conditionOf(condition.not, place) };
  if ("forEvery" in condition) return quantified("forEvery", condition.forEvery, condition.holds, place);
  if ("thereIs" in condition) return quantified("thereIs", condition.thereIs, condition.with, place);
  const fields = condition as unknown as Fields;
  const by = comparisonOf(fields);
  const left = termOf(condition as Term, place);
  const right = by === undefined ? literal(true) : operandOf(fields[by] as Operand, left, by, place);
  const inOrder = left.kind === "read" && left.form === "replicas";
  return { kind: "compare", left, by: by ?? "true", right, inOrder };
}

function quantified(kind: "forEvery" | "thereIs", range: Range, inner: Condition, place: Place): ConditionNode {
  const node = rangeOf(range, place);
  return { kind, range: node, of: conditionOf(inner, { ...place, over: [...place.over, node] }) };
}

function rangeOf(range: Range, place: Place): RangeNode {
  const variable = range.name;
  if ("record" in range) return { variable, kind: "record", set: setOf(range.record as RecordSet, place) };
  for (const kind of ["partitionOf", "broker", "inIsrOf", "replicaOf", "consumer", "key"] as const) {
    if (kind in range) return { variable, kind, name: String((range as Fields)[kind]) };
  }
  throw new Error("a range without a kind passed validation");
}

function operandOf(operand: Operand, left: TermNode, by: ComparisonName, place: Place): TermNode {
  if (typeof operand === "object" && !Array.isArray(operand)) return termOf(operand, place);
  const isNumeric = by === "atLeast" || by === "atMost" || by === "moreThan" || by === "lessThan";
  if (typeof operand === "string" && isNumeric) return literal(micros(operand));
  if (left.kind === "records") return { ...literal(operand), kind: "literal", value: operand };
  return literal(operand);
}

function literal(value: Value): TermNode & { kind: "literal" } {
  return { kind: "literal", value, sample: null, plus: 0 };
}

const FORMS: readonly ReadForm[] = [
  "leader",
  "isr",
  "replicas",
  "epoch",
  "role",
  "leo",
  "hw",
  "logStart",
  "the",
  "process",
  "session",
  "group",
  "offset",
  "lag",
  "owner",
  "position",
  "topicExists",
  "logsEqual",
  "perKeyOrdered",
  "ordered",
  "assigned",
];

function termOf(term: Term, place: Place): TermNode {
  const now = { ...bareTermOf(term, place), plus: term.plus ?? 0 };
  if (term.asOf === undefined) return now;
  // What is remembered is the value itself; `plus` is added when it is looked at.
  const sample = place.rows.sample({
    moment: place.rows.moment(term.asOf),
    term: { ...now, plus: 0 },
    over: place.over,
  });
  return { ...now, sample };
}

function bareTermOf(term: Term, place: Place): TermNode {
  if ("count" in term) return { kind: "count", of: countOf(term.count, place), sample: null, plus: 0 };
  if ("records" in term) return { kind: "records", set: setOf(term.records, place), sample: null, plus: 0 };
  if ("difference" in term) {
    const [first, second] = term.difference.map((one) => termOf(one, place));
    if (first === undefined || second === undefined) throw new Error("a difference of less than two passed validation");
    return { kind: "difference", of: [first, second], sample: null, plus: 0 };
  }
  const fields = term as unknown as Fields;
  const form = FORMS.find((one) => fields[one] !== undefined);
  if (form === undefined) throw new Error("a term without a name passed validation");
  const by = fields.on ?? fields.of ?? fields.its;
  return {
    kind: "read",
    form,
    name: String(fields[form]),
    by: by === undefined ? null : String(by),
    sample: null,
    plus: 0,
  };
}

function countOf(count: RecordSet | Collection, place: Place): CountNode {
  if (typeof count === "string" || SET_FORMS.some((key) => key in count))
    return { kind: "set", set: setOf(count as RecordSet, place) };
  if ("fact" in count)
    return { kind: "facts", pattern: place.rows.pattern(String(count.fact), (count.where ?? {}) as FactWhere) };
  const [kind, name] = Object.entries(count as Record<string, string>)[0] ?? [];
  return { kind, name: String(name) } as CountNode;
}

const SET_FORMS = ["consumedBy", "both", "either", "minus", "only"];

function setOf(set: RecordSet, place: Place): SetNode {
  if (typeof set === "string") return { kind: "named", set };
  if ("consumedBy" in set) return { kind: "consumedBy", consumer: set.consumedBy };
  if ("only" in set) {
    return {
      kind: "only",
      of: setOf(set.only, place),
      producer: set.producer ?? null,
      key: set.key ?? null,
      partition: set.partition ?? null,
      from: set.from === undefined ? null : place.rows.moment(set.from),
      until: set.until === undefined ? null : place.rows.moment(set.until),
    };
  }
  for (const kind of ["both", "either", "minus"] as const) {
    const of = (set as unknown as Record<string, RecordSet[]>)[kind];
    if (of !== undefined) return { kind, of: of.map((one) => setOf(one, place)) };
  }
  throw new Error(`a record set without a form passed validation; there is ${RECORD_SETS.join(", ")}`);
}

function touchesOf(node: ConditionNode): Touch {
  switch (node.kind) {
    case "all":
    case "any":
      return node.of.reduce((all, one) => all | touchesOf(one), 0);
    case "not":
      return touchesOf(node.of);
    case "forEvery":
    case "thereIs":
      return touchesOf(node.of) | (node.range.kind === "record" || node.range.kind === "key" ? LEDGER : CLUSTER);
    case "compare":
      return termTouches(node.left) | termTouches(node.right);
  }
}

function termTouches(term: TermNode): Touch {
  switch (term.kind) {
    case "literal":
      return 0;
    case "records":
      return LEDGER | CLUSTER;
    case "difference":
      return termTouches(term.of[0]) | termTouches(term.of[1]);
    case "count":
      if (term.of.kind === "facts") return FACTS;
      if (term.of.kind === "set") return LEDGER | CLUSTER;
      if (term.of.kind === "partitionsOf" || term.of.kind === "readersOf") return LEDGER;
      return term.of.kind === "copiesOf" ? LEDGER | LOGS | CLUSTER : CLUSTER | CLIENTS;
    case "read":
      return READ_TOUCHES[term.form] ?? CLUSTER;
  }
}

const READ_TOUCHES: { readonly [F in ReadForm]?: Touch } = {
  leo: LOGS | CLUSTER,
  hw: LOGS | CLUSTER,
  logStart: LOGS | CLUSTER,
  logsEqual: LOGS | CLUSTER,
  lag: LOGS | CLUSTER,
  position: CLIENTS | CLUSTER,
  assigned: CLIENTS | CLUSTER,
  owner: CLIENTS | CLUSTER,
  perKeyOrdered: CLIENTS,
  ordered: CLIENTS,
};

function micros(written: string): number {
  const found = microsOf(written);
  if (found === null) throw new Error(`"${written}" passed validation but is not a time`);
  return found;
}
