/** Sentences for the facts of faults and of the environment: what was done to processes, links and messages. */
import type { Delay, Fact } from "../engine/types.ts";
import { list as andList } from "../engine/words.ts";
import type { NarrationContext } from "./index.ts";

type Says<F> = (fact: F, actor: string, at: number, context: NarrationContext) => string;
interface OfNode extends Fact {
  readonly node: string;
}
interface OfLink extends Fact {
  readonly from: readonly string[] | null;
  readonly to: readonly string[] | null;
}
interface OfMessages extends Fact {
  readonly api: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly next: number;
}

const say = <F extends Fact>(says: Says<F>): { readonly says: Says<never> } => ({ says: says as Says<never> });

export const facts = {
  "process-started": say<OfNode>((f) => `${f.node} started.`),
  "process-killed": say<OfNode>((f, _, __, context) => `${f.node} died.${notice(f.node, context)}`),
  "process-stopping": say<OfNode>((f) => `${f.node} was asked to stop.`),
  "process-exited": say<OfNode & { reason: string }>((f) => `${f.node} ended its process: ${f.reason}.`),
  "process-paused": say<OfNode & { for: Delay | null }>(
    (f) => `${f.node} stood still${f.for === null ? "" : ` for ${span(f.for)}`}; its connections stay open.`,
  ),
  "process-resumed": say<OfNode>((f) => `${f.node} went on, and worked off what had waited for it.`),
  "power-lost": say<OfNode>((f) => `${f.node} lost power; what it had not flushed is gone.`),
  "link-cut": say<OfLink & { oneWay: boolean }>(
    (f) =>
      `Packets ${f.oneWay ? "from" : "between"} ${list(f.from)} ${f.oneWay ? "to" : "and"} ${list(f.to)} vanished from now on.`,
  ),
  "link-healed": say<OfLink>((f) =>
    f.from === null ? "The links were healed." : `${list(f.from)} and ${list(f.to)} were joined again.`,
  ),
  "link-slowed": say<OfLink & { delay: Delay }>(
    (f) => `The link between ${list(f.from)} and ${list(f.to)} took ${span(f.delay)} from now on.`,
  ),
  "link-lossy": say<OfLink & { percent: number }>(
    (f) => `The link between ${list(f.from)} and ${list(f.to)} lost ${f.percent} % of its packets from now on.`,
  ),
  "messages-will-break": say<OfMessages>((f) => `The connection was set to break before ${some(f)}.`),
  "messages-will-wait": say<OfMessages & { for: Delay }>((f) => `${some(f, true)} was held back for ${span(f.for)}.`),
  "message-lost": say<Fact & { from: string; to: string; message: string; reason: string }>(
    (f) => `${f.message} from ${f.from} to ${f.to} never arrived: ${LOST[f.reason] ?? f.reason}.`,
  ),
  "session-expiry-forced": say<OfNode>((f) => `The ensemble was made to end the session of ${f.node}.`),
  "settings-changed": say<Fact & { target: readonly string[]; config: Readonly<Record<string, unknown>> }>(
    (f) => `Settings of ${list(f.target)} were changed: ${settings(f.config)}.`,
  ),
  "consumer-slowed": say<OfNode & { perRecord: Delay }>(
    (f) => `${f.node} took ${span(f.perRecord)} for each record from now on.`,
  ),
  "follower-fetch-slowed": say<Fact & { target: readonly string[]; delay: Delay }>((f) =>
    f.delay === 0
      ? `${list(f.target)} fetched without a wait again.`
      : `${list(f.target)} waited ${span(f.delay)} before each fetch from now on.`,
  ),
} as const;

const LOST: Readonly<Record<string, string>> = {
  "other-end-closed": "nobody listens at the other end any more",
  "connection-broken": "the connection broke",
};

/** When anybody can know of a broker's death. */
function notice(node: string, context: NarrationContext): string {
  const timeout = context.sessionTimeouts?.[node];
  return timeout === undefined ? "" : ` The ensemble notices when its session ends, in at most ${span(timeout)}.`;
}

function some(f: OfMessages, isFirst = false): string {
  const many = f.next > 1 ? `the next ${f.next} ` : "the next ";
  const what = `${many}${f.api ?? "message"}${f.next > 1 ? "s" : ""}`;
  const text = `${what}${f.from === null ? "" : ` from ${f.from}`}${f.to === null ? "" : ` to ${f.to}`}`;
  return isFirst ? `T${text.slice(1)}` : text;
}

function settings(config: Readonly<Record<string, unknown>>): string {
  return Object.entries(config)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ");
}

function list(names: readonly string[] | null): string {
  return names === null || names.length === 0 ? "everybody" : andList(names);
}

/** `400 ms`, `9 s`, `1.5 s`. */
function span(delay: Delay): string {
  return delay < 1_000_000 ? `${delay / 1000} ms` : `${delay / 1_000_000} s`;
}
