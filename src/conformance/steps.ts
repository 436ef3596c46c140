/**
 * The steps of a recorded story: one table of operations, from which both the types and the checks of a trace are derived.
 *
 * In Kafka     nothing; the operations are faults, waits and client calls (a producer's, a consumer's, an admin client's), in the form
 *              in which the recorder wrote them down.
 * Simplified   settings are checked to be an object, not key by key.
 * Left out     what each operation means when replayed: that is the replaying side's business.
 *
 * A field whose name ends in "?" may be absent. Every step has `t`, milliseconds since the story began: its start, but for `wait`,
 * `answer` and `expect-event` its end. Client operations also have `client`, the host, and mostly `id`, the client on that host.
 */
import type { FieldsOf } from "./shapes.ts";

const client = { client: "string", id: "string", "tag?": "any" } as const;
const partition = { topic: "string", partition: "number" } as const;
const partitions = { "partitions?": "partitions", "topic?": "string", "partition?": "number" } as const;
const admin = { client: "string", "tag?": "any", "config?": "object", "timeoutMs?": "number" } as const;

/** The fields of each operation besides `op` and `t`. */
export const stepShapes = {
  // What the observer does to the cluster.
  topic: { name: "string", assignment: "assignment", config: "object" },
  "move-controller": { to: "number" },
  "delete-topic": { topic: "string" },
  "delete-requests": { topics: "strings" },
  grow: { topic: "string", partitions: "number" },
  "foreign-write": { path: "string", data: "object" },
  "zk-create": { path: "string" },
  "reassign-znode": { data: "object" },

  // Faults. `crash` and `mark` carry a sentence only.
  kill: { node: "string" },
  stop: { node: "string" },
  "stop-timed-out": { node: "string" },
  start: { node: "string" },
  pause: { node: "string" },
  resume: { node: "string" },
  wipe: { node: "string" },
  cut: { a: "string", b: "string", both: "boolean" },
  heal: { a: "string?", b: "string?" },
  crash: { "what?": "string" },
  "lose-tail": { node: "string", file: "string", records: "number" },

  // Looking and waiting. `got` and `found` say what came; `took` and `limit` are milliseconds.
  wait: { what: "string", ok: "boolean", took: "number", limit: "number" },
  sleep: { ms: "number", "epochs?": "any", "lists?": "any", "states?": "any", "writes?": "any" },
  answer: { tag: "string", got: "string?", offset: "number?" },
  "expect-event": { match: "match", found: "boolean", "event?": "object", "assignment?": "assignment" },
  result: { of: "string", id: "string", got: "any" },
  snapshot: { label: "string" },
  "group-records": { group: "string", label: "string", records: "strings", leaders: "any" },
  note: { text: "string" },
  mark: { what: "string" },

  // Command lines. `rc` and `output` are missing when the line was still running at the end of the story.
  cli: { main: "string", args: "strings", "rc?": "number?", "output?": "string?" },
  shell: {
    host: "string",
    line: "string",
    "rc?": "number?",
    "output?": "string?",
    "took?": "number",
    "streams?": "string",
    "ended?": "string",
    "typed?": "string",
    "until?": "string",
    "seen?": "any",
    "tty?": "boolean",
    "alias?": "object",
    "files?": "object",
  },

  // Producers.
  "producer.open": { ...client, config: "object" },
  "producer.send": {
    ...client,
    topic: "string",
    value: "string?",
    "key?": "string?",
    "partition?": "number",
    "timestamp?": "number",
    "headers?": "object",
  },
  "producer.sendMany": {
    ...client,
    topic: "string",
    count: "number",
    prefix: "string",
    "partition?": "number",
    "key?": "string?",
    "keys?": "strings",
    "everyMs?": "number",
  },
  "producer.flush": client,
  "producer.close": { ...client, "timeoutMs?": "number" },
  "producer.abandon": client,
  "producer.init": client,
  "producer.begin": client,
  "producer.commit": client,
  "producer.abort": client,
  "producer.sendOffsets": { ...client, offsets: "offsets", "group?": "string", "consumer?": "string" },
  "producer.metrics": { ...client, names: "strings" },
  "producer.partitionsFor": { ...client, topic: "string" },

  // Consumers. Without `partitions` and `topic`, seekTo*, pause and resume mean all that is assigned.
  "consumer.open": {
    ...client,
    config: "object",
    "pollMs?": "number",
    "fatal?": "boolean",
    "errorPauseMs?": "number",
    "polling?": "boolean",
    "commitIn?": "strings",
  },
  "consumer.subscribe": { ...client, "topics?": "strings", "pattern?": "string" },
  "consumer.assign": { ...client, partitions: "partitions" },
  "consumer.unsubscribe": client,
  "consumer.stopPolling": client,
  "consumer.resumePolling": client,
  "consumer.poll": { ...client, "count?": "number", "untilRecords?": "boolean" },
  "consumer.processMs": { ...client, ms: "number" },
  "consumer.commitSync": { ...client, "offsets?": "offsets" },
  "consumer.commitAsync": { ...client, "offsets?": "offsets" },
  "consumer.seek": { ...client, ...partition, offset: "number" },
  "consumer.seekToBeginning": { ...client, ...partitions },
  "consumer.seekToEnd": { ...client, ...partitions },
  "consumer.pause": { ...client, ...partitions },
  "consumer.resume": { ...client, ...partitions },
  "consumer.position": { ...client, ...partition },
  "consumer.committed": { ...client, ...partition, "metadata?": "boolean" },
  "consumer.beginningOffset": { ...client, ...partition },
  "consumer.endOffset": { ...client, ...partition },
  "consumer.offsetsForTime": { ...client, ...partition, timestamp: "number" },
  "consumer.assignment": client,
  "consumer.paused": client,
  "consumer.generation": client,
  "consumer.enforceRebalance": client,
  "consumer.wakeup": client,
  "consumer.metrics": { ...client, names: "strings" },
  "consumer.close": { ...client, "timeoutMs?": "number" },
  "consumer.abandon": { ...client, "heartbeat?": "boolean" },

  // Admin calls; they belong to a host, not to a client with an id.
  "admin.createTopic": {
    ...admin,
    topic: "string",
    "partitions?": "number",
    "rf?": "number",
    "assignments?": "assignment",
    "configs?": "object",
  },
  "admin.deleteTopic": { ...admin, "topic?": "string", "topics?": "strings" },
  "admin.createPartitions": { ...admin, topic: "string", count: "number" },
  "admin.alterConfigs": { ...admin, type: "string", name: "string", configs: "object" },
  "admin.describeConfigs": { ...admin, type: "string", name: "string", "configs?": "any" },
  "admin.reassign": { ...admin, partitions: "any" },
  "admin.listReassignments": admin,
  "admin.electLeaders": { ...admin, type: "string", "partitions?": "partitions" },
  "admin.deleteRecords": { ...admin, ...partition, before: "number" },
  "admin.listOffsets": { ...admin, ...partition, "spec?": "any", "isolation?": "string" },
  "admin.describeLogDirs": { ...admin, "brokers?": "any" },
  "admin.describeTopic": { ...admin, topic: "string" },
  "admin.describeCluster": admin,
  "admin.listGroups": admin,
  "admin.describeGroup": { ...admin, group: "string" },
  "admin.groupOffsets": { ...admin, group: "string" },
  "admin.deleteGroup": { ...admin, group: "string" },
  "group.describe": { ...admin, group: "string" },
  "group.offsets": { ...admin, group: "string" },
  "topics.describe": { ...admin, topics: "strings" },
  defaults: { client: "string", config: "object", "tag?": "any" },
} as const;

/** The name of an operation, for example "kill" or "consumer.poll". */
export type StepOp = keyof typeof stepShapes;

/** A step with the given operation; `StepOf<"kill">` is `{t, op: "kill", node}`. */
export type StepOf<Op extends StepOp> = { [O in Op]: { t: number; op: O } & FieldsOf<(typeof stepShapes)[O]> }[Op];

/** Any step, told apart by `op`. */
export type Step = StepOf<StepOp>;
