/** Words that many sentences need: lengths of time, lists, numbers of things. */
import { type Delay, SECOND } from "./types.ts";

/** `6 s`, `6.9 s`: what has begun of a tenth is cut off. */
export function cutSeconds(delay: Delay): string {
  return `${Math.floor(delay / (SECOND / 10)) / 10} s`;
}

/** `6.0 s`, `6.9 s`: to the nearest tenth. */
export function nearSeconds(delay: Delay): string {
  return `${(Math.round(delay / (SECOND / 10)) / 10).toFixed(1)} s`;
}

/** `b1`, `b1 and b2`, `b1, b2 and b3`. */
export function list(names: readonly string[]): string {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** `one record`, `3 records`. */
export function counted(number: number, one: string): string {
  return number === 1 ? `one ${one}` : `${number} ${one}s`;
}

/** `b1, b2`; `none` in place of an empty list. */
export function commas(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(", ");
}
