/**
 * A partition's log as it lies on disk, and what is kept beside it.
 *
 * In Kafka     UnifiedLog, LocalLog, LogSegment; leader-epoch-checkpoint, recovery-point-offset-checkpoint, *.snapshot.
 * Simplified   no files: batches lie in a list of which a checkpoint of the run shares all but the young end (Chunked).
 *              Producer states are kept with the log instead of being rebuilt at each load.
 * Left out     segments and their roll, indexes, retention, compaction.
 */
import { type Chunked, createChunked } from "../../engine/chunked.ts";
import type { RecordBatch } from "../protocol/records.ts";
import { type EpochCache, NO_EPOCHS } from "./epochCache.ts";
import type { ProducerStates } from "./producerState.ts";

export interface PartitionLog {
  /** Oldest first, each frozen. */
  batches: Chunked<RecordBatch>;
  logStartOffset: number;
  /** The next offset to be written. */
  logEndOffset: number;
  /** Below it everything was flushed to the medium (the recovery point); a loss of power may take the rest. */
  recoveryPoint: number;
  sizeBytes: number;
  /** Where each leader epoch began; empty in 0.10. */
  epochs: EpochCache;
  /** What is remembered of each idempotent producer, by producer id. */
  producers: ProducerStates;
}

export function createLog(): PartitionLog {
  return {
    batches: createChunked(),
    logStartOffset: 0,
    logEndOffset: 0,
    recoveryPoint: 0,
    sizeBytes: 0,
    epochs: NO_EPOCHS,
    producers: {},
  };
}
