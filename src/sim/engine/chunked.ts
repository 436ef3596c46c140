/**
 * A growing list as plain data whose old part is frozen in chunks, so that a checkpoint copies only the young end.
 */

export interface Chunked<T> {
  /** Full chunks, each frozen; replaced as a whole when an item in it changes. */
  sealed: (readonly T[])[];
  tail: T[];
}

const CHUNK = 256;

export function createChunked<T>(): Chunked<T> {
  return { sealed: [], tail: [] };
}

export function lengthOf<T>(list: Chunked<T>): number {
  return list.sealed.length * CHUNK + list.tail.length;
}

/** Appends an item (frozen by the caller). Amortised O(1). */
export function append<T>(list: Chunked<T>, item: T): void {
  list.tail.push(item);
  if (list.tail.length === CHUNK) {
    list.sealed.push(Object.freeze(list.tail));
    list.tail = [];
  }
}

/** The item at `index`, undefined outside. */
export function itemAt<T>(list: Chunked<T>, index: number): T | undefined {
  const chunk = list.sealed[Math.floor(index / CHUNK)] ?? list.tail;
  return index < 0 ? undefined : chunk[index % CHUNK];
}

/** Puts another item (frozen by the caller) at `index`, which must exist. Copies one chunk if it is sealed. */
export function replaceAt<T>(list: Chunked<T>, index: number, item: T): void {
  const place = Math.floor(index / CHUNK);
  const sealed = list.sealed[place];
  if (sealed === undefined) {
    list.tail[index % CHUNK] = item;
    return;
  }
  const copy = sealed.slice();
  copy[index % CHUNK] = item;
  list.sealed[place] = Object.freeze(copy);
}

/** All items in order. */
export function* itemsOf<T>(list: Chunked<T>): Generator<T> {
  for (const chunk of list.sealed) yield* chunk;
  yield* list.tail;
}
