/** Rows 1 and 2: the engine's public API on *repl*, against the hold bound measured in the same round. */
import { Stepper } from "../src/sim/engine/step.ts";
import { Timeline } from "../src/sim/engine/timeline.ts";
import type { Input } from "../src/sim/engine/types.ts";
import { holdBound } from "./hold-bound.ts";
import { repl, replWorld, START } from "./repl.ts";
import { median, type Row, rate } from "./report.ts";

const EVENTS = 1_000_000;

/** Events per second without trace and checkpoints. */
function traceOff(): number {
  const world = replWorld();
  const stepper = new Stepper(repl);
  stepper.step(world, START as Input, 0);
  return rate(EVENTS, () => {
    for (let n = 0; n < EVENTS; n += 1) stepper.step(world, undefined, n);
  });
}

/** Events per second with trace, checkpoints and one observer slot. */
function traceOn(): number {
  const timeline = new Timeline(repl, replWorld(), [START as Input], [], { checkpointEvery: 10_000 });
  return rate(EVENTS, () => {
    timeline.advance(Number.MAX_SAFE_INTEGER, EVENTS);
  });
}

/** Rows 1 and 2, and the bound itself (events per second) for the rows that need it. */
export function engineRows(rounds: number): { rows: Row[]; bound: number } {
  const bounds: number[] = [];
  const off: number[] = [];
  const on: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bound = holdBound(1_000, 3_000_000);
    bounds.push(bound);
    off.push(traceOff() / bound);
    on.push(traceOn() / bound);
  }
  return {
    bound: median(bounds),
    rows: [
      {
        row: "1",
        what: "public API on repl, trace off, against the hold bound",
        floor: ">= 0.25",
        target: "0.45",
        measured: median(off).toFixed(2),
        holds: median(off) >= 0.25,
      },
      {
        row: "2",
        what: "the same with trace and checkpoints",
        floor: ">= 0.12",
        target: "0.35",
        measured: median(on).toFixed(2),
        holds: median(on) >= 0.12,
      },
    ],
  };
}
