/** Local storage that may be missing, full or forbidden: reading gives null, writing gives up silently. */

const prefix = "faultline.";

/** The stored value, or null. Anything unreadable counts as absent. */
export function readStored(key: string): unknown {
  try {
    const text = globalThis.localStorage?.getItem(prefix + key);
    return text === null || text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** False when it could not be kept. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    globalThis.localStorage?.setItem(prefix + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
