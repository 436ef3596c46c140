/**
 * Text into a few characters that an address may hold, and back: deflate-raw, then base64url. Reading is limited in both
 * directions, so that no link, however made, can fill the memory or hang the page.
 */

/** A longer payload is not a link: ux.md offers a file from 8 kB on, and no real link is near this. */
export const MOST_CHARACTERS = 32_000;
/** What a payload may unpack to. */
const mostBytes = 1_000_000;

export class CodecError extends Error {}

export async function pack(text: string): Promise<string> {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text), mostBytes);
  let binary = "";
  for (let n = 0; n < bytes.length; n += 1) binary += String.fromCharCode(bytes[n] as number);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Throws CodecError with a sentence that says what is wrong. */
export async function unpack(payload: string): Promise<string> {
  if (payload.length > MOST_CHARACTERS)
    throw new CodecError(`It has ${payload.length} characters; a link of this page has at most ${MOST_CHARACTERS}.`);
  const wrong = /[^A-Za-z0-9_-]/.exec(payload);
  if (wrong !== null) throw new CodecError(`It has a character that no link has, "${wrong[0]}" at ${wrong.index + 1}.`);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    bytes = new Uint8Array(binary.length);
    for (let n = 0; n < binary.length; n += 1) bytes[n] = binary.charCodeAt(n);
  } catch {
    throw new CodecError("It is cut short or a character was lost.");
  }
  let unpacked: Uint8Array;
  try {
    unpacked = await through(new DecompressionStream("deflate-raw"), bytes, mostBytes);
  } catch (error) {
    if (error instanceof CodecError) throw error;
    throw new CodecError("It is cut short or damaged.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
  } catch {
    throw new CodecError("It is damaged.");
  }
}

async function through(
  stream: GenericTransform,
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter();
  // A failure shows at the reading end as well; here it must only not go unhandled.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new CodecError("It unpacks to more than a run can be.");
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

interface GenericTransform {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}
