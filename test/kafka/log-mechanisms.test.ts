/**
 * Truncation and producer state where the vectors are silent: what each version does first, and what it forgets.
 */
import { describe, expect, test } from "vitest";
import { assignEpoch, NO_EPOCHS, truncateEpochsFromEnd } from "../../src/sim/kafka/log/epochCache.ts";
import {
  checkProducerBatch,
  expireProducers,
  firstOpenTransactionOffset,
  forgetProducersBelow,
  incrementSequence,
  type ProducerBatch,
  type ProducerStates,
  recordProducerBatch,
  recordTransactionMarker,
} from "../../src/sim/kafka/log/producerState.ts";
import {
  checkFetchConsistency,
  decideTruncation,
  followerStart,
  outOfRangeAction,
  truncationModeOf,
} from "../../src/sim/kafka/log/truncation.ts";
import { PROFILES } from "../../src/sim/kafka/profiles/profile.ts";
import { rulesOf } from "../../src/sim/kafka/rules.ts";

describe("a new follower", () => {
  const log = { highWatermark: 5, logEndOffset: 8 };
  const cache = [{ epoch: 3, startOffset: 0 }];

  test("cuts to its high watermark, asks for its last epoch, or fetches at once, by version", () => {
    const starts = PROFILES.map((profile) => followerStart(truncationModeOf(rulesOf(profile)), log, cache));
    expect(starts).toEqual([
      { kind: "truncate", offset: 5 },
      { kind: "ask-leader-epoch", epoch: 3 },
      { kind: "fetch", offset: 8, lastFetchedEpoch: 3 },
    ]);
  });

  test("without epochs cuts to its high watermark in every version, and with the rule off in 2.1", () => {
    const starts = PROFILES.map((profile) => followerStart(truncationModeOf(rulesOf(profile)), log, []));
    const ruleOff = truncationModeOf(rulesOf("2.1", ["truncatesByLeaderEpoch"]));
    expect([...starts, followerStart(ruleOff, log, cache)]).toEqual(Array(4).fill({ kind: "truncate", offset: 5 }));
  });

  test("takes the offset of an old peer that answers without an epoch", () => {
    const decision = decideTruncation({
      leaderAnswer: { epoch: -1, endOffset: 6 },
      ownEpochEnd: null,
      logEndOffset: 8,
      initialFetchOffset: 5,
    });
    expect(decision).toEqual({ truncateTo: 6, isComplete: true });
  });
});

test("a fetch that names no epoch is not checked", () => {
  const leader = { logStartOffset: 0, logEndOffset: 3, epochs: [] };
  expect(checkFetchConsistency(leader, { fetchOffset: 9, lastFetchedEpoch: -1 })).toEqual({ kind: "consistent" });
});

describe("a follower out of its leader's range", () => {
  test("cuts what the leader does not have; 0.10 halts unless unclean election is allowed", () => {
    const leader = { logStartOffset: 0, logEndOffset: 4 };
    expect(outOfRangeAction(7, leader)).toEqual({ kind: "truncate", offset: 4 });
    expect(outOfRangeAction(7, leader, false)).toEqual({ kind: "halt" });
  });

  test("starts anew at the leader's start, or goes on", () => {
    expect(outOfRangeAction(7, { logStartOffset: 9, logEndOffset: 20 })).toEqual({ kind: "restart-at", offset: 9 });
    expect(outOfRangeAction(7, { logStartOffset: 2, logEndOffset: 20 })).toEqual({ kind: "continue", offset: 7 });
  });
});

test("entries of an epoch whose records a crash lost go when the log is loaded", () => {
  const cache = assignEpoch(assignEpoch(NO_EPOCHS, 0, 0), 1, 2);
  expect(truncateEpochsFromEnd(cache, 2)).toEqual([{ epoch: 0, startOffset: 0 }]);
});

describe("the state of a producer", () => {
  const config = (profile: "2.1" | "3.9", without: ["deduplicates"] | [] = []) => ({
    profile,
    rules: rulesOf(profile, without),
  });
  const batchAt = (baseSequence: number, more: Partial<ProducerBatch> = {}): ProducerBatch => ({
    producerId: 1000,
    producerEpoch: 0,
    baseSequence,
    recordCount: 1,
    isTransactional: false,
    ...more,
  });
  function producersWith(count: number): ProducerStates {
    const producers: ProducerStates = {};
    for (let i = 0; i < count; i++) recordProducerBatch(producers, batchAt(i), i, i);
    return producers;
  }

  test("knows five batches: an older copy is out of order, not a duplicate", () => {
    const producers = producersWith(6);
    expect(checkProducerBatch(producers, batchAt(1), config("3.9"))).toMatchObject({
      kind: "duplicate",
      of: { firstOffset: 1 },
    });
    expect(checkProducerBatch(producers, batchAt(0), config("3.9"))).toEqual({
      kind: "refused",
      error: "OUT_OF_ORDER_SEQUENCE_NUMBER",
      expectedSequence: 6,
    });
  });

  test("is dropped by 2.1 when the log start passes it, and the next batch is from an unknown producer", () => {
    const producers = producersWith(3);
    forgetProducersBelow(producers, 2);
    expect(Object.keys(producers)).toEqual(["1000"]);
    forgetProducersBelow(producers, 3);
    expect(checkProducerBatch(producers, batchAt(3), config("2.1"))).toMatchObject({ error: "UNKNOWN_PRODUCER_ID" });
    expect(checkProducerBatch(producers, batchAt(3), config("3.9"))).toEqual({ kind: "accepted" });
  });

  test("expires, but never while its transaction is open", () => {
    const producers = producersWith(1);
    recordProducerBatch(producers, batchAt(0, { producerId: 2000, isTransactional: true }), 4, 0);
    recordProducerBatch(producers, batchAt(1, { producerId: 2000, isTransactional: true }), 5, 0);
    expireProducers(producers, 101, 100);
    expect(Object.keys(producers)).toEqual(["2000"]);
    expect(firstOpenTransactionOffset(producers)).toBe(4);

    const marker = { producerId: 2000, producerEpoch: 0, coordinatorEpoch: 0 };
    expect(recordTransactionMarker(producers, marker, 0)).toBe(4);
    expireProducers(producers, 101, 100);
    expect(producers).toEqual({});
    expect(firstOpenTransactionOffset(producers)).toBeNull();
  });

  test("without the rule deduplicates takes a batch twice", () => {
    expect(checkProducerBatch(producersWith(2), batchAt(1), config("3.9", ["deduplicates"]))).toEqual({
      kind: "accepted",
    });
  });

  test("counts sequences past the largest int to 0", () => {
    expect([incrementSequence(0x7fffffff, 1), incrementSequence(0x7ffffffe, 3), incrementSequence(-1, 1)]).toEqual([
      0, 1, 0,
    ]);
  });
});
