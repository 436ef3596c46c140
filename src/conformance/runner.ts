/**
 * Replays a recorded story in the simulator and hands over what it shows in the form of a recording.
 *
 * Steps run in order. One begins when the one before it has ended *here*, plus the recorded gap between that one's end and this one's
 * start; so a session that ends two seconds later than the recorded one shifts what follows, as it would have in reality. Nothing in
 * the model knows that it is being compared; the runner only gives inputs. One choice that reality leaves open is taken from the
 * recording: which of the racing brokers wins /controller (see race.ts).
 */
import { Timeline } from "../sim/engine/timeline.ts";
import { clientStarts, createCluster } from "../sim/scenario/cluster.ts";
import { KAFKA } from "../sim/simulation.ts";
import { takeChoices } from "./choices.ts";
import { clientEventsOf } from "./client-facts.ts";
import { planOf } from "./cluster.ts";
import type { SimulatedTrace } from "./comparison.ts";
import { steerPlacement } from "./placement.ts";
import { createRace } from "./race.ts";
import { snapshotOf, toMs, writesOf } from "./recorder.ts";
import { beginStep, type Replay, recordsOfGroup, stepHasEnded } from "./replay.ts";
import type { Step } from "./steps.ts";
import type { Snapshot, Trace } from "./trace.ts";

const MS = 1000;
/** How often the recorder looked whether a wait was over. */
const POLL = 30 * MS;

/** Simulates the story of `trace`. `onProgress` is told the share done, 0 to 1. Throws only on a bug of ours. */
export function simulate(trace: Trace, onProgress: (share: number) => void = () => {}): SimulatedTrace {
  const plan = planOf(trace);
  const world = createCluster(plan, KAFKA);
  takeChoices(world, trace);
  steerPlacement(world, trace);
  const timeline = new Timeline(KAFKA, world, clientStarts(plan), [], {
    checkpointEvery: 1_000_000,
    eventBudget: 20_000_000,
  });
  const replay: Replay = {
    trace,
    timeline,
    steps: [],
    unsupported: [],
    facts: 0,
    seen: [],
    owners: {},
    race: createRace(trace),
    lookedAt: 0,
  };
  const snapshots: Snapshot[] = [];
  let now = 0;
  let previous: Step | null = null;
  for (const [index, step] of trace.steps.entries()) {
    const begin: number = now + gapBefore(previous, step) * MS;
    runUntil(replay, begin);
    now = begin;
    const ends = beginStep(replay, step, index, now);
    if (step.op === "snapshot")
      snapshots.push(snapshotOf(timeline.head.world, step.label, partitionsOf(trace, snapshots.length)));
    if (ends.after !== null) {
      now += Math.round(ends.after * MS);
      runUntil(replay, now);
      const records = step.op === "group-records" ? { records: recordsOfGroup(replay, step) } : {};
      replay.steps.push(copyOf(step, { t: toMs(hasLateTime(step) ? now : begin), ...records }));
    } else {
      const limit = begin + ends.limit * MS;
      const ok = runUntilEnded(replay, step, limit);
      const ended = ok ? Math.max(timeline.head.world.time, replay.lookedAt) : limit;
      now = Math.max(begin, ended);
      if (ends.pause > 0) {
        now += ends.pause * MS;
        runUntil(replay, now);
      }
      const took = Math.round(toMs(Math.max(begin, ended) - begin));
      replay.steps.push(
        copyOf(step, { t: toMs(hasLateTime(step) ? ended : begin), ...(step.op === "wait" ? { ok, took } : {}) }),
      );
    }
    previous = step;
    onProgress((index + 1) / trace.steps.length);
    if (timeline.failure !== null) {
      replay.unsupported.push({ why: `the model stopped: ${timeline.failure.message}` });
      break;
    }
  }
  const facts = [...timeline.trace.facts];
  return {
    kafka: trace.kafka,
    steps: [...replay.steps, ...trace.steps.slice(replay.steps.length)],
    snapshots,
    clients: clientEventsOf(facts),
    zookeeper: writesOf(facts),
    unsupported: replay.unsupported,
  };
}

/** Steps whose `t` is their end. */
function hasLateTime(step: Step): boolean {
  return step.op === "wait" || step.op === "answer" || step.op === "expect-event";
}

/** Milliseconds between the recorded end of a step and the recorded start of the next; 0 where an end was not recorded. */
function gapBefore(previous: Step | null, step: Step): number {
  if (previous === null) return Math.max(0, startOf(step));
  const end = endOf(previous);
  if (end === null || step.op === "answer" || step.op === "expect-event") return 0;
  return Math.max(0, startOf(step) - end);
}

function startOf(step: Step): number {
  return step.op === "wait" ? step.t - step.took : step.t;
}

function endOf(step: Step): number | null {
  switch (step.op) {
    case "sleep":
      return step.t + step.ms;
    case "topic":
    case "move-controller":
    case "stop":
    case "cli":
    case "shell":
      return null;
    default:
      return step.t;
  }
}

/** Lets everything happen that is due until `at`, looking after the race for /controller at each step. */
function runUntil(replay: Replay, at: number): void {
  const { timeline } = replay;
  while (!timeline.advance(at, 1)) replay.race.look(timeline);
  replay.race.look(timeline);
}

/**
 * Runs until the step has ended, at most until `limit`; says whether it did. The recorder looked at the cluster every 30 ms, so it saw
 * that a wait was over some time after it was; what clients report came to it at once.
 */
function runUntilEnded(replay: Replay, step: Step, limit: number): boolean {
  const { timeline } = replay;
  const begin = timeline.head.world.time;
  const isPolled = step.op === "wait" || step.op === "topic" || step.op === "move-controller";
  for (;;) {
    if (stepHasEnded(replay, step)) {
      replay.lookedAt = isPolled
        ? begin + Math.ceil((timeline.head.world.time - begin) / POLL) * POLL
        : timeline.head.world.time;
      if (isPolled) runUntil(replay, replay.lookedAt);
      return true;
    }
    if (timeline.advance(limit, 1)) break;
    replay.race.look(timeline);
  }
  const ended = stepHasEnded(replay, step);
  if (!ended) runUntil(replay, limit);
  replay.lookedAt = limit;
  return ended;
}

function partitionsOf(trace: Trace, index: number): string[] {
  return Object.keys(trace.snapshots[index]?.partitions ?? {});
}

function copyOf(step: Step, changed: Record<string, unknown>): Step {
  return { ...step, ...changed } as Step;
}
