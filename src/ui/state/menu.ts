/** Which thing's menu is asked for, and where. Views ask; the workbench, which knows the faults, shows it. */
import { create } from "zustand";
import type { Thing } from "./selection.ts";

interface MenuState {
  readonly request: { readonly thing: Thing; readonly x: number; readonly y: number } | null;
  /** At (x, y) of the window, px. */
  ask(thing: Thing, x: number, y: number): void;
  close(): void;
}

export const useMenu = create<MenuState>()((set) => ({
  request: null,
  ask: (thing, x, y) => set({ request: { thing, x, y } }),
  close: () => set({ request: null }),
}));
