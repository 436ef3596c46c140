/**
 * Kind assignors: what each member gets, step by step. Assignments are compared as sets per member.
 */
import { type AssignorMember, assignorOf } from "../../sim/kafka/client/assignors.ts";
import type { TopicPartition } from "../../sim/kafka/protocol/ids.ts";
import { compared, unsupported, type VectorKind } from "./kind.ts";

interface AssignorStep {
  topics: Record<string, number>;
  members: Record<string, { topics: string[]; owned: TopicPartition[]; generation: number; instanceId?: string }>;
  expect: { assignment: Record<string, string[]> };
}

export const assignorsKind: VectorKind = {
  kind: "assignors",
  run: ({ input, profile }) => {
    const { assignor: name, steps } = input as { assignor: string; steps: AssignorStep[] };
    const assignor = assignorOf(name);
    if (assignor === null) return unsupported(`no assignor ${name}`);
    const ours = steps.map((step) =>
      assignor.assign({ members: membersOf(step), partitionCounts: step.topics, profile }),
    );
    return compared(
      steps.map((step) => asSets(step.expect.assignment)),
      ours.map(asSets),
    );
  },
};

function membersOf(step: AssignorStep): AssignorMember[] {
  return Object.entries(step.members).map(([memberId, member]) => ({
    memberId,
    groupInstanceId: member.instanceId ?? null,
    metadata: { topics: member.topics, ownedPartitions: member.owned, generationId: member.generation },
  }));
}

function asSets(assignment: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(assignment).map(([memberId, list]) => [memberId, [...list].sort()]));
}
