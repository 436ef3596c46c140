/**
 * A group under arbitrary kills, pauses and moves of its coordinator. Law: nothing stops the run, no two members of one
 * generation own a partition, what was stored is not lost, and in the end those are members that are alive.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Input } from "../../../src/sim/engine/types.ts";
import { PROFILES } from "../../../src/sim/kafka/profiles/profile.ts";
import { at, commits, joins, type Played, play, tell } from "./cluster.ts";

const MEMBERS = ["m1", "m2", "m3"] as const;
const QUIET = 30;

const act = fc.record({
  at: fc.integer({ min: 20, max: QUIET * 10 - 80 }).map((tenths) => tenths / 10),
  who: fc.constantFrom(...MEMBERS),
  what: fc.constantFrom("restart", "pause", "busy", "leave", "commit", "move"),
  length: fc.integer({ min: 1, max: 80 }).map((tenths) => tenths / 10),
});

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function inputsOf(one: Act, index: number): Input[] {
  const end = one.at + one.length;
  switch (one.what) {
    case "restart":
      return [at(one.at, "kill", one.who), at(end, "start", one.who), joins(end + 0.01, one.who)];
    case "pause":
      return [at(one.at, "pause", one.who), at(end, "resume", one.who)];
    case "busy":
      return [tell(one.at, one.who, { kind: "busy", until: Math.round(end * 1e6) })];
    case "leave":
      return [tell(one.at, one.who, { kind: "ask", api: "LeaveGroup", data: {} })];
    case "commit":
      return [commits(one.at, one.who, index)];
    default: {
      // Back and forth: b2 has the group for a while.
      const there = (seconds: number, from: string, to: string): Input[] => [
        tell(seconds, from, { kind: "lead", role: "follower" }),
        tell(seconds + 0.01, to, { kind: "lead", role: "leader" }),
        ...MEMBERS.map((who) => tell(seconds + 0.02, who, { kind: "coordinator", to })),
      ];
      return [...there(one.at, "b1", "b2"), ...there(end + 0.05, "b2", "b1")];
    }
  }
}

function check(run: Played): void {
  for (const fact of run.facts("group-assignment")) {
    const owned = Object.values(fact.assignments as Record<string, string[]>).flat();
    expect(new Set(owned).size).toBe(owned.length);
  }
  const group = run.group();
  expect(group?.state).toBe("Stable");
  expect(
    Object.values(group?.members ?? {})
      .map((one) => one.actor)
      .sort(),
  ).toEqual([...MEMBERS]);
  const last = run.facts("offsets-stored").at(-1)?.offsets as Record<string, number> | undefined;
  expect(group?.offsets["t-0"]?.committedOffset).toBe(last?.["t-0"]);
  const owned = Object.values(run.assignment()).flat();
  expect([...owned].sort()).toEqual(["t-0", "t-1", "t-2", "t-3"]);
}

describe.each(PROFILES)("in %s", (profile) => {
  test("the group comes to rest with every partition owned once", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 6 }), (acts) => {
        // Moves do not overlap: the stub cluster has one leader at a time only if told so.
        const moves = acts.filter(({ what }) => what === "move").slice(0, 1);
        const chosen = [...acts.filter(({ what }) => what !== "move"), ...moves];
        const inputs = [joins(1, "m1"), joins(1.2, "m2"), joins(1.4, "m3"), ...chosen.flatMap(inputsOf)];
        // Whoever lost its request with a coordinator asks again.
        const again = MEMBERS.flatMap((who) => [
          tell(QUIET + 1, who, { kind: "coordinator", to: "b1" }),
          at(QUIET + 1, "resume", who),
          at(QUIET + 1.5, "kill", who),
          at(QUIET + 2, "start", who),
          joins(QUIET + 2.1, who),
        ]);
        check(play(QUIET + 80, [...inputs, ...again], { profile }));
      }),
      { seed: 20_260_101, numRuns: 25 },
    );
  });
});
