/**
 * What each term of an expectation reads from the World. `none` stands for "there is none"; null for "it cannot be said".
 *
 * Simplified   a process that is being stopped counts as running.
 */
import { assertNever } from "../../engine/assert.ts";
import type { World } from "../../engine/types.ts";
import { batchesOf } from "../../kafka/log/log.ts";
import type { PartitionLog } from "../../kafka/log/state.ts";
import { brokerActor, NO_LEADER } from "../../kafka/protocol/ids.ts";
import {
  brokerNow,
  committedTree,
  controllerEpochNow,
  controllerNow,
  coordinatorNow,
  hasQuorum,
  highWatermarkOn,
  leaderNow,
  logOn,
  partitionZnode,
  zooKeeperLeaderNow,
} from "../../kafka/readings.ts";
import {
  assignedTo,
  committedOffsetNow,
  groupMembers,
  groupNow,
  ownerNow,
  positionNow,
  replicasOf,
  sessionsNow,
} from "../../kafka/readings-groups.ts";
import type { ReadForm, Value } from "./plan.ts";
import type { Source } from "./state.ts";

const NONE = "none";

/** The value of a term; `name` is what it is about, `by` its `on`, `of` or `its`. */
export function readTerm(form: ReadForm, name: string, by: string | null, source: Source): Value {
  const { world } = source;
  switch (form) {
    case "leader":
      if (by !== null) return seenLeader(world, name, by);
      return partitionZnode(world, name) === null ? null : (leaderNow(world, name) ?? NONE);
    case "isr":
      if (by !== null) return hosted(world, name, by)?.isr.map(brokerActor) ?? null;
      return partitionZnode(world, name)?.isr.map(brokerActor) ?? null;
    case "replicas":
      return replicasOf(world, name);
    case "epoch":
      if (by !== null) return hosted(world, name, by)?.leaderEpoch ?? null;
      return partitionZnode(world, name)?.leaderEpoch ?? null;
    case "role": {
      if (by === null || brokerNow(world, by) === null) return NONE;
      return brokerNow(world, by)?.partitions[name]?.role ?? NONE;
    }
    case "leo":
      return replicaLog(world, name, by)?.logEndOffset ?? null;
    case "logStart":
      return replicaLog(world, name, by)?.logStartOffset ?? null;
    case "hw": {
      const broker = replica(world, name, by);
      return broker === null ? null : highWatermarkOn(world, broker, name);
    }
    case "the":
      return readThe(name, world);
    case "process":
      return processOf(world, name, source);
    case "session":
      return sessionsNow(world).some(({ owner }) => owner === name) ? "alive" : NONE;
    case "group":
      return readGroup(name, by ?? "state", world);
    case "offset":
      return committedOffsetNow(world, by ?? "", name);
    case "lag":
      return lagOf(world, by ?? "", name);
    case "owner":
      return ownerNow(world, by ?? "", name) ?? NONE;
    case "position":
      return positionNow(world, by ?? "", name);
    case "assigned":
      return assignedTo(world, name) ?? [];
    case "topicExists":
      return committedTree(world)[`/brokers/topics/${name}`] !== undefined;
    case "logsEqual":
      return logsEqual(world, name, by === "isr");
    case "perKeyOrdered":
      return source.state.orders[name]?.perKey ?? true;
    case "ordered":
      return source.state.orders[name]?.ordered ?? true;
    default:
      return assertNever(form);
  }
}

function readThe(name: string, world: World): Value {
  switch (name) {
    case "controller":
      return controllerNow(world) ?? NONE;
    case "controllerEpoch":
      return controllerEpochNow(world);
    case "zkQuorum":
      return hasQuorum(world);
    default:
      return zooKeeperLeaderNow(world) ?? NONE;
  }
}

function hosted(world: World, partition: string, broker: string) {
  const found = brokerNow(world, broker)?.partitions[partition];
  if (found === undefined) return null;
  return { ...found, isr: found.leaderState?.isr ?? found.isr };
}

/** The leader as a broker sees it: of a partition it hosts as it was ordered, else from its metadata. */
function seenLeader(world: World, partition: string, broker: string): Value {
  const memory = brokerNow(world, broker);
  if (memory === null) return null;
  const cut = partition.lastIndexOf("-");
  const cached = memory.metadata.topics[partition.slice(0, cut)]?.[Number(partition.slice(cut + 1))];
  const leader = memory.partitions[partition]?.leader ?? cached?.leader;
  if (leader === undefined) return null;
  return leader === NO_LEADER ? NONE : brokerActor(leader);
}

/** The broker that `on` means; the leader if it says nothing else. */
function replica(world: World, partition: string, on: string | null): string | null {
  return on === null || on === "leader" ? leaderNow(world, partition) : on;
}

function replicaLog(world: World, partition: string, on: string | null): PartitionLog | null {
  const broker = replica(world, partition, on);
  return broker === null ? null : logOn(world, broker, partition);
}

/** The state of a process; of a site, of all its processes if it is the same. */
function processOf(world: World, name: string, source: Source): Value {
  const actor = world.actors[name];
  if (actor !== undefined) return actor.process === "stopping" ? "running" : actor.process;
  const members = source.plan.sites[name];
  if (members === undefined) return null;
  const states = new Set(members.map((one) => processOf(world, one, source)));
  return states.size === 1 ? ([...states][0] ?? null) : "mixed";
}

function readGroup(group: string, its: string, world: World): Value {
  if (its === "coordinator") return coordinatorNow(world, group) ?? NONE;
  const found = groupNow(world, group);
  if (its === "members") return groupMembers(world, group) ?? [];
  if (found === null) return null;
  if (its === "state") return found.state;
  if (its === "generation") return found.generationId;
  return Object.values(found.members).flatMap((member) =>
    member.assignment.map((partition) => `${member.actor}:${partition}`),
  );
}

/** Records between the committed offset of a group (the log start if it has none) and the high watermark of the leader. */
function lagOf(world: World, group: string, partition: string): number | null {
  const leader = leaderNow(world, partition);
  const end = leader === null ? null : highWatermarkOn(world, leader, partition);
  const log = replicaLog(world, partition, null);
  if (end === null || log === null) return null;
  return end - (committedOffsetNow(world, group, partition) ?? log.logStartOffset);
}

/**
 * Whether the logs of the ISR (or of all replicas) hold the same records with the same epochs, up to where the shortest ends;
 * that must not be below the high watermark. What a follower has not fetched yet is no difference.
 */
function logsEqual(world: World, partition: string, isOfIsr: boolean): Value {
  const brokers = isOfIsr
    ? (partitionZnode(world, partition)?.isr ?? []).map(brokerActor)
    : (replicasOf(world, partition) ?? []);
  const logs = brokers.map((broker) => logOn(world, broker, partition));
  if (logs.length === 0) return null;
  const known = logs.filter((log) => log !== null);
  if (known.length < logs.length) return false;
  const start = known.reduce((latest, log) => Math.max(latest, log.logStartOffset), 0);
  const end = known.reduce((least, log) => Math.min(least, log.logEndOffset), Number.MAX_SAFE_INTEGER);
  const leader = leaderNow(world, partition);
  if (end < ((leader === null ? null : highWatermarkOn(world, leader, partition)) ?? 0)) return false;
  const [first, ...others] = known.map((log) => textOf(log, start, end));
  return others.every((other) => other === first);
}

function textOf(log: PartitionLog, start: number, end: number): string {
  let text = "";
  for (const batch of batchesOf(log)) {
    if (batch.lastOffset < start) continue;
    if (batch.baseOffset >= end) break;
    batch.records.forEach((record, index) => {
      const offset = batch.baseOffset + index;
      const content = record.tag ?? `${record.key}=${record.value}`;
      if (offset >= start && offset < end) text += `|${offset}:${batch.partitionLeaderEpoch}:${content}`;
    });
  }
  return text;
}
