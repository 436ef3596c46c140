/**
 * Choices that reality leaves open, taken from the recording: where a producer's partitioner begins, and which broker a client asks
 * first. They go in as the first states of the random streams that these choices are drawn from; the model draws as ever.
 *
 * Simplified   a run of records in one partition is taken for as many choices of that partition as the shortest run fits into it.
 */
import { nextBits } from "../sim/engine/random.ts";
import type { StreamState, World } from "../sim/engine/types.ts";
import { javaHashOrder } from "../sim/kafka/client/javaHashOrder.ts";
import type { Profile } from "../sim/kafka/profiles/config.ts";
import { longMapOrder, mutableHashMapOrder } from "../sim/kafka/protocol/hashOrder.ts";
import { partitionOf, topicPartition } from "../sim/kafka/protocol/ids.ts";
import { clientActor, profileOf } from "./cluster.ts";
import type { StepOf } from "./steps.ts";
import type { Trace } from "./trace.ts";

type Producer = StepOf<"producer.open">;

/** Puts the recorded choices into the streams of a World that has not begun. */
export function takeChoices(world: World, trace: Trace): void {
  for (const step of trace.steps) {
    if (step.op !== "producer.open" && step.op !== "consumer.open") continue;
    const actor = clientActor(step.client, step.id);
    if (step.op === "producer.open") {
      const wanted = partitionsChosen(trace, step);
      if (wanted !== null) world.streams[`${actor}/partitioner`] = stateThatDraws(wanted.indexes, wanted.count);
    }
    const first = firstAsked(trace, step);
    if (first !== null) world.streams[`${actor}/node`] = stateThatDrawsBelow(first, trace.cluster.brokers);
  }
}

/** A state of the generator whose next draws are `wanted` modulo `modulus`. Finds one by trying; a few wanted draws take no time. */
function stateThatDraws(wanted: readonly number[], modulus: number): StreamState {
  return search((state) => wanted.every((value) => (nextBits(state) & 0x7fffffff) % modulus === value));
}

function stateThatDrawsBelow(wanted: number, bound: number): StreamState {
  return search((state) => Math.floor((nextBits(state) * bound) / 4294967296) === wanted);
}

function search(fits: (state: StreamState) => boolean): StreamState {
  for (let n = 1; ; n += 1) {
    const start: StreamState = [Math.imul(n, 0x9e3779b1), Math.imul(n, 0x85ebca6b) ^ n, Math.imul(n, 0xc2b2ae35), 1];
    if (fits([...start])) return start;
  }
}

/** Longest list of choices that is looked for; what follows is luck of our own. */
const MOST = 12;

/** The partitions that an unkeyed producer's partitioner chose, as places in its list of partitions; null if nothing was open. */
function partitionsChosen(trace: Trace, open: Producer): { indexes: number[]; count: number } | null {
  const sends = trace.steps.filter(
    (step): step is StepOf<"producer.send"> | StepOf<"producer.sendMany"> =>
      (step.op === "producer.send" || step.op === "producer.sendMany") &&
      step.id === open.id &&
      step.client === open.client,
  );
  const ignoresKeys = String((open.config as Record<string, unknown>)["partitioner.ignore.keys"]) === "true";
  const isFree = sends.every((send) => send.partition === undefined && (ignoresKeys || !hasKey(send)));
  const topic = sends[0]?.topic;
  if (!isFree || topic === undefined || sends.some((send) => send.topic !== topic)) return null;
  const count = partitionCount(trace, topic);
  if (count < 2) return null;
  const answers = new Map<string, number>();
  for (const event of trace.clients)
    if (event.event === "ack" && event.id === open.id) answers.set(event.tag, event.partition);
  const tags = sends.flatMap((send) =>
    send.op === "producer.send"
      ? [String((send as { tag?: unknown }).tag)]
      : Array.from({ length: send.count }, (_, n) => `${send.prefix}${n}`),
  );
  const partitions = tags.flatMap((tag) => answers.get(tag) ?? []);
  const order = listOrder(profileOf(trace.kafka), topic, count);
  if (partitions[0] === undefined) return null;
  if (!trace.kafka.startsWith("3.")) return { indexes: [order.indexOf(partitions[0])], count };
  const runs = runsOf(partitions);
  // The last run was cut short by the end of the story.
  const unit = Math.min(...runs.slice(0, -1).map(({ length }) => length));
  const indexes = runs.flatMap(({ value, length }) =>
    Array.from({ length: Math.max(1, Math.round(length / unit)) }, () => order.indexOf(value)),
  );
  return { indexes: runs.length === 1 ? indexes.slice(0, 1) : indexes.slice(0, MOST), count };
}

/** The order in which a producer lists the partitions of a topic. */
function listOrder(profile: Profile, topic: string, count: number): number[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  if (profile === "0.10") return mutableHashMapOrder(count);
  if (profile === "2.1") return longMapOrder(indices);
  return javaHashOrder(indices.map((index) => topicPartition(topic, index))).map(partitionOf);
}

function hasKey(send: StepOf<"producer.send"> | StepOf<"producer.sendMany">): boolean {
  return (send.key ?? null) !== null || (send.op === "producer.sendMany" && send.keys !== undefined);
}

function partitionCount(trace: Trace, topic: string): number {
  const created = trace.steps.find((step): step is StepOf<"topic"> => step.op === "topic" && step.name === topic);
  return created === undefined ? 0 : Object.keys(created.assignment).length;
}

function runsOf(values: readonly number[]): { value: number; length: number }[] {
  const runs: { value: number; length: number }[] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && last.value === value) last.length += 1;
    else runs.push({ value, length: 1 });
  }
  return runs;
}

/**
 * The place of the broker that a client asked first, where the recording shows it: while a broker stood still, whoever asked it lost a
 * request timeout, and its first answers are timeouts.
 */
function firstAsked(trace: Trace, open: StepOf<"producer.open"> | StepOf<"consumer.open">): number | null {
  const paused = new Set<string>();
  for (const step of trace.steps) {
    if (step === open) break;
    if (step.op === "pause") paused.add(step.node);
    if (step.op === "resume" || step.op === "kill") paused.delete(step.node);
  }
  const [node] = [...paused].filter((name) => /^b\d+$/.test(name));
  if (node === undefined) return null;
  const place = Number(node.slice(1)) - 1;
  const answer = trace.clients.find(
    (event) => "id" in event && event.id === open.id && (event.event === "ack" || event.event === "send-error"),
  );
  if (answer === undefined) return null;
  return answer.event === "send-error" && answer.error === "TimeoutException"
    ? place
    : (place + 1) % trace.cluster.brokers;
}
