/**
 * The `acts` part of a scenario file: what happens to the cluster, one fault or action per act.
 *
 * In Kafka     kill -9, kafka-server-stop, iptables and tc, the command line tools, and the calls of a client.
 * Naming       acts are written with hyphens, as in the fault palette; `ACT_NAMES` is the registry.
 */
import * as v from "valibot";
import { LIMITS } from "../limits.ts";
import {
  byKey,
  byShape,
  duration,
  flag,
  items,
  name,
  object,
  oneOrMore,
  reference,
  settings,
  text,
  whole,
  word,
} from "./basics.ts";
import { sendNow } from "./clients.ts";
import { ends, placement } from "./cluster.ts";
import { moment, needsOne, oneFact } from "./moments.ts";
import { condition } from "./terms.ts";

/** Who is meant may depend on the run: the leader of a partition, the coordinator of a group. */
const role = byKey(
  "target",
  {},
  {
    leaderOf: { leaderOf: reference("topicPartition") },
    coordinatorOf: { coordinatorOf: reference("group") },
    inRack: { inRack: name() },
  },
);
const target = byShape({ text: reference("process", ["controller", "zkLeader"]), map: role });
const targets = oneOrMore(target);

const cut = object("cut", { from: ends, to: ends, oneWay: v.exactOptional(flag()) });
const forTime = { for: v.exactOptional(duration()) };

const api = word([
  "Produce",
  "Fetch",
  "ListOffsets",
  "Metadata",
  "LeaderAndIsr",
  "StopReplica",
  "UpdateMetadata",
  "ControlledShutdown",
  "OffsetCommit",
  "OffsetFetch",
  "FindCoordinator",
  "JoinGroup",
  "Heartbeat",
  "LeaveGroup",
  "SyncGroup",
  "CreateTopics",
  "DeleteTopics",
  "InitProducerId",
  "OffsetsForLeaderEpoch",
  "AddPartitionsToTxn",
  "AddOffsetsToTxn",
  "EndTxn",
  "TxnOffsetCommit",
  "AlterPartition",
  "ElectLeaders",
]);
/** Which requests are meant: all left-out keys match anything. */
const traffic = {
  api: v.exactOptional(api),
  from: v.exactOptional(ends),
  to: v.exactOptional(ends),
  /** How many of them; left out: one. */
  next: v.exactOptional(whole(1, 1000)),
};

const resetTo = byShape({ text: word(["earliest", "latest"]), number: whole(0) });
const partitions = oneOrMore(reference("topicPartition"));

const forms = {
  // Processes
  kill: { kill: targets },
  stop: { stop: targets },
  start: { start: targets },
  pause: { pause: targets, ...forTime },
  resume: { resume: targets },
  "power-loss": { "power-loss": targets },
  "crash-client": { "crash-client": oneOrMore(reference("client")) },
  "add-broker": {
    "add-broker": object("broker", {
      id: name(),
      rack: v.exactOptional(name()),
      config: v.exactOptional(settings("broker")),
    }),
  },

  // Network
  cut: { cut, ...forTime },
  heal: { heal: byShape({ text: reference("act", ["all"]), map: cut }) },
  "slow-link": {
    "slow-link": object("slow-link", {
      from: ends,
      to: ends,
      delay: duration(),
      jitter: v.exactOptional(duration()),
      oneWay: v.exactOptional(flag()),
    }),
    ...forTime,
  },
  "lossy-link": {
    "lossy-link": object("lossy-link", {
      from: ends,
      to: ends,
      percent: whole(0, 100),
      oneWay: v.exactOptional(flag()),
    }),
    ...forTime,
  },
  "break-connection": {
    "break-connection": object("break-connection", {
      ...traffic,
      before: word(["request arrives", "response arrives"]),
    }),
  },
  "hold-messages": {
    "hold-messages": object("hold-messages", { ...traffic, what: v.exactOptional(word(["requests", "responses"])) }),
    for: duration(),
  },
  refuse: { refuse: object("refuse", { ...traffic, error: name() }) },
  "slow-follower-fetch": {
    "slow-follower-fetch": object("slow-follower-fetch", {
      broker: oneOrMore(reference("broker")),
      delay: duration(),
      partition: v.exactOptional(reference("topicPartition")),
    }),
    ...forTime,
  },

  // ZooKeeper and controller
  "expire-session": { "expire-session": target },
  "move-controller": { "move-controller": v.literal(true, "must be true") },
  "rewrite-state": { "rewrite-state": reference("topicPartition") },
  "preferred-election": {
    "preferred-election": byShape({
      text: reference("topicPartition", ["all"]),
      list: items(reference("topicPartition"), 200, 1),
    }),
  },
  "create-topic": { "create-topic": placement({ name: name() }) },
  "delete-topic": { "delete-topic": reference("topic") },
  "add-partitions": {
    "add-partitions": object("add-partitions", { topic: reference("topic"), partitions: whole(1, LIMITS.partitions) }),
  },
  reassign: {
    reassign: object("reassign", {
      partition: reference("topicPartition"),
      replicas: items(reference("broker"), LIMITS.brokers, 1),
    }),
  },

  // Settings
  "set-config": {
    "set-config": byKey(
      "set-config",
      {},
      {
        broker: { broker: oneOrMore(reference("broker")), config: settings("broker") },
        topic: { topic: reference("topic"), config: settings("topic") },
        client: { client: reference("client"), config: settings("client") },
      },
    ),
  },

  // Clients
  send: { send: sendNow },
  "start-sending": { "start-sending": oneOrMore(reference("producer")) },
  "stop-sending": { "stop-sending": oneOrMore(reference("producer")) },
  "slow-consumer": {
    "slow-consumer": object("slow-consumer", { consumer: reference("consumer"), perRecord: duration() }),
    ...forTime,
  },
  subscribe: {
    subscribe: object("subscribe", { consumer: reference("consumer"), topics: items(reference("topic"), 50, 1) }),
  },
  assign: { assign: object("assign", { consumer: reference("consumer"), partitions }) },
  seek: {
    seek: object("seek", {
      consumer: reference("consumer"),
      partition: partitions,
      to: byShape({ text: word(["beginning", "end"]), number: whole(0) }),
    }),
  },
  commit: {
    commit: object("commit", {
      consumer: reference("consumer"),
      how: v.exactOptional(word(["sync", "async"])),
      offsets: v.exactOptional(v.record(reference("topicPartition"), whole(0))),
    }),
  },
  close: { close: oneOrMore(reference("client")) },
  "set-group": { "set-group": object("set-group", { consumer: reference("consumer"), group: name() }) },
  "reset-offsets": {
    "reset-offsets": object("reset-offsets", {
      group: reference("group"),
      topic: v.exactOptional(reference("topic")),
      partition: v.exactOptional(partitions),
      to: resetTo,
    }),
  },

  // Terminal
  command: { command: text(1000), tab: v.exactOptional(name()), input: v.exactOptional(items(text(2000), 100)) },
};

export type ActName = keyof typeof forms;
export const ACT_NAMES = Object.keys(forms) as ActName[];

const common = {
  id: v.exactOptional(name()),
  at: v.exactOptional(duration()),
  when: v.exactOptional(byWhen()),
  after: v.exactOptional(duration()),
  /** In a lab the act waits for this button; without a learner it happens at its time. */
  button: v.exactOptional(text(60)),
  note: v.exactOptional(text(400)),
};

const anyAct = byKey("act", common, forms);
export const act = needsOne(anyAct, ["at", "when"]) as typeof anyAct;

/** What an act may wait for: a fact, or a condition that becomes true. */
function byWhen() {
  const holds = object("when", { holds: condition });
  const either = v.union([oneFact, holds]);
  return v.lazy((input) => {
    if (input === undefined) return either;
    return typeof input === "object" && input !== null && "holds" in input ? holds : oneFact;
  }) as unknown as v.GenericSchema<v.InferOutput<typeof oneFact> | { holds: v.InferOutput<typeof condition> }>;
}

/** `captions`: a sentence shown from a moment on. */
export const caption = object("caption", {
  at: moment,
  text: text(600),
  in: v.exactOptional(items(reference("scope"), 30, 1)),
});

export type ActSpec = v.InferOutput<typeof act>;
export type ActOf<Name extends ActName> = Extract<ActSpec, Record<Name, unknown>>;
export type Caption = v.InferOutput<typeof caption>;
