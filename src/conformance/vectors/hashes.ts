/**
 * Kinds murmur2 and coordinatorPartition: from a key or a group id to a partition.
 */
import { partitionFor } from "../../sim/kafka/group/partitionFor.ts";
import { murmur2, toPositive, utf8Bytes } from "../../sim/kafka/producer/murmur2.ts";
import { partitionForKey } from "../../sim/kafka/producer/partitioner.ts";
import { javaStringHashCode } from "../../sim/kafka/protocol/hashOrder.ts";
import { ALL_PROFILES, compared, type VectorKind } from "./kind.ts";

export const murmur2Kind: VectorKind = {
  kind: "murmur2",
  profiles: ALL_PROFILES,
  run: ({ input }) => {
    const stated = input as {
      key: string;
      utf8Hex: string;
      murmur2: number;
      toPositive: number;
      partition: Record<string, number>;
    };
    const { key, utf8Hex, murmur2: hash, toPositive: positive, partition } = stated;
    const bytes = utf8Bytes(key);
    const counts = Object.keys(partition);
    return compared(
      { utf8Hex, hash, positive, partition },
      {
        utf8Hex: bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
        hash: murmur2(bytes),
        positive: toPositive(murmur2(bytes)),
        partition: Object.fromEntries(counts.map((count) => [count, partitionForKey(key, Number(count))])),
      },
    );
  },
};

export const coordinatorPartitionKind: VectorKind = {
  kind: "coordinatorPartition",
  profiles: ALL_PROFILES,
  run: ({ input }) => {
    const { groupId, hashCode, numPartitions, partition } = input as {
      groupId: string;
      hashCode: number;
      numPartitions: number;
      partition: number;
    };
    const ours = { hashCode: javaStringHashCode(groupId), partition: partitionFor(groupId, numPartitions) };
    return compared({ hashCode, partition }, ours);
  },
};
