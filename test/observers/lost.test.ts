/** What the ledger calls lost, against a plain search of every log: passing over settled records misses nothing. */
import { expect, test } from "vitest";
import { startScenario } from "../../src/sim/index.ts";
import { brokerActor } from "../../src/sim/kafka/protocol/ids.ts";
import { batchIn, logOn, partitionZnode } from "../../src/sim/kafka/readings.ts";
import { recordsOf } from "../../src/sim/observers/ledger-records.ts";
import type { LedgerState } from "../../src/sim/observers/ledger-state.ts";
import { schedule } from "../properties/schedule.ts";

const SECOND = 1_000_000;

test.each([312, 471, 504, 666, 7, 8])("seed %i, with the rules of 0.10", (seed) => {
  const scenario = schedule({ seed, profile: "0.10", kind: "core" });
  const { timeline } = startScenario(scenario);
  let lost = 0;
  for (let at = 5; at <= 60; at += 5) {
    timeline.advance(at * SECOND);
    const { world, observed } = timeline.head;
    for (const record of recordsOf(observed.ledger as LedgerState)) {
      const topicPartition = record.acked?.topicPartition;
      const znode = topicPartition === undefined ? null : partitionZnode(world, topicPartition);
      if (topicPartition === undefined || znode === null || znode.leader < 0) continue;
      const log = logOn(world, brokerActor(znode.leader), topicPartition);
      const isThere = record.placements.some(({ offset }) => {
        const batch = log === null ? null : batchIn(log, offset);
        return batch?.records[offset - batch.baseOffset]?.tag === record.tag;
      });
      if (!isThere) lost += 1;
      expect({ at, tag: record.tag, isLost: record.lost !== null }).toEqual({ at, tag: record.tag, isLost: !isThere });
    }
  }
  if (seed > 300) expect(lost).toBeGreaterThan(0);
});
