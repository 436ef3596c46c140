/**
 * Appending to a log, reading from it, cutting it.
 *
 * In Kafka     UnifiedLog.append (as leader, as follower), read, truncateTo, truncateFullyAndStartAt, deleteRecords.
 * Simplified   a cut inside a batch takes the whole batch (a high watermark or the end of an epoch never lies inside one).
 * Left out     see state.ts.
 *
 * All of it works in place. Reading and finding cost O(log n), appending O(1); a cut costs what it removes, and a scan of
 * the log if idempotent producers wrote to it.
 */
import { assert } from "../../engine/assert.ts";
import { append, createChunked, itemAt, itemsOf, lastOf, lengthOf, shorten } from "../../engine/chunked.ts";
import { countWhile } from "../../engine/search.ts";
import { freeze } from "../../engine/snapshot.ts";
import type { RecordBatch, UnplacedBatch } from "../protocol/records.ts";
import {
  assignEpoch,
  epochForOffset,
  NO_EPOCHS,
  truncateEpochsFromEnd,
  truncateEpochsFromStart,
} from "./epochCache.ts";
import { forgetProducersBelow, recordProducerBatch } from "./producerState.ts";
import type { PartitionLog } from "./state.ts";

/** Gives `batch` offsets and the leader's epoch (-1: message format v1) and appends it. Returns it as it now lies there. */
export function appendAsLeader(log: PartitionLog, batch: UnplacedBatch, leaderEpoch: number): RecordBatch {
  assert(batch.records.length > 0, "an empty batch is not appended");
  const baseOffset = log.logEndOffset;
  // Written out: spreading a frozen object takes several times as long.
  const placed: RecordBatch = freeze({
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    sizeBytes: batch.sizeBytes,
    records: batch.records,
    baseOffset,
    lastOffset: baseOffset + batch.records.length - 1,
    partitionLeaderEpoch: leaderEpoch,
  });
  appendBatch(log, placed);
  return placed;
}

/** Appends a batch as its leader placed it; it must begin at the end of the log (or later, over a gap). */
export function appendAsFollower(log: PartitionLog, batch: RecordBatch): void {
  assert(
    batch.baseOffset >= log.logEndOffset,
    `batch at ${batch.baseOffset} overlaps a log that ends at ${log.logEndOffset}`,
  );
  appendBatch(log, batch);
}

function appendBatch(log: PartitionLog, batch: RecordBatch): void {
  if (batch.partitionLeaderEpoch >= 0)
    log.epochs = assignEpoch(log.epochs, batch.partitionLeaderEpoch, batch.baseOffset);
  append(log.batches, batch);
  log.logEndOffset = batch.lastOffset + 1;
  log.sizeBytes += batch.sizeBytes;
  rememberProducer(log, batch);
}

function rememberProducer(log: PartitionLog, batch: RecordBatch): void {
  if (batch.producerId < 0 || batch.isControl) return;
  const { producerId, producerEpoch, baseSequence, isTransactional } = batch;
  const recordCount = batch.lastOffset - batch.baseOffset + 1;
  const at = batch.records[0]?.timestamp ?? 0;
  recordProducerBatch(
    log.producers,
    { producerId, producerEpoch, baseSequence, recordCount, isTransactional },
    batch.baseOffset,
    at,
  );
}

/**
 * Batches from the one that holds `from` on, below `upTo`, until `maxBytes` are reached; the first one comes in any case if
 * `atLeastOne`. Offsets between batches (after compaction) are skipped. The batches are frozen and shared.
 */
export function readBatches(
  log: PartitionLog,
  from: number,
  upTo: number,
  maxBytes: number,
  atLeastOne: boolean,
): RecordBatch[] {
  const found: RecordBatch[] = [];
  let size = 0;
  walk(log, from, upTo, (batch) => {
    if (size + batch.sizeBytes > maxBytes && !(atLeastOne && found.length === 0)) return false;
    found.push(batch);
    size += batch.sizeBytes;
    return true;
  });
  return found;
}

/** Visits the batches from the one that holds `from` on, below `upTo`, as long as `visit` says so. */
function walk(log: PartitionLog, from: number, upTo: number, visit: (batch: RecordBatch) => boolean): void {
  if (from >= upTo || from >= log.logEndOffset) return;
  for (const batch of itemsOf(log.batches, firstEndingAtOrAfter(log, from)))
    if (batch.lastOffset >= upTo || !visit(batch)) return;
}

/** Bytes that lie between two offsets; counting stops once `limit` is reached. */
export function bytesBetween(log: PartitionLog, from: number, upTo: number, limit: number): number {
  let size = 0;
  walk(log, from, upTo, (batch) => {
    size += batch.sizeBytes;
    return size < limit;
  });
  return size;
}

/** The batch that holds `offset`, or the first one behind it; null at the end of the log. */
export function batchAt(log: PartitionLog, offset: number): RecordBatch | null {
  if (offset >= log.logEndOffset) return null;
  return itemAt(log.batches, firstEndingAtOrAfter(log, offset)) ?? null;
}

/** The last batch of the log, or null. */
export function lastBatch(log: PartitionLog): RecordBatch | null {
  return lastOf(log.batches) ?? null;
}

/** The leader epoch of the record at `offset` (at the end of the log: of the one to come), or -1 if the log has no epochs. */
export function epochAt(log: PartitionLog, offset: number): number {
  return epochForOffset(log.epochs, offset) ?? -1;
}

/** Every batch, oldest first. */
export function batchesOf(log: PartitionLog): Generator<RecordBatch> {
  return itemsOf(log.batches);
}

/**
 * Cuts everything from `offset` on and returns the batches that went, oldest first. The epoch cache, the producer states and
 * the recovery point follow. At or above the end of the log only an epoch without records goes.
 */
export function truncateTo(log: PartitionLog, offset: number): RecordBatch[] {
  if (offset >= log.logEndOffset) {
    // A leader that was replaced before it wrote anything has an entry for its epoch at the end of the log.
    log.epochs = truncateEpochsFromEnd(log.epochs, log.logEndOffset);
    return [];
  }
  const keep = firstEndingAtOrAfter(log, offset);
  const removed = [...itemsOf(log.batches, keep)];
  shorten(log.batches, keep);
  for (const batch of removed) log.sizeBytes -= batch.sizeBytes;
  log.logEndOffset = Math.min(offset, removed[0]?.baseOffset ?? offset);
  log.logStartOffset = Math.min(log.logStartOffset, log.logEndOffset);
  log.recoveryPoint = Math.min(log.recoveryPoint, log.logEndOffset);
  log.epochs = truncateEpochsFromEnd(log.epochs, log.logEndOffset);
  rebuildProducers(log);
  return removed;
}

/** Drops everything and lets the log begin anew at `offset` (a follower whose leader no longer has what it would need). */
export function truncateFullyAndStartAt(log: PartitionLog, offset: number): void {
  log.batches = createChunked();
  log.logStartOffset = offset;
  log.logEndOffset = offset;
  log.recoveryPoint = offset;
  log.sizeBytes = 0;
  log.epochs = NO_EPOCHS;
  log.producers = {};
}

/**
 * Moves the start of the log up to `offset` (retention, DeleteRecords, a leader that did); batches wholly below it go.
 * Before 2.4 producers whose last record went are forgotten: `forgetsProducers`.
 */
export function advanceLogStart(log: PartitionLog, offset: number, forgetsProducers = false): void {
  if (offset <= log.logStartOffset) return;
  assert(offset <= log.logEndOffset, "the log would start behind its end");
  log.logStartOffset = offset;
  const gone = firstEndingAtOrAfter(log, offset);
  if (gone > 0) {
    const kept = itemsOf(log.batches, gone);
    log.batches = createChunked();
    log.sizeBytes = 0;
    for (const batch of kept) {
      append(log.batches, batch);
      log.sizeBytes += batch.sizeBytes;
    }
  }
  log.epochs = truncateEpochsFromStart(log.epochs, offset);
  if (forgetsProducers) forgetProducersBelow(log.producers, offset);
}

/** Flushes everything to the medium: the recovery point moves to the end. */
export function flush(log: PartitionLog): void {
  log.recoveryPoint = log.logEndOffset;
}

function rebuildProducers(log: PartitionLog): void {
  let any = false;
  for (const id in log.producers) {
    any = id !== "";
    break;
  }
  if (!any) return;
  log.producers = {};
  for (const batch of batchesOf(log)) rememberProducer(log, batch);
}

/** Place of the batch that holds `offset` or follows it. O(log n). */
function firstEndingAtOrAfter({ batches, logEndOffset }: PartitionLog, offset: number): number {
  const length = lengthOf(batches);
  // Most reads begin at the end of the log.
  if (offset >= logEndOffset) return length;
  return countWhile(length, (index) => (itemAt(batches, index) as RecordBatch).lastOffset < offset);
}
