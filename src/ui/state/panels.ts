/** Which dialog of the workbench is open, so that any part may ask for one. */
import { create } from "zustand";

export type PanelName = "settings" | "files";

interface PanelsState {
  readonly open: PanelName | null;
  show(panel: PanelName): void;
  close(): void;
}

export const usePanels = create<PanelsState>()((set) => ({
  open: null,
  show: (open) => set({ open }),
  close: () => set({ open: null }),
}));
