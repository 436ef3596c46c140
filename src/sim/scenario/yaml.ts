/**
 * YAML text → plain data, with the place of every key and value.
 *
 * Refused      anchors, aliases (a few bytes can stand for gigabytes), tags, merge keys, duplicate keys, several documents.
 * Special      a bare 2.1 or 0.10 where a profile stands is that word, not a number: 0.10 would read as 0.1.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from "yaml";
import { PROFILES } from "../kafka/profiles/profile.ts";
import { LIMITS } from "./limits.ts";
import { FORBIDDEN_KEYS } from "./plain.ts";
import type { Finding, Step } from "./problem.ts";

export interface Place {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface Yaml {
  value: unknown;
  mistakes: { message: string; place: Place; nearest: string | null }[];
  placeOf(steps: readonly Step[], part: Finding["part"]): Place;
}

/** Keys whose values, or whose list members, name profiles. */
const PROFILE_KEYS: readonly (Step | undefined)[] = ["profile", "in"];
const PROFILE_WORDS: readonly string[] = PROFILES;

/** Reads one document. If there are mistakes, the value must not be used. */
export function readYaml(text: string): Yaml {
  const lines = new LineCounter();
  const mistakes: Yaml["mistakes"] = [];
  const place = (range: readonly [number, number]): Place => {
    const start = lines.linePos(Math.min(range[0], text.length));
    const end = lines.linePos(Math.min(Math.max(range[1], range[0]), text.length));
    return {
      line: Math.max(1, start.line),
      column: Math.max(1, start.col),
      endLine: Math.max(1, end.line),
      endColumn: Math.max(1, end.col),
    };
  };
  const complain = (message: string, range: readonly [number, number]) => {
    mistakes.push({ message, place: place(range), nearest: null });
  };
  const places = new Map<
    string,
    { key: readonly [number, number]; value: readonly [number, number]; first: readonly [number, number] }
  >();
  const result: Yaml = {
    value: null,
    mistakes,
    placeOf: (steps, part) => {
      for (let length = steps.length; length >= 0; length--) {
        const found = places.get(JSON.stringify(steps.slice(0, length)));
        if (found === undefined) continue;
        if (length < steps.length) return place(found.first);
        return place(part === "key" ? found.key : part === "inside" ? found.first : found.value);
      }
      return { line: 1, column: 1, endLine: 1, endColumn: 1 };
    },
  };

  const tooDeep = nestingIn(text);
  if (tooDeep !== null) {
    lines.addNewLine(0);
    for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) lines.addNewLine(i + 1);
    complain(`nested more than ${LIMITS.depth} levels deep`, [tooDeep, tooDeep + 1]);
    return result;
  }

  const documents = parseDocuments(text, lines);
  if (documents === null) {
    complain("cannot be read as YAML: it is nested too deeply", [0, 0]);
    return result;
  }
  if (!Array.isArray(documents)) {
    complain("the file is empty", [0, 0]);
    return result;
  }
  const [document, another] = documents;
  for (const { errors, warnings } of documents) {
    for (const error of [...errors, ...warnings]) complain(`not valid YAML: ${error.message}`, error.pos);
  }
  if (another?.contents) {
    const [start] = another.range;
    complain("a file holds one scenario; a second document starts here", [start, start + 1]);
  }
  if (document?.directives.yaml.explicit === true) {
    complain("a %YAML line is not used in scenario files; they are YAML 1.2", [0, Math.max(1, text.indexOf("\n"))]);
  }
  if (document === undefined || document.contents === null) {
    if (mistakes.length === 0) complain("the file is empty", [0, 0]);
    return result;
  }

  const read = (node: unknown, steps: Step[], keyRange: readonly [number, number] | null): unknown => {
    const range = rangeOf(node) ?? keyRange ?? [0, 0];
    const key = keyRange ?? range;
    if (isAlias(node)) return complain("aliases (*name) are not used in scenario files; write the value out", range);
    if (isScalar(node) || isMap(node) || isSeq(node)) {
      if (node.anchor !== undefined)
        complain("anchors (&name) are not used in scenario files; write the value out", range);
      if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:"))
        complain(`the tag ${node.tag} is not used in scenario files`, range);
    }
    let first = key;
    let value: unknown = null;
    if (isMap(node)) {
      const map: Record<string, unknown> = {};
      const pairs = node.items as Pair<unknown, unknown>[];
      first = rangeOf(pairs[0]?.key) ?? key;
      places.set(JSON.stringify(steps), { key, value: range, first });
      for (const pair of pairs) {
        const pairRange = rangeOf(pair.key) ?? range;
        if (!isScalar(pair.key) || pair.key.value === null) {
          complain("a key must be a plain word", pairRange);
          continue;
        }
        const name = String(pair.key.source ?? pair.key.value);
        if (FORBIDDEN_KEYS.includes(name)) complain(`the key "${name}" is not allowed`, pairRange);
        else if (name === "<<")
          complain("merge keys (<<) are not used in scenario files; write the values out", pairRange);
        else if (Object.hasOwn(map, name)) complain(`"${name}" is given twice`, pairRange);
        else map[name] = read(pair.value, [...steps, name], pairRange);
      }
      value = map;
    } else if (isSeq(node)) {
      value = node.items.map((item, index) => read(item, [...steps, index], null));
    } else if (isScalar(node)) {
      value = typeof node.value === "bigint" ? Number(node.value) : node.value;
      if (typeof value === "number" && isProfileWord(node.source, steps)) value = node.source;
    }
    places.set(JSON.stringify(steps), { key, value: range, first });
    return value;
  };
  result.value = read(document.contents, [], null);
  return result;
}

/** The documents, or null if the parser ran out of stack in spite of the check before. */
function parseDocuments(text: string, lineCounter: LineCounter) {
  const options = { lineCounter, uniqueKeys: false, merge: false, prettyErrors: false, logLevel: "silent" } as const;
  try {
    return parseAllDocuments(text, options);
  } catch (error) {
    // The parser returns its errors; what it throws is the engine's "maximum call stack size exceeded".
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function isProfileWord(source: string | undefined, steps: readonly Step[]): source is string {
  const last = steps.at(-1);
  const key = typeof last === "number" ? steps.at(-2) : last;
  return source !== undefined && PROFILE_WORDS.includes(source) && PROFILE_KEYS.includes(key);
}

function rangeOf(node: unknown): readonly [number, number] | null {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : null;
}

/**
 * The offset at which the text is nested too deeply, or null. Counted before parsing, which would follow the
 * nesting with its own stack. Brackets inside quoted texts may be counted too; no sane file has that many.
 */
function nestingIn(text: string): number | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (letter === "[" || letter === "{") depth += 1;
    else if ((letter === "]" || letter === "}") && depth > 0) depth -= 1;
    if (depth > LIMITS.depth * 4) return i;
  }
  // Block nesting on one line, "- - - -" or "? ? ?", or by indentation.
  const dashes = /^[ ]*(?:[-?:] +){40}/m.exec(text);
  if (dashes !== null) return dashes.index;
  const indent = /^ {400}\S/m.exec(text);
  return indent === null ? null : indent.index;
}
