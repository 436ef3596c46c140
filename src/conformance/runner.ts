/**
 * Replays a recorded story in the simulator and hands over what it shows in the form of a recording.
 *
 * Steps run in order. One begins when the one before it has ended *here*, plus the recorded gap between that one's end and this one's
 * start; so a session that ends two seconds later than the recorded one shifts what follows, as it would have in reality. Nothing in
 * the model knows that it is being compared; the runner only gives inputs. Choices that reality leaves open are taken from the
 * recording: which of the racing brokers wins /controller (race.ts), what clients draw (choices.ts), where brokers place (placement.ts)
 * and where in a ZooKeeper tick the story begins (luck.ts). Some show only in a replay, so a story may be replayed more than once.
 */
import { Timeline } from "../sim/engine/timeline.ts";
import { clientStarts, createCluster } from "../sim/scenario/cluster.ts";
import { KAFKA } from "../sim/simulation.ts";
import { type PartitionChoices, partitionChoices, takeChoices, watchChoices } from "./choices.ts";
import { clientEventsOf } from "./client-facts.ts";
import { planOf } from "./cluster.ts";
import type { SimulatedTrace } from "./comparison.ts";
import { type FirstTimeout, firstTimeout, shiftOf, tookHere } from "./luck.ts";
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
  const chosen = partitionChoices(trace);
  let begin = 0;
  let timeout = firstTimeout(trace);
  for (let tries = 1; ; tries += 1) {
    const { simulated, tookMs, isCorrected } = replay(trace, {
      begin,
      timeout,
      chosen,
      watches: tries < MOST_REPLAYS,
      onProgress,
    });
    if (isCorrected) continue;
    if (timeout === null || tookMs === null) return simulated;
    begin = shiftOf(trace, timeout.tookMs, tookMs);
    timeout = null;
  }
}

/** A story is replayed again at most so often for a choice that turned out otherwise than recorded. */
const MOST_REPLAYS = 16;

interface ReplayOptions {
  /** When the story begins, in the World's µs. */
  readonly begin: number;
  /** The replay is over when this session has timed out here. */
  readonly timeout: FirstTimeout | null;
  /** Choices of partitions; if the replay watches them, it is over when one turns out otherwise than recorded. */
  readonly chosen: readonly PartitionChoices[];
  readonly watches: boolean;
  onProgress(share: number): void;
}

interface ReplayResult {
  readonly simulated: SimulatedTrace;
  /** How long the session took here, if that was what the replay was for. */
  readonly tookMs: number | null;
  /** Whether a choice was put right, so that another replay comes nearer. */
  readonly isCorrected: boolean;
}

function replay(trace: Trace, options: ReplayOptions): ReplayResult {
  const { begin: from, timeout, chosen, onProgress } = options;
  const plan = planOf(trace);
  const world = createCluster(plan, KAFKA);
  takeChoices(world, trace, chosen);
  steerPlacement(world, trace);
  const timeline = new Timeline(KAFKA, world, clientStarts(plan), [], {
    checkpointEvery: 1_000_000,
    eventBudget: 20_000_000,
  });
  const race = createRace(trace);
  const choices = watchChoices(options.watches ? chosen : []);
  const run: Replay = {
    trace,
    timeline,
    steps: [],
    unsupported: [],
    facts: 0,
    seen: [],
    owners: {},
    race: {
      look(watched) {
        race.look(watched);
        choices.look(watched);
      },
    },
    lookedAt: 0,
  };
  const snapshots: Snapshot[] = [];
  let now = from;
  let touchedAt = from;
  let tookMs: number | null = null;
  let previous: Step | null = null;
  for (const [index, step] of trace.steps.entries()) {
    const begin: number = now + gapBefore(previous, step) * MS;
    runUntil(run, begin);
    now = begin;
    if (index === timeout?.step) touchedAt = now;
    const ends = beginStep(run, step, index, now);
    if (step.op === "snapshot")
      snapshots.push(snapshotOf(timeline.head.world, step.label, partitionsOf(trace, snapshots.length)));
    if (ends.after !== null) {
      now += Math.round(ends.after * MS);
      runUntil(run, now);
      const records = step.op === "group-records" ? { records: recordsOfGroup(run, step) } : {};
      run.steps.push(copyOf(step, { t: toMs(hasLateTime(step) ? now : begin), ...records }));
    } else {
      const limit = begin + ends.limit * MS;
      const ok = runUntilEnded(run, step, limit);
      const ended = ok ? Math.max(timeline.head.world.time, run.lookedAt) : limit;
      now = Math.max(begin, ended);
      if (ends.pause > 0) {
        now += ends.pause * MS;
        runUntil(run, now);
      }
      const took = Math.round(toMs(Math.max(begin, ended) - begin));
      run.steps.push(
        copyOf(step, { t: toMs(hasLateTime(step) ? ended : begin), ...(step.op === "wait" ? { ok, took } : {}) }),
      );
    }
    previous = step;
    if (timeout !== null && index >= timeout.step) tookMs = tookHere(timeline, timeout.broker, touchedAt);
    if (tookMs !== null || choices.isCorrected()) break;
    onProgress((index + 1) / trace.steps.length);
    if (timeline.failure !== null) {
      run.unsupported.push({ why: `the model stopped: ${timeline.failure.message}` });
      break;
    }
  }
  const facts = [...timeline.trace.facts];
  const simulated = {
    kafka: trace.kafka,
    steps: [...run.steps, ...trace.steps.slice(run.steps.length)],
    snapshots,
    clients: clientEventsOf(facts),
    zookeeper: writesOf(facts),
    unsupported: run.unsupported,
  };
  return { simulated, tookMs, isCorrected: choices.isCorrected() };
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
