/**
 * Readings of a World in Kafka's terms: what ZooKeeper holds, who leads, who controls. For faults, observers, projections and
 * tests; nothing in the model uses them, since no process can look at another.
 */
import { itemAt, lengthOf } from "../engine/chunked.ts";
import { countWhile } from "../engine/search.ts";
import type { ActorId, ActorState, World } from "../engine/types.ts";
import { type BrokerDisk, type BrokerMemory, brokerMemoryOf } from "./broker/state.ts";
import { partitionFor } from "./group/partitionFor.ts";
import type { PartitionLog } from "./log/state.ts";
import {
  type BrokerId,
  brokerActor,
  NO_LEADER,
  partitionOf,
  type TopicPartition,
  topicOf,
  topicPartition,
} from "./protocol/ids.ts";
import type { RecordBatch } from "./protocol/records.ts";
import { serverOf, type ZkDisk, type Znode } from "./zookeeper/state.ts";

/** Partition state as its znode says. */
export interface PartitionZnode {
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly controllerEpoch: number;
  readonly isr: readonly BrokerId[];
  /** Znode version: the partition epoch. */
  readonly version: number;
}

export function actorsOfKind(world: World, kind: string): ActorState[] {
  return Object.values(world.actors).filter((actor) => actor.kind === kind);
}

/** The tree as committed: that of the server which has applied most. */
export function committedTree(world: World): Readonly<Record<string, Znode>> {
  let best: ZkDisk | null = null;
  for (const actor of actorsOfKind(world, "zookeeper")) {
    const disk = actor.disk as ZkDisk;
    if (best === null || disk.committedZxid > best.committedZxid) best = disk;
  }
  return best?.tree ?? {};
}

interface StateData {
  readonly leader: number;
  readonly leader_epoch: number;
  readonly controller_epoch: number;
  readonly isr: readonly number[];
}

/** State of a partition as committed in ZooKeeper; null if there is none. */
export function partitionZnode(world: World, name: string, tree = committedTree(world)): PartitionZnode | null {
  const tp = name as TopicPartition;
  const znode = tree[`/brokers/topics/${topicOf(tp)}/partitions/${partitionOf(tp)}/state`];
  if (znode === undefined) return null;
  const data = znode.data as StateData;
  return {
    leader: data.leader,
    leaderEpoch: data.leader_epoch,
    controllerEpoch: data.controller_epoch,
    isr: data.isr,
    version: znode.version,
  };
}

/** Replicas of every partition of every topic, in order; internal topics last. */
export function assignmentNow(
  world: World,
  tree = committedTree(world),
): { topicPartition: TopicPartition; replicas: readonly BrokerId[] }[] {
  const topics = [...(tree["/brokers/topics"]?.children ?? [])].sort(
    (a, b) => Number(a.startsWith("__")) - Number(b.startsWith("__")) || (a < b ? -1 : 1),
  );
  return topics.flatMap((topic) => {
    const data = tree[`/brokers/topics/${topic}`]?.data as { partitions?: Record<string, number[]> } | null | undefined;
    return Object.entries(data?.partitions ?? {})
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([index, replicas]) => ({ topicPartition: topicPartition(topic, Number(index)), replicas }));
  });
}

/** The broker actor that ZooKeeper names as leader of a partition; null if none. */
export function leaderNow(world: World, name: string): ActorId | null {
  const leader = partitionZnode(world, name)?.leader ?? NO_LEADER;
  return leader === NO_LEADER ? null : brokerActor(leader);
}

/** The broker that /controller names; null while there is none. */
export function controllerNow(world: World): ActorId | null {
  const data = committedTree(world)["/controller"]?.data as { brokerid: number } | undefined;
  return data === undefined ? null : brokerActor(data.brokerid);
}

export function controllerEpochNow(world: World): number {
  return Number(committedTree(world)["/controller_epoch"]?.data ?? 0);
}

/** Broker ids in /brokers/ids, ascending. */
export function registeredNow(world: World): BrokerId[] {
  return (committedTree(world)["/brokers/ids"]?.children ?? []).map(Number).sort((a, b) => a - b);
}

/** The running server that leads the ensemble, in its own eyes, with the highest epoch; null if none does. */
export function zooKeeperLeaderNow(world: World): ActorId | null {
  let best: { id: ActorId; epoch: number } | null = null;
  for (const actor of actorsOfKind(world, "zookeeper")) {
    if (actor.process === "down" || actor.memory === null) continue;
    if (serverOf(actor).mode !== "leading") continue;
    const epoch = (actor.disk as ZkDisk).currentEpoch;
    if (best === null || epoch > best.epoch) best = { id: actor.id, epoch };
  }
  return best?.id ?? null;
}

/** Whether a majority of servers runs and follows one leader. */
export function hasQuorum(world: World): boolean {
  const servers = actorsOfKind(world, "zookeeper");
  const serving = servers.filter(
    (actor) => actor.process === "running" && actor.memory !== null && serverOf(actor).mode !== "looking",
  );
  return zooKeeperLeaderNow(world) !== null && serving.length * 2 > servers.length;
}

/** The logs on a broker's disk; also those of a process that is down. */
export function logsOf(actor: ActorState): Readonly<Record<string, PartitionLog>> {
  return actor.kind === "broker" ? (actor.disk as BrokerDisk).logs : {};
}

export function logOn(world: World, broker: ActorId, name: string): PartitionLog | null {
  const actor = world.actors[broker];
  return actor === undefined ? null : (logsOf(actor)[name] ?? null);
}

/**
 * The batch that holds `offset`, or the next one behind it; null at the end. Reads the plain data by itself, so that whoever checks the
 * log does not use the code that wrote it.
 */
export function batchIn(log: PartitionLog, offset: number): RecordBatch | null {
  if (offset >= log.logEndOffset) return null;
  const place = countWhile(lengthOf(log.batches), (index) => (itemAt(log.batches, index)?.lastOffset ?? 0) < offset);
  return itemAt(log.batches, place) ?? null;
}

/** A running broker's memory; null if it is down. */
export function brokerNow(world: World, broker: ActorId): BrokerMemory | null {
  const actor = world.actors[broker];
  return actor === undefined || actor.process === "down" ? null : brokerMemoryOf(actor);
}

/** High watermark of a partition as that broker has it; null if it does not host it. */
export function highWatermarkOn(world: World, broker: ActorId, name: string): number | null {
  return brokerNow(world, broker)?.partitions[name]?.highWatermark ?? null;
}

/** The broker that leads the offsets partition of a group; null if there is none. */
export function coordinatorNow(world: World, group: string): ActorId | null {
  const tree = committedTree(world);
  const data = tree["/brokers/topics/__consumer_offsets"]?.data as
    | { partitions?: Record<string, number[]> }
    | undefined;
  const count = Object.keys(data?.partitions ?? {}).length;
  return count === 0 ? null : leaderNow(world, `__consumer_offsets-${partitionFor(group, count)}`);
}
