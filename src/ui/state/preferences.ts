/** What the reader likes: theme, motion, keys, panes. Kept in local storage where there is one. */
import { create } from "zustand";
import { readStored, writeStored } from "./storage.ts";

export type Theme = "system" | "light" | "dark" | "contrast";
/** Which events the live region speaks. */
export type Narration = "faults" | "elections" | "all";

export interface Preferences {
  readonly theme: Theme;
  readonly reducedMotion: "system" | "on" | "off";
  /** Single letters act as keys; WCAG 2.1.4 asks that this can be switched off. */
  readonly singleKeys: boolean;
  readonly narration: Narration;
  readonly showHeartbeats: boolean;
  readonly slowsNearFaults: boolean;
  readonly hurriesWaits: boolean;
  /** Sizes of panes, in percent, by the name of their group. */
  readonly layouts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Panes that were closed, by the id of their view or slot. */
  readonly closed: readonly string[];
}

export interface PreferencesState extends Preferences {
  change(some: Partial<Preferences>): void;
}

export const defaultPreferences: Preferences = {
  theme: "system",
  reducedMotion: "system",
  singleKeys: true,
  narration: "elections",
  showHeartbeats: false,
  slowsNearFaults: false,
  hurriesWaits: false,
  layouts: {},
  closed: [],
};

const oneOf = {
  theme: ["system", "light", "dark", "contrast"],
  reducedMotion: ["system", "on", "off"],
  narration: ["faults", "elections", "all"],
} as const;

/** Takes from stored data what has the right shape; the rest keeps its default. */
export function readPreferences(stored: unknown): Preferences {
  const result: Record<string, unknown> = { ...defaultPreferences };
  if (typeof stored !== "object" || stored === null) return defaultPreferences;
  for (const [key, value] of Object.entries(stored)) {
    const known = result[key];
    if (known === undefined || typeof known !== typeof value || Array.isArray(known) !== Array.isArray(value)) continue;
    const words: readonly string[] | undefined = (oneOf as Record<string, readonly string[]>)[key];
    if (words !== undefined && !words.includes(value as string)) continue;
    if (value !== null) result[key] = value;
  }
  return result as unknown as Preferences;
}

export const usePreferences = create<PreferencesState>()((set, get) => ({
  ...readPreferences(readStored("preferences")),
  change: (some) => {
    set(some);
    const { change: _, ...kept } = get();
    writeStored("preferences", kept);
  },
}));
