/**
 * Kind resetOffsets: where the group tool moves a group's offsets, and when it refuses.
 *
 * Left out     reading of times: a case with a time gives the moment that it stands for.
 */
import { type ResetBounds, type ResetSpec, resetRefusal, resetTarget } from "../../sim/kafka/client/resetPlan.ts";
import { compared, type VectorKind } from "./kind.ts";

interface ResetCase {
  groupState: string;
  partitions: Record<string, ResetBounds>;
  spec: { mode: string; value?: number | string; resolvedTimestamp?: number };
  expect: Record<string, number> | { error: string };
}

export const resetOffsetsKind: VectorKind = {
  kind: "resetOffsets",
  profiles: ["2.1", "3.9"],
  run: ({ input }) => {
    const { groupState, partitions, spec, expect } = input as ResetCase;
    const refusal = resetRefusal("g", groupState);
    if (refusal !== null) return compared(expect, { error: refusal });
    const ours: Record<string, number> = {};
    for (const [name, bounds] of Object.entries(partitions)) {
      const target = resetTarget(specOf(spec), name, bounds);
      if (target.kind === "error") return compared(expect, { error: target.message });
      ours[name] = target.offset;
    }
    return compared(expect, ours);
  },
};

function specOf({ mode, value, resolvedTimestamp }: ResetCase["spec"]): ResetSpec {
  if (resolvedTimestamp !== undefined) return { mode: "to-timestamp", timestamp: resolvedTimestamp };
  if (mode === "to-offset" || mode === "shift-by") return { mode, value: Number(value) };
  return { mode: mode as "to-earliest" | "to-latest" | "to-current" };
}
