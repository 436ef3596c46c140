/**
 * Choices that reality leaves open, taken from the recording: which partitions a producer's partitioner chooses, and which broker a
 * client asks first. They go in as the first states of the random streams that these choices are drawn from; the model draws as ever.
 *
 * How many choices a run of records in one partition stands for is the model's affair. At first it is taken for as many as the shortest
 * run fits into it; where a replay then sends a record elsewhere, the choices from there on are read anew, and the story begins again.
 */
import type { FactEntry } from "../sim/engine/facts.ts";
import { nextBits } from "../sim/engine/random.ts";
import type { Timeline } from "../sim/engine/timeline.ts";
import type { StreamState, World } from "../sim/engine/types.ts";
import { javaHashOrder } from "../sim/kafka/client/javaHashOrder.ts";
import type { Profile } from "../sim/kafka/profiles/config.ts";
import { longMapOrder, mutableHashMapOrder } from "../sim/kafka/protocol/hashOrder.ts";
import { partitionOf, type TopicPartition, topicPartition } from "../sim/kafka/protocol/ids.ts";
import { clientActor, profileOf } from "./cluster.ts";
import type { StepOf } from "./steps.ts";
import type { Trace } from "./trace.ts";

type Producer = StepOf<"producer.open">;

/** What a producer's partitioner chose. */
export interface PartitionChoices {
  readonly actor: string;
  /** The partition of each record that was acknowledged, by tag. */
  readonly partitions: ReadonlyMap<string, number>;
  /** Tags in the order of sending. */
  readonly tags: readonly string[];
  /** The producer's list of partitions. */
  readonly order: readonly number[];
  /** Whether it sticks to a partition for some records, so that there are choices after the first. */
  readonly sticks: boolean;
  /** The choices, as places in that list. */
  indexes: number[];
  /** State of a random stream that draws them. */
  start: StreamState;
}

/** The partitions chosen by each producer of a recording that was free to choose. */
export function partitionChoices(trace: Trace): PartitionChoices[] {
  return trace.steps.flatMap((step) => (step.op === "producer.open" ? (partitionsChosen(trace, step) ?? []) : []));
}

/** Puts the recorded choices into the streams of a World that has not begun. */
export function takeChoices(world: World, trace: Trace, chosen: readonly PartitionChoices[]): void {
  for (const { actor, start } of chosen) world.streams[partitionerOf(actor)] = [...start];
  for (const step of trace.steps) {
    if (step.op !== "producer.open" && step.op !== "consumer.open") continue;
    const first = firstAsked(trace, step);
    if (first !== null)
      world.streams[`${clientActor(step.client, step.id)}/node`] = stateThatDrawsBelow(first, trace.cluster.brokers);
  }
}

function partitionerOf(actor: string): string {
  return `${actor}/partitioner`;
}

/** Watches where records go. */
export interface ChoiceWatch {
  /** Looks at the facts noted since the last look. */
  look(timeline: Timeline): void;
  /** Whether a record went elsewhere than recorded; the choices have been read anew then. */
  isCorrected(): boolean;
}

/** Compares where the replay's producers send with `chosen`, and puts the first choice that differs right for another replay. */
export function watchChoices(chosen: readonly PartitionChoices[]): ChoiceWatch {
  let watched = chosen.filter((one) => one.sticks);
  let seen = 0;
  let isCorrected = false;
  return {
    look(timeline) {
      if (watched.length === 0 || isCorrected) return;
      const { facts } = timeline.trace;
      for (; seen < facts.length; seen += 1) {
        const { actor, fact } = facts.at(seen) as FactEntry;
        if (fact.kind !== "record-sent" && fact.kind !== "send-unblocked") continue;
        const one = watched.find((choices) => choices.actor === actor);
        const wanted = one?.partitions.get(String(fact.tag));
        if (one === undefined || wanted === undefined || fact.topicPartition === null) continue;
        if (partitionOf(fact.topicPartition as TopicPartition) === wanted) continue;
        const drawn = drawsOf(timeline.head.world.streams[partitionerOf(actor)], one.start);
        isCorrected = correct(one, String(fact.tag), drawn);
        if (isCorrected) return;
        watched = watched.filter((other) => other !== one);
      }
    },
    isCorrected: () => isCorrected,
  };
}

/** The last word of a stream's state counts its draws. */
function drawsOf(state: StreamState | undefined, start: StreamState): number {
  return state === undefined ? 0 : state[3] - start[3];
}

/** Keeps the choices before the last that was drawn, and reads those from the record `tag` on anew. False if that changes nothing. */
function correct(choices: PartitionChoices, tag: string, drawn: number): boolean {
  if (drawn < 1 || drawn > MOST) return false;
  const left = choices.tags.slice(choices.tags.indexOf(tag)).flatMap((one) => choices.partitions.get(one) ?? []);
  const indexes = [...choices.indexes.slice(0, drawn - 1), ...choicesIn(left, choices.order)].slice(0, MOST);
  if (indexes.join() === choices.indexes.join()) return false;
  choices.indexes = indexes;
  choices.start = stateThatDraws(indexes, choices.order.length);
  return true;
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

/** What an unkeyed producer's partitioner chose; null if nothing was open. */
function partitionsChosen(trace: Trace, open: Producer): PartitionChoices | null {
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
  const partitions = new Map<string, number>();
  for (const event of trace.clients)
    if (event.event === "ack" && event.id === open.id) partitions.set(event.tag, event.partition);
  const tags = sends.flatMap((send) =>
    send.op === "producer.send"
      ? [String((send as { tag?: unknown }).tag)]
      : Array.from({ length: send.count }, (_, n) => `${send.prefix}${n}`),
  );
  const order = listOrder(profileOf(trace.kafka), topic, count);
  const known = tags.flatMap((tag) => partitions.get(tag) ?? []);
  if (known[0] === undefined) return null;
  const sticks = trace.kafka.startsWith("3.");
  const indexes = sticks ? choicesIn(known, order) : [order.indexOf(known[0])];
  const start = stateThatDraws(indexes, count);
  return { actor: clientActor(open.client, open.id), partitions, tags, order, sticks, indexes, start };
}

/** The choices that records in these partitions seem to stand for, as places in `order`. */
function choicesIn(partitions: readonly number[], order: readonly number[]): number[] {
  const runs = runsOf(partitions);
  // The last run was cut short by the end of the story.
  const unit = Math.min(...runs.slice(0, -1).map(({ length }) => length));
  const indexes = runs.flatMap(({ value, length }) =>
    Array.from({ length: Math.max(1, Math.round(length / unit)) }, () => order.indexOf(value)),
  );
  return runs.length === 1 ? indexes.slice(0, 1) : indexes.slice(0, MOST);
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
 * request timeout, and its first answers are timeouts. (Not those of batches: who has a batch has heard who leads.)
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
  const hadBatch = answer.event === "send-error" && /since batch creation/.test(answer.message ?? "");
  return answer.event === "send-error" && answer.error === "TimeoutException" && !hadBatch
    ? place
    : (place + 1) % trace.cluster.brokers;
}
