/** Which records the ledger shows: the lost ones when it is opened and there are some, until the reader chooses. */
import { create } from "zustand";
import type { LedgerFilter } from "./project.ts";

interface LedgerViewState {
  readonly filter: LedgerFilter;
  readonly isChosen: boolean;
  setFilter(filter: LedgerFilter): void;
  /** Says how many are lost at the moment it is opened. */
  open(lost: number): void;
}

export const useLedger = create<LedgerViewState>()((set, get) => ({
  filter: "sent",
  isChosen: false,
  setFilter: (filter) => set({ filter, isChosen: true }),
  open: (lost) => !get().isChosen && set({ filter: lost > 0 ? "lost-with-neighbours" : "sent" }),
}));
