/**
 * What a coordinator remembers of its groups; all of it in memory, and rebuilt from the log of its offsets partition.
 *
 * In Kafka     GroupMetadata, MemberMetadata, GroupMetadataManager (groupMetadataCache, ownedPartitions, loadingPartitions).
 * Simplified   a response callback is the parked request itself; the maps are records, in the order of joining.
 * Left out     offsets of open transactions; expiry of offsets.
 *
 * Others read this through {@link groupsAt}; only the coordinator writes it.
 */
import { must } from "../../engine/assert.ts";
import type { ActorId, ActorState, Message, SimTime } from "../../engine/types.ts";
import type { JoinGroupRequest } from "../protocol/groups.ts";
import { type TopicPartition, topicPartition } from "../protocol/ids.ts";
import { sectionOf } from "../roles.ts";
import type { BrokerActorConfig, KafkaActor, KafkaCtx } from "../types.ts";
import { partitionFor } from "./partitionFor.ts";
import type { GroupState, InitialDelay } from "./states.ts";

export const OFFSETS_TOPIC = "__consumer_offsets";

/** Name of the role, and of its section of memory. */
export const GROUP_ROLE = "group";

/** Protocols as JoinGroup lists them, in the member's order of preference. */
export type MemberProtocols = JoinGroupRequest["protocols"];

export interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** The consumer's actor. */
  readonly actor: ActorId;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: MemberProtocols;
  assignment: readonly TopicPartition[];
  /** Added, and not yet through a rebalance: it does not know its member id, and cannot send heartbeats. */
  isNew: boolean;
  lastHeartbeatAt: SimTime;
  /** When it is removed unless it is heard of; null: it waits in JoinGroup or SyncGroup, which no session ends. */
  sessionDeadline: SimTime | null;
  /** Its JoinGroup, while that waits for the others. */
  join: Message | null;
  /** Its SyncGroup, while that waits for the leader's assignment. */
  sync: Message | null;
}

export interface StoredOffset {
  /** The next offset to read. */
  readonly committedOffset: number;
  /** -1: not told. */
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string;
  /** Milliseconds of simulated time. */
  readonly commitTimestamp: number;
}

export interface Group {
  readonly groupId: string;
  state: GroupState;
  generationId: number;
  /** Null: no member has ever joined (offsets of a simple consumer). */
  protocolType: "consumer" | null;
  /** The assignor of the current generation. */
  protocolName: string | null;
  /** Member id of the leader of the group. */
  leader: string | null;
  /** In the order of joining. */
  members: Record<string, GroupMember>;
  /** Ids handed out by MEMBER_ID_REQUIRED that have not come back yet; value: when they are forgotten. */
  pendingMembers: Record<string, SimTime>;
  /** Member ids that were told of the generation and have not sent SyncGroup yet (3.9). */
  pendingSyncMembers: readonly string[];
  /** Member id by group.instance.id. */
  staticMembers: Record<string, string>;
  /** While PreparingRebalance from Empty: the wait that nothing shortens. */
  initialDelay: InitialDelay | null;
  /** A further member came in this wait, while the group was new. */
  newMemberAdded: boolean;
  /** Since when, why, and until when the present rebalance waits; null: none is being prepared. */
  rebalance: { readonly since: SimTime; readonly reason: string; readonly deadline: SimTime } | null;
  /** Committed offsets by topic partition. */
  offsets: Record<string, StoredOffset>;
}

/** An offsets partition that this broker leads. */
export interface OwnedPartition {
  readonly status: "loading" | "owned";
  readonly leaderEpoch: number;
}

export interface GroupSection {
  /** By group id. */
  groups: Record<string, Group>;
  /** Offsets partitions led here, by partition index. */
  partitions: Record<string, OwnedPartition>;
  /** Since when this broker is creating __consumer_offsets; null: it is not. */
  creatingTopicSince: SimTime | null;
}

export function createGroupSection(): GroupSection {
  return { groups: {}, partitions: {}, creatingTopicSince: null };
}

export function createGroup(groupId: string): Group {
  return {
    groupId,
    state: "Empty",
    generationId: 0,
    protocolType: null,
    protocolName: null,
    leader: null,
    members: {},
    pendingMembers: {},
    pendingSyncMembers: [],
    staticMembers: {},
    initialDelay: null,
    newMemberAdded: false,
    rebalance: null,
    offsets: {},
  };
}

/** The groups that broker `actor` coordinates, by group id; none while its process is down. Reading only. */
export function groupsAt(actor: ActorState | KafkaActor): Readonly<Record<string, Group>> {
  return actor.memory === null ? {} : sectionOf<GroupSection>(actor, GROUP_ROLE).groups;
}

export function groupSection(ctx: KafkaCtx): GroupSection {
  return sectionOf<GroupSection>(ctx.self, GROUP_ROLE);
}

export function brokerConfigOf(ctx: KafkaCtx): BrokerActorConfig {
  return ctx.self.config as BrokerActorConfig;
}

/** Partition of __consumer_offsets that keeps the group, among `offsets.topic.num.partitions`. */
export function offsetsPartitionOf(ctx: KafkaCtx, groupId: string): number {
  return partitionFor(groupId, brokerConfigOf(ctx).broker.offsetsTopicNumPartitions);
}

export function offsetsTopicPartitionOf(ctx: KafkaCtx, groupId: string): TopicPartition {
  return topicPartition(OFFSETS_TOPIC, offsetsPartitionOf(ctx, groupId));
}

/** Members in the order of joining. */
export function membersOf(group: Group): GroupMember[] {
  return Object.values(group.members);
}

export function memberOf(group: Group, memberId: string): GroupMember {
  return must(group.members[memberId], `member ${memberId} of group ${group.groupId}`);
}

/** The longest a rebalance of this group waits, milliseconds. */
export function rebalanceTimeoutMs(group: Group): number {
  return membersOf(group).reduce((longest, member) => Math.max(longest, member.rebalanceTimeoutMs), 0);
}

/** What `member` says under the protocol of the current generation. */
export function metadataOf(group: Group, member: GroupMember): MemberProtocols[number]["metadata"] {
  const protocol = member.protocols.find((one) => one.name === group.protocolName);
  return must(protocol, `protocol ${group.protocolName} of ${member.memberId}`).metadata;
}
