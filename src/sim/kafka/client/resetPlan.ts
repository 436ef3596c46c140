/**
 * Where kafka-consumer-groups --reset-offsets moves a group: pure arithmetic over what the tool has found out.
 *
 * In Kafka     ConsumerGroupCommand.prepareOffsetsToReset, checkOffsetsRange (0.11+).
 * Left out     --from-file; --all-groups.
 */

export type ResetSpec =
  | { readonly mode: "to-earliest" | "to-latest" | "to-current" }
  | { readonly mode: "to-offset" | "shift-by"; readonly value: number }
  /** The first record at or after a moment, ms since 1970. */
  | { readonly mode: "to-timestamp"; readonly timestamp: number };

/** What is known of a partition; `committed` null: nothing is. */
export interface ResetBounds {
  readonly logStart: number;
  readonly logEnd: number;
  readonly committed: number | null;
  /** Offset and timestamp of records, in log order; only for `to-timestamp`. */
  readonly records?: readonly (readonly [offset: number, timestamp: number])[];
}

export type ResetTarget =
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "error"; readonly message: string };

/** The new offset of one partition, within the log; or why there is none. */
export function resetTarget(spec: ResetSpec, topicPartition: string, bounds: ResetBounds): ResetTarget {
  const { logStart, logEnd, committed } = bounds;
  const within = (offset: number): ResetTarget => ({
    kind: "offset",
    offset: Math.min(Math.max(offset, logStart), logEnd),
  });
  switch (spec.mode) {
    case "to-earliest":
      return { kind: "offset", offset: logStart };
    case "to-latest":
      return { kind: "offset", offset: logEnd };
    case "to-current":
      return { kind: "offset", offset: committed ?? logEnd };
    case "to-offset":
      return within(spec.value);
    case "shift-by":
      if (committed !== null) return within(committed + spec.value);
      return {
        kind: "error",
        message: `Cannot shift offset for partition ${topicPartition} since there is no current committed offset`,
      };
    case "to-timestamp": {
      const found = (bounds.records ?? []).find(([, timestamp]) => timestamp >= spec.timestamp);
      return { kind: "offset", offset: found?.[0] ?? logEnd };
    }
  }
}

/** What the tool says to a group in this state; null: its offsets may be reset. A group nobody knows counts as Dead. */
export function resetRefusal(group: string, state: string): string | null {
  if (state === "Empty" || state === "Dead") return null;
  return `Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}.`;
}
