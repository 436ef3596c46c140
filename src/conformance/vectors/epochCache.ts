/**
 * Kind epoch_cache: operations on one leader-epoch cache; the answers of the queries among them are compared.
 */
import {
  assignEpoch,
  type EpochCache,
  type EpochEntry,
  endOffsetFor,
  epochForOffset,
  latestEpoch,
  NO_EPOCHS,
  truncateEpochsFromEnd,
  truncateEpochsFromStart,
} from "../../sim/kafka/log/epochCache.ts";
import { compared, unsupported, type VectorKind } from "./kind.ts";

export const epochCacheKind: VectorKind = {
  kind: "epoch_cache",
  run: ({ input, expected }) => {
    const { ops } = input as { ops: [string, number, number][] };
    let cache: EpochCache = NO_EPOCHS;
    const answers: unknown[] = [];
    for (const [name, first, second] of ops) {
      if (name === "assign") cache = assignEpoch(cache, first, second);
      else if (name === "truncateFromEnd") cache = truncateEpochsFromEnd(cache, first);
      else if (name === "truncateFromStart") cache = truncateEpochsFromStart(cache, first);
      else if (name === "latestEpoch") answers.push(latestEpoch(cache));
      else if (name === "epochForOffset") answers.push(epochForOffset(cache, first));
      else if (name === "entries") answers.push(pairsOf(cache));
      else if (name === "endOffsetFor") {
        const { epoch, endOffset } = endOffsetFor(cache, first, second);
        answers.push([epoch, endOffset]);
      } else return unsupported(`no operation ${name}`);
    }
    return compared(expected, answers);
  },
};

/** A cache as vectors write it. */
export function pairsOf(cache: readonly EpochEntry[]): [number, number][] {
  return cache.map(({ epoch, startOffset }) => [epoch, startOffset]);
}

export function cacheOf(pairs: readonly (readonly [number, number])[]): EpochEntry[] {
  return pairs.map(([epoch, startOffset]) => ({ epoch, startOffset }));
}
