/**
 * S5, S6, G1: consumers read only committed records, commit only what they were given, and share nothing within a generation.
 */
import type { Invariant } from "./invariant.ts";

interface Given {
  readonly topicPartition: string;
  readonly offset: number;
}

export const readsAreCommitted: Invariant<Record<string, number>> = {
  promise: "S5",
  says: "No consumer reads at or above a high watermark.",
  watches: ["high-watermark-advanced", "leader-started", "records-polled"],
  init: () => ({}),
  check(state, _step, fact) {
    if (fact.kind === "high-watermark-advanced" || fact.kind === "leader-started") {
      const name = String(fact.topicPartition);
      const mark = Number(fact.to ?? fact.highWatermark ?? 0);
      state[name] = Math.max(state[name] ?? 0, mark);
      return [];
    }
    const wrong = ((fact.records as readonly Given[] | undefined) ?? []).find(
      (record) => record.offset >= (state[record.topicPartition] ?? 0),
    );
    return wrong === undefined
      ? []
      : [`${fact.consumer} read ${wrong.topicPartition} offset ${wrong.offset}, which no leader had committed.`];
  },
};

export const commitsFollowReads: Invariant<Record<string, number>> = {
  promise: "S6",
  says: "A committed offset never exceeds its owner's position.",
  watches: ["records-polled", "position-set", "offsets-committed"],
  init: () => ({}),
  check(state, step, fact) {
    const who = String(fact.consumer ?? step.actor);
    if (fact.kind === "records-polled") {
      for (const record of (fact.records as readonly Given[] | undefined) ?? []) {
        const key = `${who} ${record.topicPartition}`;
        state[key] = Math.max(state[key] ?? 0, record.offset + 1);
      }
    }
    if (fact.kind === "position-set") {
      const key = `${who} ${fact.topicPartition}`;
      state[key] = Math.max(state[key] ?? 0, Number(fact.to));
    }
    if (fact.kind !== "offsets-committed" || fact.isExplicit === true) return [];
    const offsets = (fact.offsets as Readonly<Record<string, number>> | undefined) ?? {};
    return Object.entries(offsets).flatMap(([name, offset]) => {
      const position = state[`${who} ${name}`];
      return position === undefined || offset <= position
        ? []
        : [`${who} committed ${offset} of ${name}, but its position was ${position}.`];
    });
  },
};

export const oneOwnerPerGeneration: Invariant<Record<string, string>> = {
  promise: "G1",
  says: "Within a generation of a group no partition has two owners.",
  watches: ["group-assignment"],
  init: () => ({}),
  check(state, _step, fact) {
    const assignments = (fact.assignments as Readonly<Record<string, readonly string[]>> | undefined) ?? {};
    return Object.entries(assignments).flatMap(([member, partitions]) =>
      partitions.flatMap((name) => {
        const key = `${fact.group} ${fact.generationId} ${name}`;
        const before = state[key];
        state[key] = member;
        return before === undefined || before === member
          ? []
          : [`${name} belongs to ${before} and ${member} in generation ${fact.generationId} of ${fact.group}.`];
      }),
    );
  },
};
