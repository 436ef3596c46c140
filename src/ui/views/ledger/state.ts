/** Which records the ledger shows. */
import { create } from "zustand";
import type { LedgerFilter } from "./project.ts";

interface LedgerViewState {
  readonly filter: LedgerFilter;
  setFilter(filter: LedgerFilter): void;
}

export const useLedger = create<LedgerViewState>()((set) => ({
  filter: "sent",
  setFilter: (filter) => set({ filter }),
}));
