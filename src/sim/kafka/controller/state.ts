/**
 * What the controller role of a broker remembers: whether it is the controller, the events that wait, and its picture of the
 * cluster.
 *
 * In Kafka     KafkaController, ControllerEventManager, ControllerContext.
 * Simplified   a replica is online or not; log directories do not fail one by one.
 */
import type { ActorState, Message } from "../../engine/types.ts";
import type {
  CreateTopicsResponse,
  LeaderAndIsrRequest,
  StopReplicaRequest,
  UpdateMetadataRequest,
} from "../protocol/control-plane.ts";
import { type BrokerId, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkOp } from "../protocol/zookeeper.ts";
import { sectionOf } from "../roles.ts";
import type { Then } from "../rpc.ts";
import type { BrokerActorConfig, KafkaActor, KafkaCtx } from "../types.ts";
import type { ReplicaAssignment } from "./assignment.ts";
import { onlineBrokers } from "./election.ts";
import type { ControllerView, LeaderAndIsr } from "./partitionStates.ts";
import type { Task } from "./tasks.ts";

/** Name of the role and of its section in memory. */
export const CONTROLLER = "controller";

export type ControllerCtx = KafkaCtx<unknown, BrokerActorConfig>;

/** Something to be worked off by the controller's one event thread; `kind` is the procedure that does it. */
export interface ControllerEvent {
  readonly kind: string;
  /** The request that this event answers, or null. */
  readonly message: Message | null;
  /** What the procedure begins with. */
  readonly locals: Readonly<Record<string, unknown>>;
}

export type PartitionMachineState = "NonExistent" | "New" | "Online" | "Offline";

export type ReplicaMachineState =
  | "NonExistent"
  | "New"
  | "Online"
  | "Offline"
  | "DeletionStarted"
  | "DeletionSuccessful"
  | "DeletionIneligible";

export interface ContextPartition {
  readonly topicPartition: TopicPartition;
  assignment: ReplicaAssignment;
  /** As last read or written; null: there is no state znode. */
  state: LeaderAndIsr | null;
  machine: PartitionMachineState;
  replicas: Record<BrokerId, ReplicaMachineState>;
}

export interface LiveBroker {
  /** czxid of its znode. */
  readonly epoch: number;
  readonly rack: string | null;
}

/** The controller's picture of the cluster. */
export interface ControllerContext {
  /** Registered brokers, those that are shutting down included. */
  liveBrokers: Record<BrokerId, LiveBroker>;
  shuttingDownBrokers: BrokerId[];
  topics: Record<string, { topicId: string | null }>;
  partitions: Record<TopicPartition, ContextPartition>;
  topicsToBeDeleted: Record<string, true>;
  /** Of those, the ones whose deletion has to wait. */
  topicsIneligibleForDeletion: Record<string, true>;
  /** Of those, the ones whose replicas are being deleted. */
  topicsWithDeletionStarted: Record<string, true>;
  /** Reassignments under way: their targets. */
  reassigned: Record<TopicPartition, readonly BrokerId[]>;
}

/** An order to one broker. */
export type ControlRequest =
  | { readonly api: "LeaderAndIsr"; readonly data: LeaderAndIsrRequest }
  | { readonly api: "UpdateMetadata"; readonly data: UpdateMetadataRequest }
  | { readonly api: "StopReplica"; readonly data: StopReplicaRequest };

/** The send thread of one broker: a queue, of which the first request is in flight or waits for its next try. */
export interface Sender {
  /** Tells its answers from those of an earlier thread for the same broker. */
  readonly id: number;
  queue: ControlRequest[];
  isInFlight: boolean;
}

/** Orders being gathered during one call of a state machine. */
export interface RequestBatch {
  leaderAndIsr: Record<BrokerId, Record<TopicPartition, LeaderAndIsrRequest["partitionStates"][number]>>;
  updateMetadataBrokers: Record<BrokerId, true>;
  updateMetadata: Record<TopicPartition, UpdateMetadataRequest["partitionStates"][number]>;
  stopReplica: Record<BrokerId, Record<TopicPartition, StopReplicaRequest["partitions"][number]>>;
}

/** A CreateTopics or CreatePartitions whose znodes are written, waiting for leaders. */
export interface WaitingCreate {
  readonly id: number;
  readonly api: "CreateTopics" | "CreatePartitions";
  readonly message: Message;
  readonly topics: CreateTopicsResponse["topics"];
  /** Partitions that need a leader. */
  readonly partitions: readonly TopicPartition[];
}

export interface ControllerMemory {
  isActive: boolean;
  /** As last read from /controller; -1: none. */
  activeControllerId: BrokerId;
  epoch: number;
  epochZkVersion: number;
  /** Waiting events, first in first out. */
  queue: ControllerEvent[];
  /** The event being worked off. */
  current: ControllerEvent | null;
  /** Work under way by name: `event`, and `create:N` for requests that the event thread does not see. */
  tasks: Record<string, Task>;
  nextId: number;
  context: ControllerContext;
  senders: Record<BrokerId, Sender>;
  batch: RequestBatch;
  waitingCreates: WaitingCreate[];
}

/** What the controller role needs of the rest of its broker; filled in by model.ts. */
export interface ControllerPorts {
  zkRequest(ctx: KafkaCtx, op: ZkOp, then: Then): void;
  /** Brokers that are alive as the own metadata cache has it. */
  liveBrokers(ctx: KafkaCtx): readonly { readonly id: BrokerId; readonly rack: string | null }[];
  /** Leader of a partition as the own metadata cache has it; -1: none. */
  leaderOf(ctx: KafkaCtx, topicPartition: TopicPartition): BrokerId;
  /** What is wrong with a topic setting, in Kafka's words; null if nothing. */
  topicConfigProblem(ctx: KafkaCtx, key: string, value: string): string | null;
}

export function createContext(): ControllerContext {
  return {
    liveBrokers: {},
    shuttingDownBrokers: [],
    topics: {},
    partitions: {},
    topicsToBeDeleted: {},
    topicsIneligibleForDeletion: {},
    topicsWithDeletionStarted: {},
    reassigned: {},
  };
}

export function createBatch(): RequestBatch {
  return { leaderAndIsr: {}, updateMetadataBrokers: {}, updateMetadata: {}, stopReplica: {} };
}

export function createControllerMemory(): ControllerMemory {
  return {
    isActive: false,
    activeControllerId: -1,
    epoch: 0,
    epochZkVersion: 0,
    queue: [],
    current: null,
    tasks: {},
    nextId: 1,
    context: createContext(),
    senders: {},
    batch: createBatch(),
    waitingCreates: [],
  };
}

/** The controller's section of the memory of the actor that handles the event. */
export function controllerOf(ctx: { readonly self: { readonly memory: unknown } }): ControllerMemory {
  return (ctx.self.memory as Record<string, unknown>)[CONTROLLER] as ControllerMemory;
}

/** The controller's section of memory of any actor, or null if its process is down. For observers and views. */
export function controllerMemoryOf(actor: ActorState | KafkaActor): ControllerMemory | null {
  return actor.memory === null ? null : sectionOf<ControllerMemory>(actor, CONTROLLER);
}

/** The current event goes on, but its request needs no answer any more. */
export function markAnswered(ctx: ControllerCtx): void {
  const memory = controllerOf(ctx);
  if (memory.current !== null) memory.current = { ...memory.current, message: null };
}

export function contextOf(ctx: ControllerCtx): ControllerContext {
  return controllerOf(ctx).context;
}

export function partitionIn(ctx: ControllerCtx, topicPartition: TopicPartition): ContextPartition | null {
  return contextOf(ctx).partitions[topicPartition] ?? null;
}

/** Registered brokers, those that are shutting down included; ascending. */
export function liveOrShuttingDown(ctx: ControllerCtx): BrokerId[] {
  return Object.keys(contextOf(ctx).liveBrokers).map(Number);
}

export function isOnline(ctx: ControllerCtx, broker: BrokerId): boolean {
  const { liveBrokers, shuttingDownBrokers } = contextOf(ctx);
  return liveBrokers[broker] !== undefined && !shuttingDownBrokers.includes(broker);
}

/** What the pure state transitions look at. */
export function viewOf(ctx: ControllerCtx, isUncleanEnabled: boolean): ControllerView {
  const { profile, rules } = ctx.self.config;
  return {
    controllerEpoch: controllerOf(ctx).epoch,
    liveBrokers: liveOrShuttingDown(ctx),
    shuttingDownBrokers: contextOf(ctx).shuttingDownBrokers,
    isUncleanEnabled,
    profile,
    rules,
  };
}

export function onlineIds(ctx: ControllerCtx): BrokerId[] {
  return onlineBrokers(viewOf(ctx, false));
}

/** By topic name, then by partition number. */
export function byTopicAndNumber(a: TopicPartition, b: TopicPartition): number {
  const [topicA, topicB] = [topicOf(a), topicOf(b)];
  if (topicA !== topicB) return topicA < topicB ? -1 : 1;
  return partitionOf(a) - partitionOf(b);
}

/** Partitions that `wanted` says yes to, in order. */
export function partitionsWhere(
  ctx: ControllerCtx,
  wanted: (partition: ContextPartition) => boolean,
): TopicPartition[] {
  return Object.values(contextOf(ctx).partitions)
    .filter(wanted)
    .map((partition) => partition.topicPartition)
    .sort(byTopicAndNumber);
}

export function isToBeDeleted(ctx: ControllerCtx, topicPartition: TopicPartition): boolean {
  return contextOf(ctx).topicsToBeDeleted[topicOf(topicPartition)] === true;
}
