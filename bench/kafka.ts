/** Rows 6 to 12: the full Kafka model under `default-load.yaml`, its checkpoints, seeking and memory. */
import { readFileSync } from "node:fs";
import { snapshot, snapshotBeside } from "../src/sim/engine/snapshot.ts";
import { CHECKPOINT_EVERY, type Timeline } from "../src/sim/engine/timeline.ts";
import { SECOND } from "../src/sim/engine/types.ts";
import { appendAsLeader } from "../src/sim/kafka/log/log.ts";
import { createLog, type PartitionLog } from "../src/sim/kafka/log/state.ts";
import { plainBatch } from "../src/sim/kafka/protocol/records.ts";
import { parseScenario } from "../src/sim/scenario/parse.ts";
import { startRun } from "../src/sim/scenario/run.ts";
import { KAFKA } from "../src/sim/simulation.ts";
import { OBSERVERS } from "../src/sim/start.ts";
import { liveBytes, median, percentile, type Row, time } from "./report.ts";
import { stateHash } from "./state-hash.ts";

function load(name: string, observers = OBSERVERS): Timeline {
  const { scenario, problems } = parseScenario(readFileSync(`bench/${name}.yaml`, "utf8"), `${name}.yaml`);
  if (scenario === null) throw new Error(`bench/${name}.yaml: ${JSON.stringify(problems)}`);
  // Longer than a file may ask for: the limits are for pages, not for the benchmark.
  const long = { ...scenario, horizon: "600s" };
  return startRun(long, KAFKA, observers, { timeline: { eventBudget: 20_000_000 } }).timeline;
}

/** Rows 6, 7 and 9: speed under the default load and idle, and the checkpoints' share of it. */
export function speedRows(bound: number): Row[] {
  const busy = load("default-load");
  busy.advance(10 * SECOND);
  const before = { length: busy.length, at: busy.end, copies: busy.checkpointEntries().length };
  const wall = time(() => busy.advance(40 * SECOND)) / 1000;
  const events = busy.length - before.length;
  const simulated = (busy.end - before.at) / SECOND;
  const copies = busy.checkpointEntries().length - before.copies;

  const idle = load("idle");
  idle.advance(10 * SECOND);
  const idleWall = time(() => idle.advance(600 * SECOND)) / 1000;

  const parts = (): unknown => ({ world: busy.head.world, observed: busy.head.observed });
  const costs = Array.from({ length: 15 }, () => {
    // A checkpoint is made beside the one before it, as the timeline does.
    const before = snapshot(parts());
    busy.advance(600 * SECOND, CHECKPOINT_EVERY);
    return time(() => snapshotBeside(parts(), before));
  });
  const one = median(costs);
  const share = (one * copies) / (wall * 1000);
  const speed = events / wall / bound;
  return [
    {
      row: "6",
      what: "full Kafka model, events/s against the hold bound",
      floor: "1/20",
      target: "1/10",
      measured: `1/${(1 / speed).toFixed(0)} (${Math.round(events / wall / 1000)}k events/s)`,
      holds: null,
    },
    {
      row: "7",
      what: `simulated s per wall s, default load (${Math.round(events / simulated)} events per simulated s, two groups reading) / idle`,
      floor: "50 / 500",
      target: "120 / 2,000",
      measured: `${(simulated / wall).toFixed(0)} / ${(590 / idleWall).toFixed(0)}`,
      holds: null,
    },
    {
      row: "9",
      what: "checkpoints' share of run time, default load",
      floor: "<= 10 %",
      target: "3 %",
      measured: `${(share * 100).toFixed(1)} % (${one.toFixed(2)} ms each)`,
      holds: share <= 0.1,
    },
  ];
}

/** Row 8: copying a state with 600,000 records, against structuredClone and against 10,000 records. */
export function checkpointRows(): Row[] {
  const small = worldWith(10_000);
  const large = worldWith(600_000);
  const cost = (state: unknown): number => median(Array.from({ length: 15 }, () => time(() => snapshot(state))));
  const clone = median([1, 2, 3].map(() => time(() => structuredClone(large))));
  snapshot(large);
  const ours = cost(large);
  const growth = ours / cost(small);
  return [
    {
      row: "8",
      what: "checkpoint of a 600k-record state against structuredClone; growth from 10k",
      floor: "1/50; <= 4x",
      target: "1/500; <= 3x",
      measured: `1/${Math.round(clone / ours)}; ${growth.toFixed(1)}x (${ours.toFixed(2)} ms)`,
      holds: clone / ours >= 50 && growth <= 4,
    },
  ];
}

function worldWith(records: number): unknown {
  const busy = load("default-load");
  busy.advance(5 * SECOND);
  const world = snapshot(busy.head.world);
  const logs = Object.values(world.actors).flatMap((actor) =>
    actor.kind === "broker" ? Object.values((actor.disk as { logs: Record<string, PartitionLog> }).logs) : [],
  );
  const extra = Array.from({ length: 6 }, createLog);
  logs.push(...extra);
  for (let n = 0; n < records; n += 1) {
    const log = extra[n % extra.length] as PartitionLog;
    appendAsLeader(log, plainBatch([{ key: `k${n % 10}`, value: `r${n}`, timestamp: n, tag: `p1:${n}` }]), 0);
  }
  return { world, extra, observed: busy.head.observed };
}

const RUN = 1_000_000;
const SEEKS = 400;
const POINTS = 1_000;

/** Row 12: what an event of a run with faults costs to keep, with and without what the product's own observers keep beside it. */
export function memoryRow(): Row {
  const bytesPerEvent = (observers: typeof OBSERVERS): number => {
    const before = liveBytes();
    const timeline = load("seek-load", observers);
    timeline.advance(600 * SECOND, RUN);
    return (liveBytes() - before) / timeline.length;
  };
  const bytes = bytesPerEvent([]);
  const all = bytesPerEvent(OBSERVERS);
  return {
    row: "12",
    what: "memory per event: trace, facts, checkpoints, logs (with the record ledger and the checks of promises)",
    floor: "<= 200 B",
    target: "64 B",
    measured: `${bytes.toFixed(0)} B (${all.toFixed(0)} B)`,
    holds: bytes <= 200,
  };
}

/** Rows 10 and 11: seeking in a run of a million events with faults, and its exactness. */
export function seekRows(): Row[] {
  const timeline = load("seek-load");
  timeline.advance(600 * SECOND, RUN);
  let state = 4242;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  const places = Array.from({ length: SEEKS }, () => 1 + random(timeline.length - 1));
  // Twice, and the better of both counts: what a machine with other tenants does to one of them is not the seek's.
  const pass = () => places.map((to) => [time(() => timeline.at(to)), time(() => timeline.at(to - 1))] as const);
  const [once, again] = [pass(), pass()];
  const better = (what: 0 | 1) => once.map((one, n) => Math.min(one[what], again[n]?.[what] ?? one[what]));
  const [seeks, steps] = [better(0), better(1)];
  const exact = exactPoints(timeline, random);
  const p99 = percentile(seeks, 99);
  const back = percentile(steps, 95);
  return [
    {
      row: "10",
      what: `seek anywhere in a run of ${timeline.length} events, p99 / step back, p95 (better of two)`,
      floor: "<= 50 / 16 ms",
      target: "20 / 4 ms",
      measured: `${p99.toFixed(1)} / ${back.toFixed(1)} ms`,
      holds: p99 <= 50 && back <= 16,
    },
    {
      row: "11",
      what: "seek correctness, with truncations, crashes and forks",
      floor: "all",
      target: "all",
      measured: `${exact} of ${POINTS}`,
      holds: exact === POINTS,
    },
  ];
}

/** How many of {@link POINTS} moments, sought in random order in a run and in a fork of it, are those of a straight run. */
function exactPoints(timeline: Timeline, random: (below: number) => number): number {
  const points = Array.from({ length: POINTS }, () => random(timeline.length));
  const half = timeline.length >> 1;
  const fork = timeline.fork(half, timeline.inputs);
  fork.advance(600 * SECOND, timeline.length - half);
  const found = points.map((point, n) => stateAt(n % 2 === 0 ? timeline : fork, point));
  const straight = load("seek-load");
  let exact = 0;
  for (const n of points.map((_, index) => index).sort((a, b) => (points[a] ?? 0) - (points[b] ?? 0))) {
    const point = points[n] as number;
    straight.advance(600 * SECOND, point - straight.length);
    if (straight.length === point && stateAt(straight, point) === found[n]) exact += 1;
  }
  return exact;
}

function stateAt(timeline: Timeline, point: number): string {
  return `${stateHash(timeline.at(point).world)} ${timeline.trace.hash(point)}`;
}
