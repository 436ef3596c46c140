/**
 * Kind assignors: what each member gets, step by step. Assignments are compared as sets per member.
 */
import { type AssignorMember, assignorOf } from "../../sim/kafka/group/assignors.ts";
import { compared, unsupported, type VectorKind } from "./kind.ts";

interface AssignorStep {
  topics: Record<string, number>;
  members: Record<string, { topics: string[]; owned: string[]; generation: number; instanceId?: string }>;
  expect: { assignment: Record<string, string[]> };
}

export const assignorsKind: VectorKind = {
  kind: "assignors",
  run: ({ input }) => {
    const { assignor: name, steps } = input as { assignor: string; steps: AssignorStep[] };
    const assignor = assignorOf(name);
    if (assignor === null) return unsupported(`no assignor ${name}`);
    const ours = steps.map((step) =>
      assignor.assign({ members: membersOf(step), partitionCounts: step.topics, staticMembersFirst: true }),
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
    topics: member.topics,
    ownedPartitions: member.owned,
    generationId: member.generation,
  }));
}

function asSets(assignment: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(assignment).map(([memberId, list]) => [memberId, [...list].sort()]));
}
