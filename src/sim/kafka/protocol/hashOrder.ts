/**
 * The orders in which the hash collections of Kafka's languages list small integers, where Kafka lets them show:
 * in a stored ISR list, in a metadata answer, in the broker list that automatic placement counts through.
 *
 * In Kafka     scala.collection.immutable.HashSet (ISR), mutable.LongMap (metadata cache since 1.1),
 *              mutable.HashMap (metadata cache before), java.lang.String.hashCode (coordinator partitions).
 * Simplified   two keys that share a slot of a LongMap come in the order of insertion, here ascending; the order of
 *              insertion of a real broker is not always known.
 * Left out     java.util.HashMap, which only the sticky assignors show.
 */

/** Java's String.hashCode over UTF-16 code units, as a signed 32-bit integer; "" is 0. */
export function javaStringHashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * The order in which a Scala immutable set lists `members` (distinct integers): as added up to four members, by hash
 * from five on. Leaders keep the ISR in such a set, so [1,4,3,2] plus 5 is stored as [5,1,2,3,4].
 */
export function scalaSetOrder(members: readonly number[]): number[] {
  return members.length <= 4 ? [...members] : trieOrder(members, 0);
}

/** One node of the hash trie: five bits of the hash choose the branch; lone members come before deeper nodes. */
function trieOrder(members: readonly number[], shift: number): number[] {
  const branches = new Map<number, number[]>();
  for (const member of members) {
    const branch = (improvedHash(member) >>> shift) & 31;
    branches.set(branch, [...(branches.get(branch) ?? []), member]);
  }
  const inOrder = [...branches].sort(([a], [b]) => a - b).map(([, sharing]) => sharing);
  const alone = inOrder.filter((sharing) => sharing.length === 1).flat();
  // The hash is a bijection on 32-bit integers, so distinct members part before its bits run out.
  const deeper = inOrder.filter((sharing) => sharing.length > 1).flatMap((sharing) => trieOrder(sharing, shift + 5));
  return [...alone, ...deeper];
}

/** How Scala's hash sets scramble an integer before they use its low bits. */
function improvedHash(value: number): number {
  let hash = (value + ~(value << 9)) | 0;
  hash ^= hash >>> 14;
  hash = (hash + (hash << 4)) | 0;
  return hash ^ (hash >>> 10);
}

/**
 * The order of a mutable.LongMap with `keys` (distinct, not negative) put in ascending order: 0 first, then by slot.
 * Broker ids 1,2,3 come as 2,3,1. `isDescending`: put in from the highest on, which shows where two keys share a slot.
 */
export function longMapOrder(keys: readonly number[], isDescending = false): number[] {
  const ascending = [...keys].sort((a, b) => a - b);
  let mask = tableMask(keys.length);
  let table = new Map<number, number>();
  const inOrder = isDescending ? [...ascending].reverse() : ascending;
  for (const key of inOrder.filter((one) => one !== 0)) {
    putInSlot(table, key, mask);
    if (table.size * 2 <= mask) continue;
    mask = mask * 2 + 1;
    const grown = new Map<number, number>();
    for (const kept of bySlot(table)) putInSlot(grown, kept, mask);
    table = grown;
  }
  return [...ascending.filter((key) => key === 0), ...bySlot(table)];
}

/** The smallest table for `count` keys, as a mask of its slots; never fewer than eight slots. */
function tableMask(count: number): number {
  let mask = 7;
  while (mask + 1 < count) mask = mask * 2 + 1;
  return mask;
}

function putInSlot(table: Map<number, number>, key: number, mask: number): void {
  const scrambled = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  let slot = (scrambled ^ (scrambled >>> 13)) & mask;
  for (let probe = 1; table.has(slot); probe++) slot = (slot + 2 * (probe + 1) * probe - 3) & mask;
  table.set(slot, key);
}

function bySlot(table: Map<number, number>): number[] {
  return [...table].sort(([a], [b]) => a - b).map(([, key]) => key);
}

/** The order of a mutable.HashMap (Scala 2.10 to 2.12) keyed by 0..count-1. */
export function mutableHashMapOrder(count: number): number[] {
  return mutableHashMapKeys(Array.from({ length: count }, (_, key) => key));
}

/** The order of a mutable.HashMap (Scala 2.10 to 2.12) with `keys` put in ascending: slots downwards, newest first in a slot. */
export function mutableHashMapKeys(keys: readonly number[]): number[] {
  let size = 16;
  while (keys.length * 4 > size * 3) size *= 2;
  const bits = 31 - Math.clz32(size);
  const slotOf = (key: number): number => {
    const mixed = Math.imul(swapBytes(Math.imul(key, 0x9e3775cd)), 0x9e3775cd);
    // Scala rotates by the number of bits of the table and then takes the top bits.
    const rotated = (mixed >>> bits) | (mixed << (32 - bits));
    return rotated >>> (32 - bits);
  };
  return [...keys].sort((a, b) => slotOf(b) - slotOf(a) || b - a);
}

function swapBytes(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}
