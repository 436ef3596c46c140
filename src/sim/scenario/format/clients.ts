/**
 * The `clients` part of a scenario file: applications that produce or consume.
 *
 * In Kafka     the applications around KafkaProducer and KafkaConsumer; `config` is passed to them verbatim.
 * Simplified   an application is a pace and a way of committing, not a program.
 */
import * as v from "valibot";
import {
  byKey,
  byShape,
  duration,
  flag,
  items,
  name,
  object,
  reference,
  settings,
  text,
  whole,
  word,
} from "./basics.ts";
import { profile } from "./cluster.ts";

/** One record the application hands to `send()`. */
const sendFields = {
  topic: v.exactOptional(reference("topic")),
  partition: v.exactOptional(whole(0, 199)),
  key: v.exactOptional(text(200)),
  value: v.exactOptional(text(2000)),
  size: v.exactOptional(whole(1, 10_000_000)),
  times: v.exactOptional(whole(1, 1000)),
};
const send = object("send", { at: duration(), ...sendFields });
/** The same without a moment, for the act `send`. */
export const sendNow = object("send", { producer: reference("producer"), ...sendFields });

/** `k0..k9` in turn, `none`, or a list in turn. */
const keys = byShape({ text: text(40), list: items(text(200), 1000, 1) });

const pace = object("sends", {
  every: duration(),
  count: v.exactOptional(whole(1)),
  from: v.exactOptional(duration()),
  until: v.exactOptional(duration()),
  keys: v.exactOptional(keys),
  partition: v.exactOptional(whole(0, 199)),
  size: v.exactOptional(whole(1, 10_000_000)),
});

const processing = object("processing", {
  perRecord: duration(),
  /** The poll loop hands records to another thread and goes on. */
  handOff: v.exactOptional(flag()),
});

const commit = object("commit", {
  when: word(["before", "after"]),
  /** Records between two commits; left out: once for each poll. */
  every: v.exactOptional(whole(1)),
  how: v.exactOptional(word(["sync", "async"])),
});

const common = {
  host: v.exactOptional(name()),
  profile: v.exactOptional(profile),
  /** When the process starts; `never` leaves it to an act. */
  starts: v.exactOptional(byShape({ text: v.union([v.literal("never"), duration()], startsMessage) })),
};

export const client = byKey("client", common, {
  producer: {
    producer: name(),
    topic: v.exactOptional(reference("topic")),
    config: v.exactOptional(settings("producer")),
    sends: v.exactOptional(byShape({ map: pace, list: items(send, 500) })),
  },
  consumer: {
    consumer: name(),
    group: v.exactOptional(name()),
    /** A new random group id at each start. */
    freshGroup: v.exactOptional(flag()),
    topics: v.exactOptional(items(reference("topic"), 50, 1)),
    assign: v.exactOptional(items(reference("topicPartition"), 200, 1)),
    config: v.exactOptional(settings("consumer")),
    processing: v.exactOptional(byShape({ text: duration(), map: processing })),
    commit: v.exactOptional(byShape({ text: word(["auto", "manual", "before", "after"]), map: commit })),
  },
});

function startsMessage(issue: v.BaseIssue<unknown>): string {
  return `must be a time such as 4s, or never, not "${String(issue.input)}"`;
}

export type ClientSpec = v.InferOutput<typeof client>;
export type ProducerSpec = Extract<ClientSpec, { producer: string }>;
export type ConsumerSpec = Extract<ClientSpec, { consumer: string }>;
