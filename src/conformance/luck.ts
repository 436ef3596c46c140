/**
 * When a session ends within the leader's tick is luck: ZooKeeper looks at its sessions once a tick, and nothing says where in a tick a
 * story began. The recording does: by the time from the kill (or pause, or cut) to the end of the first session that timed out. So the
 * replay of such a story begins as much later within the tick as makes the two times agree; all else follows.
 *
 * Simplified   one moment for the whole story: later sessions end as they do.
 */
import type { FactEntry } from "../sim/engine/facts.ts";
import type { Timeline } from "../sim/engine/timeline.ts";
import type { Step } from "./steps.ts";
import type { Trace } from "./trace.ts";

const MS = 1000;
/** ZooKeeper's tick in the recordings that do not set it, ms. */
const TICK_MS = 2000;

/** The first session of a recording that timed out: whose, after which step, and how long after it, ms. */
export interface FirstTimeout {
  readonly broker: string;
  readonly step: number;
  readonly tookMs: number;
}

/** The first session that timed out in the recording; null if none did, or if nothing was done to its broker. */
export function firstTimeout(trace: Trace): FirstTimeout | null {
  for (const write of trace.zookeeper) {
    if (write.op !== "closeSession" || write.t < 0 || !/^b\d+$/.test(write.by)) continue;
    const step = trace.steps.findLastIndex((one) => one.t <= write.t && touches(one, write.by));
    const done = trace.steps[step];
    if (done === undefined || done.op === "stop") continue;
    return { broker: write.by, step, tookMs: write.t - done.t };
  }
  return null;
}

function touches(step: Step, broker: string): boolean {
  if (step.op === "cut") return step.a === broker || step.b === broker;
  return (step.op === "kill" || step.op === "pause" || step.op === "stop") && step.node === broker;
}

/** How long after `since` (µs) the session of `broker` timed out here, ms; null: it has not. */
export function tookHere(timeline: Timeline, broker: string, since: number): number | null {
  const { facts } = timeline.trace;
  for (let n = facts.length - 1; n >= 0; n -= 1) {
    const { at, fact } = facts.at(n) as FactEntry;
    if (at < since) return null;
    if (fact.kind === "session-expired" && fact.owner === broker) return (at - since) / MS;
  }
  return null;
}

/** How much later within a tick the story has to begin, µs. */
export function shiftOf(trace: Trace, wantedMs: number, tookMs: number): number {
  const set = Number((trace.cluster.zookeeperConfig as Record<string, unknown>).tickTime ?? TICK_MS);
  const later = Math.round(tookMs - wantedMs) % set;
  return (later < 0 ? later + set : later) * MS;
}
