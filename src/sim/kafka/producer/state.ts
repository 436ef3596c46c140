/** Memory of a producer: what waits, what is on its way, where its application stands. Plain data. */
import type { ActorId, SimTime } from "../../engine/types.ts";
import { type Client, type ClientState, newClientState } from "../client/client.ts";
import type { BrokerId, TopicPartition } from "../protocol/ids.ts";
import type { LogRecord, UnplacedBatch } from "../protocol/records.ts";
import { sectionOf } from "../roles.ts";
import type { KafkaCtx, ProducerActorConfig } from "../types.ts";
import type { RoundRobinState, StickyState } from "./partitioner.ts";

export const PRODUCER_ROLE = "producer";

/** A batch from its first record to its end (Kafka's ProducerBatch). */
export interface Batch {
  readonly id: number;
  readonly topicPartition: TopicPartition;
  readonly topic: string;
  readonly partition: number;
  records: LogRecord[];
  sizeBytes: number;
  /** Bytes taken from buffer.memory. */
  readonly bufferBytes: number;
  readonly createdAt: SimTime;
  /** When a record was last added. */
  lastAppendAt: SimTime;
  /** Retries so far. */
  attempts: number;
  lastAttemptAt: SimTime;
  /** When it may be sent again, after a failure. */
  retryAt: SimTime;
  /** Leader epoch it was last sent under; a new one ends the backoff (3.7+). */
  sentLeaderEpoch: number;
  /** No record more is added. */
  isClosed: boolean;
  isInFlight: boolean;
  producerId: number;
  producerEpoch: number;
  /** -1: not assigned. */
  baseSequence: number;
  /** Its sequence was assigned anew after a failure before it. */
  isSequenceReset: boolean;
  /** As it was sent; the same object again at a retry. Null: not sent, or renumbered since. */
  wire: UnplacedBatch | null;
}

/** Sequence bookkeeping of one partition (TransactionManager's TopicPartitionEntry). */
export interface PartitionSequences {
  next: number;
  lastAckedSequence: number;
  lastAckedOffset: number;
  /** Batches with a sequence that have no final answer, by sequence. */
  inFlight: number[];
}

export interface Idempotence {
  producerId: number;
  producerEpoch: number;
  isRequested: boolean;
  /** Next InitProducerId not before this. */
  notBefore: SimTime;
  attempts: number;
  partitions: Record<TopicPartition, PartitionSequences>;
  /** Sequence up to which the outcome of a batch is unknown. */
  unresolved: Record<TopicPartition, number>;
  /** Partitions that must be renumbered under a new epoch (3.9). */
  bumpFor: TopicPartition[];
  /** The exception that made this producer unusable. */
  fatal: { exception: string; message: string } | null;
}

/** One record on its way through send(). */
export interface Sending {
  readonly topic: string;
  readonly partition: number | null;
  readonly key: string | null;
  readonly value: string | null;
  readonly sizeBytes: number;
  readonly tag: string;
  readonly calledAt: SimTime;
}

export type ProducerCommand = {
  readonly kind: string;
  readonly tag?: string;
  readonly [field: string]: unknown;
};

/** What the application's thread does now. */
export type Doing =
  | { kind: "send-many"; command: ProducerCommand; next: number }
  | { kind: "flush"; command: ProducerCommand; batches: number[] }
  | { kind: "partitions-for"; command: ProducerCommand; deadline: SimTime; version: number };

export interface Blocked {
  readonly sending: Sending;
  readonly on: "metadata" | "memory";
  readonly deadline: SimTime;
  /** Metadata version seen when it began to wait. */
  version: number;
}

export interface Application {
  queue: ProducerCommand[];
  doing: Doing | null;
  blocked: Blocked | null;
  sleepUntil: SimTime;
  /** Sends by itself. */
  isSending: boolean;
  /** When the next record of the workload is due. */
  nextSendAt: SimTime;
  /** Records of the current tick already sent. */
  sentInTick: number;
}

export interface ProducerState extends ClientState {
  /** Queued batches by partition, first to send first. */
  queues: Record<TopicPartition, number[]>;
  batches: Record<number, Batch>;
  nextBatchId: number;
  freeBytes: number;
  /** Partitions with a request in flight, while max.in.flight = 1 keeps their order. */
  muted: Record<TopicPartition, true>;
  /** Where the sender begins among a node's partitions. */
  drainIndex: number;
  /** Batches that flush() or close() waits for are sent at once while this is above 0. */
  flushing: number;
  /** The application has something for the sender: a batch that is new or full, a flush, a want of metadata or memory. */
  wakesSender: boolean;
  /** When the sender looks again if nothing happens; null: not by itself. */
  senderAt: SimTime | null;
  roundRobin: Record<string, RoundRobinState>;
  sticky: Record<string, StickyState>;
  idempotence: Idempotence | null;
  application: Application;
  isClosing: boolean;
  isClosed: boolean;
}

/** How far the numbering of records got; it outlives the process, so that tags stay unique. */
export interface ProducerDisk {
  recordsNumbered: number;
}

export type ProducerCtx = KafkaCtx<ProducerDisk | null, ProducerActorConfig>;

export function newProducerState(config: ProducerActorConfig, now: SimTime): ProducerState {
  const { producer, workload } = config;
  return {
    ...newClientState(),
    queues: {},
    batches: {},
    nextBatchId: 1,
    freeBytes: producer.bufferMemory,
    muted: {},
    drainIndex: 0,
    flushing: 0,
    wakesSender: false,
    senderAt: null,
    roundRobin: {},
    sticky: {},
    idempotence: isIdempotent(config) ? newIdempotence() : null,
    application: {
      queue: [],
      doing: null,
      blocked: null,
      sleepUntil: 0,
      isSending: workload !== null,
      nextSendAt: Math.max(now, workload?.startAt ?? 0),
      sentInTick: 0,
    },
    isClosing: false,
    isClosed: false,
  };
}

export function newIdempotence(): Idempotence {
  return {
    producerId: -1,
    producerEpoch: -1,
    isRequested: false,
    notBefore: 0,
    attempts: 0,
    partitions: {},
    unresolved: {},
    bumpFor: [],
    fatal: null,
  };
}

/** On by default in 3.9, and silently off if acks, retries or the number of requests in flight do not allow it. */
function isIdempotent({ profile, producer }: ProducerActorConfig): boolean {
  if (profile === "0.10" || !producer.enableIdempotence) return false;
  return producer.acks === -1 && producer.retries > 0 && producer.maxInFlightRequestsPerConnection <= 5;
}

export function producerState(ctx: ProducerCtx): ProducerState {
  return sectionOf<ProducerState>(ctx.self, PRODUCER_ROLE);
}

/** The client of a producer; `bootstrap.servers` of its settings goes before those of the actor. */
export function producerClient(ctx: ProducerCtx): Client {
  const { config } = ctx.self;
  const state = producerState(ctx);
  return {
    role: PRODUCER_ROLE,
    state,
    settings: config.producer,
    bootstrapServers: config.bootstrapServers,
    channel: "main",
    maxInFlight: config.producer.maxInFlightRequestsPerConnection,
    topics: () => Object.keys(state.metadata.wanted).sort(),
    allowAutoTopicCreation: true,
  };
}

export interface ProducedThen {
  readonly kind: string;
  readonly node: ActorId;
  readonly leaderId: BrokerId;
  readonly batches: readonly number[];
}
