/**
 * The order of a java.util.HashMap of TopicPartition, topic by topic: in it a consumer goes through its partitions, and since
 * 2.4 (here: 3.9) a client lists those of its metadata.
 *
 * In Kafka     SubscriptionState.assignFromSubscribed, PartitionStates.set; MetadataCache (MetadataSnapshot in 3.9).
 * Simplified   no tree bins; the table is as large as its own entries make it.
 */
import { javaStringHashCode } from "../protocol/hashOrder.ts";
import { partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";

/** TopicPartition.hashCode. */
function hashOf(name: TopicPartition): number {
  return (Math.imul(31, 31 + partitionOf(name)) + javaStringHashCode(topicOf(name))) | 0;
}

/** `partitions` in the order of a HashMap that was made for as many, then gathered by topic. */
export function javaHashOrder(partitions: readonly TopicPartition[]): TopicPartition[] {
  let size = 1;
  while (size < partitions.length) size *= 2;
  while (partitions.length * 4 > size * 3) size *= 2;
  const slotOf = (name: TopicPartition): number => {
    const hash = hashOf(name);
    return (hash ^ (hash >>> 16)) & (size - 1);
  };
  const placed = partitions.map((name, index) => ({ name, index, slot: slotOf(name) }));
  placed.sort((a, b) => a.slot - b.slot || a.index - b.index);
  const topics = [...new Set(placed.map((one) => topicOf(one.name)))];
  return topics.flatMap((topic) => placed.filter((one) => topicOf(one.name) === topic).map((one) => one.name));
}
