/** Which view is shown in each slot, and whether the drawer is open. Not kept: a link says it, or the lab does. */
import { create } from "zustand";
import type { Slot } from "../../views/view.ts";

interface BenchState {
  readonly shown: Readonly<Partial<Record<Slot, string>>>;
  readonly isDrawerOpen: boolean;
  /** In narrow forms: which part is in front. */
  readonly part: "centre" | "lesson" | "inspector" | "drawer";
  show(slot: Slot, view: string): void;
  setDrawer(isOpen: boolean): void;
  setPart(part: BenchState["part"]): void;
}

/** Whether the drawer stands open at first. A low window is for the picture, and a run of many things has a high picture. */
export function hasRoomForDrawer(hasMany: boolean): boolean {
  return globalThis.innerHeight === undefined || globalThis.innerHeight >= (hasMany ? 1000 : 880);
}

export const useBench = create<BenchState>()((set, get) => ({
  shown: {},
  isDrawerOpen: hasRoomForDrawer(false),
  part: "centre",
  show: (slot, view) =>
    set({
      shown: { ...get().shown, [slot]: view },
      ...(slot === "drawer" ? { isDrawerOpen: true } : {}),
      ...(slot === "timeline" ? {} : { part: slot }),
    }),
  setDrawer: (isDrawerOpen) => set({ isDrawerOpen }),
  setPart: (part) => set({ part }),
}));
