/** Names of Kafka's things: topic partitions and broker ids, and the actors that carry them. */
import { assert } from "../../engine/assert.ts";

/** `orders-0`, as Kafka prints it. */
export type TopicPartition = string & { readonly __brand: "TopicPartition" };

/** The number in `/brokers/ids/N`. */
export type BrokerId = number;

/** No broker: an unknown or missing leader. */
export const NO_LEADER: BrokerId = -1;

export function topicPartition(topic: string, partition: number): TopicPartition {
  return `${topic}-${partition}` as TopicPartition;
}

export function topicOf(name: TopicPartition): string {
  return name.slice(0, name.lastIndexOf("-"));
}

export function partitionOf(name: TopicPartition): number {
  return Number(name.slice(name.lastIndexOf("-") + 1));
}

/** The actor that runs broker `id`. */
export function brokerActor(id: BrokerId): string {
  return `b${id}`;
}

/** The broker id of an actor called `bN`. */
export function brokerIdOf(actor: string): BrokerId {
  const id = Number(actor.slice(1));
  assert(actor.startsWith("b") && Number.isInteger(id), `${actor} is not a broker`);
  return id;
}
