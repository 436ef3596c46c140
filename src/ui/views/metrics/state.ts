/** Whether metrics are drawn or written as a table. */
import { create } from "zustand";

interface MetricsState {
  readonly form: "charts" | "table";
  setForm(form: MetricsState["form"]): void;
}

export const useMetrics = create<MetricsState>()((set) => ({ form: "charts", setForm: (form) => set({ form }) }));
