/** Short sentences at the foot of the window, one at a time, some with an undo. */
import { create } from "zustand";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly onUndo?: () => void;
  /** What the button says, when it is not an undo. */
  readonly action?: string;
}

interface NoticesState {
  readonly notice: Notice | null;
  show(text: string, onUndo?: () => void): void;
  /** A sentence that stays until it is answered, with a button that does `run`. */
  offer(text: string, action: string, run: () => void): void;
  dismiss(): void;
}

export const useNotices = create<NoticesState>()((set, get) => ({
  notice: null,
  show: (text, onUndo) =>
    set({ notice: { id: (get().notice?.id ?? 0) + 1, text, ...(onUndo === undefined ? {} : { onUndo }) } }),
  offer: (text, action, run) => set({ notice: { id: (get().notice?.id ?? 0) + 1, text, action, onUndo: run } }),
  dismiss: () => set({ notice: null }),
}));
