/**
 * What a partition remembers of each idempotent producer, and the checks by which it recognises a batch that came twice,
 * out of order, or from a producer that has been replaced.
 *
 * In Kafka     ProducerStateManager, ProducerStateEntry, ProducerAppendInfo (KIP-98); since 0.11.
 * Simplified   times are whatever clock the caller uses; the snapshot files are left to the log.
 * Left out     verification of transactions with their coordinator (KIP-890).
 *
 * The state is a record from producer id to entry; the functions that apply something change it in place.
 */
import type { ActorConfig } from "../types.ts";

export type ProducerStates = Record<string, ProducerStateEntry>;

export interface ProducerStateEntry {
  producerEpoch: number;
  /** Epoch of the coordinator whose marker came last; -1 if none did. */
  coordinatorEpoch: number;
  /** The last five batches of this epoch, oldest first. Empty after a marker raised the epoch. */
  batches: BatchMetadata[];
  /** Where the open transaction began on this partition; null if none is open. */
  currentTxnFirstOffset: number | null;
  lastTimestamp: number;
}

export interface BatchMetadata {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestamp: number;
}

/**
 * The part of a record batch that the checks look at. Sequences count records and wrap at 2^31 - 1 to 0. Batches
 * without a producer id (-1) are not to be brought here.
 */
export interface ProducerBatch {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
  readonly isTransactional: boolean;
}

export type ProducerAppendError =
  | "INVALID_PRODUCER_EPOCH"
  | "OUT_OF_ORDER_SEQUENCE_NUMBER"
  | "UNKNOWN_PRODUCER_ID"
  | "INVALID_TXN_STATE";

export type ProducerAppendVerdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "duplicate"; readonly of: BatchMetadata }
  | { readonly kind: "refused"; readonly error: ProducerAppendError; readonly expectedSequence: number | null };

/** How many batches a partition can recognise: as many as a producer may have in flight. */
export const CACHED_BATCHES = 5;

const MAX_SEQUENCE = 0x7fffffff;

/** The sequence `count` records after `sequence`, wrapping from 2^31 - 1 to 0. */
export function incrementSequence(sequence: number, count: number): number {
  return sequence > MAX_SEQUENCE - count ? count - (MAX_SEQUENCE - sequence) - 1 : sequence + count;
}

/** The sequence of the last record of a batch. */
export function lastSequenceOf(batch: ProducerBatch): number {
  return incrementSequence(batch.baseSequence, batch.recordCount - 1);
}

/** The sequence of the last record known of a producer; -1 if only a marker is. */
export function lastSequence(entry: ProducerStateEntry): number {
  return entry.batches.at(-1)?.lastSequence ?? -1;
}

/**
 * The leader's checks of a batch from a client, in Kafka's order. A duplicate is answered with success and the offset
 * of the first copy; nothing is appended. `expectedSequence` is what would have been accepted, as evidence.
 * With the rule `deduplicates` off only the epoch counts, and a batch sent twice is appended twice.
 */
export function checkProducerBatch(
  producers: Readonly<ProducerStates>,
  batch: ProducerBatch,
  { profile, rules }: ActorConfig,
): ProducerAppendVerdict {
  const entry = producers[batch.producerId];
  // Since 2.5 a producer that was forgotten, or whose first batches went elsewhere, may start at any sequence.
  const isLenient = profile === "3.9" || !rules.deduplicates;
  if (entry === undefined) {
    if (batch.baseSequence === 0 || isLenient) return { kind: "accepted" };
    return { kind: "refused", error: "UNKNOWN_PRODUCER_ID", expectedSequence: 0 };
  }

  const mayBeDuplicate = rules.deduplicates && batch.producerEpoch === entry.producerEpoch;
  const duplicate = mayBeDuplicate ? findDuplicate(entry, batch) : undefined;
  if (duplicate !== undefined) return { kind: "duplicate", of: duplicate };
  if (batch.producerEpoch < entry.producerEpoch) {
    return { kind: "refused", error: "INVALID_PRODUCER_EPOCH", expectedSequence: null };
  }

  const expectedSequence = batch.producerEpoch > entry.producerEpoch ? 0 : incrementSequence(lastSequence(entry), 1);
  if (rules.deduplicates && batch.baseSequence !== expectedSequence) {
    const isForgotten = batch.producerEpoch === entry.producerEpoch && lastSequence(entry) === -1;
    const error = isForgotten && !isLenient ? "UNKNOWN_PRODUCER_ID" : "OUT_OF_ORDER_SEQUENCE_NUMBER";
    return { kind: "refused", error, expectedSequence };
  }
  if (entry.currentTxnFirstOffset !== null && !batch.isTransactional) {
    return { kind: "refused", error: "INVALID_TXN_STATE", expectedSequence };
  }
  return { kind: "accepted" };
}

function findDuplicate(entry: ProducerStateEntry, batch: ProducerBatch): BatchMetadata | undefined {
  const last = lastSequenceOf(batch);
  return entry.batches.find((known) => known.firstSequence === batch.baseSequence && known.lastSequence === last);
}

/**
 * Remembers a batch appended at `baseOffset`: on a leader after {@link checkProducerBatch}, on a follower and when a
 * log is loaded without any check. `at` is the time the state's expiry counts from.
 */
export function recordProducerBatch(
  producers: ProducerStates,
  batch: ProducerBatch,
  baseOffset: number,
  at: number,
): void {
  const entry = entryInEpoch(producers, batch.producerId, batch.producerEpoch, at);
  entry.batches.push({
    firstSequence: batch.baseSequence,
    lastSequence: lastSequenceOf(batch),
    firstOffset: baseOffset,
    lastOffset: baseOffset + batch.recordCount - 1,
    timestamp: at,
  });
  if (entry.batches.length > CACHED_BATCHES) entry.batches.shift();
  if (batch.isTransactional) entry.currentTxnFirstOffset ??= baseOffset;
}

/** A commit or abort marker as the transaction coordinator sends it. */
export interface TransactionMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
}

/** The leader's checks of a marker; null means that it may be appended. A repeated marker is welcome. */
export function checkTransactionMarker(
  producers: Readonly<ProducerStates>,
  marker: TransactionMarker,
): "INVALID_PRODUCER_EPOCH" | "TRANSACTION_COORDINATOR_FENCED" | null {
  const entry = producers[marker.producerId];
  if (entry === undefined) return null;
  if (marker.producerEpoch < entry.producerEpoch) return "INVALID_PRODUCER_EPOCH";
  return marker.coordinatorEpoch < entry.coordinatorEpoch ? "TRANSACTION_COORDINATOR_FENCED" : null;
}

/** Remembers an appended marker. Returns the first offset of the transaction it ended, or null if none was open. */
export function recordTransactionMarker(
  producers: ProducerStates,
  marker: TransactionMarker,
  at: number,
): number | null {
  const entry = entryInEpoch(producers, marker.producerId, marker.producerEpoch, at);
  const firstOffset = entry.currentTxnFirstOffset;
  entry.coordinatorEpoch = marker.coordinatorEpoch;
  entry.currentTxnFirstOffset = null;
  return firstOffset;
}

/** The entry of a producer, made or moved to a new epoch as needed; a new epoch forgets the cached batches. */
function entryInEpoch(producers: ProducerStates, producerId: number, epoch: number, at: number): ProducerStateEntry {
  let entry = producers[producerId];
  if (entry === undefined) {
    entry = {
      producerEpoch: epoch,
      coordinatorEpoch: -1,
      batches: [],
      currentTxnFirstOffset: null,
      lastTimestamp: at,
    };
    producers[producerId] = entry;
  }
  if (entry.producerEpoch !== epoch) {
    entry.producerEpoch = epoch;
    entry.batches = [];
  }
  entry.lastTimestamp = at;
  return entry;
}

/** Forgets producers silent for longer than `expiration` at `now` (one clock for all), but none with an open transaction. */
export function expireProducers(producers: ProducerStates, now: number, expiration: number): void {
  for (const [producerId, entry] of Object.entries(producers)) {
    if (entry.currentTxnFirstOffset === null && now - entry.lastTimestamp > expiration) delete producers[producerId];
  }
}

/** Before 2.4: forgets producers whose last record lies below the new log start. */
export function forgetProducersBelow(producers: ProducerStates, logStartOffset: number): void {
  for (const [producerId, entry] of Object.entries(producers)) {
    const last = entry.batches.at(-1);
    if (last !== undefined && last.lastOffset < logStartOffset) delete producers[producerId];
  }
}

/** The first offset of the oldest open transaction, or null: no read_committed consumer may read at or beyond it. */
export function firstOpenTransactionOffset(producers: Readonly<ProducerStates>): number | null {
  let first: number | null = null;
  for (const id in producers) {
    const begun = (producers[id] as ProducerStateEntry).currentTxnFirstOffset;
    if (begun !== null && (first === null || begun < first)) first = begun;
  }
  return first;
}
