/**
 * Client-side assignors: how the leader of a group deals partitions to its members.
 *
 * In Kafka     RangeAssignor, RoundRobinAssignor (AbstractPartitionAssignor).
 * Simplified   no racks (KIP-881 applies only where consumers set client.rack).
 * Left out     sticky and cooperative-sticky: they are to be added to ASSIGNORS.
 */

import type { Profile } from "../profiles/profile.ts";
import type { JoinGroupResponse } from "../protocol/groups.ts";
import { type TopicPartition, topicPartition } from "../protocol/ids.ts";

/** A member as the JoinGroup response to the group's leader lists it. */
export type AssignorMember = JoinGroupResponse["members"][number];

export interface AssignorInput {
  /** In the order of the leader's JoinGroup response. */
  readonly members: readonly AssignorMember[];
  /** Partitions per topic, from the leader's metadata; a topic without metadata is absent. */
  readonly partitionCounts: Readonly<Record<string, number>>;
  readonly profile: Profile;
}

/** Partitions per member id; every member has an entry. */
export type GroupAssignment = Record<string, TopicPartition[]>;

export interface Assignor {
  /** Its name on the wire, as in the ASSIGNMENT-STRATEGY column of kafka-consumer-groups. */
  readonly protocolName: string;
  readonly assign: (input: AssignorInput) => GroupAssignment;
}

/** Every assignor the clients know; add one here. */
export const ASSIGNORS: readonly Assignor[] = [
  { protocolName: "range", assign: assignRange },
  { protocolName: "roundrobin", assign: assignRoundRobin },
];

/** The assignor of that name, or null. */
export function assignorOf(protocolName: string): Assignor | null {
  return ASSIGNORS.find((assignor) => assignor.protocolName === protocolName) ?? null;
}

/** Topic by topic: each subscribed member in order gets a contiguous block; the first ones get the larger blocks. */
export function assignRange(input: AssignorInput): GroupAssignment {
  const members = inMemberOrder(input);
  const assignment = nothingFor(members);
  for (const topic of subscribedTopics(input)) {
    const subscribers = members.filter((member) => member.metadata.topics.includes(topic));
    const count = input.partitionCounts[topic] as number;
    const each = Math.floor(count / subscribers.length);
    const larger = count % subscribers.length;
    let next = 0;
    subscribers.forEach((member, index) => {
      const end = next + each + (index < larger ? 1 : 0);
      for (; next < end; next++) assignment[member.memberId]?.push(topicPartition(topic, next));
    });
  }
  return assignment;
}

/** All partitions in order, one at a time to the next member on the ring that subscribes to the topic. */
export function assignRoundRobin(input: AssignorInput): GroupAssignment {
  const members = inMemberOrder(input);
  const assignment = nothingFor(members);
  let turn = 0;
  for (const topic of subscribedTopics(input)) {
    for (let partition = 0; partition < (input.partitionCounts[topic] as number); partition++) {
      // Somebody subscribes, so this ends.
      while (members[turn % members.length]?.metadata.topics.includes(topic) !== true) turn++;
      const member = members[turn % members.length] as AssignorMember;
      assignment[member.memberId]?.push(topicPartition(topic, partition));
      turn++;
    }
  }
  return assignment;
}

/** Members as assignors sort them: static ones by instance id (since 2.3), then dynamic ones by member id. */
export function inMemberOrder(input: Pick<AssignorInput, "members" | "profile">): AssignorMember[] {
  const isStatic = (member: AssignorMember): boolean => input.profile === "3.9" && member.groupInstanceId !== null;
  const nameOf = (member: AssignorMember): string =>
    isStatic(member) ? (member.groupInstanceId as string) : member.memberId;
  return [...input.members].sort(
    (a, b) => Number(isStatic(b)) - Number(isStatic(a)) || compareNames(nameOf(a), nameOf(b)),
  );
}

/** Topics somebody subscribes to and the leader knows, by name. */
function subscribedTopics(input: AssignorInput): string[] {
  const topics = new Set(input.members.flatMap((member) => member.metadata.topics));
  return [...topics].filter((topic) => (input.partitionCounts[topic] ?? 0) > 0).sort(compareNames);
}

function nothingFor(members: readonly AssignorMember[]): GroupAssignment {
  return Object.fromEntries(members.map((member) => [member.memberId, []]));
}

/** Java's order of strings: by UTF-16 code units. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
