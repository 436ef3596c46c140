/**
 * Facts in words: one sentence for each kind, the actor first, past tense, with the number that matters. The sentences stand in
 * `facts.ts` of the folder that notes the fact; here is the one list of them.
 *
 * Left out   other languages: a second table of the same keys would be chosen here.
 */
import type { FactEntry } from "../engine/facts.ts";
import type { Delay } from "../engine/types.ts";
import { facts as brokerFacts } from "../kafka/broker/facts.ts";
import { facts as clientFacts } from "../kafka/client/facts.ts";
import { facts as consumerFacts } from "../kafka/consumer/facts.ts";
import { facts as controllerFacts } from "../kafka/controller/facts.ts";
import { facts as groupFacts } from "../kafka/group/facts.ts";
import { facts as producerFacts } from "../kafka/producer/facts.ts";
import { facts as zooKeeperFacts } from "../kafka/zookeeper/facts.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { facts as faultFacts } from "./faults.ts";
import { WEIGHTS } from "./weights.ts";

/** What a sentence may add that the fact itself does not know. */
export interface NarrationContext {
  /** ZooKeeper session timeout of each broker. */
  readonly sessionTimeouts?: Readonly<Record<string, Delay>>;
}

type Says = (fact: never, actor: string, at: number, context: NarrationContext) => string;
type Table = Readonly<Record<string, { readonly says: Says }>>;

const CATALOGUE: Table = {
  ...(faultFacts as Table),
  ...(zooKeeperFacts as unknown as Table),
  ...(controllerFacts as unknown as Table),
  ...(brokerFacts as unknown as Table),
  ...(groupFacts as unknown as Table),
  ...(clientFacts as unknown as Table),
  ...(producerFacts as unknown as Table),
  ...(consumerFacts as unknown as Table),
};

/** Every kind of fact, sorted: the words that scenario files may use. */
export const FACT_KINDS: readonly string[] = Object.keys(CATALOGUE).sort();

const NO_CONTEXT: NarrationContext = Object.freeze({});

/** One sentence about a fact. A kind without a sentence (a test finds those) is named with its fields. */
export function narrate(entry: FactEntry, context: NarrationContext = NO_CONTEXT): string {
  const says = CATALOGUE[entry.fact.kind]?.says;
  if (says !== undefined) return says(entry.fact as never, entry.actor, entry.at, context);
  const { kind, ...fields } = entry.fact;
  return `${entry.actor} ${kind} ${JSON.stringify(fields)}.`;
}

/** What a kind of fact means, in one sentence; null for a kind that does not exist. */
export function explain(kind: string): string | null {
  return EXPLANATIONS[kind] ?? null;
}

/**
 * How much a kind matters to somebody who follows a run: `story` changes who does what, `detail` is a step on the way, `often`
 * comes with every record.
 */
export type Weight = "story" | "detail" | "often";

export function weightOf(kind: string): Weight {
  return WEIGHTS[kind] ?? "story";
}

/** Whether a fact is part of the story. What happens to the fifty partitions of the offsets topic is told by their groups. */
export function isStory({ fact }: FactEntry): boolean {
  if (weightOf(fact.kind) !== "story") return false;
  const about = fact.topicPartition ?? fact.topic;
  return !(typeof about === "string" && about.startsWith("__"));
}
