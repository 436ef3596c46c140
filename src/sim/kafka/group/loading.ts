/**
 * Becoming and ceasing to be the coordinator of groups: with the leadership of their partition of __consumer_offsets.
 *
 * In Kafka     GroupCoordinator.onElection, onResignation, onGroupLoaded, onGroupUnloaded; GroupMetadataManager.
 * Simplified   reading takes a fixed time plus a little for each batch, and is one step.
 */
import { type Delay, MILLISECOND } from "../../engine/types.ts";
import { partitionOf, type TopicPartition, topicOf, topicPartition } from "../protocol/ids.ts";
import type { KafkaCtx } from "../types.ts";
import { type Replayed, replay, restoredMember, type StoredGroup } from "./groupRecords.ts";
import { answerJoin, answerSync, changeState, forgetPending, heardOf, note, sessionTimer } from "./members.ts";
import type { GroupPorts } from "./ports.ts";
import { JOIN_TIMER, SYNC_TIMER } from "./rebalance.ts";
import { createGroup, type Group, groupSection, membersOf, OFFSETS_TOPIC, offsetsPartitionOf } from "./state.ts";

export const LOAD_TIMER = "group-load";

/** Until the thread that loads groups begins. */
const LOAD_DELAY: Delay = 2 * MILLISECOND;

export interface OfPartition {
  readonly partition: number;
}

/** The broker was told what it is for this partition. Anything but a partition of __consumer_offsets is ignored. */
export function onLeadershipChange(
  ctx: KafkaCtx,
  name: TopicPartition,
  role: "leader" | "follower" | "removed",
  leaderEpoch: number,
): void {
  if (topicOf(name) !== OFFSETS_TOPIC) return;
  const partition = partitionOf(name);
  const { partitions } = groupSection(ctx);
  const known = partitions[partition];
  if (role !== "leader") {
    if (known !== undefined) unload(ctx, partition);
    return;
  }
  if (known !== undefined) {
    // It led on: what it knows is still right.
    partitions[partition] = { ...known, leaderEpoch };
    return;
  }
  partitions[partition] = { status: "loading", leaderEpoch };
  note(ctx, { kind: "coordinator-loading", topicPartition: name, leaderEpoch });
  ctx.setTimer(`${LOAD_TIMER}:${partition}`, LOAD_DELAY, { partition } satisfies OfPartition);
}

/** The log is read: its groups live here from now on. */
export function onLoadTimer(ctx: KafkaCtx, ports: GroupPorts, { partition }: OfPartition): void {
  const section = groupSection(ctx);
  const known = section.partitions[partition];
  if (known === undefined) return;
  const name = topicPartition(OFFSETS_TOPIC, partition);
  const replayed = replay(ports.readAll(ctx, name));
  section.partitions[partition] = { ...known, status: "owned" };
  for (const groupId of groupIdsOf(replayed)) {
    const group = restore(groupId, replayed);
    section.groups[groupId] = group;
    for (const member of membersOf(group)) heardOf(ctx, group, member);
    note(ctx, {
      kind: "group-loaded",
      group: groupId,
      topicPartition: name,
      state: group.state,
      generationId: group.generationId,
      members: membersOf(group).map((member) => member.memberId),
      offsets: Object.fromEntries(
        Object.entries(group.offsets).map(([one, { committedOffset }]) => [one, committedOffset]),
      ),
    });
  }
}

function groupIdsOf({ groups, offsets }: Replayed): string[] {
  const withOffsets = Object.keys(offsets).filter((groupId) => Object.keys(offsets[groupId] ?? {}).length > 0);
  return [...new Set([...Object.keys(groups), ...withOffsets])];
}

/** A group with members is Stable in its stored generation: a rebalance that had begun is forgotten. */
function restore(groupId: string, { groups, offsets }: Replayed): Group {
  const group = createGroup(groupId);
  group.offsets = { ...offsets[groupId] };
  const stored: StoredGroup | undefined = groups[groupId];
  if (stored === undefined) return group;
  group.generationId = stored.generation;
  group.protocolType = stored.protocolType;
  group.protocolName = stored.protocol;
  group.leader = stored.leader;
  group.state = stored.members.length > 0 ? "Stable" : "Empty";
  for (const member of stored.members) {
    group.members[member.memberId] = restoredMember(member, stored.protocol);
    if (member.groupInstanceId !== null) group.staticMembers[member.groupInstanceId] = member.memberId;
  }
  return group;
}

function unload(ctx: KafkaCtx, partition: number): void {
  const section = groupSection(ctx);
  delete section.partitions[partition];
  ctx.cancelTimer(`${LOAD_TIMER}:${partition}`);
  for (const group of Object.values(section.groups)) {
    if (offsetsPartitionOf(ctx, group.groupId) !== partition) continue;
    const { groupId, state, generationId } = group;
    changeState(ctx, group, "Dead", "the partition of its offsets is led by another broker");
    for (const member of membersOf(group)) {
      answerJoin(ctx, group, member, "NOT_COORDINATOR");
      answerSync(ctx, member, "NOT_COORDINATOR");
      ctx.cancelTimer(sessionTimer(group, member.memberId));
    }
    for (const memberId of Object.keys(group.pendingMembers)) forgetPending(ctx, group, memberId);
    ctx.cancelTimer(`${JOIN_TIMER}:${groupId}`);
    ctx.cancelTimer(`${SYNC_TIMER}:${groupId}`);
    delete section.groups[groupId];
    const topic = topicPartition(OFFSETS_TOPIC, partition);
    note(ctx, { kind: "group-unloaded", group: groupId, topicPartition: topic, state, generationId });
  }
}
