/** Metrics as numbers, counted again from the ledger and the tracks, which read the run by other ways. */
import { describe, expect, test } from "vitest";
import { clusterNow, type LedgerState, recordsIn } from "../../src/sim/index.ts";
import { groupsView } from "../../src/ui/views/groups/project.ts";
import { acksAt, chartsOf, latencyAt, levelAt, readingsAt } from "../../src/ui/views/metrics/charts.ts";
import { MetricsIndex } from "../../src/ui/views/metrics/metrics-index.ts";
import { entryOf, runOf } from "./run.ts";

const second = 1_000_000;

function indexOf(id: string) {
  const run = runOf(id);
  const { partitions } = clusterNow(run.timeline.at(0).world);
  return { run, index: new MetricsIndex(run.timeline.trace, partitions).extend() };
}

describe("acks=1, the leader dies", () => {
  const { run, index } = indexOf("acks1-failover-loss");
  const { world, observed } = run.timeline.head;
  const acked = recordsIn("acked", observed.ledger as LedgerState, world);
  const killed = run.timeline.trace.at(entryOf(run, "process-killed", { node: "b1" }));

  test("as many acknowledgements as the ledger has, with its latencies", () => {
    expect(index.acked.map(({ at, latency }) => [at, latency])).toEqual(
      acked.map(({ acked: told, sent }) => [told?.at, (told?.at ?? 0) - sent.at]).sort((a, b) => a[0]! - b[0]!),
    );
  });

  test("the rate falls to nothing while nobody leads", () => {
    expect(acksAt(index, killed)).toBeGreaterThan(0);
    expect(acksAt(index, killed + 2 * second)).toBe(0);
    expect(latencyAt(index, killed + 2 * second)).toBeNull();
  });

  test("the controller counts no offline partition while the session of the dead leader runs", () => {
    expect(levelAt(index.offline, killed + second)).toBe(0);
    expect(index.elections.length).toBe(1);
    expect(levelAt(index.underReplicated, index.elections[0]!.at)).toBe(1);
  });

  test("nothing is drawn past what may be shown", () => {
    for (const { series, ticks } of chartsOf(index, 0, 40 * second, killed, 100)) {
      for (const { points } of series) for (const { at } of points) expect(at).toBeLessThanOrEqual(killed);
      expect(ticks).toEqual([]);
    }
  });

  test("p99 is never below p50", () => {
    for (let time = second; time < 40 * second; time += second / 2) {
      const latency = latencyAt(index, time);
      if (latency !== null) expect(latency.p99).toBeGreaterThanOrEqual(latency.p50);
    }
  });
});

test("lag by group at the end is that of the coordinator's offsets and the leader's high watermark", () => {
  const { run, index } = indexOf("two-groups-one-topic");
  const groups = groupsView(run.timeline.head.world);
  expect(groups.length).toBe(2);
  for (const { id, lag } of groups) expect(levelAt(index.lag.get(id) ?? [], 1e12), id).toBe(lag);
});

test("a follower that falls behind: one shrink, one expand, and the partition lacks a replica between", () => {
  const { index } = indexOf("slow-follower-leaves-isr");
  const [shrink] = index.shrinks;
  const [expand] = index.expands;
  expect(shrink?.at).toBeLessThan(expand?.at ?? 0);
  expect(levelAt(index.underReplicated, shrink!.at)).toBe(1);
  expect(levelAt(index.underReplicated, expand!.at)).toBe(0);
});

test("an index that grows reads the same as one made at the end", () => {
  const { run, index } = indexOf("acks1-failover-loss");
  const facts: unknown[] = [];
  const growing = new MetricsIndex({ facts } as never, clusterNow(run.timeline.at(0).world).partitions);
  for (const fact of run.timeline.trace.facts) {
    facts.push(fact);
    if (facts.length % 97 === 0) growing.extend();
  }
  growing.extend();
  expect(readingsAt(growing, 30 * second)).toEqual(readingsAt(index, 30 * second));
  expect(growing.underReplicated).toEqual(index.underReplicated);
});
