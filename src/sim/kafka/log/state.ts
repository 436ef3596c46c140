/**
 * A partition's log as it lies on disk, and what is kept beside it.
 *
 * In Kafka     UnifiedLog, LocalLog, LogSegment; leader-epoch-checkpoint, recovery-point-offset-checkpoint, *.snapshot.
 * Simplified   no files: batches lie in chunks. A full chunk is sealed (frozen), so a checkpoint of the run shares it; only
 *              the tail is copied. Producer states are kept with the log instead of being rebuilt at each load.
 * Left out     segments and their roll, indexes, retention, compaction.
 */
import type { RecordBatch } from "../protocol/records.ts";
import type { EpochEntry } from "./epochCache.ts";
import type { ProducerStates } from "./producerState.ts";

/** Batches in a row that never change any more; frozen, like its batches. */
export interface LogChunk {
  readonly baseOffset: number;
  /** The offset after its last record. */
  readonly nextOffset: number;
  readonly batches: readonly RecordBatch[];
}

export interface PartitionLog {
  /** Sealed chunks, oldest first; the tail follows the last of them. */
  chunks: LogChunk[];
  /** The youngest batches, each frozen. */
  tail: RecordBatch[];
  logStartOffset: number;
  /** The next offset to be written. */
  logEndOffset: number;
  /** Below it everything was flushed to the medium (the recovery point); a loss of power may take the rest. */
  recoveryPoint: number;
  sizeBytes: number;
  /** Where each leader epoch began; empty in 0.10. */
  epochs: EpochEntry[];
  /** What is remembered of each idempotent producer, by producer id. */
  producers: ProducerStates;
}

export function createLog(): PartitionLog {
  return {
    chunks: [],
    tail: [],
    logStartOffset: 0,
    logEndOffset: 0,
    recoveryPoint: 0,
    sizeBytes: 0,
    epochs: [],
    producers: {},
  };
}
