/** Records and batches as they lie in a log (message format v2; v1 in 0.10 has no leader epoch and no producer id). */

/** One record. Frozen when made. */
export interface LogRecord {
  readonly key: string | null;
  readonly value: string | null;
  /** Create time, milliseconds of simulated time. */
  readonly timestamp: number;
  /** Which send this record is (`p1:20`), for the ledger; Kafka has no such field, and the model never reads it. Null: internal. */
  readonly tag: string | null;
}

/** A group of records appended as one. Frozen when appended; replicas share it. */
export interface RecordBatch {
  readonly baseOffset: number;
  /** Offset of the last record. */
  readonly lastOffset: number;
  /** -1 in format v1. */
  readonly partitionLeaderEpoch: number;
  /** -1: not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly sizeBytes: number;
  readonly records: readonly LogRecord[];
}

/** A batch before a leader gave it offsets and an epoch. */
export type UnplacedBatch = Omit<RecordBatch, "baseOffset" | "lastOffset" | "partitionLeaderEpoch">;

/** Bytes of a batch: the v2 header and about 7 bytes a record besides key and value (kafka-spec D.7). */
export function batchSizeBytes(records: readonly LogRecord[]): number {
  let size = 61;
  for (const record of records) size += 7 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  return size;
}

/** A batch of a producer without idempotence, or of a coordinator. */
export function plainBatch(records: readonly LogRecord[]): UnplacedBatch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    sizeBytes: batchSizeBytes(records),
    records,
  };
}
