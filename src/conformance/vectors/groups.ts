/**
 * Kinds groupStateTransitions, groupProtocolSelection and initialRebalanceDelay.
 */
import {
  canTransition,
  firstInitialDelay,
  type GroupState,
  nextInitialDelay,
  selectProtocol,
} from "../../sim/kafka/group/states.ts";
import { ALL_PROFILES, compared, type VectorKind } from "./kind.ts";

export const groupStateTransitionsKind: VectorKind = {
  kind: "groupStateTransitions",
  profiles: ALL_PROFILES,
  run: ({ input }) => {
    const { from, to, valid } = input as { from: GroupState; to: GroupState; valid: boolean };
    return compared(valid, canTransition(from, to));
  },
};

export const groupProtocolSelectionKind: VectorKind = {
  kind: "groupProtocolSelection",
  profiles: ALL_PROFILES,
  run: ({ input }) => {
    const { members, selectedAnyOf } = input as { members: string[][]; selectedAnyOf: string[] };
    const ours = selectProtocol(members);
    return compared(ours !== null && selectedAnyOf.includes(ours) ? ours : selectedAnyOf, ours);
  },
};

export const initialRebalanceDelayKind: VectorKind = {
  kind: "initialRebalanceDelay",
  profiles: ["2.1", "3.9"],
  run: ({ input }) => {
    const { groupInitialRebalanceDelayMs, rebalanceTimeoutMs, acceptedJoinTimesMs, firstGenerationAtMs } = input as {
      groupInitialRebalanceDelayMs: number;
      rebalanceTimeoutMs: number;
      acceptedJoinTimesMs: number[];
      firstGenerationAtMs: number;
    };
    // The first member starts the wait; each further one counts in the window it joins in.
    const [start = 0, ...later] = acceptedJoinTimesMs;
    let waited = firstInitialDelay(groupInitialRebalanceDelayMs, rebalanceTimeoutMs);
    let windowStart = start;
    for (;;) {
      const end = windowStart + waited.delay;
      const hasNewMember = later.some((joined) => joined >= windowStart && joined < end);
      const next = nextInitialDelay(waited, groupInitialRebalanceDelayMs, hasNewMember);
      if (next === null) return compared(firstGenerationAtMs, end);
      waited = next;
      windowStart = end;
    }
  },
};
