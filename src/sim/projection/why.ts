/**
 * Why something happened: the chain of causes that leads to an entry of the trace, back to a fault, a timer or an act.
 *
 * Each event names the event that scheduled it, so most of the walk just follows these. Where the cause is that something did
 * NOT happen (no ping for a session timeout, no fetch for replica.lag.time.max.ms), the timer alone explains nothing: there the
 * fact's own evidence says whom to look at, and the walk goes on at what silenced that one.
 *
 * Simplified   of a long chain at most seven links are told: its two ends, then what was decided, then what was sent.
 */
import type { FactEntry } from "../engine/facts.ts";
import type { Trace, TraceEntry } from "../engine/trace.ts";
import { type ActorId, type Fact, type Input, MILLISECOND, type SimTime } from "../engine/types.ts";
import type { WhenAct } from "../faults/when.ts";
import { type NarrationContext, narrate, weightOf } from "../narration/index.ts";

export interface WhyLink {
  readonly entry: number;
  readonly at: SimTime;
  readonly actor: ActorId;
  /** The entry's kind: a message, a timer, an act. */
  readonly kind: string;
  /** What was decided there; null: nothing was noted. */
  readonly fact: FactEntry | null;
  readonly is: "act" | "decision" | "message" | "timer" | "other";
  /** One sentence. */
  readonly text: string;
}

export interface Why {
  /** From the thing asked about to what began it; at most seven. */
  readonly links: readonly WhyLink[];
  /** Links that are left out between the first and the last. */
  readonly leftOut: number;
  /** `loop`: requests and answers that follow each other without end, such as fetches. */
  readonly endsAt: "act" | "timer" | "loop" | "start";
}

export const MOST_LINKS = 7;
/** What was sent without a decision is told only while fewer than these are. */
const ENOUGH = 5;
const MOST_STEPS = 2000;

/** From the id of an event to the entry in which it ran. Grows with its trace. */
export class CauseIndex {
  private readonly events = new Map<number, number>();
  private read = 0;
  private readonly trace: Trace;

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** The entry of an event, or of an input (`-(n + 1)`); null if it has not run. */
  entryOf(id: number): number | null {
    for (; this.read < this.trace.length; this.read += 1) this.events.set(this.trace.entry(this.read).id, this.read);
    return this.events.get(id) ?? null;
  }
}

/** What the question is about: prefers one of several facts of an entry. */
export type Concerns = (fact: FactEntry) => boolean;

export function whyOf(
  trace: Trace,
  index: CauseIndex,
  entry: number,
  concerns: Concerns = () => true,
  context: NarrationContext = {},
): Why {
  const walked: WhyLink[] = [];
  let asks = concerns;
  let here: number | null = entry;
  let end: Why["endsAt"] = "start";
  for (let n = 0; here !== null && n < MOST_STEPS; n += 1) {
    const line: TraceEntry = trace.entry(here);
    const fact = tellingFact(trace.factsOf(here), asks);
    const link = linkOf(trace, index, line, fact, context);
    walked.push(link);
    if (link.is === "act") {
      end = "act";
      break;
    }
    if (fact !== null) asks = sameMatter(fact, asks);
    const begun = walked[0] as WhyLink;
    if (n > 0 && begun.fact === null && fact === null && link.is === "message" && kindOf(begun) === kindOf(link)) {
      end = "loop";
      break;
    }
    const evidence = fact === null ? null : silencedBy(trace, fact);
    if (evidence === null && link.is === "timer" && recurs(trace, index, line, fact)) {
      end = "timer";
      break;
    }
    const next: number | null = evidence ?? causeOf(index, line);
    if (next === null || next >= here) {
      end = link.is === "timer" ? "timer" : "start";
      break;
    }
    here = next;
  }
  const links = mostTelling(walked);
  return { links, leftOut: walked.length - links.length, endsAt: end };
}

function kindOf({ actor, kind }: WhyLink): string {
  return `${actor} ${kind}`;
}

function causeOf(index: CauseIndex, { cause }: TraceEntry): number | null {
  return cause === null ? null : index.entryOf(cause);
}

/** A wait shorter than this ends a piece of work (a flush); a timer that rings by itself is slower. */
const SHORT = 100 * MILLISECOND;

/** Whether a timer rings by itself, again and again: it was set when it rang before, or by an application on its own schedule. */
function recurs(trace: Trace, index: CauseIndex, line: TraceEntry, fact: FactEntry | null): boolean {
  const cause = causeOf(index, line);
  if (cause === null || fact?.fact.kind === "record-sent") return true;
  const before = trace.entry(cause);
  return before.actor === line.actor && before.kind === line.kind && line.at - before.at >= SHORT;
}

/** The input that an act of the trace came from, also one that waited for a condition; null: it followed from another. */
export function inputBehind(inputs: readonly Input[], line: TraceEntry, fact: Fact | null): number | null {
  if (line.id < 0) return -line.id - 1;
  const found = inputs.findIndex(({ act }) => {
    const armed = act.kind === "when" ? (act as WhenAct).act : null;
    if (armed === null || armed.kind !== line.kind) return false;
    const { target } = armed as { target?: unknown };
    return typeof target !== "string" || fact?.node === undefined || fact.node === target;
  });
  return found < 0 ? null : found;
}

/** The fact that says most about an entry: one that is asked about, then by weight. */
function tellingFact(facts: readonly FactEntry[], asks: Concerns): FactEntry | null {
  let best: FactEntry | null = null;
  let most = -1;
  for (const fact of facts) {
    const points = (asks(fact) ? 4 : 0) + POINTS[weightOf(fact.fact.kind)];
    if (points > most) {
      best = fact;
      most = points;
    }
  }
  return best;
}

const POINTS = { story: 2, detail: 1, often: 0 } as const;

/** From a fact on, facts about the same partition, group or record are preferred. */
function sameMatter({ fact }: FactEntry, before: Concerns): Concerns {
  const { topicPartition, group, tag } = fact;
  if (topicPartition === undefined && group === undefined && tag === undefined) return before;
  return (other) =>
    (topicPartition !== undefined && other.fact.topicPartition === topicPartition) ||
    (group !== undefined && other.fact.group === group) ||
    (tag !== undefined && other.fact.tag === tag);
}

/** Where evidence leads: the entry that made somebody silent, or the decision that an answer rests on. Null: follow the causes. */
function silencedBy(trace: Trace, { entry, fact }: FactEntry): number | null {
  switch (fact.kind) {
    case "session-expired":
      return fact.reason === "ordered"
        ? lastFact(
            trace,
            entry,
            ({ fact: other }) => other.kind === "session-expiry-forced" && other.node === fact.owner,
          )
        : lastHit(trace, entry, String(fact.owner));
    case "member-left":
      return fact.reason === "left" ? null : lastHit(trace, entry, String(fact.clientId));
    case "isr-shrunk":
    case "isr-shrink-proposed": {
      const late = (fact.evidence as { members?: readonly { broker: string }[] } | undefined)?.members?.[0];
      return late === undefined ? null : lastHit(trace, entry, late.broker);
    }
    case "log-truncated":
      return lastFact(
        trace,
        entry,
        ({ fact: other }) => other.kind === "leader-elected" && other.topicPartition === fact.topicPartition,
      );
    case "produce-refused":
      return String(fact.error).startsWith("NOT_ENOUGH_REPLICAS")
        ? lastFact(
            trace,
            entry,
            ({ fact: other }) =>
              (other.kind === "isr-shrunk" || other.kind === "isr-member-removed") &&
              other.topicPartition === fact.topicPartition,
          )
        : null;
    default:
      return null;
  }
}

/** Faults that silence a process, and how a fact names whom they hit. */
const HITS: readonly string[] = [
  "process-killed",
  "process-paused",
  "process-exited",
  "power-lost",
  "link-cut",
  "link-slowed",
  "link-lossy",
  "follower-fetch-slowed",
  "consumer-slowed",
];

function lastHit(trace: Trace, before: number, actor: ActorId): number | null {
  return lastFact(trace, before, ({ fact }) => {
    if (!HITS.includes(fact.kind)) return false;
    if (fact.node === actor) return true;
    return [fact.from, fact.to, fact.target].some((names) => Array.isArray(names) && names.includes(actor));
  });
}

function lastFact(trace: Trace, before: number, matches: (fact: FactEntry) => boolean): number | null {
  for (let n = trace.facts.firstOf(before) - 1; n >= 0; n -= 1) {
    const fact = trace.facts.at(n) as FactEntry;
    if (matches(fact)) return fact.entry;
  }
  return null;
}

function linkOf(
  trace: Trace,
  index: CauseIndex,
  line: TraceEntry,
  fact: FactEntry | null,
  context: NarrationContext,
): WhyLink {
  const { entry, at, actor, kind, id } = line;
  const is = typeOf(line, fact);
  const cause = causeOf(index, line);
  const sender = cause === null ? "" : trace.entry(cause).actor;
  const text = fact !== null ? narrate(fact, context) : sentenceOf(is, kind, actor, sender);
  // An input without a fact is still an act.
  return { entry, at, actor, kind, fact, is: id < 0 ? "act" : is, text };
}

function typeOf({ actor, kind, id }: TraceEntry, fact: FactEntry | null): WhyLink["is"] {
  if (id < 0 || (actor === "" && fact !== null)) return "act";
  if (fact !== null && weightOf(fact.fact.kind) === "story") return "decision";
  if (/^[A-Z]/.test(kind)) return "message";
  return /^(start|stop|resumed|connected|disconnected)$/.test(kind) ? "other" : "timer";
}

function sentenceOf(is: WhyLink["is"], kind: string, actor: ActorId, sender: ActorId): string {
  const [name = kind, fate] = kind.split("/");
  if (is !== "message") return is === "timer" ? `A timer of ${actor} rang: ${name}.` : `${actor} was told: ${name}.`;
  const from = sender === "" || sender === actor ? "" : ` from ${sender}`;
  if (fate === "lost") return `${actor} never got ${name}${from}.`;
  return `${actor} got ${name}${from}${fate === "held" ? ", and could not read it yet" : ""}.`;
}

/** At most seven of them in order: both ends, then the weightiest, of equals the nearer one. */
function mostTelling(walked: readonly WhyLink[]): WhyLink[] {
  const rank = (link: WhyLink, n: number): number => {
    if (n === 0 || n === walked.length - 1) return 9;
    if (link.is === "act") return 8;
    if (link.is === "decision") return 4;
    if (link.fact !== null) return POINTS[weightOf(link.fact.fact.kind)] + 1;
    return link.is === "message" ? 0.5 : 0;
  };
  const kept = walked
    .map((link, n) => ({ n, points: rank(link, n) }))
    .sort((a, b) => b.points - a.points || a.n - b.n)
    .filter(({ points }, place) => place < (points < 1 ? ENOUGH : MOST_LINKS))
    .map(({ n }) => n);
  return walked.filter((_, n) => kept.includes(n));
}
