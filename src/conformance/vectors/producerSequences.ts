/**
 * Kind producerSequences: batches and markers that reach one partition, and what its leader says to each.
 */
import {
  checkProducerBatch,
  checkTransactionMarker,
  type ProducerStates,
  recordProducerBatch,
  recordTransactionMarker,
} from "../../sim/kafka/log/producerState.ts";
import { rulesOf } from "../../sim/kafka/rules.ts";
import type { ActorConfig } from "../../sim/kafka/types.ts";
import { compared, statedFields, unsupported, type VectorKind } from "./kind.ts";

interface SequenceStep {
  op: string;
  pid: number;
  epoch: number;
  seq: number;
  count: number;
  transactional?: boolean;
  coordinatorEpoch: number;
  expect: string;
  baseOffset?: number;
  duplicateOfOffset?: number;
}

/** How the vectors call the errors. */
const SHORT_NAMES: Record<string, string> = {
  INVALID_PRODUCER_EPOCH: "FENCED",
  OUT_OF_ORDER_SEQUENCE_NUMBER: "OUT_OF_ORDER",
  TRANSACTION_COORDINATOR_FENCED: "COORDINATOR_FENCED",
};

interface StepAnswer {
  readonly expect: string;
  readonly baseOffset?: number;
  readonly duplicateOfOffset?: number;
}

interface PartitionUnderTest {
  readonly producers: ProducerStates;
  logEndOffset: number;
}

export const producerSequencesKind: VectorKind = {
  kind: "producerSequences",
  profiles: ["2.1", "3.9"],
  run: ({ input, profile }) => {
    if (profile === "0.10") return unsupported("0.10 has no idempotent producer");
    const { steps, expect_2_1: in21 } = input as { steps: SequenceStep[]; expect_2_1?: string[] };
    const config = { profile, rules: rulesOf(profile) };
    const partition: PartitionUnderTest = { producers: {}, logEndOffset: 0 };
    const ours = steps.map((step) => answerTo(step, partition, config));
    if (profile === "2.1" && in21 !== undefined) {
      return compared(
        in21,
        ours.map((answer) => answer.expect),
      );
    }
    const stated = steps.map(({ expect, baseOffset, duplicateOfOffset }) => ({
      expect,
      ...(baseOffset === undefined ? {} : { baseOffset }),
      ...(duplicateOfOffset === undefined ? {} : { duplicateOfOffset }),
    }));
    return compared(
      stated,
      ours.map((answer, index) => statedFields(stated[index] ?? {}, answer)),
    );
  },
};

function answerTo(step: SequenceStep, partition: PartitionUnderTest, config: ActorConfig): StepAnswer {
  const { producers, logEndOffset: baseOffset } = partition;
  const { pid: producerId, epoch: producerEpoch } = step;
  if (step.op === "marker") {
    const marker = { producerId, producerEpoch, coordinatorEpoch: step.coordinatorEpoch };
    const error = checkTransactionMarker(producers, marker);
    if (error !== null) return { expect: SHORT_NAMES[error] ?? error };
    recordTransactionMarker(producers, marker, 0);
    partition.logEndOffset++;
    return { expect: "OK" };
  }

  const batch = {
    producerId,
    producerEpoch,
    baseSequence: step.seq,
    recordCount: step.count,
    isTransactional: step.transactional ?? false,
  };
  if (step.op === "append") {
    const verdict = checkProducerBatch(producers, batch, config);
    if (verdict.kind === "refused") return { expect: SHORT_NAMES[verdict.error] ?? verdict.error };
    if (verdict.kind === "duplicate") return { expect: "DUPLICATE", duplicateOfOffset: verdict.of.firstOffset };
  }
  recordProducerBatch(producers, batch, baseOffset, 0);
  partition.logEndOffset += step.count;
  return { expect: "OK", baseOffset };
}
