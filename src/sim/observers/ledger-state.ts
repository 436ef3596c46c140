/**
 * The record ledger: what became of every record that a producer handed to `send()`.
 *
 * It compares what clients were told with what logs hold. Clients tell it through their facts; logs it reads itself, on disk.
 */
import { type Chunked, createChunked } from "../engine/chunked.ts";
import type { ActorId, SimTime } from "../engine/types.ts";
import type { TopicPartition } from "../kafka/protocol/ids.ts";

/** A moment of the run: time, and the trace entry that decided it. */
export interface Decided {
  readonly at: SimTime;
  readonly entry: number;
}

/** Where a leader put a record. */
export interface Placement {
  readonly topicPartition: TopicPartition;
  readonly offset: number;
  readonly leaderEpoch: number;
  /** The leader that appended it. */
  readonly broker: ActorId;
  readonly decided: Decided;
}

/** A record was handed to an application. */
export interface Reading {
  readonly consumer: ActorId;
  /** Group, or the consumer's own name if it has none. */
  readonly group: string;
  readonly offset: number;
  readonly decided: Decided;
}

/** One line of the ledger. Frozen; replaced when something becomes known. */
export interface LedgerRecord {
  /** `p1:20`. */
  readonly tag: string;
  /** Number of the send of its producer, from 1. */
  readonly number: number;
  readonly producer: ActorId;
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly sent: Decided;
  readonly acked: (Decided & { readonly topicPartition: TopicPartition; readonly offset: number }) | null;
  /** acks=0: the client took it for sent. */
  readonly assumed: Decided | null;
  readonly failed: (Decided & { readonly exception: string }) | null;
  readonly placements: readonly Placement[];
  /** Was below a leader's high watermark. */
  readonly committed: Decided | null;
  readonly readings: readonly Reading[];
  /** Groups that processed it, one entry a time. */
  readonly processed: readonly Reading[];
  /** Its last copy was cut off, or a leader took over without it. Null again if it comes back. */
  readonly lost:
    | (Decided & { readonly reason: "never-stored" | "leader-lacks-it" | "cut-off"; readonly by: ActorId | null })
    | null;
}

export interface ProducerLedger {
  /** By number of the send, from 1 at index 0. */
  records: Chunked<LedgerRecord>;
}

/** How much of a partition cannot get lost by an election, since every replica's log has it. Frozen. */
export interface Settled {
  /** Of `placed`, from the front. */
  readonly placed: number;
  /** Batches from the front of each log that are the same in all of them, and the offset after the last of these. */
  readonly batches: number;
  readonly end: number;
  /** The number of logs, and the highest log start among them. */
  readonly logs: number;
  readonly start: number;
  /** How many must have been placed before the next look without an occasion. */
  readonly lookAgainAt: number;
}

export interface LedgerState {
  producers: Record<ActorId, ProducerLedger>;
  /** What was seen of each log: `b1 orders-0` → its end, so that only what is new is read. */
  seenEnds: Record<string, number>;
  /** Tags that a partition ever held, in order of first placement, for the checks after an election. */
  placed: Record<string, Chunked<string>>;
  /** What a look for lost records may pass over, by partition. */
  settled: Record<string, Settled>;
  /** Highest high watermark of a leader seen, by partition. */
  committedTo: Record<string, number>;
  /** Who leads a partition, as its broker said when it began to. */
  leaders: Record<string, ActorId>;
  counts: { sent: number; acked: number; assumed: number; failed: number; committed: number; lost: number };
}

export function createLedger(): LedgerState {
  return {
    producers: {},
    seenEnds: {},
    placed: {},
    settled: {},
    committedTo: {},
    leaders: {},
    counts: { sent: 0, acked: 0, assumed: 0, failed: 0, committed: 0, lost: 0 },
  };
}

export function createProducerLedger(): ProducerLedger {
  return { records: createChunked() };
}

/** The sets that records are sorted into; ledger-sets.ts says what each means. */
export const RECORD_SETS = [
  "sent",
  "acked",
  "assumed",
  "failed",
  "unknown",
  "committed",
  "consumed",
  "lost",
  "duplicated",
  "reordered",
  "reprocessed",
  "skipped",
  "businessDuplicate",
] as const;
export type RecordSetName = (typeof RECORD_SETS)[number];
