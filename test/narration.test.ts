/** Narration: each kind of fact has a sentence and an explanation, and sentences have one style. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fact } from "../src/sim/engine/types.ts";
import { EXPLANATIONS } from "../src/sim/narration/explanations.ts";
import { explain, FACT_KINDS, isStory, narrate, weightOf } from "../src/sim/narration/index.ts";
import { WEIGHTS } from "../src/sim/narration/weights.ts";
import { filesUnder, root } from "../tools/files.mjs";

const entry = (fact: Fact, actor = "b1", at = 12_000_000) => ({ entry: 0, at, actor, fact });

describe("the catalogue", () => {
  test("explains exactly the kinds that there are, each in one sentence", () => {
    expect(Object.keys(EXPLANATIONS).sort()).toEqual(FACT_KINDS);
    for (const text of Object.values(EXPLANATIONS)) expect(text).toMatch(/^([A-Z]|\w+\(\)|\/).*\.$/);
    expect(explain("no-such-kind")).toBeNull();
  });

  test("weighs only kinds that there are", () => {
    expect(Object.keys(WEIGHTS).filter((kind) => !FACT_KINDS.includes(kind))).toEqual([]);
    expect([weightOf("leader-elected"), weightOf("leader-started"), weightOf("record-acked")]).toEqual([
      "story",
      "detail",
      "often",
    ]);
  });

  test("has a sentence for every fact that faults and the environment note", () => {
    const noted = filesUnder("src/sim")
      .filter((path) => /^src\/sim\/(faults|environment)\/.*\.ts$/.test(path))
      .flatMap((path) => [...readFileSync(`${root}/${path}`, "utf8").matchAll(/note\(\{\s*kind: "([a-z-]+)"/g)])
      .map((match) => match[1] as string);
    expect(noted.length).toBeGreaterThan(10);
    expect(noted.filter((kind) => !FACT_KINDS.includes(kind))).toEqual([]);
  });
});

describe("a sentence", () => {
  test("names the actor first, in the past tense, with the number that matters", () => {
    const timeouts = { sessionTimeouts: { b1: 6_000_000 } };
    expect(narrate(entry({ kind: "process-killed", node: "b1" }, ""), timeouts)).toBe(
      "b1 died. The ensemble notices when its session ends, in at most 6 s.",
    );
    const evidence = {
      members: [{ broker: "b3", logEndOffset: 5, lastCaughtUp: 1_800_000 }],
      leaderLogEndOffset: 9,
      limitMs: 10_000,
    };
    const shrunk = { kind: "isr-shrunk", topicPartition: "orders-0", from: ["b1", "b3"], to: ["b1"], evidence };
    expect(narrate(entry(shrunk))).toBe(
      "b1 took b3 out of the in-sync set of orders-0: last caught up 10.2 s ago, limit 10 s.",
    );
  });

  test("of a kind that nobody described still shows what was noted", () => {
    expect(narrate(entry({ kind: "moon-rose", over: "b2" }))).toBe('b1 moon-rose {"over":"b2"}.');
  });
});

test("internal topics are no part of the story, but a group's coordinator is", () => {
  const elected = (topicPartition: string) => entry({ kind: "leader-elected", topicPartition });
  expect(isStory(elected("orders-0"))).toBe(true);
  expect(isStory(elected("__consumer_offsets-7"))).toBe(false);
  expect(isStory(entry({ kind: "rebalance-started", group: "g1" }))).toBe(true);
});
