/** A log of chunks and a tail behaves as one list of batches, however it is appended to and cut. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK_SIZE } from "../../../src/sim/engine/chunked.ts";
import { snapshot } from "../../../src/sim/engine/snapshot.ts";
import {
  advanceLogStart,
  appendAsFollower,
  appendAsLeader,
  batchAt,
  batchesOf,
  bytesBetween,
  epochAt,
  flush,
  lastBatch,
  readBatches,
  truncateFullyAndStartAt,
  truncateTo,
} from "../../../src/sim/kafka/log/log.ts";
import { createLog, type PartitionLog } from "../../../src/sim/kafka/log/state.ts";
import { plainBatch, type RecordBatch } from "../../../src/sim/kafka/protocol/records.ts";

const record = (value: string) => ({ key: null, value, timestamp: 0, tag: value });
const batch = (...values: string[]) => plainBatch(values.map(record));
const values = (log: PartitionLog) => [...batchesOf(log)].flatMap((one) => one.records.map((each) => each.value));

/** A log with `count` records, one a batch, named by their offset. */
function filled(count: number): PartitionLog {
  const log = createLog();
  for (let i = 0; i < count; i += 1) appendAsLeader(log, batch(String(i)), 0);
  return log;
}

test("a leader gives offsets and its epoch; a follower keeps both", () => {
  const leader = createLog();
  appendAsLeader(leader, batch("a", "b"), 3);
  const placed = appendAsLeader(leader, batch("c"), 4);
  expect(placed).toMatchObject({ baseOffset: 2, lastOffset: 2, partitionLeaderEpoch: 4 });

  const follower = createLog();
  for (const one of batchesOf(leader)) appendAsFollower(follower, one);
  expect(follower).toEqual(leader);
  expect(follower.epochs).toEqual([
    { epoch: 3, startOffset: 0 },
    { epoch: 4, startOffset: 2 },
  ]);
  expect([epochAt(follower, 1), epochAt(follower, 2)]).toEqual([3, 4]);
});

test("format v1 has no epochs", () => {
  const log = createLog();
  appendAsLeader(log, batch("a"), -1);
  expect(log.epochs).toEqual([]);
});

test("full chunks are frozen, so that a snapshot shares them", () => {
  const log = filled(3 * CHUNK_SIZE + 5);
  expect(log.batches.chunks).toHaveLength(3);
  expect(log.batches.tail).toHaveLength(5);
  const copy = snapshot(log);
  expect(copy.batches.chunks[1]).toBe(log.batches.chunks[1]);
  appendAsLeader(log, batch("more"), 0);
  expect(copy.batches.tail).toHaveLength(5);
});

test("a read begins with the batch that holds the offset and stops at the limit", () => {
  const log = createLog();
  appendAsLeader(log, batch("a", "b", "c"), 0);
  appendAsLeader(log, batch("d"), 0);
  appendAsLeader(log, batch("e"), 0);
  const bases = (found: readonly RecordBatch[]) => found.map((one) => one.baseOffset);
  expect(bases(readBatches(log, 1, 5, 1 << 20, true))).toEqual([0, 3, 4]);
  expect(bases(readBatches(log, 3, 4, 1 << 20, true))).toEqual([3]);
  expect(bases(readBatches(log, 0, 5, 1, true))).toEqual([0]);
  expect(bases(readBatches(log, 0, 5, 1, false))).toEqual([]);
  expect(bases(readBatches(log, 5, 9, 1 << 20, true))).toEqual([]);
  const size = (lastBatch(log) as RecordBatch).sizeBytes;
  expect(bytesBetween(log, 3, 5, 1 << 20)).toBe(2 * size);
  expect(bytesBetween(log, 3, 5, 1)).toBe(size);
});

test("a cut returns what went, and epochs, recovery point and producers follow", () => {
  const log = createLog();
  const idempotent = (value: string, baseSequence: number) => ({
    ...batch(value),
    producerId: 7,
    producerEpoch: 0,
    baseSequence,
  });
  appendAsLeader(log, idempotent("a", 0), 0);
  flush(log);
  appendAsLeader(log, idempotent("b", 1), 1);
  appendAsLeader(log, idempotent("c", 2), 1);
  flush(log);
  const removed = truncateTo(log, 1);
  expect(removed.flatMap((one) => one.records.map((each) => each.tag))).toEqual(["b", "c"]);
  expect(log).toMatchObject({ logEndOffset: 1, recoveryPoint: 1, epochs: [{ epoch: 0, startOffset: 0 }] });
  expect(log.producers["7"]?.batches.map((one) => one.lastSequence)).toEqual([0]);
});

test("a log that starts anew keeps nothing", () => {
  const log = filled(300);
  truncateFullyAndStartAt(log, 500);
  expect(log).toEqual({ ...createLog(), logStartOffset: 500, logEndOffset: 500, recoveryPoint: 500 });
});

test("the start of the log moves over chunks and single batches", () => {
  const log = filled(2 * CHUNK_SIZE + 10);
  advanceLogStart(log, 2 * CHUNK_SIZE + 4);
  expect(values(log)).toHaveLength(6);
  expect(batchAt(log, log.logStartOffset)?.baseOffset).toBe(2 * CHUNK_SIZE + 4);
});

describe("against a plain list", () => {
  const step = fc.oneof(
    fc.record({ op: fc.constant("append" as const), count: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ op: fc.constant("cut" as const), percent: fc.integer({ min: 0, max: 100 }) }),
  );

  test("appends and cuts leave the same records, and every offset is found", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 0, max: 100 }), (steps, percent) => {
        const log = createLog();
        const list: string[] = [];
        for (const one of steps) {
          if (one.op === "append") {
            for (let i = 0; i < one.count; i += 1) {
              const value = `${list.length}`;
              appendAsLeader(log, batch(value), 0);
              list.push(value);
            }
          } else {
            const offset = Math.floor((list.length * one.percent) / 100);
            expect(truncateTo(log, offset)).toHaveLength(list.length - offset);
            list.length = offset;
          }
        }
        expect(values(log)).toEqual(list);
        expect(log.logEndOffset).toBe(list.length);
        expect(log.sizeBytes).toBe([...batchesOf(log)].reduce((sum, one) => sum + one.sizeBytes, 0));
        const offset = Math.floor((list.length * percent) / 100);
        expect(batchAt(log, offset)?.records[0]?.value ?? null).toBe(list[offset] ?? null);
        expect(readBatches(log, offset, list.length, 1 << 30, true)).toHaveLength(list.length - offset);
      }),
      { seed: 20, numRuns: 60 },
    );
  });
});
