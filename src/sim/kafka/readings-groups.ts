/**
 * Readings of a World about groups and consumers: members, committed offsets, owners, positions. As readings.ts, for those who
 * watch; nothing in the model uses them.
 */
import type { ActorId, World } from "../engine/types.ts";
import { CONSUMER_ROLE, type ConsumerState } from "./consumer/state.ts";
import { type Group, groupsAt } from "./group/state.ts";
import type { TopicPartition } from "./protocol/ids.ts";
import { actorsOfKind, committedTree, coordinatorNow } from "./readings.ts";
import { sectionOf } from "./roles.ts";
import type { ConsumerActorConfig } from "./types.ts";
import type { ZkDisk, ZkSession } from "./zookeeper/state.ts";

/** The group as its coordinator has it; null while there is no coordinator, or it does not know the group. */
export function groupNow(world: World, group: string): Group | null {
  const coordinator = coordinatorNow(world, group);
  const actor = coordinator === null ? undefined : world.actors[coordinator];
  return actor === undefined || actor.process === "down" ? null : (groupsAt(actor)[group] ?? null);
}

/** Every group that some coordinator has with members or offsets, by id. */
export function groupsNow(world: World): Group[] {
  const found = new Map<string, Group>();
  for (const actor of actorsOfKind(world, "broker")) {
    if (actor.process === "down") continue;
    for (const group of Object.values(groupsAt(actor))) {
      if (coordinatorNow(world, group.groupId) === actor.id) found.set(group.groupId, group);
    }
  }
  return [...found.keys()].sort().map((id) => found.get(id) as Group);
}

/** Members of a group as actors, in the order of joining; null if the group is not known. */
export function groupMembers(world: World, group: string): ActorId[] | null {
  const known = groupNow(world, group);
  return known === null ? null : Object.values(known.members).map(({ actor }) => actor);
}

/** Who owns a partition by the current generation of a group; null if nobody. */
export function ownerNow(world: World, group: string, partition: string): ActorId | null {
  const members = Object.values(groupNow(world, group)?.members ?? {});
  return members.find((member) => member.assignment.includes(partition as TopicPartition))?.actor ?? null;
}

/** The committed offset of a group, the next one to read; null if there is none. */
export function committedOffsetNow(world: World, group: string, partition: string): number | null {
  return groupNow(world, group)?.offsets[partition]?.committedOffset ?? null;
}

/** Replicas of a partition as ZooKeeper has them, as actors, the preferred leader first; null if there is no such partition. */
export function replicasOf(world: World, partition: string): ActorId[] | null {
  const cut = partition.lastIndexOf("-");
  const data = committedTree(world)[`/brokers/topics/${partition.slice(0, cut)}`]?.data as
    | { partitions?: Record<string, readonly number[]> }
    | null
    | undefined;
  return data?.partitions?.[partition.slice(cut + 1)]?.map((id) => `b${id}`) ?? null;
}

/** Consumers of a group by their settings, or all. */
export function consumersOf(world: World, group: string): ActorId[] {
  return actorsOfKind(world, "consumer")
    .filter((actor) => group === "all" || (actor.config as ConsumerActorConfig).consumer.groupId === group)
    .map(({ id }) => id);
}

/** Sessions as committed by the ensemble. */
export function sessionsNow(world: World): ZkSession[] {
  let best: ZkDisk | null = null;
  for (const actor of actorsOfKind(world, "zookeeper")) {
    const disk = actor.disk as ZkDisk;
    if (best === null || disk.committedZxid > best.committedZxid) best = disk;
  }
  return Object.values(best?.sessions ?? {});
}

/** Partitions that a consumer takes for assigned to it; null while its process is down. */
export function assignedTo(world: World, consumer: string): TopicPartition[] | null {
  const state = consumerNow(world, consumer);
  return state === null ? null : [...state.order];
}

/** Where a consumer reads next; null if the partition is not assigned to it, or it does not know yet. */
export function positionNow(world: World, consumer: string, partition: string): number | null {
  return consumerNow(world, consumer)?.positions[partition as TopicPartition]?.position ?? null;
}

/** A running consumer's memory; null if it is down or no consumer. */
export function consumerNow(world: World, consumer: string): ConsumerState | null {
  const actor = world.actors[consumer];
  if (actor === undefined || actor.kind !== "consumer" || actor.memory === null) return null;
  return sectionOf<ConsumerState>(actor, CONSUMER_ROLE);
}
