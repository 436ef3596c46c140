/** Storage of the browser that may be missing, full or forbidden: reading gives null, writing gives up silently. */

const prefix = "faultline.";

/** Kept on this computer, or in this tab as long as it is open. */
export type Where = "computer" | "tab";

/** The stored value, or null. Anything unreadable counts as absent. */
export function readStored(key: string, where: Where = "computer"): unknown {
  try {
    const text = storage(where)?.getItem(prefix + key);
    return text === null || text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Null takes it away. False when it could not be kept. */
export function writeStored(key: string, value: unknown, where: Where = "computer"): boolean {
  try {
    if (value === null) storage(where)?.removeItem(prefix + key);
    else storage(where)?.setItem(prefix + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Asking for it may throw, too. */
function storage(where: Where): Storage | undefined {
  return where === "computer" ? globalThis.localStorage : globalThis.sessionStorage;
}
