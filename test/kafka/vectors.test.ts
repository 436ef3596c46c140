/**
 * The pure mechanisms against test vectors, most of which come from the tests of Kafka 3.9 itself.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { VectorKind } from "../../src/conformance/vectors/kind.ts";
import { countVerdicts, runVectors } from "../../src/conformance/vectors.ts";

const fileOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../data/vectors/${name}.json`, import.meta.url), "utf8"));

/** [passed, unsupported] per kind; a case counts once for each profile it holds for. */
const EXPECTED: Record<string, Record<string, [number, number]>> = {
  broker: {
    replica_assignment: [36, 0],
    partition_increase: [12, 0],
    leader_election: [45, 0],
    epoch_cache: [51, 0],
    truncation_decision: [12, 0],
    diverging_fetch: [10, 0],
    isr_hw: [24, 0],
    controller_scenario: [23, 0],
    isr_removal: [9, 0],
    alter_partition: [10, 0],
    reassignment_state: [6, 0],
    log_reconciliation: [4, 0],
  },
  clients: {
    murmur2: [66, 0],
    coordinatorPartition: [45, 0],
    assignors: [26, 71],
    groupStateTransitions: [51, 0],
    groupProtocolSelection: [15, 0],
    groupRequests: [44, 0],
    initialRebalanceDelay: [12, 0],
    txnStateTransitions: [0, 43],
    producerTxnStateTransitions: [0, 43],
    txnRequests: [0, 21],
    producerSequences: [30, 0],
    resetOffsets: [32, 0],
    timeArguments: [0, 12],
  },
};

describe.each(Object.entries(EXPECTED))("%s vectors", (name, expected) => {
  const results = runVectors(fileOf(name));

  test("none fails", () => {
    const failed = results.filter((result) => result.verdict === "failed");
    expect(failed.map(({ id, profile, why }) => `${id} under ${profile}: ${why}`)).toEqual([]);
  });

  test("as many pass, and as few are unsupported, as we know of", () => {
    const counts = Object.entries(countVerdicts(results));
    expect(Object.fromEntries(counts.map(([kind, { passed, unsupported }]) => [kind, [passed, unsupported]]))).toEqual(
      expected,
    );
  });
});

test("a runner that answers wrongly fails, and one that is missing is unsupported", () => {
  const wrong: VectorKind = {
    kind: "a",
    run: () => ({ kind: "compared", expected: { x: [1], y: 2 }, ours: { y: 2, x: [2] } }),
  };
  const file = {
    cases: [
      { id: "a-1", kind: "a", profiles: ["2.1"], input: {}, expected: {} },
      { id: "b-1", kind: "b" },
    ],
  };

  const [first, second] = runVectors(file, [wrong]);

  expect(first).toMatchObject({ verdict: "failed", why: 'expected {"x":[1],"y":2}, ours is {"x":[2],"y":2}' });
  expect(second).toMatchObject({ verdict: "unsupported", why: "no runner for b" });
});
