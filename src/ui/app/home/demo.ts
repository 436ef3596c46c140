/** What the first page says about its run, as plain data. Pure: a function of the moment shown. */
import { clusterNow, type LedgerState, type World } from "../../../sim/index.ts";

/**
 * - `before`  nobody was killed yet
 * - `down`    the leader is gone and nobody leads
 * - `moved`   another one leads
 * - `back`    the first leader is up again
 */
export type DemoPhase = "before" | "down" | "moved" | "back";

export interface DemoFacts {
  readonly phase: DemoPhase;
  readonly partition: string;
  /** Null while nobody leads. */
  readonly leader: string | null;
  readonly epoch: number;
  readonly isr: readonly string[];
  /** Whom the button kills, or brings back. */
  readonly target: string;
  /** Seconds until the session of the dead leader ends; null when nobody counts. */
  readonly secondsLeft: number | null;
  /** Seconds without a leader; 0 with one. */
  readonly leaderlessFor: number;
  readonly acked: number;
  readonly lost: number;
}

/** `killed`: who was killed in this run, and when. */
export function demoFacts(
  world: World,
  ledger: LedgerState | undefined,
  time: number,
  killed: { readonly id: string; readonly at: number } | null,
): DemoFacts {
  const { brokers, partitions } = clusterNow(world);
  const partition = partitions[0];
  const named = brokers.find(({ id }) => id === partition?.leader);
  const leader = named !== undefined && named.process === "up" ? named.id : null;
  const first = killed?.id ?? leader ?? partition?.replicas[0] ?? "b1";
  const victim = brokers.find(({ id }) => id === first);
  const isUp = victim?.process === "up";
  const phase = killed === null ? "before" : leader === null ? "down" : isUp && leader !== first ? "back" : "moved";
  const endsAt = victim?.session?.endsAt;
  return {
    phase: phase === "moved" && leader === first ? "before" : phase,
    partition: partition?.topicPartition ?? "",
    leader,
    epoch: partition?.leaderEpoch ?? 0,
    isr: partition?.isr ?? [],
    target: first,
    secondsLeft: phase === "down" && endsAt !== undefined && !isUp ? Math.max(0, endsAt - time) / 1_000_000 : null,
    leaderlessFor: leader === null && killed !== null ? (time - killed.at) / 1_000_000 : 0,
    acked: ledger?.counts.acked ?? 0,
    lost: ledger?.counts.lost ?? 0,
  };
}
