/** Short sentences at the foot of the window, one at a time, some with an undo. */
import { create } from "zustand";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly onUndo?: () => void;
}

interface NoticesState {
  readonly notice: Notice | null;
  show(text: string, onUndo?: () => void): void;
  dismiss(): void;
}

export const useNotices = create<NoticesState>()((set, get) => ({
  notice: null,
  show: (text, onUndo) =>
    set({ notice: { id: (get().notice?.id ?? 0) + 1, text, ...(onUndo === undefined ? {} : { onUndo }) } }),
  dismiss: () => set({ notice: null }),
}));
