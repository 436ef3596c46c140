/**
 * What a broker keeps: on disk its logs and checkpoints, in memory the partitions it hosts and what it waits for.
 *
 * In Kafka     ReplicaManager.allPartitions, Partition, ZkMetadataCache, DelayedOperationPurgatory, AbstractFetcherThread;
 *              replication-offset-checkpoint, .kafka_cleanshutdown.
 * Simplified   one log directory; one fetcher thread per leader; parked operations lie in one table.
 *
 * Others read this through {@link brokerOf} and {@link diskOf}; only the broker role writes it. The coordinators and the
 * controller use the door (door.ts) and the ports of the broker role.
 */
import type { ActorState, Delay, Message, SimTime } from "../../engine/types.ts";
import type { PartitionLog } from "../log/state.ts";
import type { TopicConfig } from "../profiles/config.ts";
import type { PartitionState, UpdateMetadataRequest } from "../protocol/control-plane.ts";
import type { FetchedPartition, FetchPartition, ProduceResponse } from "../protocol/data-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { BrokerId, TopicPartition } from "../protocol/ids.ts";
import type { UnplacedBatch } from "../protocol/records.ts";
import { sectionOf } from "../roles.ts";
import type { Then } from "../rpc.ts";
import type { BrokerActorConfig, KafkaActor, KafkaCtx } from "../types.ts";
import type { IsrShrinkEvidence } from "./facts.ts";
import type { LeaderReplicaState } from "./isrState.ts";

export interface BrokerDisk {
  /** By topic partition. */
  logs: Record<string, PartitionLog>;
  /** replication-offset-checkpoint: high watermarks by topic partition, up to 5 s old. */
  highWatermarkCheckpoint: Record<string, number>;
  /** Whether the last process stopped cleanly; false while one runs. */
  cleanShutdown: boolean;
  /** What the last loss of power took of each log; made known when the process starts again. */
  lost: {
    readonly topicPartition: TopicPartition;
    readonly from: number;
    readonly to: number;
    readonly tags: readonly string[];
  }[];
}

export function createBrokerDisk(): BrokerDisk {
  return { logs: {}, highWatermarkCheckpoint: {}, cleanShutdown: true, lost: [] };
}

/** A partition that the controller told this broker to host. */
export interface HostedPartition {
  readonly topicPartition: TopicPartition;
  /** `none`: known, but the broker neither leads nor follows it (its leader was not alive when it was told). */
  role: "leader" | "follower" | "none";
  /** -1: none, or not known. */
  leader: BrokerId;
  /** -1 before the first order. */
  leaderEpoch: number;
  /** Epoch of the controller whose state this is; written into ZooKeeper with an ISR change. */
  controllerEpoch: number;
  partitionEpoch: number;
  replicas: readonly BrokerId[];
  /** As last ordered; a leader's own view is in `leaderState`. */
  isr: readonly BrokerId[];
  highWatermark: number;
  /** Followers, ISR and pending change, while the broker leads. */
  leaderState: LeaderReplicaState | null;
  /** Where each follower's log begins, as its last fetch said; while the broker leads. Frozen. */
  followerLogStarts: Readonly<Record<BrokerId, number>>;
  /** 2.1, 0.10: an ISR change is being written and holds the partition; produce, fetch and orders wait. */
  isrWrite: boolean;
}

/** What a new leader knows of its followers' log starts. */
export const NO_LOG_STARTS: HostedPartition["followerLogStarts"] = Object.freeze({});

/** A partition as UpdateMetadata describes it; the frozen object of the request. */
export type CachedPartition = UpdateMetadataRequest["partitionStates"][number];

export interface MetadataCache {
  /** Sender of the last UpdateMetadata; -1 before the first. */
  controllerId: BrokerId;
  /** Brokers that are alive, as last told. */
  brokers: UpdateMetadataRequest["liveBrokers"];
  /** Topic → partition index → state. */
  topics: Record<string, Record<number, CachedPartition>>;
}

/** One partition of a fetcher. */
export interface FetchState {
  fetchOffset: number;
  currentLeaderEpoch: number;
  /** 3.9: epoch of the last record held; -1: none. */
  lastFetchedEpoch: number;
  /** `truncating`: the log must first be made to agree with the leader's. */
  state: "truncating" | "fetching";
  /** After an error: not before this moment. */
  delayedUntil: SimTime | null;
  /** What was last asked for, used again while nothing changed. */
  attempt: FetchAttempt | null;
}

/** One partition of a fetch that is on its way. Frozen. */
export interface FetchAttempt {
  readonly request: FetchPartition;
  /** The leader epoch in which it was asked, even where the request does not say it. */
  readonly leaderEpoch: number;
}

/** The thread that fetches from one leader. */
export interface Fetcher {
  readonly leader: BrokerId;
  /** Tells its requests from those of an earlier thread for the same leader. */
  readonly id: number;
  partitions: Record<string, FetchState>;
  /** Whether a request is on its way; there is one at a time. */
  busy: boolean;
  /** 2.1: the next fetch opens a fetch session, and so names the leader epoch of every partition. */
  fullFetch: boolean;
  /** Partitions whose offset the leader does not have, to be looked at one after the other. */
  outOfRange: string[];
  /** The next fetch is not sent before (config.fetchDelay). */
  notBefore: SimTime;
}

/** A Produce that waits for its records to be replicated, or a coordinator's append. */
export interface DelayedProduce {
  readonly id: number;
  readonly deadline: SimTime;
  /** The request to answer; null for an append through the door. */
  readonly message: Message | null;
  /** What to do with the result of an append through the door. */
  readonly then: Then | null;
  partitions: ProduceProgress[];
}

export interface ProduceProgress {
  readonly topicPartition: TopicPartition;
  /** Null: still waits for `requiredOffset`. */
  errorCode: ErrorName | null;
  readonly baseOffset: number;
  readonly requiredOffset: number;
}

/** A Fetch that waits for data. */
export interface DelayedFetch {
  readonly id: number;
  readonly deadline: SimTime;
  readonly message: Message;
}

/** A DeleteRecords that waits until the live replicas have followed. */
export interface DelayedDelete {
  readonly id: number;
  readonly deadline: SimTime;
  readonly message: Message;
  readonly partitions: {
    readonly topicPartition: TopicPartition;
    /** Null: still waits for `requiredOffset`. */
    errorCode: ErrorName | null;
    readonly requiredOffset: number;
    lowWatermark: number;
  }[];
}

/** A request whose handling stopped at a partition that an ISR write holds (2.1, 0.10). */
export type BlockedWork =
  | { readonly kind: "produce"; readonly message: Message; next: number; done: ProduceResult[] }
  | { readonly kind: "door-append"; readonly append: DoorAppend }
  | {
      readonly kind: "fetch";
      readonly message: Message;
      phase: "read" | "update";
      next: number;
      read: FetchedPartition[];
      bytes: number;
      /** The leader's log end at each read, and when that was. */
      ends: number[];
      at: SimTime;
      /** The partition whose follower was counted last, and whether its log end had moved. */
      counted: number;
      hasMoved: boolean;
    };

export type ProduceResult = ProduceResponse["responses"][number] & {
  /** -1: nothing to wait for. */
  readonly requiredOffset: number;
};

/** An append of a coordinator. */
export interface DoorAppend {
  readonly topicPartition: TopicPartition;
  readonly batch: UnplacedBatch;
  readonly acks: 1 | -1;
  readonly timeout: Delay;
  readonly then: Then;
}

/** An ISR change sent to the controller, or waiting to be (3.9). */
export interface AlterPartitionItem {
  readonly topicPartition: TopicPartition;
  readonly leaderEpoch: number;
  readonly newIsr: readonly BrokerId[];
  readonly partitionEpoch: number;
  /** The ISR it starts from, and why a member goes: for the fact. */
  readonly from: readonly BrokerId[];
  readonly evidence: IsrShrinkEvidence | null;
}

/** What is left of an order that has been carried out: its answer, and what the coordinators have to hear. */
export interface UnfinishedOrder {
  readonly message: Message;
  readonly partitionErrors: readonly { readonly topicPartition: TopicPartition; readonly errorCode: ErrorName }[];
  readonly changes: readonly LeadershipChange[];
}

export interface LeadershipChange {
  readonly topicPartition: TopicPartition;
  readonly role: "leader" | "follower";
  readonly leaderEpoch: number;
}

export interface BrokerMemory {
  /** `starting`: the process loads its logs; `running`: it serves; `stopping`: SIGTERM, its services end. */
  phase: "starting" | "running" | "stopping";
  /** Whether there is a ZooKeeper session to register in. */
  hasSession: boolean;
  /** Whether /brokers/ids/N is ours. */
  registered: boolean;
  /** Id of the session that the broker last registered in; 0: none yet. */
  registeredSession: number;
  /** czxid of the own broker znode; -1 before the first registration. */
  brokerEpoch: number;
  /** Highest controller epoch that an order came with. */
  controllerEpoch: number;
  /** Sender of the last accepted order; -1 before the first. */
  controllerId: BrokerId;
  metadata: MetadataCache;
  /** By topic; a frozen record each. */
  topicConfigs: Record<string, TopicConfig>;
  /** Topics whose configuration is being read. */
  readingConfigs: Record<string, true>;
  partitions: Record<string, HostedPartition>;
  fetchers: Record<number, Fetcher>;
  nextFetcherId: number;
  /** 0.10: threads that end, by id, once what they asked has come back; until then no further order is carried out. */
  endingFetchers: number[];
  /** 0.10: a LeaderAndIsr that is carried out but not answered, as it waits for threads to end; null: none. */
  unfinishedOrder: UnfinishedOrder | null;
  /** LeaderAndIsr and StopReplica, in order of arrival; the first one may wait for a configuration or an ISR write. */
  orders: Message[];
  /** Parked operations by id, and the ids that watch a topic partition. */
  delayedProduces: Record<number, DelayedProduce>;
  delayedFetches: Record<number, DelayedFetch>;
  delayedDeletes: Record<number, DelayedDelete>;
  produceWatchers: Record<string, number[]>;
  fetchWatchers: Record<string, number[]>;
  nextDelayedId: number;
  /** When the next look for expired operations is due; null: not set. */
  expireAt: SimTime | null;
  /** Requests held by an ISR write, in order. */
  blocked: { readonly on: TopicPartition; readonly work: BlockedWork }[];
  /** 2.1, 0.10: partitions that the running isr-expiration check has still to look at; null: no check is running. */
  shrinkCheck: TopicPartition[] | null;
  /** Whether a check fell due while one was running; it then follows at once. */
  shrinkCheckOverdue: boolean;
  /** 2.1, 0.10: the first partition of the check has been looked at, and holds it by its write. */
  shrinkCheckHeld: boolean;
  /** 2.1, 0.10: changed partitions not yet made known in /isr_change_notification. */
  isrChanges: { changed: TopicPartition[]; lastChange: SimTime; lastPropagation: SimTime };
  /** 3.9: proposals by topic partition, and whether a request is on its way. */
  alterPartition: { unsent: Record<string, AlterPartitionItem>; inFlight: boolean };
  /** Producer ids reserved from /latest_producer_id_block; null: none yet. */
  producerIds: { next: number; end: number } | null;
  producerIdWaiters: Message[];
  readingProducerIds: boolean;
  /** Whether the periodic checkpoint of high watermarks runs. */
  checkpointing: boolean;
  /** SIGTERM has come: the broker still serves while it asks to be relieved, but begins to follow nobody. */
  isShuttingDown: boolean;
  /** Tries of the controlled shutdown made so far. */
  shutdownTries: number;
}

export function createBrokerMemory(): BrokerMemory {
  return {
    phase: "starting",
    hasSession: false,
    registered: false,
    registeredSession: 0,
    brokerEpoch: -1,
    controllerEpoch: 0,
    controllerId: -1,
    metadata: { controllerId: -1, brokers: [], topics: {} },
    topicConfigs: {},
    readingConfigs: {},
    partitions: {},
    fetchers: {},
    nextFetcherId: 1,
    endingFetchers: [],
    unfinishedOrder: null,
    orders: [],
    delayedProduces: {},
    delayedFetches: {},
    delayedDeletes: {},
    produceWatchers: {},
    fetchWatchers: {},
    nextDelayedId: 1,
    expireAt: null,
    blocked: [],
    shrinkCheck: null,
    shrinkCheckOverdue: false,
    shrinkCheckHeld: false,
    isrChanges: { changed: [], lastChange: 0, lastPropagation: 0 },
    alterPartition: { unsent: {}, inFlight: false },
    producerIds: null,
    producerIdWaiters: [],
    readingProducerIds: false,
    checkpointing: false,
    isShuttingDown: false,
    shutdownTries: 0,
  };
}

/** Name of the role and of its section of memory. */
export const BROKER_ROLE = "broker";

export type BrokerActor = KafkaActor<BrokerDisk, BrokerActorConfig>;
export type BrokerCtx = KafkaCtx<BrokerDisk, BrokerActorConfig>;

/** The broker's section of the memory of the actor that handles the event. */
export function brokerOf(ctx: KafkaCtx): BrokerMemory {
  return ctx.self.memory[BROKER_ROLE] as BrokerMemory;
}

/** The broker's section of memory of any actor, or null if its process is down. For observers and views. */
export function brokerMemoryOf(actor: ActorState | KafkaActor): BrokerMemory | null {
  return actor.memory === null ? null : sectionOf<BrokerMemory>(actor, BROKER_ROLE);
}

export function diskOf(ctx: KafkaCtx): BrokerDisk {
  return ctx.self.disk as BrokerDisk;
}

/** The log of a partition on the own disk, or null. */
export function logOf(ctx: KafkaCtx, topicPartition: TopicPartition): PartitionLog | null {
  return diskOf(ctx).logs[topicPartition] ?? null;
}

/** The ISR as the partition's broker sees it: a leader's committed one, else as last ordered. */
export function isrOf(partition: HostedPartition): readonly BrokerId[] {
  return partition.leaderState?.isr ?? partition.isr;
}

/** What LeaderAndIsr says of a partition. */
export type PartitionOrder = PartitionState;
