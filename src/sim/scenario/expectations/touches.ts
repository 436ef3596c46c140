/**
 * Which facts may change what a condition reads. Facts that come by the thousand are listed with the little they touch; any
 * other fact, and any input, touches everything.
 */
import type { Fact, Step } from "../../engine/types.ts";

/** Bits: logs and marks; what the ledger knows; clients; the cluster itself (ZooKeeper, processes, brokers, groups). */
export type Touch = number;
export const LOGS: Touch = 1;
export const LEDGER: Touch = 2;
export const CLIENTS: Touch = 4;
export const CLUSTER: Touch = 8;
export const FACTS: Touch = 16;
export const EVERYTHING: Touch = 31;

const OFTEN: Readonly<Record<string, Touch>> = {
  "records-appended": LOGS | LEDGER,
  "high-watermark-advanced": LOGS | LEDGER,
  "record-sent": LEDGER,
  "record-acked": LEDGER,
  "record-assumed": LEDGER,
  "send-failed": LEDGER,
  "batch-sent": 0,
  "produce-retried": 0,
  "metadata-updated": CLIENTS | CLUSTER,
  "records-polled": LEDGER | CLIENTS,
  "records-processed": LEDGER | CLIENTS,
  "metadata-refreshed": CLIENTS,
  "message-lost": 0,
};

/** What the facts of a step may have changed; an input or an act may change anything. */
export function touchedBy(step: Step): Touch {
  return step.trigger.kind === "environment" ? EVERYTHING : touchedByFacts(step.facts);
}

export function touchedByFacts(facts: readonly Fact[]): Touch {
  let touched = facts.length === 0 ? 0 : FACTS;
  for (let i = 0; i < facts.length; i += 1) touched |= OFTEN[(facts[i] as Fact).kind] ?? EVERYTHING;
  return touched;
}
