/** The player, with the ten-line model and a clock that the test moves. */
import { describe, expect, test } from "vitest";
import type { Mark, Place, PlayableRun } from "../../src/ui/player/index.ts";
import { createPlayer } from "../../src/ui/player/index.ts";
import { act, game } from "../engine/ping-pong.ts";
import { handClock } from "./hand-clock.ts";

const second = 1_000_000;

/** Ball hits of 100 and more are marks, so that there is something to step to. */
function ballGame(over: Partial<PlayableRun> = {}): PlayableRun {
  return {
    id: "game",
    title: "Ping-pong",
    timeline: game("seed", [act(2 * second, "kill", "pong"), act(3 * second, "start", "pong")]),
    horizon: 5 * second,
    resolved: null,
    isDelivery: ({ kind }) => kind === "ball",
    ...over,
  };
}

function opened(over: Partial<PlayableRun> = {}, at?: Place) {
  const hand = handClock();
  const player = createPlayer(hand.clock);
  player.open(ballGame(over), at);
  return { player, ...hand, state: () => player.store.getState() };
}

describe("computing", () => {
  test("goes on in slices to the horizon, and then says so", () => {
    const { player, state, slices, compute } = opened();
    expect(slices.length).toBe(1);
    expect(state().isComputed).toBe(false);

    compute();

    expect(state()).toMatchObject({ isComputed: true, computedUntil: 5 * second, failure: null });
    expect(state().computedEntries).toBe(player.timeline.length);
    expect(player.timeline.end).toBeLessThanOrEqual(5 * second);
  });

  test("an open-ended run is computed on as the cursor nears its end", () => {
    const { player, state, compute } = opened({ isOpenEnded: true, horizon: 20 * second });
    compute();
    player.seek({ time: 15 * second });
    compute();
    expect(state().horizon).toBe(45 * second);
    expect(state().computedUntil).toBe(45 * second);
  });

  test("a run opened past its end is computed to that moment", () => {
    const { state, compute } = opened({}, { time: 8 * second });
    compute();
    expect(state()).toMatchObject({ time: 8 * second, isComputed: true });
  });

  test("a run that stops by itself keeps its last good moment on show", () => {
    const timeline = game("seed", [], { eventBudget: 50 });
    const { player, state, compute } = opened({ timeline });
    compute();
    expect(state().failure?.message).toContain("budget");

    player.toEnd();

    expect(state().entries).toBe(50);
    expect(player.moment().entries).toBe(50);
  });
});

describe("playing", () => {
  test("maps wall time to simulated time at the chosen speed", () => {
    const { player, state, compute, pass } = opened();
    compute();
    player.setSpeed(0.5);
    player.play();
    pass(40);
    pass(60);
    expect(state().time).toBe(50_000);
    expect(state().entries).toBe(player.timeline.entriesAt(50_000));
  });

  test("waits for what is not computed, and stops at the end", () => {
    const { player, state, compute, pass } = opened();
    player.play();
    pass(50);
    expect(state().time).toBe(0);
    compute();
    player.seek({ time: 5 * second - 10 });
    pass(50);
    expect(state()).toMatchObject({ time: 5 * second, isPlaying: false });
  });

  test("a frame that took long does not jump", () => {
    const { player, state, compute, pass } = opened();
    compute();
    player.play();
    pass(60_000);
    expect(state().time).toBe(100_000);
  });

  test("waiting between a fault and the next turn runs at twice the speed, if asked", () => {
    const mark = (entry: number, at: number): Mark => ({ entry, at, kind: "fault", actor: "", fact: null });
    const { player, state, compute, pass } = opened({
      timeline: game("quiet", [act(2 * second, "kill", "ping"), act(2 * second, "kill", "pong")]),
      marksSince: (head, from) =>
        from === 0 && head.entries > 0 ? [mark(1, 10), mark(head.entries - 1, 4 * second)] : [],
    });
    compute();
    player.setSwitches({ hurriesWaits: true });
    player.seek({ time: 1_500_000 });
    player.play();
    pass(100);
    expect(state().pace).toBe(2);
    expect(state().time).toBe(1_700_000);
  });
});

describe("stepping", () => {
  test("by event goes one step both ways, and back is exact", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ entries: 40 });
    const before = JSON.stringify(player.moment().world);
    player.step("event", 1);
    expect(state().entries).toBe(41);
    player.step("event", -1);
    expect(state()).toMatchObject({ entries: 40, time: player.timeline.trace.at(39) });
    expect(JSON.stringify(player.moment().world)).toBe(before);
  });

  test("by message ends right after a delivery", () => {
    const { player, state, compute } = opened();
    compute();
    player.step("message", 1);
    expect(player.timeline.trace.entry(state().entries - 1).kind).toBe("ball");
    const first = state().entries;
    player.step("message", 1);
    player.step("message", -1);
    expect(state().entries).toBe(first);
  });

  test("to the next mark works before the run is computed that far", () => {
    const marksSince: NonNullable<PlayableRun["marksSince"]> = (head, from) =>
      from <= 300 && head.entries > 300 ? [{ entry: 300, at: 0, kind: "loss", actor: "", fact: null }] : [];
    const { player, state, compute } = opened({ marksSince });
    player.step("mark", 1);
    compute();
    expect(state().entries).toBe(301);
    player.step("mark", -1);
    expect(state().entries).toBe(0);
  });
});

describe("acting", () => {
  test("at the furthest moment seen replaces the future that nobody has seen", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ time: second });
    player.act({ kind: "pause", who: "pong" } as never, "pause pong");
    compute();
    expect(state().branches.map(({ label }) => label)).toEqual(["main run"]);
    expect(player.moment().world.actors.pong?.process).toBe("paused");
    expect(state().time).toBe(second);
  });

  test("before it forks, and the old future stays and can be gone back to", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ time: 4 * second });
    const old = player.timeline.trace.hash();
    player.seek({ time: second });
    player.act({ kind: "kill", who: "ping" } as never, "kill ping");
    compute();
    expect(state().branches.map(({ label }) => label)).toEqual(["main run", "fork A: kill ping"]);
    expect(state().branch).toBe("A");

    player.switchBranch("main");

    expect(player.timeline.trace.hash()).toBe(old);
    expect(state().seenUntil).toBe(4 * second);
  });

  test("equals a fresh run with the same inputs", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ entries: 101 });
    player.act({ kind: "kill", who: "ping" } as never, "kill ping");
    compute();
    const fresh = player.timeline.restart(player.timeline.inputs);
    fresh.advance(state().horizon);
    expect(fresh.trace.hash()).toBe(player.timeline.trace.hash());
  });

  test("can be undone at the moment it was done, and done again", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ time: second });
    const [before, untouched] = [state().entries, player.timeline];
    player.act({ kind: "kill", who: "ping" } as never, "kill ping");
    compute();
    player.seek({ time: 3 * second });
    expect(state().undoLabel).toBe("kill ping");

    player.undo();

    expect(player.timeline).toBe(untouched);
    expect(state()).toMatchObject({ entries: before, time: second, undoLabel: null, redoLabel: "kill ping" });

    player.redo();

    expect(player.moment().world.actors.ping?.process).toBe("down");
    expect(state()).toMatchObject({ time: second, redoLabel: null });
  });

  test("an input can be taken out again anywhere", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ time: 2_500_000 });
    expect(player.moment().world.actors.pong?.process).toBe("down");
    player.changeInputs("remove kill", (inputs) => inputs.filter(({ act: { kind } }) => kind !== "kill"));
    compute();
    expect(player.moment().world.actors.pong?.process).toBe("running");
    expect(state()).toMatchObject({ time: 2_500_000, branch: "A" });
  });

  test("reset goes back to the run as it was opened, and can be undone", () => {
    const { player, state, compute } = opened();
    compute();
    player.seek({ time: second });
    player.act({ kind: "kill", who: "ping" } as never, "kill ping");
    player.reset();
    expect(state()).toMatchObject({ entries: player.timeline.entriesAt(0), time: 0, undoLabel: "reset" });
    expect(player.timeline.inputs.length).toBe(4);
    player.undo();
    expect(player.timeline.inputs.length).toBe(5);
  });

  test("reset takes away what was done before the run was opened, where the run says what it was without", () => {
    const { player, compute } = opened({ base: game("seed", []) });
    compute();
    const done = player.timeline.inputs.length;
    player.reset();
    expect(player.timeline.inputs.length).toBe(done - 2);
  });
});

test("what was shown once is seen; the rest stays fog until the cursor was there", () => {
  const { player, state, compute } = opened({ hasFog: true });
  compute();
  player.seek({ time: second });
  player.seek({ time: 1000 });
  expect(state()).toMatchObject({ hasFog: true, seenUntil: second, seenEntries: player.timeline.entriesAt(second) });
});

test("a hold keeps the cursor, and playing, from going on until it is released", () => {
  const { player, state, compute, pass } = opened();
  compute();
  const entries = player.timeline.entriesAt(second);
  player.hold("predict", entries);
  player.seek({ time: 2 * second });
  expect(state()).toMatchObject({ entries, heldBy: "predict" });
  player.play();
  expect(state().isPlaying).toBe(false);
  player.release("predict");
  player.play();
  pass(50);
  expect(state().entries).toBeGreaterThanOrEqual(entries);
  player.seek({ time: 2 * second });
  expect(state().time).toBe(2 * second);
});

test("a run opened at a moment arrives there, even if a hold before it is set meanwhile; later it holds", () => {
  const { player, state, compute } = opened({}, { time: 2 * second });
  player.hold("predict", 30);
  compute();
  expect(state()).toMatchObject({ time: 2 * second, heldBy: null });
  expect(state().entries).toBeGreaterThan(30);
  player.seek({ entries: 10 });
  player.seek({ time: 2 * second });
  expect(state()).toMatchObject({ entries: 30, heldBy: "predict" });
});
