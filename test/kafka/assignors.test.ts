/**
 * Range and round robin where the vectors are silent: the counts a learner can check, and 2.1's order of members.
 */
import { expect, test } from "vitest";
import { ASSIGNORS, type AssignorMember, assignorOf } from "../../src/sim/kafka/client/assignors.ts";

const member = (memberId: string, topics: string[], groupInstanceId: string | null = null): AssignorMember => ({
  memberId,
  groupInstanceId,
  metadata: { topics, ownedPartitions: [], generationId: -1 },
});

function countsOf(name: string): number[] {
  const members = [member("a", ["x", "y"]), member("b", ["x", "y"])];
  const input = { members, partitionCounts: { x: 3, y: 3 }, profile: "2.1" } as const;
  return Object.values(assignorOf(name)!.assign(input)).map((partitions) => partitions.length);
}

test("two topics of three partitions for two members: 4 and 2 by range, 3 and 3 by round robin", () => {
  expect([countsOf("range"), countsOf("roundrobin")]).toEqual([
    [4, 2],
    [3, 3],
  ]);
});

test("static members come first in 3.9; 2.1 goes by member id alone", () => {
  const members = [member("m1", ["x"]), member("m2", ["x"], "i1")];
  const first = (["2.1", "3.9"] as const).map(
    (profile) => assignorOf("range")!.assign({ members, partitionCounts: { x: 1 }, profile }).m1,
  );
  expect(first).toEqual([["x-0"], []]);
});

test("an assignor gives every partition of a subscribed topic to exactly one subscriber", () => {
  const members = [member("a", ["x"]), member("b", ["y", "gone"]), member("c", ["x", "y"]), member("d", [])];
  for (const { assign } of ASSIGNORS) {
    const assignment = assign({ members, partitionCounts: { x: 3, y: 2, z: 4 }, profile: "3.9" });
    expect(Object.values(assignment).flat().sort()).toEqual(["x-0", "x-1", "x-2", "y-0", "y-1"]);
    expect(assignment.a!.every((name) => name.startsWith("x"))).toBe(true);
    expect(assignment.b!.every((name) => name.startsWith("y"))).toBe(true);
    expect(assignment.d).toEqual([]);
  }
});
