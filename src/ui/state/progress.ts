/** Which labs are done, and what was predicted; kept on this computer only. */
import { create } from "zustand";
import { readStored, writeStored } from "./storage.ts";

export interface PredictionRecord {
  /** Index of the option, or the number, as text. */
  readonly answer: string;
  readonly sure: 1 | 2 | 3;
  readonly isRight: boolean | null;
}

export interface LabProgress {
  readonly isDone: boolean;
  /** By index of the prediction in the lesson. */
  readonly predictions: Readonly<Record<string, PredictionRecord>>;
}

interface ProgressState {
  readonly labs: Readonly<Record<string, LabProgress>>;
  markDone(lab: string): void;
  predict(lab: string, prediction: string, record: PredictionRecord): void;
  /** Puts other progress in the place of what is kept; an empty one forgets all. */
  replace(labs: ProgressState["labs"]): void;
}

function stored(): Record<string, LabProgress> {
  const found = readStored("progress");
  if (typeof found !== "object" || found === null) return {};
  const entries = Object.entries(found as Record<string, Partial<LabProgress> | null>);
  return Object.fromEntries(
    entries.map(([id, lab]) => [id, { isDone: lab?.isDone === true, predictions: lab?.predictions ?? {} }]),
  );
}

export const useProgress = create<ProgressState>()((set, get) => {
  const replace = (labs: ProgressState["labs"]) => {
    set({ labs });
    writeStored("progress", labs);
  };
  const change = (lab: string, some: Partial<LabProgress>) => {
    const before = get().labs[lab] ?? { isDone: false, predictions: {} };
    replace({ ...get().labs, [lab]: { ...before, ...some } });
  };
  return {
    labs: stored(),
    replace,
    markDone: (lab) => change(lab, { isDone: true }),
    predict: (lab, prediction, record) =>
      change(lab, { predictions: { ...get().labs[lab]?.predictions, [prediction]: record } }),
  };
});
