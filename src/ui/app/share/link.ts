/**
 * What a link says: model version, scenario, seed, what the learner did, and the moment and thing looked at. The hash of
 * the trace at that moment lets the page say whether it shows what its sender saw.
 *
 * Reading keeps what can be kept: each part that is wrong is named, and the rest is opened.
 */
import {
  type Body,
  describeAct,
  FAULTS,
  type Input,
  isMap,
  PROFILES,
  type Profile,
  RULE_NAMES,
} from "../../../sim/index.ts";
import { CodecError, pack, unpack } from "./codec.ts";

/** The parts of a link, with names that people can read. */
export interface LinkContent {
  /** Model version of the sender. */
  readonly model: string;
  /** Id of a built-in scenario, or a whole scenario as data (not checked yet). */
  readonly scenario: string | Readonly<Record<string, unknown>>;
  readonly seed: number | null;
  readonly variant: string | null;
  readonly profile: Profile | null;
  readonly without: readonly string[];
  /** What was done besides the scenario's own inputs. */
  readonly inputs: readonly Input[];
  /** Places, in the scenario's own inputs, of those that were taken out. */
  readonly removed: readonly number[];
  readonly moment: { readonly entries: number; readonly time: number };
  /** As `writeThing` writes it; null when nothing was chosen. */
  readonly selection: string | null;
  /** Hash of the trace at the moment; null if unknown. */
  readonly hash: string | null;
}

export interface ReadLink {
  /** Null when not even the scenario could be read. */
  readonly content: LinkContent | null;
  /** One sentence for each part that was left out. */
  readonly problems: readonly string[];
}

/** On the wire: one letter a part, parts with their default left out. */
type Wire = Readonly<Record<string, unknown>>;

const format = 1;
const mostTime = 3_600_000_000;
const mostInputs = 1000;

export async function writeLink(content: LinkContent): Promise<string> {
  const { moment } = content;
  const wire: Wire = {
    f: format,
    v: content.model,
    s: content.scenario,
    ...(content.seed === null ? {} : { d: content.seed }),
    ...(content.variant === null ? {} : { a: content.variant }),
    ...(content.profile === null ? {} : { p: content.profile }),
    ...(content.without.length === 0 ? {} : { w: content.without }),
    ...(content.inputs.length === 0 ? {} : { i: content.inputs.map(({ at, nth, act }) => [at, nth, act]) }),
    ...(content.removed.length === 0 ? {} : { x: content.removed }),
    ...(moment.entries === 0 && moment.time === 0 ? {} : { m: [moment.entries, moment.time] }),
    ...(content.selection === null ? {} : { c: content.selection }),
    ...(content.hash === null ? {} : { h: content.hash }),
  };
  return pack(JSON.stringify(wire));
}

/** Never throws and never hangs; `content` is null when nothing can be opened. */
export async function readLink(payload: string): Promise<ReadLink> {
  let wire: unknown;
  try {
    wire = JSON.parse(await unpack(payload));
  } catch (error) {
    const why = error instanceof CodecError ? error.message : "It is damaged.";
    return { content: null, problems: [`This link cannot be read. ${why}`] };
  }
  if (!isMap(wire) || !(typeof wire.s === "string" || isMap(wire.s)))
    return { content: null, problems: ["This link names no scenario."] };
  if (wire.f !== format)
    return { content: null, problems: [`This link was made by a later version of this page (form ${show(wire.f)}).`] };
  return readParts(wire, wire.s);
}

function readParts(wire: Wire, scenario: LinkContent["scenario"]): ReadLink {
  const problems: string[] = [];
  /** The part if it fits, otherwise its default and a sentence. */
  const part = <T>(key: string, fits: (value: unknown) => value is T, otherwise: T, sentence: string): T => {
    const value = wire[key];
    if (value === undefined) return otherwise;
    if (fits(value)) return value;
    problems.push(`${sentence} (${show(value)}).`);
    return otherwise;
  };
  const moment = part<[number, number]>(
    "m",
    isPair,
    [0, 0],
    "The moment of this link is no moment; the run stands at its start",
  );
  const content: LinkContent = {
    model: part("v", isText, "", "The model version of this link cannot be read"),
    scenario,
    seed: part<number | null>("d", isSeed, null, "The seed of this link is no seed; the scenario's own is used"),
    variant: part<string | null>("a", isText, null, "The variant of this link cannot be read"),
    profile: part<Profile | null>("p", isProfile, null, "This link names an unknown Kafka version"),
    without: part("w", isRules, [], "This link switches off a rule that does not exist; all rules are on"),
    inputs: readInputs(wire.i, problems),
    removed: part("x", isCounts, [], "What this link takes out of the scenario cannot be read"),
    moment: { entries: moment[0], time: moment[1] },
    selection: part<string | null>("c", isText, null, "What was chosen cannot be read"),
    hash: part<string | null>("h", isText, null, "The check sum of this link cannot be read"),
  };
  return { content, problems };
}

/** The acts of a link; a wrong one is left out and named by its number. */
function readInputs(value: unknown, problems: string[]): Input[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > mostInputs) {
    problems.push("What was done in this link cannot be read; the run goes as the scenario says.");
    return [];
  }
  const inputs: Input[] = [];
  value.forEach((item: unknown, index) => {
    const [at, nth, act] = Array.isArray(item) ? (item as unknown[]) : [];
    const why =
      !isCount(at) || at > mostTime || !isCount(nth)
        ? "has no time"
        : !isMap(act) || typeof act.kind !== "string" || !FAULTS.some(({ kind }) => kind === act.kind)
          ? `does something unknown (${isMap(act) ? show(act.kind) : show(act)})`
          : isSpeakable(act as unknown as Body)
            ? null
            : "is not complete";
    if (why === null) inputs.push({ at: at as number, nth: nth as number, act: act as unknown as Body });
    else problems.push(`Act ${index + 1} of this link ${why}. It is left out.`);
  });
  return inputs;
}

/** An act that its own fault can put in words has the parts it needs. */
function isSpeakable(act: Body): boolean {
  try {
    return !describeAct(act).includes("undefined");
  } catch {
    return false;
  }
}

/** Acts that name processes which this cluster does not have, taken out, with a sentence for each. */
export function withoutStrangers(
  inputs: readonly Input[],
  names: readonly string[],
): { readonly inputs: readonly Input[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const kept = inputs.filter(({ act }, index) => {
    const stranger = namesIn(act).find((name) => !names.includes(name));
    if (stranger !== undefined)
      problems.push(
        `Act ${index + 1} of this link names ${stranger}, which this cluster does not have. It is left out.`,
      );
    return stranger === undefined;
  });
  return { inputs: kept, problems };
}

function namesIn(act: Body): string[] {
  const { target, from, to } = act as { target?: unknown; from?: unknown; to?: unknown };
  return [target, from, to].flat().filter((name): name is string => typeof name === "string");
}

const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 200;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSeed = (value: unknown): value is number => isCount(value) && value <= 4_294_967_295;
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);
const isProfile = (value: unknown): value is Profile => (PROFILES as readonly unknown[]).includes(value);
const isRules = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((rule) => (RULE_NAMES as readonly unknown[]).includes(rule));
const isPair = (value: unknown): value is [number, number] =>
  isCounts(value) && value.length === 2 && (value[1] ?? 0) <= mostTime;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
