/**
 * Evaluates the conditions of expectations: true, false, or null where it cannot be said (no such log now, a moment that has not
 * come). And says in words what it saw.
 */
import { assertNever } from "../../engine/assert.ts";
import { brokerActor } from "../../kafka/protocol/ids.ts";
import { assignmentNow, partitionZnode, registeredNow } from "../../kafka/readings.ts";
import { consumersOf, replicasOf } from "../../kafka/readings-groups.ts";
import type { ConditionNode, RangeNode, TermNode, Value } from "./plan.ts";
import { readTerm } from "./read.ts";
import { type Binding, countOf, keysSent, named, recordsOfSet, tagOf } from "./sets.ts";
import type { Source } from "./state.ts";
import { sayTerm, sayValue } from "./words.ts";

export type Truth = boolean | null;

const NO_VARIABLES: Binding = Object.freeze({});

export function evaluate(node: ConditionNode, source: Source, binding: Binding = NO_VARIABLES): Truth {
  switch (node.kind) {
    case "all":
      return every(node.of, (one) => evaluate(one, source, binding));
    case "any":
      return some(node.of, (one) => evaluate(one, source, binding));
    case "not": {
      const inner = evaluate(node.of, source, binding);
      return inner === null ? null : !inner;
    }
    case "forEvery":
      return every(bindings(node.range, source, binding), (bound) => evaluate(node.of, source, bound));
    case "thereIs":
      return some(bindings(node.range, source, binding), (bound) => evaluate(node.of, source, bound));
    case "compare":
      return compare(node, source, binding);
    default:
      return assertNever(node);
  }
}

function every<T>(list: readonly T[], truth: (one: T) => Truth): Truth {
  let result: Truth = true;
  for (const one of list) {
    const found = truth(one);
    if (found === false) return false;
    if (found === null) result = null;
  }
  return result;
}

function some<T>(list: readonly T[], truth: (one: T) => Truth): Truth {
  let result: Truth = false;
  for (const one of list) {
    const found = truth(one);
    if (found === true) return true;
    if (found === null) result = null;
  }
  return result;
}

/** The bindings that a range adds to those around it, one for each of its members. */
export function bindings(range: RangeNode, source: Source, around: Binding): Binding[] {
  return membersOf(range, source, around).map((value) => ({ ...around, [range.variable]: value }));
}

function membersOf(range: RangeNode, { world, ...rest }: Source, around: Binding): readonly string[] {
  const source: Source = { world, ...rest };
  if (range.kind === "record") return recordsOfSet(range.set, source, around).map(({ tag }) => tag);
  const name = named(range.name, around);
  switch (range.kind) {
    case "partitionOf":
      return assignmentNow(world)
        .map(({ topicPartition }) => topicPartition as string)
        .filter((one) => one.slice(0, one.lastIndexOf("-")) === name);
    case "broker":
      return name === "live"
        ? registeredNow(world).map(brokerActor)
        : Object.values(world.actors)
            .filter(({ kind }) => kind === "broker")
            .map(({ id }) => id);
    case "inIsrOf":
      return (partitionZnode(world, name)?.isr ?? []).map(brokerActor);
    case "replicaOf":
      return replicasOf(world, name) ?? [];
    case "consumer":
      return consumersOf(world, name);
    case "key":
      return keysSent(source);
    default:
      return assertNever(range);
  }
}

/** The value of a term now, or as it was remembered; null if it cannot be said. */
export function valueIn(term: TermNode, source: Source, binding: Binding): Value {
  let value: Value;
  if (term.sample === null) value = valueNow(term, source, binding);
  else {
    const sample = source.plan.samples[term.sample];
    const key = bindingKey(sample?.over ?? [], binding);
    value = source.state.samples[term.sample]?.[key] ?? null;
  }
  return typeof value === "number" ? value + term.plus : value;
}

export function valueNow(term: TermNode, source: Source, binding: Binding): Value {
  switch (term.kind) {
    case "literal":
      return term.value;
    case "count":
      return countOf(term.of, source, binding);
    case "records":
      return recordsOfSet(term.set, source, binding).map(({ tag }) => tag);
    case "difference": {
      const [first, second] = term.of.map((one) => valueIn(one, source, binding));
      return typeof first === "number" && typeof second === "number" ? first - second : null;
    }
    case "read":
      return readTerm(term.form, named(term.name, binding), term.by === null ? null : named(term.by, binding), source);
    default:
      return assertNever(term);
  }
}

/** How the values of the variables are filed. */
export function bindingKey(over: readonly RangeNode[], binding: Binding): string {
  return over.map(({ variable }) => binding[variable] ?? "").join(" ");
}

function compare(node: ConditionNode & { kind: "compare" }, source: Source, binding: Binding): Truth {
  const left = valueIn(node.left, source, binding);
  const right = rightOf(node, source, binding);
  if (left === null || right === null) return null;
  switch (node.by) {
    case "true":
      return left === true;
    case "is":
      return equal(left, right, node.inOrder);
    case "isNot":
      return !equal(left, right, node.inOrder);
    case "atLeast":
      return numeric(left, right, (a, b) => a >= b);
    case "atMost":
      return numeric(left, right, (a, b) => a <= b);
    case "moreThan":
      return numeric(left, right, (a, b) => a > b);
    case "lessThan":
      return numeric(left, right, (a, b) => a < b);
    case "contains":
      return Array.isArray(left) && listOf(right).every((one) => left.includes(one as never));
    case "within":
      return listOf(left).every((one) => listOf(right).includes(one));
    default:
      return assertNever(node.by);
  }
}

/** The right side; numbers of records become their tags. */
function rightOf(node: ConditionNode & { kind: "compare" }, source: Source, binding: Binding): Value {
  const right = valueIn(node.right, source, binding);
  if (typeof right === "string" && right.startsWith("$")) return named(right, binding);
  if (node.left.kind !== "records" || right === null || typeof right === "boolean") return right;
  return listOf(right).map((one) => tagOf(one as string | number, source.plan.producers));
}

function listOf(value: Value): readonly (string | number | boolean | null)[] {
  return Array.isArray(value) ? value : [value as string | number | boolean | null];
}

function numeric(left: Value, right: Value, test: (a: number, b: number) => boolean): Truth {
  return typeof left === "number" && typeof right === "number" ? test(left, right) : null;
}

function equal(left: Value, right: Value, inOrder: boolean): boolean {
  if (!Array.isArray(left) && !Array.isArray(right)) return left === right;
  const [a, b] = [listOf(left), listOf(right)];
  if (a.length !== b.length) return false;
  return inOrder ? a.every((one, index) => one === b[index]) : a.every((one) => b.includes(one));
}

/**
 * What was seen, in words: of a condition that is false what made it so, of a true one all that it says, at most `most` terms.
 */
export function explain(node: ConditionNode, source: Source, binding: Binding = NO_VARIABLES, most = 3): string {
  const said: string[] = [];
  explainInto(node, source, binding, most, said);
  return said.join(", ");
}

function explainInto(node: ConditionNode, source: Source, binding: Binding, most: number, said: string[]): void {
  if (said.length >= most) return;
  switch (node.kind) {
    case "all":
    case "any": {
      const truth = evaluate(node, source, binding);
      const telling = node.of.filter((one) => evaluate(one, source, binding) === truth);
      for (const one of telling) explainInto(one, source, binding, most, said);
      return;
    }
    case "not":
      explainInto(node.of, source, binding, most, said);
      return;
    case "forEvery":
    case "thereIs": {
      const truth = evaluate(node, source, binding);
      const bound = bindings(node.range, source, binding);
      const telling = bound.filter((one) => evaluate(node.of, source, one) === truth);
      if (telling.length === 0) said.push(bound.length === 0 ? "there was none to look at" : "it was so for none");
      for (const one of telling.slice(0, 2)) explainInto(node.of, source, one, most, said);
      if (truth === true && node.kind === "forEvery" && telling.length > 2)
        said.push(`and so on for all ${telling.length}`);
      return;
    }
    case "compare": {
      const value = valueIn(node.left, source, binding);
      const text = `${sayTerm(node.left, binding)} ${node.by === "true" && value !== null ? (value === true ? "held" : "did not hold") : `was ${sayValue(value)}`}`;
      const right =
        node.right.kind === "literal"
          ? ""
          : `, ${sayTerm(node.right, binding)} was ${sayValue(rightOf(node, source, binding))}`;
      said.push(text + right);
      return;
    }
    default:
      assertNever(node);
  }
}
