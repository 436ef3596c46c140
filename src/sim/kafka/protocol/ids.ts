/** Names of Kafka's things: topic partitions and broker ids, and the actors that carry them. */
import { assert } from "../../engine/assert.ts";

/** `orders-0`, as Kafka prints it. */
export type TopicPartition = string & { readonly __brand: "TopicPartition" };

/** The number in `/brokers/ids/N`. */
export type BrokerId = number;

/** No broker: an unknown or missing leader. */
export const NO_LEADER: BrokerId = -1;

/** The names made so far, by topic and partition: there are few, and each is asked for many times. */
const made = new Map<string, TopicPartition[]>();

export function topicPartition(topic: string, partition: number): TopicPartition {
  let names = made.get(topic);
  if (names === undefined) {
    names = [];
    made.set(topic, names);
  }
  names[partition] ??= `${topic}-${partition}` as TopicPartition;
  return names[partition];
}

/** The names taken apart so far. */
const parts = new Map<TopicPartition, { readonly topic: string; readonly partition: number }>();

function partsOf(name: TopicPartition): { readonly topic: string; readonly partition: number } {
  let found = parts.get(name);
  if (found === undefined) {
    const dash = name.lastIndexOf("-");
    found = { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
    parts.set(name, found);
  }
  return found;
}

export function topicOf(name: TopicPartition): string {
  return partsOf(name).topic;
}

export function partitionOf(name: TopicPartition): number {
  return partsOf(name).partition;
}

const brokerActors: string[] = [];

/** The actor that runs broker `id`. */
export function brokerActor(id: BrokerId): string {
  brokerActors[id] ??= `b${id}`;
  return brokerActors[id];
}

/** The broker id of an actor called `bN`. */
export function brokerIdOf(actor: string): BrokerId {
  const id = Number(actor.slice(1));
  assert(actor.startsWith("b") && Number.isInteger(id), `${actor} is not a broker`);
  return id;
}
