/** What the reader asks of the log. */
import { create } from "zustand";
import type { Level } from "./project.ts";

interface LogState {
  readonly level: Level;
  readonly query: string;
  setLevel(level: Level): void;
  setQuery(query: string): void;
}

export const useLog = create<LogState>()((set) => ({
  level: "story",
  query: "",
  setLevel: (level) => set({ level }),
  setQuery: (query) => set({ query }),
}));

/** Id of the filter's field, so that `/` finds it. */
export const FILTER_ID = "log-filter";
