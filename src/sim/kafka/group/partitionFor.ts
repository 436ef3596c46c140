/**
 * Which partition of __consumer_offsets keeps a group; its leader is the group's coordinator.
 *
 * In Kafka     GroupMetadataManager.partitionFor; the same rule places transactional ids in __transaction_state.
 */
import { javaStringHashCode } from "../protocol/hashOrder.ts";

/** The partition of `id` (a group id or a transactional id) among `partitionCount`. */
export function partitionFor(id: string, partitionCount: number): number {
  const hash = javaStringHashCode(id);
  // The smallest integer has no positive counterpart in 32 bits; Kafka takes 0 instead.
  const magnitude = hash === -0x80000000 ? 0 : Math.abs(hash);
  return magnitude % partitionCount;
}
