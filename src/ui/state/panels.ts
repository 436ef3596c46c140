/** Which dialog of the workbench is open, so that any part may ask for one. */
import { create } from "zustand";

export type PanelName = "settings" | "files";

interface PanelsState {
  readonly open: PanelName | null;
  /** A file that was let go over the page and not read yet. */
  readonly dropped: File | null;
  show(panel: PanelName): void;
  drop(file: File): void;
  close(): void;
}

export const usePanels = create<PanelsState>()((set) => ({
  open: null,
  dropped: null,
  show: (open) => set({ open }),
  drop: (dropped) => set({ open: "files", dropped }),
  close: () => set({ open: null }),
}));
