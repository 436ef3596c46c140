/**
 * Automatic placement: what a broker drew at random is taken from the recording, since nothing else decides
 * it. Each topic is placed from a random stream of its own; the stream is given a first state that leads to the recorded draws.
 */
import { nextBits, seedStream } from "../sim/engine/random.ts";
import type { StreamState, World } from "../sim/engine/types.ts";
import {
  type Assignment,
  assignReplicasToBrokers,
  brokerOrderForCreateTopics,
} from "../sim/kafka/controller/assignment.ts";
import type { Trace, ZooKeeperWrite } from "./trace.ts";

/** Seeds tried for one stream: with n brokers one in 2 * n * n fits. */
const TRIES = 10_000;

/** Prepares the streams of all topics that brokers placed in the recording. Call it before the story begins. */
export function steerPlacement(world: World, trace: Trace): void {
  const live = new Set(Array.from({ length: trace.cluster.brokers }, (_, index) => index + 1));
  for (const write of trace.zookeeper) {
    followBrokers(live, write);
    const topic = /^\/brokers\/topics\/([^/]+)$/.exec(write.path ?? "")?.[1];
    if (topic === undefined || write.op !== "create" || write.by === "other" || write.t < 0) continue;
    const draws = drawsThatGive(assignmentIn(write), [...live], racksOf(trace, [...live]));
    if (draws === null) continue;
    const stream = `${write.by}/placement:${topic}`;
    const state = stateFor(stream, draws, live.size);
    if (state !== null) world.streams[stream] = state;
  }
}

/** Who is registered, by the recorded writes. */
function followBrokers(live: Set<number>, { op, by, path, t }: ZooKeeperWrite): void {
  if (t < 0) return;
  const registered = /^\/brokers\/ids\/(\d+)$/.exec(path ?? "")?.[1];
  if (op === "create" && registered !== undefined) live.add(Number(registered));
  if (op === "closeSession") live.delete(Number(by.slice(1)));
}

function assignmentIn(write: ZooKeeperWrite): Assignment {
  return (JSON.parse(write.data ?? "{}") as { partitions?: Assignment }).partitions ?? {};
}

function racksOf(trace: Trace, brokers: readonly number[]): Record<number, string> | null {
  const racks: Record<number, string> = {};
  for (const broker of brokers) {
    const rack = trace.cluster.perBroker[String(broker)]?.["broker.rack"];
    if (rack === undefined) return null;
    racks[broker] = String(rack);
  }
  return racks;
}

/** What a placement draws: which of two brokers in one slot comes first, where it starts, and how far apart replicas are. */
type Draws = readonly [order: number, startIndex: number, shift: number];

/** Draws that place the partitions as recorded; null if none do (the lists were given). */
function drawsThatGive(
  recorded: Assignment,
  live: readonly number[],
  racks: Record<number, string> | null,
): Draws | null {
  const partitionCount = Object.keys(recorded).length;
  const replicationFactor = recorded[0]?.length ?? 0;
  const count = live.length;
  for (let n = 0; n < 2 * count * count; n += 1) {
    const [order, startIndex, shift] = [Math.floor(n / (count * count)), Math.floor(n / count) % count, n % count];
    const placed = assignReplicasToBrokers({
      brokers: brokerOrderForCreateTopics(live, order === 1),
      ...(racks === null ? {} : { racks }),
      partitionCount,
      replicationFactor,
      startIndex,
      shift,
    });
    if (placed.kind !== "assigned") return null;
    if (sameLists(placed.assignment, recorded)) return [order, startIndex, shift];
  }
  return null;
}

function sameLists(a: Assignment, b: Assignment): boolean {
  return Object.keys(a).every((partition) => a[Number(partition)]?.join() === b[Number(partition)]?.join());
}

/** A first state of the stream whose next draws are `draws`, the first below 2, the others below `count`. */
function stateFor(stream: string, draws: Draws, count: number): StreamState | null {
  for (let n = 0; n < TRIES; n += 1) {
    const state = seedStream(`placement ${n}`, stream);
    const trial: StreamState = [...state];
    const isRight = draws.every((draw, n) => {
      const bound = n === 0 ? 2 : count;
      return Math.floor((nextBits(trial) * bound) / 4_294_967_296) === draw;
    });
    if (isRight) return state;
  }
  return null;
}
