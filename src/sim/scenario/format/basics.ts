/**
 * The words the format is written with: objects that name unknown keys, alternatives told apart by their key or
 * their shape, and names that must refer to something.
 *
 * Counterpart   none in Kafka.
 * Why so        the schema library stops at the first unknown key and answers a failed union with "invalid";
 *               an author needs every mistake, in words, at its place. Messages have no subject: the reader of
 *               issues puts the key before them.
 */
import * as v from "valibot";
import { isMap } from "../../engine/plain.ts";
import { nearest } from "../../kafka/profiles/nearest.ts";
import { DURATION } from "../time.ts";

/** What a name in a file may refer to. */
export type ReferenceKind =
  | "broker"
  | "zookeeper"
  | "process"
  | "host"
  | "place"
  | "client"
  | "producer"
  | "consumer"
  | "topic"
  | "topicPartition"
  | "group"
  | "act"
  | "scope"
  | "expectation"
  | "fact"
  | "rule";

/** Settings to be checked against the table of keys, once the profile is known. */
export type SettingsKind = "broker" | "topic" | "producer" | "consumer" | "client" | "zookeeper";

/** What an issue knows beyond its message. `reference` and `settings` are questions to be answered later. */
export interface Detail {
  part?: "key" | "value" | "inside";
  allowed?: readonly string[];
  nearest?: string | null;
  reference?: { kind: ReferenceKind; name: string };
  settings?: SettingsKind;
}

export type DetailedIssue = v.BaseIssue<unknown> & { detail?: Detail };

type Report = (message: string, detail: Detail, key?: string) => void;

/** The same schema with a further check, which also runs on values that already failed. */
export function checked<S extends v.GenericSchema>(schema: S, check: (input: unknown, report: Report) => void): S {
  const run: S["~run"] = (dataset, config) => {
    const input = dataset.value;
    const result = schema["~run"](dataset, config);
    const issues: DetailedIssue[] = [];
    check(input, (message, detail, key) => {
      const item = {
        type: "object",
        origin: "key",
        input: input as Record<string, unknown>,
        key: key ?? "",
        value: null,
      };
      const base = {
        kind: "validation",
        type: "checked",
        input,
        expected: null,
        received: "",
        message,
        detail,
      } as const;
      issues.push(key === undefined ? base : { ...base, path: [item as v.ObjectPathItem] });
    });
    const [first, ...others] = issues;
    if (first === undefined) return result;
    return { ...result, issues: [...(result.issues ?? []), first, ...others] } as typeof result;
  };
  return { ...schema, "~run": run };
}

/** An object with exactly these keys; `what` is how a message calls it ("act", "producer"). */
export function object<const E extends v.ObjectEntries>(what: string, entries: E): v.StrictObjectSchema<E, undefined> {
  const known = Object.keys(entries);
  const inner = v.object(entries, (issue) => {
    const key = issue.path?.at(-1);
    if (key === undefined) return `must be a group of keys (${list(known)}), not ${nameOf(issue.input)}`;
    detail(issue, { part: "inside" });
    return `"${String(key.key)}" is missing`;
  });
  const strict = v.strictObject(entries);
  const notAList = v.custom<unknown>(
    () => false,
    () => `must be a group of keys (${list(known)}), not a list`,
  );
  const runner = checked(inner, (input, report) => {
    if (!isMap(input)) return;
    for (const key of Object.keys(input)) {
      if (!Object.hasOwn(entries, key)) reportUnknown(what, key, known, report);
    }
  });
  return {
    ...strict,
    "~run": (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) =>
      // A list is an object to JavaScript; here it is a mistake.
      (Array.isArray(dataset.value) ? notAList : runner)["~run"](dataset, config),
  } as unknown as v.StrictObjectSchema<E, undefined>;
}

/** An object whose one distinguishing key says which of the forms it is; `common` keys may stand in every form. */
export function byKey<const C extends v.ObjectEntries, const F extends Record<string, v.ObjectEntries>>(
  what: string,
  common: C,
  forms: F,
): v.GenericSchema<{ [K in keyof F]: v.InferOutput<v.StrictObjectSchema<F[K] & C, undefined>> }[keyof F]> {
  type Output = { [K in keyof F]: v.InferOutput<v.StrictObjectSchema<F[K] & C, undefined>> }[keyof F];
  const names = Object.keys(forms);
  const schemas = names.map((name) => object(what, { ...forms[name], ...common }));
  const all = v.union(schemas);
  const commonOnly = v.object(common, "");
  const notAMap = v.custom<unknown>(
    () => false,
    (issue) => `must be a group of keys: ${article(what)}, not ${nameOf(issue.input)}`,
  );
  const none = checked(commonOnly, (input, report) => {
    if (!isMap(input)) return;
    const strangers = Object.keys(input).filter((key) => !Object.hasOwn(common, key));
    const words = [...names, ...Object.keys(common)];
    for (const key of strangers) reportUnknown(what, key, words, report, names);
    if (strangers.length === 0)
      report(`says no ${what}; it needs one of ${list(names)}`, { part: "inside", allowed: names });
  });
  const choose = (input: unknown): v.GenericSchema => {
    if (!isMap(input)) return notAMap;
    const given = Object.keys(input).filter((key) => names.includes(key));
    const [first, second] = given;
    if (first === undefined) return none;
    // A key of one form may also belong inside another: the form that knows all the others wins.
    const fits = given.find((name) => given.every((key) => key === name || Object.hasOwn(forms[name] ?? {}, key)));
    const chosen = schemas[names.indexOf(fits ?? first)];
    if (chosen === undefined) return none;
    if (fits !== undefined || second === undefined) return chosen;
    const others = given.filter((key) => key !== first);
    const rest = Object.fromEntries(others.map((key) => [key, v.any()]));
    const lenient = object(what, { ...forms[first], ...common, ...rest });
    return checked(lenient, (_, report) => {
      for (const key of others)
        report(`one ${what} says one thing: both "${first}" and "${key}" are given`, { part: "key" }, key);
    });
  };
  return v.lazy((input) => (input === undefined ? all : choose(input))) as unknown as v.GenericSchema<Output>;
}

interface Shapes {
  text?: v.GenericSchema;
  number?: v.GenericSchema;
  flag?: v.GenericSchema;
  list?: v.GenericSchema;
  map?: v.GenericSchema;
}

const SHAPE_WORDS = {
  text: "a text",
  number: "a number",
  flag: "true or false",
  list: "a list",
  map: "a group of keys",
};

/** Alternatives told apart by whether the value is a text, a number, a list or a group of keys. */
export function byShape<const S extends Shapes>(
  shapes: S,
): v.GenericSchema<v.InferOutput<NonNullable<S[keyof S]> & v.GenericSchema>> {
  const kinds = Object.keys(shapes) as (keyof Shapes)[];
  const schemas = kinds.map((kind) => shapes[kind]).filter((schema) => schema !== undefined);
  const all = v.union(schemas);
  const words = kinds.map((kind) => SHAPE_WORDS[kind]).join(" or ");
  const wrong = v.custom<unknown>(
    () => false,
    (issue) => `must be ${words}, not ${nameOf(issue.input)}`,
  );
  return v.lazy((input) => {
    if (input === undefined) return all;
    return shapes[shapeOf(input)] ?? wrong;
  }) as unknown as v.GenericSchema<v.InferOutput<NonNullable<S[keyof S]> & v.GenericSchema>>;
}

/** A text of one to `longest` characters. */
export function text(longest = 400) {
  return v.pipe(
    v.string((issue) => `must be a text, not ${nameOf(issue.input)}${quoteHint(issue.input)}`),
    v.nonEmpty("must not be empty"),
    v.maxLength(longest, (issue) => `is too long: ${issue.input.length} characters, at most ${longest}`),
  );
}

/** A name: letters, digits, dot, underscore, hyphen, as Kafka allows in topic names. */
export function name() {
  return v.pipe(
    v.string((issue) => `must be a name, not ${nameOf(issue.input)}${quoteHint(issue.input)}`),
    v.regex(
      /^[A-Za-z0-9._-]{1,100}$/,
      (issue) => `may hold letters, digits, ".", "_" and "-" only, not ${nameOf(issue.input)}`,
    ),
  );
}

/** One of these words. */
export function word<const W extends string>(words: readonly W[]) {
  return v.picklist(words, (issue) => {
    const near = typeof issue.input === "string" ? nearest(issue.input, words) : null;
    detail(issue, { allowed: words, nearest: near });
    return `must be ${words.length === 1 ? "" : "one of "}${list(words)}, not ${nameOf(issue.input)}`;
  });
}

/** A whole number within bounds. */
export function whole(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const message = (issue: v.BaseIssue<unknown>) => `must be a whole number ${bounds}, not ${nameOf(issue.input)}`;
  return v.pipe(v.number(message), v.safeInteger(message), v.minValue(min, message), v.maxValue(max, message));
}

export function flag() {
  return v.boolean((issue) => {
    detail(issue, { allowed: ["true", "false"] });
    return `must be true or false, not ${nameOf(issue.input)}`;
  });
}

/** A length of time, kept as written; `microsOf` reads it. */
export function duration() {
  const message = (issue: v.BaseIssue<unknown>) => {
    const hint = typeof issue.input === "number" ? `; it needs a unit: ${issue.input}s or ${issue.input}ms` : "";
    return `must be a time such as 200ms, 4s or 1.5min, not ${nameOf(issue.input)}${hint}`;
  };
  return v.pipe(v.string(message), v.regex(DURATION, message));
}

/** A list of at most `most` items. */
export function items<S extends v.GenericSchema>(item: S, most = 100, least = 0) {
  return v.pipe(
    v.array(item, (issue) => `must be a list, not ${nameOf(issue.input)}`),
    v.minLength(least, least === 1 ? "must not be empty" : `needs at least ${least} items`),
    v.maxLength(most, (issue) => `has ${issue.input.length} items, at most ${most} are allowed`),
  );
}

/** One item or a list of them. */
export function oneOrMore<const S extends v.GenericSchema>(item: S) {
  const many = items(item, 100, 1);
  const both = v.union([item, many]);
  return v.lazy((input) =>
    input === undefined ? both : Array.isArray(input) ? many : item,
  ) as unknown as v.GenericSchema<v.InferOutput<S> | v.InferOutput<S>[]>;
}

/** A name that must refer to something of this kind. `also` are words with a meaning of their own. */
export function reference(kind: ReferenceKind, also: readonly string[] = []) {
  return checked(name(), (input, report) => {
    if (typeof input === "string" && !also.includes(input)) report("", { reference: { kind, name: input } });
  });
}

/** As `reference`, but the name may also be a variable such as `$p`. */
export function variable(kind: ReferenceKind, also: readonly string[] = []) {
  const schema = v.pipe(
    v.string((issue) => `must be a name, not ${nameOf(issue.input)}${quoteHint(issue.input)}`),
    v.regex(
      /^\$?[A-Za-z0-9._-]{1,100}$/,
      (issue) => `must be a name or a variable such as $p, not ${nameOf(issue.input)}`,
    ),
  );
  return checked(schema, (input, report) => {
    if (typeof input === "string" && !also.includes(input)) report("", { reference: { kind, name: input } });
  });
}

/** Verbatim Kafka settings. */
export function settings(kind: SettingsKind) {
  const value = v.union(
    [v.string(), v.number(), v.boolean(), v.null(), v.array(v.string())],
    (issue) => `must be a number, a word, true or false, not ${nameOf(issue.input)}`,
  );
  const schema = v.record(
    v.string(),
    value,
    (issue) => `must be a group of Kafka settings, not ${nameOf(issue.input)}`,
  );
  return checked(schema, (input, report) => {
    if (Array.isArray(input)) report("must be a group of Kafka settings, not a list", {});
    else if (isMap(input)) report("", { settings: kind });
  });
}

/** How a message calls a value of the file. */
export function nameOf(input: unknown): string {
  if (input === undefined) return "nothing";
  if (input === null) return "nothing";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a group of keys";
  if (typeof input !== "string") return String(input);
  return `"${input.length > 40 ? `${input.slice(0, 40)}…` : input}"`;
}

function reportUnknown(what: string, key: string, known: readonly string[], report: Report, allowed = known): void {
  report(`unknown ${what} key "${key.slice(0, 60)}"`, { part: "key", nearest: nearest(key, known), allowed }, key);
}

function detail(issue: v.BaseIssue<unknown>, more: Detail): void {
  (issue as DetailedIssue).detail = more;
}

function quoteHint(input: unknown): string {
  return typeof input === "number" || typeof input === "boolean" ? " (put it in quotes)" : "";
}

function shapeOf(input: unknown): keyof Shapes {
  if (typeof input === "string") return "text";
  if (typeof input === "number") return "number";
  if (typeof input === "boolean") return "flag";
  return Array.isArray(input) ? "list" : "map";
}

function list(words: readonly string[]): string {
  return words.length > 12 ? `${words.slice(0, 12).join(", ")}, …` : words.join(", ");
}

function article(what: string): string {
  return /^[aeiou]/.test(what) ? `an ${what}` : `a ${what}`;
}
