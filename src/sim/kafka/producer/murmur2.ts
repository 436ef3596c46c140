/**
 * The hash that decides the partition of a record with a key.
 *
 * In Kafka     Utils.murmur2 and Utils.toPositive; UTF-8 as StringSerializer writes it.
 * Left out     other clients' hashes (librdkafka's default is CRC32).
 */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** 32-bit murmur2 of `bytes` (0..255 each), as a signed integer. */
export function murmur2(bytes: readonly number[]): number {
  let hash = SEED ^ bytes.length;
  const wholeBytes = bytes.length - (bytes.length % 4);
  for (let i = 0; i < wholeBytes; i += 4) {
    const word =
      byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24);
    const scrambled = Math.imul(word, MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(scrambled ^ (scrambled >>> 24), MULTIPLIER);
  }
  if (bytes.length > wholeBytes) {
    for (let i = wholeBytes; i < bytes.length; i++) hash ^= byteAt(bytes, i) << (8 * (i - wholeBytes));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function byteAt(bytes: readonly number[], index: number): number {
  return (bytes[index] as number) & 0xff;
}

/** Masks the sign bit. Not the absolute value: -1 becomes 2147483647. */
export function toPositive(value: number): number {
  return value & 0x7fffffff;
}

/** `text` as UTF-8 bytes; half of a surrogate pair becomes "?", as in Java. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code >= 0xd800 && code <= 0xdfff) bytes.push(0x3f);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return bytes;
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f);
}
