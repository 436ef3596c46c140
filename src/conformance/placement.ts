/**
 * Automatic placement: the start and shift that a broker drew at random are taken from the recording, since nothing else decides
 * them. Each topic is placed from a random stream of its own; the stream is given a first state that leads to the recorded draws.
 */
import { nextBits, seedStream } from "../sim/engine/random.ts";
import type { StreamState, World } from "../sim/engine/types.ts";
import {
  type Assignment,
  assignReplicasToBrokers,
  brokerOrderForCreateTopics,
} from "../sim/kafka/controller/assignment.ts";
import { profileOf } from "./cluster.ts";
import type { Trace, ZooKeeperWrite } from "./trace.ts";

/** Seeds tried for one stream: with n brokers one in n * n fits. */
const TRIES = 10_000;

/** Prepares the streams of all topics that brokers placed in the recording. Call it before the story begins. */
export function steerPlacement(world: World, trace: Trace): void {
  const live = new Set(Array.from({ length: trace.cluster.brokers }, (_, index) => index + 1));
  for (const write of trace.zookeeper) {
    followBrokers(live, write);
    const topic = /^\/brokers\/topics\/([^/]+)$/.exec(write.path ?? "")?.[1];
    if (topic === undefined || write.op !== "create" || write.by === "other" || write.t < 0) continue;
    const brokers = brokerOrderForCreateTopics([...live], profileOf(trace.kafka));
    const draws = drawsThatGive(assignmentIn(write), brokers, racksOf(trace, brokers));
    if (draws === null) continue;
    const stream = `${write.by}/placement:${topic}`;
    const state = stateFor(stream, draws, brokers.length);
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

/** A start and a shift that place the partitions as recorded; null if none do (the lists were given). */
function drawsThatGive(
  recorded: Assignment,
  brokers: readonly number[],
  racks: Record<number, string> | null,
): readonly [number, number] | null {
  const partitionCount = Object.keys(recorded).length;
  const replicationFactor = recorded[0]?.length ?? 0;
  for (let startIndex = 0; startIndex < brokers.length; startIndex += 1) {
    for (let shift = 0; shift < brokers.length; shift += 1) {
      const placed = assignReplicasToBrokers({
        brokers,
        ...(racks === null ? {} : { racks }),
        partitionCount,
        replicationFactor,
        startIndex,
        shift,
      });
      if (placed.kind === "assigned" && JSON.stringify(placed.assignment) === JSON.stringify(recorded)) {
        return [startIndex, shift];
      }
    }
  }
  return null;
}

/** A first state of the stream whose next two draws below `bound` are `draws`. */
function stateFor(stream: string, draws: readonly [number, number], bound: number): StreamState | null {
  for (let n = 0; n < TRIES; n += 1) {
    const state = seedStream(`placement ${n}`, stream);
    const trial: StreamState = [...state];
    const isRight = draws.every((draw) => Math.floor((nextBits(trial) * bound) / 4_294_967_296) === draw);
    if (isRight) return state;
  }
  return null;
}
