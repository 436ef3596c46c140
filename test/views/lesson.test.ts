/** The lesson column as data: what it asks, when it holds the run, which steps and checks are done, for the labs as they are. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Act, actsOf, parseScenario, type Scenario, startScenario } from "../../src/sim/index.ts";
import { createPlayer, type PlayableRun, type Player, type PlayerClock } from "../../src/ui/player/index.ts";
import { withChanges } from "../../src/ui/state/changes.ts";
import { decidedPredictions, waitingOf } from "../../src/ui/views/decided.ts";
import { isComplete, isRight, kindOf, moved, readOrder, startOf, withCell } from "../../src/ui/views/lesson/answers.ts";
import { knobsOf, settingOf } from "../../src/ui/views/lesson/knobs.ts";
import { inputsOfWaiting, projectLesson } from "../../src/ui/views/lesson/project.ts";
import { Moments, type Prediction } from "../../src/ui/views/moments.ts";
import { root } from "../../tools/files.mjs";

function fileOf(id: string): Scenario {
  const { scenario } = parseScenario(readFileSync(`${root}/scenarios/${id}.yaml`, "utf8"), `${id}.yaml`);
  if (scenario === null) throw new Error(`${id} cannot be read`);
  return scenario;
}

const labs = readdirSync(`${root}/scenarios`)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""))
  .filter((id) => /^lesson:/m.test(readFileSync(`${root}/scenarios/${id}.yaml`, "utf8")));

/** A player that computes when it is told, with a lab open as the page opens it. */
function open(id: string, variant: string | null = null, isInteractive = true) {
  const slices: (() => void)[] = [];
  let now = 0;
  const clock: PlayerClock = { now: () => now, frame: () => () => {}, soon: (callback) => void slices.push(callback) };
  const player = createPlayer(clock);
  const scenario = fileOf(id);
  const run = startScenario(scenario, { variant, isInteractive });
  const playable: PlayableRun = {
    id,
    title: scenario.title,
    timeline: run.timeline,
    horizon: run.resolved.horizonUs,
    hasFog: true,
    resolved: run.resolved,
    run,
    scenario,
  };
  player.open(playable);
  const compute = () => {
    while (slices.length > 0) {
      now += 100;
      slices.shift()?.();
    }
  };
  compute();
  const moments = new Moments(player);
  return { player, run: playable, compute, view: () => viewOf(player, moments), moments };
}

function viewOf(player: Player, moments: Moments) {
  const { time, entries } = player.store.getState();
  return projectLesson({ moment: player.moment(), time, entries, player }, moments);
}

describe("the first failover", () => {
  test("asks before the leader dies, at the moment at which the file would kill it", () => {
    const { view } = open("first-failover");
    const [prediction] = view().predictions;
    expect(prediction?.asksAt?.time).toBe(4_000_000);
    expect(prediction?.isAsked).toBe(false);
  });

  test("has a button beside each step that does something, and ticks the step once it is done", () => {
    const { player, run, view, compute } = open("first-failover");
    expect(view().steps.map(({ acts }) => acts.length)).toEqual([1, 0, 1]);
    expect(view().steps.map(({ done }) => done)).toEqual([null, null, null]);

    player.seek({ time: 5_000_000 });
    const { scenario, waiting } = waitingOf(run);
    const kill = waiting.find(({ id }) => id === "kill-b1");
    if (kill === undefined || run.resolved === null) throw new Error("no kill-b1");
    for (const act of actsOf(kill, { ...run.resolved, scenario })) player.act(act as Act, "kill");
    compute();

    expect(view().acts[0]?.done?.time).toBe(5_000_000);
    expect(view().steps[0]?.done?.time).toBe(5_000_000);
    expect(view().steps[1]?.done).toBe(null);
    player.seek({ time: 15_000_000 });
    expect(view().steps[1]?.done?.time).toBeGreaterThan(10_000_000);
    // The answer shows where the run gave it, and not before.
    expect(view().predictions[0]?.decided?.time).toBe(view().steps[1]?.done?.time);
    player.seek({ time: 6_000_000 });
    expect(view().predictions[0]?.decided).toBe(null);
  });

  test("leaves checks open until the run decides them, and lets none stand open at the end", () => {
    const { player, view } = open("first-failover");
    expect(view().checks.every(({ verdict }) => verdict === "open")).toBe(true);
    player.toEnd();
    expect(view().isOver).toBe(true);
    // Nobody killed b1: what needs the kill falls, and says so.
    const taken = view().checks.find(({ id }) => id === "b2-takes-over");
    expect(taken?.verdict).toBe("fell");
    expect(taken?.evidence).not.toBe("");
    expect(view().isDone).toBe(false);
  });

  test("a variant brings its own times and checks", () => {
    const { view } = open("first-failover", "newer");
    expect(view().acts.find(({ id }) => id === "start-b1")?.planned?.time).toBe(40_000_000);
    expect(view().checks.map(({ id }) => id)).toContain("b2-takes-over-later");
    expect(view().checks.map(({ id }) => id)).not.toContain("b2-takes-over");
  });
});

describe("a run that does all acts by itself, as on a phone", () => {
  test("asks right before the act that the question names, and the answer is decided where the run shows it", () => {
    const { player, view, moments } = open("first-failover", null, false);
    const [prediction] = view().predictions;
    const killed = player.timeline.trace.facts.at(
      [...player.timeline.trace.facts].findIndex(({ fact }) => fact.kind === "process-killed"),
    );
    expect(prediction?.asksAt?.time).toBeLessThan(killed?.at ?? 0);
    expect(prediction?.asksAt?.entries).toBeLessThanOrEqual(killed?.entry ?? 0);

    if (player.run === null) throw new Error("not open");
    const records = { 0: { answer: "1", sure: 2 as const, isRight: true } };
    const [decided] = decidedPredictions(player.run, records, moments);
    player.toEnd();
    expect(decided).toMatchObject({ index: 0, isRight: true, time: view().predictions[0]?.decided?.time });
    expect(decidedPredictions(player.run, {}, moments)).toEqual([]);
  });
});

describe.each(labs)("lab %s", (id) => {
  test("done by its steps at their times, every step is ticked and every check holds", () => {
    const { player, run, view, compute, moments } = open(id);
    // Whatever waits for a fact is armed from the start; the rest comes at its time.
    player.changeInputs("do", (inputs) => [...inputs, ...inputsOfWaiting(run, () => false)]);
    compute();
    player.toEnd();
    compute();

    const at = view();
    expect(
      at.checks.filter(({ verdict }) => verdict !== "held").map(({ say, evidence }) => `${say}: ${evidence}`),
    ).toEqual([]);
    expect(at.isDone).toBe(true);
    expect(at.acts.filter(({ done }) => done === null).map(({ id: act }) => act)).toEqual([]);
    const late = fileOf(id).lesson?.steps.filter(({ when }) => when !== undefined && moments.find(when) === null);
    expect(late).toEqual([]);
    // Each question has a moment at which the run stops for it and, if it names one, at which it is decided.
    for (const [index, prediction] of at.predictions.entries()) {
      if (!prediction.belongs) continue;
      expect(prediction.isAsked, `question ${index + 1}`).toBe(true);
      if (fileOf(id).lesson?.predictions[index]?.decidedAt !== undefined)
        expect(prediction.decided, `question ${index + 1}`).not.toBe(null);
    }
  });

  test("its settings have a control, and changing one makes another scenario that can be started", () => {
    const scenario = fileOf(id);
    const knobs = knobsOf(scenario, scenario.profile, scenario.lesson?.knobs ?? [], {});
    expect(knobs.map(({ path }) => path)).toEqual(scenario.lesson?.knobs ?? []);
    for (const { path, control } of knobs) {
      const value =
        control.kind === "switch"
          ? !control.value
          : control.kind === "choice"
            ? (control.options.find((option) => option !== control.value) ?? "")
            : control.kind === "slider"
              ? (control.steps.find((step) => step !== control.value) ?? 0)
              : control.value;
      const changed = withChanges(scenario, null, { [path]: settingOf(control, value) });
      expect(startScenario(changed).timeline.inputs.length).toBeGreaterThan(0);
      if (control.kind !== "text") expect(JSON.stringify(changed)).not.toBe(JSON.stringify(scenario));
    }
  });
});

describe("answers", () => {
  const order = { question: "?", order: ["one", "two", "three"], reason: "" } as unknown as Prediction;
  const number = { question: "?", number: { from: 4, to: 9, unit: "s", reason: "" } } as unknown as Prediction;
  const table = {
    question: "?",
    table: { rows: ["r"], columns: ["a", "b"], cells: [["x", "y"]] },
    reason: "",
  } as unknown as Prediction;

  test("an order is shuffled the same way each time, never as it should be, and is put right by moves", () => {
    const start = startOf(order) ?? "";
    expect(start).toBe(startOf(order));
    expect(isRight(order, start)).toBe(false);
    let items = readOrder(start);
    for (let place = 0; place < items.length; place += 1)
      while (items[place] !== place) items = moved(items, items.indexOf(place), -1);
    expect(isRight(order, JSON.stringify(items))).toBe(true);
  });

  test("a number is right within its bounds", () => {
    expect(["3.9", "4", "9", "9.1"].map((answer) => isRight(number, answer))).toEqual([false, true, true, false]);
    expect(kindOf(number)).toBe("number");
  });

  test("a table is complete when each cell is, and right when each is", () => {
    const half = withCell(null, 0, 0, "x");
    expect(isComplete(table, half)).toBe(false);
    const whole = withCell(half, 0, 1, "y");
    expect(isComplete(table, whole)).toBe(true);
    expect(isRight(table, whole)).toBe(true);
    expect(isRight(table, withCell(whole, 0, 0, "y"))).toBe(false);
  });

  test("who skips is neither right nor wrong", () => {
    expect(isRight(number, "")).toBe(null);
    expect(isComplete(number, "")).toBe(false);
  });
});
