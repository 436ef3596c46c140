/**
 * The leader-epoch cache of one log: at which offset each leader epoch began. It tells two replicas how far their
 * histories agree, which the high watermark cannot (a follower's is old by one fetch).
 *
 * In Kafka     LeaderEpochFileCache (KIP-101, KIP-279); file leader-epoch-checkpoint. Not in 0.10.
 * Simplified   the list is the file: it is durable the moment it changes.
 * Left out     the cache of a remote log segment.
 *
 * A cache is a plain array, ascending in epoch and in startOffset; the functions below change it in place.
 */
import { assert } from "../../engine/assert.ts";
import { freeze } from "../../engine/snapshot.ts";

/** `epoch` began at `startOffset`: the first record written under it has that offset. */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/** The epochs of a log, oldest first; frozen, and replaced when one begins or goes. */
export type EpochCache = readonly EpochEntry[];

export const NO_EPOCHS: EpochCache = Object.freeze([]);

/** An epoch and the offset after its last record; both -1 when the cache cannot say. */
export interface EpochEndOffset {
  readonly epoch: number;
  readonly endOffset: number;
}

export const UNDEFINED_EPOCH = -1;
export const UNDEFINED_EPOCH_OFFSET = -1;

/** The answer of a cache that cannot say. */
export const UNDEFINED_EPOCH_END: EpochEndOffset = { epoch: UNDEFINED_EPOCH, endOffset: UNDEFINED_EPOCH_OFFSET };

/**
 * Notes that `epoch` begins at `startOffset`: when a broker becomes leader, and when a batch of a new epoch is appended.
 * The first start of an epoch counts; entries that a smaller epoch or offset contradicts are removed, so an epoch
 * under which nothing was written disappears. Returns the cache as it is then.
 */
export function assignEpoch(cache: EpochCache, epoch: number, startOffset: number): EpochCache {
  assert(epoch >= 0 && startOffset >= 0, `cannot start epoch ${epoch} at offset ${startOffset}`);
  const latest = cache.at(-1);
  if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return cache;

  const kept = cache.findLastIndex((entry) => !contradicts(entry, epoch, startOffset)) + 1;
  return freeze([...cache.slice(0, kept), { epoch, startOffset }]);
}

function contradicts(entry: EpochEntry, epoch: number, startOffset: number): boolean {
  return entry.epoch >= epoch || entry.startOffset >= startOffset;
}

/**
 * Where `epoch` ended in this log, which ends at `logEndOffset`. An epoch the log has no record of is answered with
 * the largest smaller one; one older than the whole cache with itself and the start of the cache; a newer one with
 * {@link UNDEFINED_EPOCH_END}.
 */
export function endOffsetFor(cache: EpochCache, epoch: number, logEndOffset: number): EpochEndOffset {
  if (epoch === UNDEFINED_EPOCH) return UNDEFINED_EPOCH_END;
  if (epoch === latestEpoch(cache)) return { epoch, endOffset: logEndOffset };

  const next = nextEntry(cache, epoch);
  if (next === null) return UNDEFINED_EPOCH_END;
  const floor = floorEntry(cache, epoch);
  return { epoch: floor === null ? epoch : floor.epoch, endOffset: next.startOffset };
}

/** The newest epoch of the log, or null if the cache is empty. */
export function latestEpoch(cache: EpochCache): number | null {
  return cache.at(-1)?.epoch ?? null;
}

/** The epoch of the record at `offset` (not checked against the log's end), or null below the first entry. */
export function epochForOffset(cache: EpochCache, offset: number): number | null {
  return cache.findLast((entry) => entry.startOffset <= offset)?.epoch ?? null;
}

/** The entry of `epoch`, or of the largest epoch below it, or null. */
export function floorEntry(cache: EpochCache, epoch: number): EpochEntry | null {
  return cache.findLast((entry) => entry.epoch <= epoch) ?? null;
}

/** The entry of the smallest epoch above `epoch`, or null. */
export function nextEntry(cache: EpochCache, epoch: number): EpochEntry | null {
  return cache.find((entry) => entry.epoch > epoch) ?? null;
}

/**
 * Follows a truncation of the log to `endOffset`: entries that start there or later go. Also to be called when a log
 * is loaded, with its end: a crash may have cost the records but not the entry. Returns the cache as it is then.
 */
export function truncateEpochsFromEnd(cache: EpochCache, endOffset: number): EpochCache {
  if ((cache.at(-1)?.startOffset ?? -1) < endOffset) return cache;
  return freeze(cache.slice(0, cache.findLastIndex((entry) => entry.startOffset < endOffset) + 1));
}

/**
 * Follows a new log start: entries up to `startOffset` go, but the epoch that `startOffset` belongs to stays and now
 * begins there. Returns the cache as it is then.
 */
export function truncateEpochsFromStart(cache: EpochCache, startOffset: number): EpochCache {
  const first = cache.findIndex((entry) => entry.startOffset > startOffset);
  const removed = first === -1 ? cache.length : first;
  const last = cache[removed - 1];
  if (last === undefined) return cache;
  return freeze([{ epoch: last.epoch, startOffset }, ...cache.slice(removed)]);
}
