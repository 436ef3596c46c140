/**
 * The scenario of a run with what the learner did in it: acts of the engine written back as acts of a file, each at its time.
 *
 * Simplified   acts of one microsecond keep their order, but events of that microsecond may fall between them.
 * Left out     lesson, checks, captions and variants, which spoke of the other run; acts that no file can say.
 */
import {
  type Body,
  type ConfigKey,
  type ConfigKind,
  configTable,
  describeAct,
  type Input,
  type ResolvedScenario,
  resolveScenario,
  type Scenario,
  writeMicros,
} from "../../../sim/index.ts";
import type { PlayableRun } from "../../player/index.ts";
import { text } from "./text.ts";

type Loose = Body & Readonly<Record<string, unknown>>;
type Written = Record<string, unknown>;

export interface FromRun {
  readonly scenario: Scenario;
  /** What could not be written, one sentence each. */
  readonly left: readonly string[];
}

/** `inputs` are those of the branch on screen. Null for a run without a scenario. */
export function scenarioFromRun(run: PlayableRun, inputs: readonly Input[]): FromRun | null {
  const { resolved, scenario, origin } = run;
  if (resolved === null || scenario == null) return null;
  const own = origin?.ownInputs ?? [];
  const whole = resolveScenario(scenario, resolved.variant).scenario;
  const done = inputs.filter((input) => !own.includes(input));
  const removed = new Set(own.filter((input) => !inputs.includes(input)).map(({ act }) => idOf(act)));
  const ids = new Set(done.map(({ act }) => idOf(act)));
  const kept = (resolved.scenario.acts ?? []).filter(({ id }) => id === undefined || !(removed.has(id) || ids.has(id)));
  const left: string[] = [];
  const written = new Set<string>();
  const added = done.flatMap(({ at, act }): Written[] => {
    const id = idOf(act);
    const given = id === null ? undefined : (whole.acts ?? []).find((one) => one.id === id);
    if (id !== null && given !== undefined) {
      // One act of a file may be several of the engine.
      if (written.has(id)) return [];
      written.add(id);
      const { button, when, after, ...rest } = given;
      return [act.kind.startsWith("when") ? { ...given } : { ...rest, at: writeMicros(at) }];
    }
    const spec = actSpecOf(act as Loose, resolved);
    if (spec === null) left.push(text.left(sayAct(act)));
    return spec === null ? [] : [{ at: writeMicros(at), ...spec }];
  });
  const { lesson, captions, expectations, demonstrates, breaks, withoutFault, variants, ...rest } = whole;
  const last = Math.max(0, ...done.map(({ at }) => at));
  return {
    left,
    scenario: {
      ...rest,
      id: `${whole.id.slice(0, 50)}-changed`,
      title: text.mineTitle(whole.title),
      seed: resolved.seed,
      profile: resolved.profile,
      horizon: writeMicros(Math.max(run.horizon, last + 10_000_000)),
      acts: [...kept, ...added].sort(byTime) as NonNullable<Scenario["acts"]>,
    },
  };
}

function idOf(act: Body): string | null {
  const { id, act: inner } = act as { id?: string; act?: { id?: string } };
  return id ?? inner?.id ?? null;
}

function byTime(a: Written | { at?: string }, b: Written | { at?: string }): number {
  return timeOf(a.at) - timeOf(b.at);
}

function timeOf(at: unknown): number {
  const match = /^(\d+)(us|ms|s)$/.exec(String(at));
  return match === null ? 0 : Number(match[1]) * { us: 1, ms: 1000, s: 1_000_000 }[match[2] as "us" | "ms" | "s"];
}

function sayAct(act: Body): string {
  try {
    return describeAct(act as Parameters<typeof describeAct>[0]).replace(/\.$/, "");
  } catch {
    return act.kind;
  }
}

/** One act of the engine as a file says it, without its time; null when a file cannot say it. */
export function actSpecOf(act: Loose, plan: ResolvedScenario): Written | null {
  const during = typeof act.for === "number" ? { for: writeMicros(act.for) } : {};
  const target = oneOrMore(act.target);
  const ends = { from: oneOrMore(act.from), to: oneOrMore(act.to), ...(act.oneWay === true ? { oneWay: true } : {}) };
  switch (act.kind) {
    case "kill":
    case "stop":
    case "start":
    case "resume":
    case "power-loss":
    case "crash-client":
    case "expire-session":
      return { [act.kind]: target };
    case "pause":
      return { pause: target, ...during };
    case "cut":
      return { cut: ends, ...during };
    case "heal":
      return { heal: act.from === undefined ? "all" : ends };
    case "slow-link":
      return {
        "slow-link": { ...ends, delay: writeMicros(Number(act.delay)), jitter: writeMicros(Number(act.jitter)) },
        ...during,
      };
    case "lossy-link":
      return { "lossy-link": { ...ends, percent: act.percent }, ...during };
    case "slow-follower-fetch":
      return { "slow-follower-fetch": { broker: target, delay: writeMicros(Number(act.delay)) }, ...during };
    case "slow-consumer":
      return { "slow-consumer": { consumer: act.target, perRecord: writeMicros(Number(act.perRecord)) }, ...during };
    case "set-config":
      return settingsOf(act);
    case "client-command":
      return commandOf(String(act.target), act.command as Loose, plan);
    default:
      return null;
  }
}

/** Roles stay roles: `{role: "controller"}` → `controller`. */
function oneOrMore(value: unknown): unknown {
  const all = [value].flat().map((one) => {
    const role = (one as { role?: unknown } | null)?.role;
    return typeof role === "string" ? role : one;
  });
  return all.length === 1 ? all[0] : all;
}

function settingsOf(act: Loose): Written {
  const kind = act.section as ConfigKind;
  const table = configTable[kind] as Readonly<Record<string, ConfigKey>>;
  const config = Object.fromEntries(
    Object.entries(act.config as Record<string, unknown>).map(([name, value]) => {
      const key = table[name]?.key ?? name;
      return [key, key === "acks" && value === -1 ? "all" : Array.isArray(value) ? value.join(",") : value];
    }),
  );
  const target = oneOrMore(act.target);
  return { "set-config": kind === "broker" ? { broker: target, config } : { client: target, config } };
}

function commandOf(target: string, command: Loose, plan: ResolvedScenario): Written | null {
  const { kind, ...given } = command;
  switch (kind) {
    case "producer.send":
      return { send: { producer: target, ...given } };
    case "start-sending":
    case "stop-sending":
      return { [kind]: target };
    case "producer.close":
    case "consumer.close":
      return { close: target };
    case "consumer.subscribe":
      return { subscribe: { consumer: target, topics: given.topics } };
    case "consumer.setGroup":
      return { "set-group": { consumer: target, group: given.group } };
    case "consumer.seekToBeginning":
    case "consumer.seekToEnd":
      return {
        seek: { consumer: target, partition: given.partitions, to: kind.endsWith("End") ? "end" : "beginning" },
      };
    case "consumer.seek":
      return {
        seek: { consumer: target, partition: `${String(given.topic)}-${String(given.partition)}`, to: given.offset },
      };
    case "zk-write":
      return given.tag === "move-controller" ? { "move-controller": true } : topicConfigOf(given, plan);
    default:
      return null;
  }
}

/** `setData /config/topics/orders` → a change of its settings. */
function topicConfigOf(given: Readonly<Record<string, unknown>>, plan: ResolvedScenario): Written | null {
  const [op] = Array.isArray(given.ops) ? (given.ops as { path?: string; data?: { config?: unknown } }[]) : [];
  const topic = /^\/config\/topics\/(.+)$/.exec(op?.path ?? "")?.[1];
  if (given.tag !== "set-config" || topic === undefined || !plan.topics.some(({ name }) => name === topic)) return null;
  return { "set-config": { topic, config: op?.data?.config } };
}
