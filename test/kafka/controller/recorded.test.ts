/**
 * Whole stories against recorded clusters: the states that each partition's znode goes through, who writes each, and its version.
 */
import { describe, expect, test } from "vitest";
import type { Profile } from "../../../src/sim/kafka/profiles/profile.ts";
import {
  cluster,
  moveController,
  recordedWrites,
  type Script,
  statesByPartition,
  topic,
  VERSIONS,
  writesOf,
} from "./support.ts";

const profiles = Object.keys(VERSIONS) as Profile[];

function compare(story: string, profile: Profile, name: string, script: Script, until: number): void {
  const run = cluster(profile, script, { config: { autoLeaderRebalanceEnable: false } });
  run.advance(until * 1_000_000);
  expect(run.failure).toBeNull();
  const recorded = recordedWrites(`${story}@${VERSIONS[profile]}`);
  expect(statesByPartition(writesOf(run), name)).toEqual(statesByPartition(recorded, name));
}

describe.each(profiles)("%s", (profile) => {
  test("a leader is killed: one election; the returned broker enters the ISR by the leader's wish", () => {
    const script: Script = [
      [12, "command", topic("orders", { 0: [1, 2, 3] }, { "min.insync.replicas": "2" })],
      ...moveController(13, 3),
      [15, "kill", { who: "b1" }],
      [26, "start", { who: "b1" }],
    ];
    compare("leader-killed", profile, "orders", script, 30);
  });

  test("a broker is killed that led, followed and held the only copy: one write each, then back again", () => {
    const partitions = { 0: [1, 2, 3], 1: [2, 1, 3], 2: [3, 2, 1], 3: [1], 4: [2, 3] };
    const script: Script = [
      [12, "command", topic("t", partitions)],
      ...moveController(13, 3),
      [15, "kill", { who: "b1" }],
      [26, "start", { who: "b1" }],
    ];
    compare("broker-killed-writes", profile, "t", script, 30);
  });

  test("the leader dies as the controller: two epochs in 3.9, one before; its followers' partitions only in 3.9", () => {
    const partitions = { 0: [1, 2, 3], 1: [2, 1, 3], 2: [1], 3: [2, 3] };
    const script: Script = [
      [12, "command", topic("t", partitions)],
      [15, "kill", { who: "b1" }],
      [26, "start", { who: "b1" }],
    ];
    compare("controller-leader-killed", profile, "t", script, 30);
  });
});

/** A follower that is stopping may fetch once more, and its leader takes it back: a race, seen in the recording of 0.10 only. */
test.each(["2.1", "3.9"] as const)("%s: a broker stops cleanly, then the controller does", (profile) => {
  const partitions = { 0: [1, 2, 3], 1: [2, 1, 3], 2: [3, 2, 1], 3: [1], 4: [2, 3] };
  const script: Script = [
    [12, "command", topic("t", partitions)],
    ...moveController(13, 3),
    [15, "stop", { who: "b1" }],
    [20, "start", { who: "b1" }],
    [26, "stop", { who: "b3" }],
  ];
  compare("controlled-shutdown-writes", profile, "t", script, 28);
});
