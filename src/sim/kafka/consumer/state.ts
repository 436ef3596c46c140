/** Memory of a consumer: what it is assigned, where it reads, its membership, and what its application's thread is doing. */
import type { ActorId, SimTime } from "../../engine/types.ts";
import { type Client, type ClientState, mayCreateTopics, newClientState } from "../client/client.ts";
import type { ClientException } from "../client/exceptions.ts";
import { isAtLeast } from "../profiles/profile.ts";
import type { ApiName } from "../protocol/api.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { JoinGroupResponse } from "../protocol/groups.ts";
import { type BrokerId, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { LogRecord, RecordBatch } from "../protocol/records.ts";
import { sectionOf } from "../roles.ts";
import type { Then } from "../rpc.ts";
import type { ConsumerActorConfig, KafkaCtx } from "../types.ts";

export const CONSUMER_ROLE = "consumer";
export const MAIN = "main";
export const COORDINATOR = "coordinator";

export type Subscription =
  | { readonly kind: "none" }
  | { readonly kind: "manual" }
  /** `pattern` null: the topics are as subscribed; else those that match now. */
  | { readonly kind: "group"; readonly topics: readonly string[]; readonly pattern: string | null };

/** Where a consumer stands in one partition. */
export interface Position {
  /** Next offset to be returned; null: not known yet. */
  position: number | null;
  /** It waits for ListOffsets; null: it does not. */
  resetTo: "earliest" | "latest" | null;
  /** Whether the application asked for the reset (seekToBeginning, seekToEnd), and not auto.offset.reset. */
  isSought: boolean;
  isResetting: boolean;
  isPaused: boolean;
  retryAt: SimTime;
}

/** A fetched partition that the application has not taken yet. */
export interface CompletedFetch {
  readonly topicPartition: TopicPartition;
  /** Offset asked for. */
  readonly fetchOffset: number;
  /** Next offset to hand out. */
  nextOffset: number;
  readonly errorCode: ErrorName;
  readonly highWatermark: number;
  batches: readonly RecordBatch[];
  /** Whether any of it was handed out. */
  isStarted: boolean;
}

export type MemberState = "unjoined" | "joining" | "assigning" | "completing" | "stable";

export interface Membership {
  coordinatorId: BrokerId | null;
  /** A FindCoordinator request is on its way. */
  isLookingUp: boolean;
  lookupNotBefore: SimTime;
  lookupAttempts: number;
  state: MemberState;
  memberId: string;
  generationId: number;
  protocolName: string | null;
  isLeader: boolean;
  /** Counts joins, so that late answers are recognised. */
  attempt: number;
  retryAt: SimTime;
  retries: number;
  isRejoinNeeded: boolean;
  /** How far the work before a join got: auto commit, callback, giving up partitions. */
  preparing: "no" | "commit" | "callback" | "give-up" | "done";
  /** Topics of the subscription at the last JoinGroup. */
  joinedTopics: readonly string[] | null;
  /** Topics of the whole group; only its leader watches them. */
  groupTopics: readonly string[];
  /** Partition counts that the leader's last assignment rests on; null: not the leader. */
  countsAtAssignment: Readonly<Record<string, number>> | null;
  /** The leader waits for metadata before it deals partitions out. */
  waitingMembers: JoinGroupResponse["members"];
  /** Answer of SyncGroup, taken over in poll(). */
  newAssignment: readonly TopicPartition[] | null;
  /** Thrown by the next poll(). */
  failure: ClientException | null;
  lastPollAt: SimTime;
  lastHeardAt: SimTime;
  nextHeartbeatAt: SimTime;
  nextAutoCommitAt: SimTime;
  /** What groupMetadata() shows (3.9 keeps the old one inside onPartitionsLost). */
  shown: { generationId: number; memberId: string };
}

export type Offsets = Record<TopicPartition, number>;

export type ConsumerCommand = {
  readonly kind: string;
  readonly tag?: string;
  readonly [field: string]: unknown;
};

/** Why offsets are committed. */
export type CommitOrigin =
  | { readonly how: "call"; readonly command: ConsumerCommand; readonly isExplicit: boolean }
  | { readonly how: "callback"; readonly in: string }
  | { readonly how: "auto"; readonly reason: "rebalance" | "close" }
  | { readonly how: "application" };

export interface CommitTask {
  readonly kind: "commit";
  readonly offsets: Offsets;
  readonly origin: CommitOrigin;
  readonly deadline: SimTime | null;
  isInFlight: boolean;
  retryAt: SimTime;
  attempts: number;
  result: "ok" | ClientException | null;
}

export interface PollTask {
  readonly kind: "poll";
  readonly deadline: SimTime;
}

/** position(), committed(), endOffsets(), beginningOffsets(). */
export interface LookupTask {
  readonly kind: "lookup";
  readonly command: ConsumerCommand;
  readonly topicPartition: TopicPartition;
  readonly deadline: SimTime | null;
  isInFlight: boolean;
  retryAt: SimTime;
  attempts: number;
  result: { readonly value: number | null; readonly metadata: string } | ClientException | null;
}

export interface LeaveTask {
  readonly kind: "leave";
  /** Null: the process was asked to stop. */
  readonly command: ConsumerCommand | null;
  readonly closes: boolean;
  readonly deadline: SimTime;
  stage: "commit" | "callback" | "leave" | "wait" | "end";
}

export type Task = PollTask | CommitTask | LookupTask | LeaveTask;

/** What one poll returned and the application works on. */
export interface PolledRecord {
  readonly topicPartition: TopicPartition;
  readonly offset: number;
  readonly tag: string | null;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

export interface Thread {
  queue: ConsumerCommand[];
  /** Innermost call last. */
  stack: Task[];
  isStarted: boolean;
  isPolling: boolean;
  /** No poll before this, after one that threw. */
  notBefore: SimTime;
  sleepUntil: SimTime;
  /** Sleep after each poll that returned records, ms. */
  processMs: number;
  /** Records being worked on, first one next. */
  work: PolledRecord[];
  workedSinceCommit: number;
  /** What the commit policy "after" may commit. */
  workedOffsets: Offsets;
  /** When the record being worked on is done. */
  workUntil: SimTime | null;
  /** A `consumer.poll` by hand that is not over; `got` counts records of its last poll, -1: it threw. */
  hand: { readonly command: ConsumerCommand; polls: number; got: number } | null;
  isAbandoned: boolean;
  isWokenUp: boolean;
  isClosed: boolean;
}

/** A request that waits for its connection. */
export interface Unsent {
  readonly to: ActorId;
  readonly channel: string;
  readonly api: ApiName;
  readonly data: unknown;
  readonly then: Then;
  readonly timeoutMs: number;
  readonly deadline: SimTime;
}

/** A commitAsync or background auto commit without its outcome. */
export interface AsyncCommit {
  readonly id: number;
  readonly offsets: Offsets;
  /** Null: auto commit. */
  readonly command: ConsumerCommand | null;
  /** It waits for the coordinator to be found. */
  isWaiting: boolean;
  result: "ok" | ClientException | null;
  errorCode: ErrorName | null;
}

export interface ConsumerState extends ClientState {
  subscription: Subscription;
  positions: Record<TopicPartition, Position>;
  /** Assigned partitions in the order they are fetched. */
  order: TopicPartition[];
  /** Nodes with a Fetch on its way. */
  fetching: Record<ActorId, true>;
  completed: CompletedFetch[];
  /** Partitions whose committed offset is being fetched. */
  isFetchingCommitted: boolean;
  committedRetryAt: SimTime;
  /** Found while fetching committed offsets; the next poll() throws it. */
  positionFailure: (ClientException & { partitions?: string[] }) | null;
  group: Membership;
  asyncCommits: AsyncCommit[];
  nextCommitId: number;
  unsent: Unsent[];
  thread: Thread;
  /** LeaveGroup requests without answer. */
  leaving: number;
  /** Metadata version that the pattern was last matched with. */
  matchedVersion: number;
  /** The heartbeat thread lives (an abandoned consumer may lose it). */
  hasHeartbeat: boolean;
  /** Extra topics that queries want metadata for. */
  asked: string[];
  /** Records handed to another thread. */
  handedOff: PolledRecord[];
}

export type ConsumerCtx = KafkaCtx<unknown, ConsumerActorConfig>;

export function newConsumerState(config: ConsumerActorConfig): ConsumerState {
  return {
    ...newClientState(),
    subscription: { kind: "none" },
    positions: {},
    order: [],
    fetching: {},
    completed: [],
    isFetchingCommitted: false,
    committedRetryAt: 0,
    positionFailure: null,
    group: newMembership(),
    asyncCommits: [],
    nextCommitId: 1,
    unsent: [],
    thread: {
      queue: [],
      stack: [],
      isStarted: false,
      isPolling: config.polling,
      notBefore: 0,
      sleepUntil: 0,
      processMs: 0,
      work: [],
      workedSinceCommit: 0,
      workedOffsets: {},
      workUntil: null,
      hand: null,
      isAbandoned: false,
      isWokenUp: false,
      isClosed: false,
    },
    leaving: 0,
    matchedVersion: -1,
    hasHeartbeat: true,
    asked: [],
    handedOff: [],
  };
}

export function newMembership(): Membership {
  return {
    coordinatorId: null,
    isLookingUp: false,
    lookupNotBefore: 0,
    lookupAttempts: 0,
    state: "unjoined",
    memberId: "",
    generationId: -1,
    protocolName: null,
    isLeader: false,
    attempt: 0,
    retryAt: 0,
    retries: 0,
    isRejoinNeeded: true,
    preparing: "no",
    joinedTopics: null,
    groupTopics: [],
    countsAtAssignment: null,
    waitingMembers: [],
    newAssignment: null,
    failure: null,
    lastPollAt: 0,
    lastHeardAt: 0,
    nextHeartbeatAt: 0,
    nextAutoCommitAt: 0,
    shown: { generationId: -1, memberId: "" },
  };
}

export function consumerState(ctx: ConsumerCtx): ConsumerState {
  return sectionOf<ConsumerState>(ctx.self, CONSUMER_ROLE);
}

export function consumerClient(ctx: ConsumerCtx): Client {
  const { config } = ctx.self;
  const state = consumerState(ctx);
  return {
    role: CONSUMER_ROLE,
    state,
    settings: config.consumer,
    bootstrapServers: config.bootstrapServers,
    channel: MAIN,
    maxInFlight: 100,
    topics: () => wantedTopics(state),
    allowAutoTopicCreation: mayCreateTopics(config.profile, config.consumer.allowAutoCreateTopics),
  };
}

/** Topics to ask metadata for; null: all, for a pattern. */
function wantedTopics(state: ConsumerState): string[] | null {
  const { subscription } = state;
  if (subscription.kind === "group" && subscription.pattern !== null) return null;
  const topics = new Set<string>([...state.group.groupTopics, ...state.asked]);
  if (subscription.kind === "group") for (const topic of subscription.topics) topics.add(topic);
  for (const name of state.order) topics.add(topicOf(name));
  return [...topics].sort();
}

export function isNewConsumer(ctx: ConsumerCtx): boolean {
  return isAtLeast(ctx.self.config.profile, "3.9");
}

/** The group id; null: none (only 3.9 can have none, the empty name is one). */
export function groupIdOf(ctx: ConsumerCtx): string | null {
  return ctx.self.config.consumer.groupId;
}

export function commitsByItself(ctx: ConsumerCtx): boolean {
  return ctx.self.config.consumer.enableAutoCommit && groupIdOf(ctx) !== null;
}

/** Positions of all assigned partitions that have one: what a commit without offsets commits. */
export function consumedOffsets(state: ConsumerState): Offsets {
  const offsets: Offsets = {};
  for (const name of state.order) {
    const at = state.positions[name]?.position ?? null;
    if (at !== null) offsets[name] = at;
  }
  return offsets;
}

export function newPosition(position: number | null): Position {
  return { position, resetTo: null, isSought: false, isResetting: false, isPaused: false, retryAt: 0 };
}

export function recordOf(
  topicPartition: TopicPartition,
  offset: number,
  record: LogRecord,
  leaderEpoch: number,
): PolledRecord {
  return {
    topicPartition,
    offset,
    tag: record.tag,
    key: record.key,
    value: record.value,
    timestamp: record.timestamp,
    leaderEpoch,
  };
}
