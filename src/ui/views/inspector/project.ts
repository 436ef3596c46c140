/** Which event the question "why" is about, and the rule of Kafka behind a fact. */
import {
  type CauseIndex,
  type Fact,
  type FactEntry,
  inputBehind,
  isStory,
  type NarrationContext,
  type Profile,
  RULES,
  type RuleName,
  type Timeline,
  type Trace,
  type Why,
  type WhyLink,
  weightOf,
  whyOf,
} from "../../../sim/index.ts";
import type { Thing } from "../../state/selection.ts";

/** Whether a fact is about a thing. */
export function concerns({ fact, actor }: FactEntry, thing: Thing): boolean {
  const partitions = [fact.topicPartition, fact.topic];
  switch (thing.kind) {
    case "broker":
    case "server":
    case "client": {
      const { id } = thing;
      return (
        actor === id ||
        [fact.node, fact.broker, fact.leader, fact.owner, fact.replica, fact.consumer, fact.clientId].includes(id) ||
        (fact.kind.startsWith("link-") && [fact.from, fact.to].flat().includes(id))
      );
    }
    case "replica":
      return partitions.includes(thing.topicPartition) && !isOfAnother(fact, actor, thing.broker);
    case "record": {
      if (!partitions.includes(thing.topicPartition)) return false;
      const { baseOffset, count, from, to } = fact;
      if (fact.kind === "log-truncated")
        return actor === thing.broker && Number(to) <= thing.offset && thing.offset < Number(from);
      return (
        fact.offset === thing.offset ||
        (actor === thing.broker &&
          typeof baseOffset === "number" &&
          thing.offset >= baseOffset &&
          thing.offset < baseOffset + Number(count ?? 1))
      );
    }
    case "group":
      return fact.group === thing.id;
    case "link": {
      const ends = [thing.from, thing.to];
      const lists = [fact.from, fact.to].flat();
      return ends.every((end) => lists.includes(end) || actor === end);
    }
    case "message":
      return false;
  }
}

/** Facts of the controller are about every replica of a partition; those of a broker about its own. */
function isOfAnother(fact: Fact, actor: string, broker: string): boolean {
  const decided = /^(leader-elected|leader-lost|partition-went-offline|isr-)/.test(fact.kind);
  return !decided && actor !== "" && actor !== broker;
}

const farBack = 5000;

/**
 * The entry to explain after `entries` steps: the chosen one; else the current event if it noted something (about the thing);
 * else the last thing that changed it. With nothing chosen, an event that did nothing gives way to the last turn. Null before
 * the first step.
 */
export function askedAbout(
  trace: Trace,
  entries: number,
  thing: Thing | null,
  chosen: number | null,
): FactEntry | number | null {
  if (entries === 0) return null;
  const current = chosen !== null && chosen < entries && chosen === entries - 1 ? chosen : entries - 1;
  const here = trace.factsOf(current).filter((fact) => thing === null || concerns(fact, thing));
  const weightiest = here.reduce<FactEntry | null>(
    (best, fact) => (best === null || weigh(fact) > weigh(best) ? fact : best),
    null,
  );
  if (weightiest !== null) return weightiest;
  if (thing === null && !isQuiet(trace, current)) return current;
  let often: FactEntry | null = null;
  const end = trace.facts.firstOf(entries);
  for (let n = end - 1; n >= Math.max(0, end - farBack); n -= 1) {
    const fact = trace.facts.at(n) as FactEntry;
    if (thing === null ? isStory(fact) : concerns(fact, thing) && weigh(fact) > 0) return fact;
    if (thing !== null && concerns(fact, thing)) often ??= fact;
  }
  return often ?? current;
}

/** A timer that rang and did nothing: then the last turn is of more use than the event itself. */
export function isQuiet(trace: Trace, entry: number): boolean {
  return !/^[A-Z]/.test(trace.entry(entry).kind) && trace.factsOf(entry).length === 0;
}

function weigh({ fact }: FactEntry): number {
  return { story: 2, detail: 1, often: 0 }[weightOf(fact.kind)];
}

export interface WhyView {
  /** "Why did b2 lead orders-0?" */
  readonly question: string;
  readonly links: readonly WhyLink[];
  readonly leftOut: number;
  readonly endsAt: Why["endsAt"];
  /** A fault at its end that can be taken out: its input, and its words. */
  readonly fault: { readonly input: number; readonly text: string } | null;
  readonly rule: RuleView | null;
}

export function whyView(
  timeline: Timeline,
  causes: CauseIndex,
  asked: FactEntry | number,
  context: NarrationContext,
  profile: Profile | null,
): WhyView {
  const { trace, inputs } = timeline;
  const entry = typeof asked === "number" ? asked : asked.entry;
  const why = whyOf(trace, causes, entry, typeof asked === "number" ? undefined : sameAs(asked), context);
  const last = why.links.at(-1);
  const input =
    why.endsAt === "act" && last !== undefined
      ? inputBehind(inputs, trace.entry(last.entry), last.fact?.fact ?? null)
      : null;
  const isStart = last?.fact?.fact.kind === "process-started";
  return {
    question: typeof asked === "number" ? "Why did this happen?" : questionOf(asked),
    links: why.links,
    leftOut: why.leftOut,
    endsAt: why.endsAt,
    fault: input === null || last === undefined || isStart ? null : { input, text: last.text.replace(/\..*$/, "") },
    rule: typeof asked === "number" ? null : ruleOf(asked.fact.kind, profile),
  };
}

/** Facts are read anew each time they are asked for, so that they are compared by what they say. */
function sameAs({ fact }: FactEntry): (other: FactEntry) => boolean {
  const said = JSON.stringify(fact);
  return (other) => JSON.stringify(other.fact) === said;
}

function questionOf({ fact, actor }: FactEntry): string {
  const about = fact.topicPartition ?? fact.group ?? "";
  switch (fact.kind) {
    case "leader-elected":
      return `Why does ${String(fact.leader)} lead ${String(about)}?`;
    case "partition-went-offline":
      return `Why has ${String(about)} no leader?`;
    case "log-truncated":
      return `Why did ${actor} cut its log?`;
    case "isr-shrunk":
    case "isr-member-removed":
      return `Why is the in-sync set of ${String(about)} smaller?`;
    case "isr-expanded":
      return `Why is the in-sync set of ${String(about)} larger?`;
    case "session-expired":
      return `Why did the session of ${String(fact.owner)} end?`;
    case "rebalance-started":
      return `Why does ${String(about)} rebalance?`;
    case "produce-refused":
      return `Why did ${actor} refuse it?`;
    case "high-watermark-advanced":
      return "Why did the high watermark move?";
    case "records-appended":
      return "Why was this appended?";
    case "controller-elected":
      return `Why is ${actor} the controller?`;
    default:
      return "Why?";
  }
}

export interface RuleView {
  readonly says: string;
  readonly source: string;
  /** Whether it holds in the version of this run. */
  readonly holds: boolean;
}

const RULE_OF: Readonly<Record<string, RuleName>> = {
  "leader-elected": "electsFromIsr",
  "high-watermark-advanced": "highWatermarkIsIsrMinimum",
  "record-acked": "acksAllWaitsForIsr",
  "produce-refused": "minIsrChecked",
  "log-truncated": "truncatesByLeaderEpoch",
  "divergence-found": "truncatesOnFetch",
  "isr-shrunk": "shrinksIsr",
  "isr-shrink-proposed": "shrinksIsr",
  "isr-expanded": "expandNeedsEpochStart",
  "isr-change-written": "isrChangesByController",
  "isr-update-refused": "conditionalIsrWrites",
  "stale-controller-refused": "fencesByControllerEpoch",
  "order-ignored": "fencesByLeaderEpoch",
  "fetch-refused": "fencesFetchByLeaderEpoch",
  "duplicate-recognised": "deduplicates",
  "commit-refused": "fencesGenerations",
  "stale-broker-epoch-refused": "fencesByBrokerEpoch",
  "controller-write-fenced": "controllerWritesAreFenced",
  "records-polled": "consumersStopAtHighWatermark",
};

/** The rule that a kind of fact follows, if it has one of its own. */
export function ruleOf(kind: string, profile: Profile | null): RuleView | null {
  const name = Object.hasOwn(RULE_OF, kind) ? RULE_OF[kind] : undefined;
  if (name === undefined) return null;
  const { says, source } = RULES[name];
  const holds: readonly boolean[] = RULES[name].in;
  const place = profile === "0.10" ? 0 : profile === "3.9" ? 2 : 1;
  return { says, source, holds: holds[place] ?? true };
}

/** What stands for a thing that the pane is about when none is chosen: the process whose event this was. */
export function actorThing(actor: string, kind: string | undefined): Thing | null {
  if (actor === "" || kind === undefined) return null;
  if (kind === "broker") return { kind: "broker", id: actor };
  if (kind === "zookeeper") return { kind: "server", id: actor };
  return kind === "producer" || kind === "consumer" ? { kind: "client", id: actor } : null;
}
