/**
 * The address of a screen: `#/lab/first-failover?t=4.308&view=log`. Path and query both lie inside the hash, so that the
 * page works under any path of any server, and from a file.
 *
 * Opening a screen pushes an entry of the history; whatever moves within a screen replaces it. So Back leaves a screen and
 * never undoes a scrub.
 */
import { useSyncExternalStore } from "react";

export interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What a screen may say of itself in its query. Values are as written; the screen checks them. */
export const QUERY_KEYS = [
  "seed",
  "variant",
  "profile",
  "t",
  "e",
  "sel",
  "view",
  "speed",
  "theme",
  "present",
  "embed",
] as const;
export type QueryKey = (typeof QUERY_KEYS)[number];

export function readAddress(hash: string): Address {
  const text = hash.replace(/^#/, "");
  const cut = text.indexOf("?");
  const path = cut === -1 ? text : text.slice(0, cut);
  return {
    path: path === "" ? "/" : path.startsWith("/") ? path : `/${path}`,
    query: new URLSearchParams(cut === -1 ? "" : text.slice(cut + 1)),
  };
}

export function writeAddress(path: string, query: URLSearchParams | Readonly<Record<string, string>> = {}): string {
  // Readable where the hash allows it: an address is read aloud and typed.
  const text = new URLSearchParams(query).toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return `#${path}${text === "" ? "" : `?${text}`}`;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}

/** Opens a screen. `replace` is for what moves within one. */
export function go(path: string, options: { readonly replace?: boolean } = {}): void {
  const { path: to, query } = readAddress(path);
  const url = writeAddress(to, query);
  if (url === window.location.hash) return;
  if (options.replace) window.history.replaceState(null, "", url);
  else {
    window.history.pushState(null, "", url);
    window.scrollTo(0, 0);
  }
  for (const listener of [...listeners]) listener();
}

/** For wouter: the path, and how to go elsewhere. */
export function useHashPath(): [string, (to: string, options?: { readonly replace?: boolean }) => void] {
  const path = useSyncExternalStore(
    subscribe,
    () => readAddress(window.location.hash).path,
    () => "/",
  );
  return [path, go];
}

/** Changes some of the query in place; null takes a key out. Nothing is drawn again for it. */
export function keepInQuery(changes: Partial<Record<QueryKey, string | null>>): void {
  const { path, query } = readAddress(window.location.hash);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined) query.delete(key);
    else query.set(key, value);
  }
  const url = writeAddress(path, query);
  if (url !== window.location.hash) window.history.replaceState(null, "", url);
}

/** Whole microseconds of a time written in seconds ("4.308"); null for anything else. */
export function readSeconds(text: string | null): number | null {
  if (text === null || !/^\d{1,6}(\.\d{1,6})?$/.test(text)) return null;
  return Math.round(Number(text) * 1_000_000);
}

export function writeSeconds(time: number): string {
  return (time / 1_000_000).toFixed(6).replace(/\.?0+$/, "");
}

/** A whole number from 0 on; null for anything else. */
export function readCount(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
