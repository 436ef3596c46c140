/** The first thirty seconds: what the first page shows from the click to the new leader, on the real model. */
import { describe, expect, test } from "vitest";
import type { LedgerState } from "../../src/sim/index.ts";
import { Captions } from "../../src/ui/app/captions.ts";
import { demoFacts } from "../../src/ui/app/home/demo.ts";
import { cardsOf, nextLab } from "../../src/ui/app/home/labs.ts";
import { openRun } from "../../src/ui/app/open.ts";
import { createPlayer } from "../../src/ui/player/index.ts";
import { handClock } from "../player/hand-clock.ts";

async function demo() {
  const hand = handClock();
  const player = createPlayer(hand.clock);
  const { run } = await openRun({ scenario: "first-failover", isInteractive: true });
  if (run === null) throw new Error("the first lab does not open");
  player.setSwitches({ hurriesWaits: true, slowsNearFaults: true });
  player.open({ ...run, hasFog: false, isOpenEnded: true, horizon: 20_000_000 });
  hand.compute();
  const facts = () => {
    const { entries, time } = player.store.getState();
    const killed = player.marks.marks
      .slice(0, player.marks.firstFrom(entries))
      .findLast(({ fact }) => fact?.kind === "process-killed");
    const moment = player.moment();
    return demoFacts(
      moment.world,
      moment.observed.ledger as LedgerState,
      time,
      killed === undefined ? null : { id: String(killed.fact?.node), at: killed.at },
    );
  };
  const kill = () => {
    player.act({ kind: "kill", target: "b1", id: "kill-b1" } as never, "kill b1");
    hand.compute();
    player.play();
  };
  return { player, facts, kill, captions: new Captions(player), ...hand };
}

test("the leader dies, the wait runs at twice the speed, and another leads within 20 s", async () => {
  const { player, facts, kill, captions, compute, pass } = await demo();
  player.seek({ time: 4_000_000 });
  expect(facts()).toMatchObject({ phase: "before", leader: "b1", isr: ["b1", "b2", "b3"], lost: 0 });

  kill();
  expect(facts()).toMatchObject({ phase: "down", leader: null, target: "b1" });
  const seen = { pace: new Set<number>(), captions: new Set<string>() };
  let wallMs = 0;
  for (; facts().phase === "down" && wallMs < 60_000; wallMs += 50) {
    pass(50);
    compute();
    const { entries, time, pace } = player.store.getState();
    seen.pace.add(pace);
    seen.captions.add(captions.at(entries, time));
  }

  expect(facts()).toMatchObject({ phase: "moved", leader: "b2", isr: ["b2", "b3"], lost: 0 });
  expect(wallMs).toBeLessThan(20_000);
  expect([...seen.pace]).toEqual(expect.arrayContaining([2, 0.2]));
  expect([...seen.captions].join(" ")).toContain("b1 is gone. Nobody knows yet.");
});

test("the countdown ends when the session does", async () => {
  const { player, facts, kill } = await demo();
  player.seek({ time: 4_000_000 });
  kill();
  player.pause();
  const { secondsLeft } = facts();
  player.step("mark", 1);
  const { fact, at } = player.marks.last(player.store.getState().entries) ?? {};
  expect(fact?.kind).toBe("session-expired");
  // The caption and the ring say the same moment, to the tick of ZooKeeper.
  expect(Math.abs((at ?? 0) / 1_000_000 - 4 - (secondsLeft ?? 0))).toBeLessThan(0.2);
});

test("what was killed can be brought back and then follows", async () => {
  const { player, facts, kill, compute } = await demo();
  player.seek({ time: 4_000_000 });
  kill();
  player.seek({ time: 14_000_000 });
  player.act({ kind: "start", target: "b1" } as never, "start b1");
  compute();
  player.seek({ time: 24_000_000 });
  compute();
  expect(facts()).toMatchObject({ phase: "back", leader: "b2", target: "b1" });
});

describe("the gallery", () => {
  const card = { title: "T", isLab: true, level: 1, minutes: 3, goal: "an idea" };
  const cards = cardsOf([
    { ...card, id: "b", module: "B", order: 1, number: "B1", tags: ["acks"] },
    { ...card, id: "a2", module: "A", order: 2, number: "A2" },
    { ...card, id: "a1", module: "A", order: 1, number: "A1" },
    { ...card, id: "bare", isLab: false },
  ]);

  test("has the labs in the order of the catalogue, and only labs", () => {
    expect(cards.map(({ number }) => number)).toEqual(["A1", "A2", "B1"]);
    expect(cards[2]?.words).toContain("acks");
  });

  test("offers the first lab that is not done", () => {
    expect(nextLab(cards, (id) => id === "a1")).toBe("a2");
    expect(nextLab(cards, () => true)).toBeNull();
  });
});
