/** What of the past is still drawn at a moment: who was ended by an act, and what was cut off not long ago. */
import type { Mark } from "../../player/index.ts";
import { seconds } from "../../widgets/seconds.ts";
import type { RecentCut } from "./cells.ts";

/** How long records that were cut off stay on the strip, µs. */
const cutStays = 2_500_000;

export interface History {
  readonly ended: ReadonlyMap<string, string>;
  readonly cuts: ReadonlyMap<string, RecentCut>;
}

const words: Readonly<Record<string, string>> = {
  "process-killed": "killed",
  "process-stopping": "stopped",
  "power-lost": "power lost",
};

/** Reads the marks up to `entries` steps. */
export function historyAt(marks: readonly Mark[], entries: number, time: number): History {
  const ended = new Map<string, string>();
  const cuts = new Map<string, RecentCut>();
  for (const mark of marks) {
    if (mark.entry >= entries) break;
    const { fact } = mark;
    if (fact == null) continue;
    const node = typeof fact.node === "string" ? fact.node : null;
    if (node !== null && words[fact.kind] !== undefined) ended.set(node, `${words[fact.kind]} at ${seconds(mark.at)}`);
    if (node !== null && fact.kind === "process-started") ended.delete(node);
    if (fact.kind === "log-truncated" && time - mark.at <= cutStays)
      cuts.set(`${mark.actor} ${String(fact.topicPartition)}`, fact as unknown as RecentCut);
  }
  return { ended, cuts };
}
