/**
 * A growing list as plain data whose old part is frozen, so that a checkpoint copies only its young end.
 *
 * Items gather in a tail; a full tail is sealed as a chunk, and as many chunks as a chunk has items are sealed as a block. What a
 * checkpoint copies of a list of n items is a tail, the young chunks and one reference for each block: about 2 x SIZE + n / SIZE².
 */

export interface Chunked<T> {
  /** Frozen, of frozen blocks of SIZE chunks. Replaced when a block is added or an item in one changes. */
  blocks: readonly (readonly (readonly T[])[])[];
  /** Frozen, of frozen chunks of SIZE items that do not make a block yet. Replaced like the blocks. */
  chunks: readonly (readonly T[])[];
  /** The youngest items; frozen only while there are none. */
  tail: readonly T[];
}

const BITS = 5;
/** Items of a chunk, and chunks of a block. */
export const CHUNK_SIZE = 1 << BITS;
const MASK = CHUNK_SIZE - 1;

const NONE: readonly never[] = Object.freeze([]);

export function createChunked<T>(): Chunked<T> {
  return { blocks: NONE, chunks: NONE, tail: NONE };
}

export function lengthOf<T>(list: Chunked<T>): number {
  return (((list.blocks.length << BITS) + list.chunks.length) << BITS) + list.tail.length;
}

/** Appends an item (frozen by the caller). Amortised O(1). */
export function append<T>(list: Chunked<T>, item: T): void {
  if (list.tail.length === 0) {
    list.tail = [item];
    return;
  }
  (list.tail as T[]).push(item);
  if (list.tail.length < CHUNK_SIZE) return;
  list.chunks = Object.freeze([...list.chunks, Object.freeze(list.tail)]);
  list.tail = NONE;
  if (list.chunks.length < CHUNK_SIZE) return;
  list.blocks = Object.freeze([...list.blocks, list.chunks]);
  list.chunks = NONE;
}

/** The item at `index`, undefined outside. O(1). */
export function itemAt<T>(list: Chunked<T>, index: number): T | undefined {
  return index < 0 ? undefined : chunkAt(list, index >> BITS)?.[index & MASK];
}

/** The last item; undefined if there is none. */
export function lastOf<T>(list: Chunked<T>): T | undefined {
  return itemAt(list, lengthOf(list) - 1);
}

/** Puts another item (frozen by the caller) at `index`, which must exist. Copies one chunk if it is sealed, and its block. */
export function replaceAt<T>(list: Chunked<T>, index: number, item: T): void {
  const place = index >> BITS;
  const chunk = chunkAt(list, place);
  if (chunk === undefined || chunk === list.tail) {
    (list.tail as T[])[index & MASK] = item;
    return;
  }
  const copy = withItem(chunk, index & MASK, item);
  const block = list.blocks[place >> BITS];
  if (block === undefined) list.chunks = withItem(list.chunks, place & MASK, copy);
  else list.blocks = withItem(list.blocks, place >> BITS, withItem(block, place & MASK, copy));
}

/** Cuts the list down to its first `length` items. Costs what goes, rounded up to a block. */
export function shorten<T>(list: Chunked<T>, length: number): void {
  while (lengthOf(list) - list.tail.length > length) {
    if (list.chunks.length === 0) {
      list.chunks = list.blocks.at(-1) ?? NONE;
      list.blocks = Object.freeze(list.blocks.slice(0, -1));
    }
    list.tail = list.chunks.at(-1) ?? NONE;
    list.chunks = Object.freeze(list.chunks.slice(0, -1));
  }
  list.tail = [...list.tail].slice(0, length - (lengthOf(list) - list.tail.length));
}

/** All items in order, from `from` on. */
export function* itemsOf<T>(list: Chunked<T>, from = 0): Generator<T> {
  for (let place = from >> BITS, skip = from & MASK; ; place += 1, skip = 0) {
    const chunk = chunkAt(list, place);
    if (chunk === undefined) return;
    for (let index = skip; index < chunk.length; index += 1) yield chunk[index] as T;
    if (chunk === list.tail) return;
  }
}

/**
 * Whether some item passes. Items that are `idle` never will; frozen parts of nothing else are remembered in `idleParts` and passed
 * over from then on, so that asking again costs what has changed since.
 */
export function someItem<T>(
  list: Chunked<T>,
  passes: (item: T) => boolean,
  idle: (item: T) => boolean,
  idleParts: WeakSet<readonly unknown[]>,
): boolean {
  const inChunk = (chunk: readonly T[]): boolean => {
    if (idleParts.has(chunk)) return false;
    if (!chunk.every(idle)) return chunk.some(passes);
    if (Object.isFrozen(chunk)) idleParts.add(chunk);
    return false;
  };
  const inBlock = (block: readonly (readonly T[])[]): boolean => {
    if (idleParts.has(block)) return false;
    if (block.some(inChunk)) return true;
    if (block.every((chunk) => idleParts.has(chunk))) idleParts.add(block);
    return false;
  };
  return list.blocks.some(inBlock) || list.chunks.some(inChunk) || inChunk(list.tail);
}

/** The chunk of that number, the tail behind the last; undefined further on. */
function chunkAt<T>(list: Chunked<T>, place: number): readonly T[] | undefined {
  const block = list.blocks[place >> BITS];
  if (block !== undefined) return block[place & MASK];
  const young = place - (list.blocks.length << BITS);
  return young === list.chunks.length ? list.tail : list.chunks[young];
}

/** A frozen copy with another item at `index`. Spread, since V8 slices a frozen list twenty times slower. */
function withItem<T>(items: readonly T[], index: number, item: T): readonly T[] {
  const copy = [...items];
  copy[index] = item;
  return Object.freeze(copy);
}
