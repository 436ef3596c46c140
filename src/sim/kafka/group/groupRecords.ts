/**
 * What lies in __consumer_offsets: one record per committed offset, and one per generation of a group.
 *
 * In Kafka     GroupMetadataManager: offsetCommitKey and -Value, groupMetadataKey and -Value, doLoadGroupsAndOffsets.
 * Simplified   key and value are text (JSON) instead of versioned binary schemas. Keys: `offset <group> <topic>-<partition>`
 *              and `group <group>`. The newest record of a key counts; a null value deletes it.
 * Left out     records of transactional offset commits; the expiry time that 0.10 writes into each offset.
 */
import type { Profile } from "../profiles/profile.ts";
import type { Subscription } from "../protocol/groups.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { LogRecord, RecordBatch } from "../protocol/records.ts";
import { type Group, type GroupMember, membersOf, metadataOf, type StoredOffset } from "./state.ts";

export interface StoredMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** The consumer's actor, in the place of its address. */
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  readonly subscription: Subscription;
  readonly assignment: readonly TopicPartition[];
}

/** Value of a group's record. */
export interface StoredGroup {
  readonly protocolType: "consumer" | null;
  readonly generation: number;
  readonly protocol: string | null;
  readonly leader: string | null;
  /** Milliseconds; only since 2.1. */
  readonly currentStateTimestamp?: number;
  readonly members: readonly StoredMember[];
}

/** One record, read. */
export type GroupRecord =
  | { readonly kind: "group"; readonly groupId: string; readonly value: StoredGroup | null }
  | {
      readonly kind: "offset";
      readonly groupId: string;
      readonly topicPartition: TopicPartition;
      readonly value: StoredOffset | null;
    };

/** The record of one committed offset; `offset` null deletes it. */
export function offsetRecord(
  groupId: string,
  topicPartition: TopicPartition,
  offset: StoredOffset | null,
  timestamp: number,
  profile: Profile,
): LogRecord {
  return {
    key: `offset ${groupId} ${topicPartition}`,
    value: offset === null ? null : JSON.stringify(offsetValue(offset, profile)),
    timestamp,
    tag: null,
  };
}

/** Field by field, so that a version writes only what it knows: the leader epoch came with 2.1. */
function offsetValue(offset: StoredOffset, profile: Profile): object {
  const { committedOffset, committedLeaderEpoch, committedMetadata, commitTimestamp } = offset;
  const known = { offset: committedOffset, metadata: committedMetadata, commitTimestamp };
  return profile === "0.10" ? known : { ...known, leaderEpoch: committedLeaderEpoch };
}

/** The record of a group's present generation, with `assignments` by member id. */
export function groupRecord(
  group: Group,
  assignments: Readonly<Record<string, readonly TopicPartition[]>>,
  timestamp: number,
  profile: Profile,
): LogRecord {
  const value: StoredGroup = {
    protocolType: group.protocolType,
    generation: group.generationId,
    protocol: group.protocolName,
    leader: group.leader,
    ...(profile === "0.10" ? {} : { currentStateTimestamp: timestamp }),
    members: membersOf(group).map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.actor,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      subscription: metadataOf(group, member),
      assignment: assignments[member.memberId] ?? [],
    })),
  };
  return { key: `group ${group.groupId}`, value: JSON.stringify(value), timestamp, tag: null };
}

/** Reads a record of __consumer_offsets; null if it is none of ours. */
export function readGroupRecord(record: LogRecord): GroupRecord | null {
  const key = record.key ?? "";
  if (key.startsWith("group ")) {
    const value = record.value === null ? null : (JSON.parse(record.value) as StoredGroup);
    return { kind: "group", groupId: key.slice("group ".length), value };
  }
  if (!key.startsWith("offset ")) return null;
  // A topic's name holds no blank; a group's id may.
  const blank = key.lastIndexOf(" ");
  const topicPartition = key.slice(blank + 1) as TopicPartition;
  const groupId = key.slice("offset ".length, blank);
  return { kind: "offset", groupId, topicPartition, value: record.value === null ? null : readOffset(record.value) };
}

function readOffset(text: string): StoredOffset {
  const value = JSON.parse(text) as {
    offset: number;
    metadata: string;
    commitTimestamp: number;
    leaderEpoch?: number;
  };
  return {
    committedOffset: value.offset,
    committedLeaderEpoch: value.leaderEpoch ?? -1,
    committedMetadata: value.metadata,
    commitTimestamp: value.commitTimestamp,
  };
}

/** What a log says in the end: the newest of each key, in the order the keys first came. */
export interface Replayed {
  /** By group id. */
  readonly groups: Record<string, StoredGroup>;
  /** By group id, then topic partition. */
  readonly offsets: Record<string, Record<string, StoredOffset>>;
}

export function replay(batches: readonly RecordBatch[]): Replayed {
  const replayed: Replayed = { groups: {}, offsets: {} };
  for (const batch of batches) {
    if (batch.isControl) continue;
    for (const record of batch.records) {
      const read = readGroupRecord(record);
      if (read !== null) apply(replayed, read);
    }
  }
  return replayed;
}

function apply({ groups, offsets }: Replayed, read: GroupRecord): void {
  if (read.kind === "group") {
    if (read.value === null) delete groups[read.groupId];
    else groups[read.groupId] = read.value;
    return;
  }
  offsets[read.groupId] ??= {};
  const ofGroup = offsets[read.groupId] as Record<string, StoredOffset>;
  if (read.value === null) delete ofGroup[read.topicPartition];
  else ofGroup[read.topicPartition] = read.value;
}

/** A member as its group's record keeps it. It knows only the protocol that was chosen, as in Kafka. */
export function restoredMember(stored: StoredMember, protocol: string | null): GroupMember {
  return {
    memberId: stored.memberId,
    groupInstanceId: stored.groupInstanceId,
    clientId: stored.clientId,
    actor: stored.clientHost,
    sessionTimeoutMs: stored.sessionTimeoutMs,
    rebalanceTimeoutMs: stored.rebalanceTimeoutMs,
    protocols: protocol === null ? [] : [{ name: protocol, metadata: stored.subscription }],
    assignment: stored.assignment,
    isNew: false,
    lastHeartbeatAt: 0,
    sessionDeadline: null,
    join: null,
    sync: null,
  };
}
