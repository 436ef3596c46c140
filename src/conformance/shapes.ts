/**
 * Shapes: a small notation for the fields of a JSON object, which gives a type at compile time and a check at run time.
 *
 * In Kafka     nothing.
 * Simplified   one level deep: what lies inside an "object" is not looked at.
 * Left out     unknown fields; they are kept and not complained about, since newer recordings may say more.
 *
 * A shape maps a field's name to the name of its kind. A name that ends in "?" may be absent; a kind that ends in "?" may be null.
 */
import { isMap } from "../sim/engine/plain.ts";

/** Something wrong with a file, at a place in it such as `steps[3].node`. */
export interface TraceProblem {
  path: string;
  message: string;
}

/** A place in a topic, and one with an offset, as client operations write them. */
export interface PartitionRef {
  topic: string;
  partition: number;
}
export interface OffsetRef extends PartitionRef {
  offset: number;
  metadata?: string;
}

/** A record as a consumer saw it: topic-partition, offset, key, value, timestamp (ms), leader epoch, headers. */
export interface ReceivedRecord {
  p: string;
  o: number;
  k?: string;
  v?: string | null;
  ts?: number;
  le?: number;
  h?: Record<string, string | null>;
}

interface KindTypes {
  string: string;
  number: number;
  boolean: boolean;
  "string?": string | null;
  "number?": number | null;
  strings: string[];
  numbers: number[];
  partitions: PartitionRef[];
  offsets: OffsetRef[];
  assignment: Record<string, number[]>;
  object: Record<string, unknown>;
  records: ReceivedRecord[];
  /** What a story waited for: wanted values by field, or "function" where it was a piece of code. */
  match: Record<string, string> | "function";
  any: unknown;
}

type Kind = keyof KindTypes;

/** Field names with their kinds. */
export type Shape = Readonly<Record<string, Kind>>;

type Required<S> = {
  -readonly [K in keyof S as K extends `${string}?` ? never : K]: S[K] extends Kind ? KindTypes[S[K]] : never;
};
type Optional<S> = {
  -readonly [K in keyof S as K extends `${infer Name}?` ? Name : never]?: S[K] extends Kind ? KindTypes[S[K]] : never;
};

/** The type of an object with the given shape. */
export type FieldsOf<S> = Required<S> & Optional<S>;

const expected: Record<Kind, string> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  "string?": "a string or null",
  "number?": "a number or null",
  strings: "a list of strings",
  numbers: "a list of numbers",
  partitions: "a list of {topic, partition}",
  offsets: "a list of {topic, partition, offset}",
  assignment: "an object of lists of broker ids",
  object: "an object",
  records: "a list of {p: topic-partition, o: offset}",
  match: 'an object of strings, or "function"',
  any: "anything",
};

/** What disagrees with the shape, in the order of the shape; empty when the object has it. `path` is put before each field's name. */
export function shapeProblems(value: Record<string, unknown>, shape: Shape, path: string): TraceProblem[] {
  const problems: TraceProblem[] = [];
  for (const [name, kind] of Object.entries(shape)) {
    const field = name.endsWith("?") ? name.slice(0, -1) : name;
    if (!Object.hasOwn(value, field)) {
      if (field === name)
        problems.push({ path: `${path}.${field}`, message: `is missing; ${expected[kind]} is expected` });
      continue;
    }
    if (!isOfKind(value[field], kind)) {
      problems.push({
        path: `${path}.${field}`,
        message: `is ${describe(value[field])}; ${expected[kind]} is expected`,
      });
    }
  }
  return problems;
}

/** A value in a few words, for a message. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === kind;
    case "string?":
      return value === null || typeof value === "string";
    case "number?":
      return value === null || typeof value === "number";
    case "strings":
      return isListOf(value, (item) => typeof item === "string");
    case "numbers":
      return isListOf(value, (item) => typeof item === "number");
    case "partitions":
      return isListOf(value, isPartition);
    case "offsets":
      return isListOf(value, (item) => isPartition(item) && typeof item.offset === "number");
    case "assignment":
      return isMap(value) && Object.values(value).every((list) => isListOf(list, (item) => typeof item === "number"));
    case "object":
      return isMap(value);
    case "records":
      return isListOf(value, (item) => isMap(item) && typeof item.p === "string" && typeof item.o === "number");
    case "match":
      return value === "function" || (isMap(value) && Object.values(value).every((item) => typeof item === "string"));
    case "any":
      return true;
  }
}

function isPartition(value: unknown): value is Record<string, unknown> {
  return isMap(value) && typeof value.topic === "string" && typeof value.partition === "number";
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
