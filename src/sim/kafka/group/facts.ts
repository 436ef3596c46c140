/**
 * What a group coordinator notes, and the sentence that tells it.
 *
 * Actors in the sentences are members by client id and brokers by actor; times are SimTime.
 */
import type { ActorId, Delay, Fact, SimTime } from "../../engine/types.ts";
import { nearSeconds } from "../../engine/words.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { GroupState } from "./states.ts";

interface About {
  readonly group: string;
}
export interface GroupStateChanged extends About {
  readonly kind: "group-state-changed";
  readonly from: GroupState;
  readonly to: GroupState;
  readonly generationId: number;
  readonly reason: string;
}
export interface MemberIdRequired extends About {
  readonly kind: "member-id-required";
  readonly memberId: string;
  readonly clientId: string;
}
export interface MemberJoined extends About {
  readonly kind: "member-joined";
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly sessionTimeoutMs: number;
  readonly memberCount: number;
  /** The id that a static member had before, if it came back under a new one. */
  readonly replaces: string | null;
}
export interface MemberLeft extends About {
  readonly kind: "member-left";
  readonly memberId: string;
  readonly clientId: string;
  readonly reason: "left" | "session expired" | "rebalance timeout" | "sync timeout" | "join timeout" | "group full";
  readonly lastHeartbeatAt: SimTime;
  readonly sessionTimeoutMs: number;
  readonly memberCount: number;
}
export interface JoinRefused extends About {
  readonly kind: "join-refused";
  readonly clientId: string;
  readonly memberId: string;
  readonly errorCode: ErrorName;
}
export interface RebalanceStarted extends About {
  readonly kind: "rebalance-started";
  readonly reason: string;
  /** The generation that ends with it. */
  readonly generationId: number;
  readonly waitsFor: readonly string[];
  /** At the latest then it goes on without those that are missing. */
  readonly deadline: SimTime;
}
export interface RebalanceCompleted extends About {
  readonly kind: "rebalance-completed";
  readonly generationId: number;
  readonly members: readonly string[];
  readonly leader: string | null;
  readonly protocol: string | null;
  readonly took: Delay;
}
export interface GroupAssigned extends About {
  readonly kind: "group-assignment";
  readonly generationId: number;
  readonly assignments: Readonly<Record<string, readonly TopicPartition[]>>;
}
export interface AssignmentNotStored extends About {
  readonly kind: "assignment-not-stored";
  readonly generationId: number;
  readonly errorCode: ErrorName;
}
export interface OffsetsStored extends About {
  readonly kind: "offsets-stored";
  readonly memberId: string;
  readonly generationId: number;
  readonly offsets: Readonly<Record<string, number>>;
}
export interface CommitRefused extends About {
  readonly kind: "commit-refused";
  readonly clientId: string;
  readonly memberId: string;
  readonly generationId: number;
  /** The group's own. */
  readonly currentGenerationId: number | null;
  readonly state: GroupState | null;
  readonly errorCode: ErrorName;
}
export interface GroupLoaded extends About {
  readonly kind: "group-loaded";
  readonly topicPartition: TopicPartition;
  readonly state: GroupState;
  readonly generationId: number;
  readonly members: readonly string[];
  readonly offsets: Readonly<Record<string, number>>;
}
export interface GroupUnloaded extends About {
  readonly kind: "group-unloaded";
  readonly topicPartition: TopicPartition;
  readonly state: GroupState;
  readonly generationId: number;
}
export interface CoordinatorLoading {
  readonly kind: "coordinator-loading";
  readonly topicPartition: TopicPartition;
  readonly leaderEpoch: number;
}
export interface OffsetsTopicRefused {
  readonly kind: "offsets-topic-refused";
  readonly replicationFactor: number;
  readonly aliveBrokers: number;
}

export type GroupFact =
  | GroupStateChanged
  | MemberIdRequired
  | MemberJoined
  | MemberLeft
  | JoinRefused
  | RebalanceStarted
  | RebalanceCompleted
  | GroupAssigned
  | AssignmentNotStored
  | OffsetsStored
  | CommitRefused
  | GroupLoaded
  | GroupUnloaded
  | CoordinatorLoading
  | OffsetsTopicRefused;

type Says<F> = (fact: F, actor: ActorId, at: SimTime) => string;
type Table = { readonly [K in GroupFact["kind"]]: { readonly says: Says<Extract<GroupFact, { kind: K }>> } };

const table: Table = {
  "group-state-changed": {
    says: (f, actor) => `${actor} moved group ${f.group} from ${f.from} to ${f.to}: ${f.reason}.`,
  },
  "member-id-required": {
    says: (f, actor) =>
      `${actor} gave ${f.clientId} a member id for group ${f.group} and asked it to join again with it.`,
  },
  "member-joined": {
    says: (f, actor) =>
      f.replaces === null
        ? `${f.clientId} joined group ${f.group} at ${actor}: ${members(f.memberCount)}, session ${nearSeconds(f.sessionTimeoutMs * 1000)}.`
        : `${f.clientId} came back to group ${f.group} at ${actor} as ${f.groupInstanceId}: its former member id is fenced.`,
  },
  "member-left": {
    says: (f, actor, at) => `${actor} took ${f.clientId} out of group ${f.group}: ${whyLeft(f, at)}.`,
  },
  "join-refused": {
    says: (f, actor) => `${actor} refused ${f.clientId} in group ${f.group}: ${f.errorCode}.`,
  },
  "rebalance-started": {
    says: (f, actor, at) =>
      `${actor} started a rebalance of group ${f.group}: ${f.reason}. It waits ${nearSeconds(f.deadline - at)} at most.`,
  },
  "rebalance-completed": {
    says: (f, actor) =>
      f.members.length === 0
        ? `${actor} found group ${f.group} empty: generation ${f.generationId}.`
        : `${actor} began generation ${f.generationId} of group ${f.group} with ${members(f.members.length)}, ${nearSeconds(f.took)} after the rebalance started.`,
  },
  "group-assignment": {
    says: (f, actor) => {
      const parts = Object.entries(f.assignments).map(([id, list]) => `${shortId(id)} [${list.join(" ")}]`);
      return `${actor} handed out generation ${f.generationId} of group ${f.group}: ${parts.join(", ")}.`;
    },
  },
  "assignment-not-stored": {
    says: (f, actor) => `${actor} could not write generation ${f.generationId} of group ${f.group}: ${f.errorCode}.`,
  },
  "offsets-stored": {
    says: (f, actor) => `${actor} stored offsets of group ${f.group}: ${offsetsText(f.offsets)}.`,
  },
  "commit-refused": {
    says: (f, actor) =>
      `${actor} refused a commit of ${f.clientId} with generation ${f.generationId}: ${f.errorCode}${current(f)}.`,
  },
  "group-loaded": {
    says: (f, actor) =>
      `${actor} loaded group ${f.group} from ${f.topicPartition}: ${f.state}, generation ${f.generationId}, ${members(f.members.length)}.`,
  },
  "group-unloaded": {
    says: (f, actor) => `${actor} gave up group ${f.group}: it no longer leads ${f.topicPartition}.`,
  },
  "coordinator-loading": {
    says: (f, actor) => `${actor} leads ${f.topicPartition} in epoch ${f.leaderEpoch} and reads its groups.`,
  },
  "offsets-topic-refused": {
    says: (f, actor) =>
      `${actor} could not create __consumer_offsets: it needs ${f.replicationFactor} replicas, and ${f.aliveBrokers} brokers are alive.`,
  },
};

/** Kind of fact → its sentence. */
export const facts = table as unknown as Readonly<Record<string, { readonly says: Says<Fact> }>>;

function members(count: number): string {
  return count === 1 ? "1 member" : `${count} members`;
}

function whyLeft(f: MemberLeft, at: SimTime): string {
  switch (f.reason) {
    case "left":
      return "it left";
    case "session expired":
      return `last heard of ${nearSeconds(at - f.lastHeartbeatAt)} ago, limit ${nearSeconds(f.sessionTimeoutMs * 1000)}`;
    case "rebalance timeout":
      return "it did not join again before the rebalance timeout";
    case "sync timeout":
      return "it did not send SyncGroup before the rebalance timeout";
    case "join timeout":
      return "it waited five minutes to join";
    case "group full":
      return "the group has too many members";
  }
}

function current(f: CommitRefused): string {
  if (f.currentGenerationId === null) return "";
  if (f.errorCode === "REBALANCE_IN_PROGRESS") return "";
  return `; the group is in generation ${f.currentGenerationId}`;
}

function offsetsText(offsets: Readonly<Record<string, number>>): string {
  return Object.entries(offsets)
    .map(([topicPartition, offset]) => `${topicPartition} ${offset}`)
    .join(", ");
}

/** `m1-5bc0475e-…` → `m1`. */
function shortId(memberId: string): string {
  return memberId.replace(/-[0-9a-f]{8}-[0-9a-f-]{27}$/, "");
}
