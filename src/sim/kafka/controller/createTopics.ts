/**
 * CreateTopics: check, write the znodes, and wait until the partitions have leaders. Also how a broker of 0.10 or 2.1 creates an
 * internal or auto-created topic by itself.
 *
 * In Kafka     ZkAdminManager.createTopics, AdminZkClient.createTopicWithAssignment, DelayedCreatePartitions. None of it goes
 *              through the controller's event thread, or is fenced: the controller learns of the topic by its watch.
 * Left out     quotas, create topic policies, validateOnly.
 */
import { must } from "../../engine/assert.ts";
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { type BrokerId, type TopicPartition, topicPartition } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { respond, resume, type Then } from "../rpc.ts";
import { assignAddedPartitions } from "./assignment.ts";
import { newTopicId } from "./failover.ts";
import {
  type ControllerCtx,
  type ControllerPorts,
  controllerOf,
  type LiveBroker,
  type WaitingCreate,
} from "./state.ts";
import { callTo, done, go, type Next, type Procedure, type Tasks, zk } from "./tasks.ts";
import {
  assignmentOf,
  assignmentProblem,
  type Live,
  nameProblem,
  place,
  problemOf,
  racksOf,
  type TopicSpec,
} from "./topicPlacement.ts";
import {
  childrenOp,
  createOp,
  readOp,
  setOp,
  TOPICS_PATH,
  type TopicAssignment,
  topicConfigPath,
  topicData,
  topicOfData,
  topicPath,
} from "./znodes.ts";

export interface TopicResult {
  readonly name: string;
  readonly errorCode: ErrorName;
  readonly errorMessage: string | null;
}

/** What a Then of {@link createTopicsLocally} is resumed with. */
export interface TopicsCreated extends Then {
  readonly kind: "topic-created";
  /** Of the first topic that failed; NONE if none did. */
  readonly errorCode: ErrorName;
  readonly topics: readonly TopicResult[];
}

export const CREATE_TIMER = "controller-create";

interface CreateLocals {
  readonly topics: readonly TopicSpec[];
  readonly live: Live;
  /** Settings that cannot be used, by topic. */
  readonly configProblems: Readonly<Record<string, string>>;
  /** Still to be done. */
  left: TopicSpec[];
  results: TopicResult[];
  partitions: TopicPartition[];
  assignment: TopicAssignment;
}

/** Starts a request's work. `message` is null for a broker's own topics; then `then` is resumed once the znodes are written. */
export function startCreate(
  ctx: ControllerCtx,
  ports: ControllerPorts,
  tasks: Tasks,
  topics: readonly TopicSpec[],
  reply: { readonly message: Message; readonly timeoutMs: number } | { readonly then: Then },
): void {
  const memory = controllerOf(ctx);
  const id = memory.nextId;
  memory.nextId += 1;
  const configProblems: Record<string, string> = {};
  for (const { name, configs } of topics) {
    for (const key of Object.keys(configs).sort()) {
      const problem = ports.topicConfigProblem(ctx, key, configs[key] ?? "");
      if (problem !== null) configProblems[name] ??= problem;
    }
  }
  const live = ports.liveBrokers(ctx);
  tasks.start(ctx, `create:${id}`, "createTopics", { topics, live, configProblems, reply, id });
}

export const createTopics: Procedure = {
  start(_ctx, l: CreateLocals) {
    l.left = [...l.topics];
    l.results = [];
    l.partitions = [];
    return go("next");
  },
  next(_ctx, l: CreateLocals) {
    return l.left.length === 0 ? done(l) : zk([childrenOp(TOPICS_PATH)], "check");
  },
  check(ctx, l: CreateLocals, [existing]: readonly ZkResult[]) {
    const topic = must(l.left[0], "topic");
    const placed = place(ctx, topic, l.live);
    const problem =
      (existing?.children?.includes(topic.name) === true
        ? problemOf("TOPIC_ALREADY_EXISTS", `Topic '${topic.name}' already exists.`)
        : null) ??
      placed.problem ??
      nameProblem(ctx, topic.name, existing?.children ?? []) ??
      assignmentProblem(ctx, placed.assignment) ??
      (l.configProblems[topic.name] === undefined
        ? null
        : problemOf("INVALID_CONFIG", must(l.configProblems[topic.name], "problem")));
    if (problem !== null) return finish(l, problem.errorCode, problem.errorMessage);
    l.assignment = placed.assignment;
    // The settings may still be there from a topic of that name whose deletion, or creation, was cut short.
    return zk([setOp(topicConfigPath(topic.name), configData(topic), -1)], "config");
  },
  config(_ctx, l: CreateLocals, [result]: readonly ZkResult[]) {
    const topic = must(l.left[0], "topic");
    if (result?.error === "NONODE") return zk([createOp(topicConfigPath(topic.name), configData(topic))], "topic");
    return go("topic");
  },
  topic(ctx, l: CreateLocals) {
    const topic = must(l.left[0], "topic");
    const { profile } = ctx.self.config;
    const data = topicData(profile, l.assignment, profile === "3.9" ? newTopicId(ctx) : null);
    return zk([createOp(topicPath(topic.name), data)], "written");
  },
  written(_ctx, l: CreateLocals, [result]: readonly ZkResult[]) {
    const topic = must(l.left[0], "topic");
    if (result?.error === "NODEEXISTS") {
      return finish(l, "TOPIC_ALREADY_EXISTS", `Topic '${topic.name}' already exists.`);
    }
    if (result?.error !== "OK") return finish(l, "UNKNOWN_SERVER_ERROR", `ZooKeeper answered ${result?.error}`);
    for (const number of Object.keys(l.assignment)) l.partitions.push(topicPartition(topic.name, Number(number)));
    return finish(l, "NONE", null);
  },
};

/** Starts the work of a CreatePartitions. */
export function startGrowth(
  ctx: ControllerCtx,
  tasks: Tasks,
  topics: readonly { readonly name: string; readonly count: number }[],
  reply: { readonly message: Message; readonly timeoutMs: number },
): void {
  const memory = controllerOf(ctx);
  const id = memory.nextId;
  memory.nextId += 1;
  tasks.start(ctx, `create:${id}`, "createPartitions", { topics, reply, id });
}

interface GrowLocals extends Pick<CreateLocals, "results" | "partitions"> {
  /** As registered at this moment, unlike for new topics. */
  live: Live;
  readonly topics: readonly { readonly name: string; readonly count: number }[];
  left: { readonly name: string; readonly count: number }[];
}

/** More partitions for topics; the controller learns of them by its watch. */
export const createPartitions: Procedure = {
  start(_ctx, l: GrowLocals) {
    l.left = [...l.topics];
    l.results = [];
    l.partitions = [];
    return callTo("readBrokers", { watch: false }, "place");
  },
  place(_ctx, l: GrowLocals, brokers: Readonly<Record<BrokerId, LiveBroker>>) {
    l.live = Object.entries(brokers).map(([id, { rack }]) => ({ id: Number(id), rack }));
    return go("next");
  },
  next(_ctx, l: GrowLocals) {
    const topic = l.left[0];
    return topic === undefined ? done(l) : zk([readOp(topicPath(topic.name))], "grow");
  },
  grow(ctx, l: GrowLocals, [result]: readonly ZkResult[]) {
    const { name, count } = must(l.left[0], "topic");
    if (result?.error !== "OK") {
      return finish(l, "UNKNOWN_TOPIC_OR_PARTITION", `The topic '${name}' does not exist.`);
    }
    const { assignment, topicId } = topicOfData(result.data);
    const existingCount = Object.keys(assignment).length;
    if (count <= existingCount) {
      const text =
        count === existingCount
          ? `Topic already has ${count} partitions.`
          : `Topic currently has ${existingCount} partitions, which is higher than the requested ${count}.`;
      return finish(l, "INVALID_PARTITIONS", text);
    }
    const hasRacks = l.live.length > 0 && l.live.every(({ rack }) => rack !== null);
    const added = assignAddedPartitions({
      brokers: l.live.map(({ id }) => id),
      ...(hasRacks ? { racks: racksOf(l.live) } : {}),
      partition0: assignment[0]?.replicas ?? [],
      existingCount,
      newCount: count,
    });
    if (added.kind === "refused") {
      const factor = assignment[0]?.replicas.length ?? 0;
      const text = `Replication factor: ${factor} larger than available brokers: ${l.live.length}.`;
      return finish(l, added.error, text);
    }
    const lists = Object.entries(added.assignment).map(([n, list]) => [Number(n), list] as const);
    for (const [n] of lists) l.partitions.push(topicPartition(name, n));
    const grown = { ...assignment, ...assignmentOf(lists) };
    return zk([setOp(topicPath(name), topicData(ctx.self.config.profile, grown, topicId), -1)], "written");
  },
  written(_ctx, l: GrowLocals, [result]: readonly ZkResult[]) {
    if (result?.error === "OK") return finish(l, "NONE", null);
    return finish(l, "UNKNOWN_SERVER_ERROR", `ZooKeeper answered ${result?.error}`);
  },
};

/** What is left to do when the znodes are written: wait for leaders, or say so. */
export function onCreated(ctx: ControllerCtx, ports: ControllerPorts, locals: Record<string, unknown>): void {
  const l = locals as unknown as CreateLocals & {
    readonly id: number;
    readonly reply: { readonly message: Message; readonly timeoutMs: number } | { readonly then: Then };
  };
  if ("then" in l.reply) {
    const errorCode = l.results.find((one) => one.errorCode !== "NONE")?.errorCode ?? "NONE";
    const created: TopicsCreated = { kind: "topic-created", errorCode, topics: l.results };
    resume(ctx, l.reply.then, created);
    return;
  }
  const { message, timeoutMs } = l.reply;
  const api = message.body.kind === "CreatePartitions" ? "CreatePartitions" : "CreateTopics";
  const waiting: WaitingCreate = { id: l.id, api, message, topics: l.results, partitions: l.partitions };
  controllerOf(ctx).waitingCreates.push(waiting);
  ctx.setTimer(`${CREATE_TIMER}:${l.id}`, Math.max(0, timeoutMs) * MILLISECOND, { id: l.id });
  answerCreates(ctx, ports);
}

/** Answers the requests whose partitions all have leaders now, as this broker knows. */
export function answerCreates(ctx: ControllerCtx, ports: ControllerPorts): void {
  const memory = controllerOf(ctx);
  for (const waiting of [...memory.waitingCreates]) {
    if (waiting.partitions.every((name) => ports.leaderOf(ctx, name) >= 0)) answer(ctx, waiting, null);
  }
}

export function onCreateTimer(ctx: ControllerCtx, id: number): void {
  const waiting = controllerOf(ctx).waitingCreates.find((one) => one.id === id);
  if (waiting !== undefined) answer(ctx, waiting, "REQUEST_TIMED_OUT");
}

function answer(ctx: ControllerCtx, waiting: WaitingCreate, error: ErrorName | null): void {
  const memory = controllerOf(ctx);
  memory.waitingCreates = memory.waitingCreates.filter((one) => one !== waiting);
  ctx.cancelTimer(`${CREATE_TIMER}:${waiting.id}`);
  const topics = waiting.topics.map((topic) =>
    error !== null && topic.errorCode === "NONE" ? { ...topic, errorCode: error } : topic,
  );
  respond(ctx, waiting.message, waiting.api, { topics });
}

function finish(
  l: { left: { readonly name: string }[]; results: TopicResult[] },
  errorCode: ErrorName,
  errorMessage: string | null,
): Next {
  const [topic, ...rest] = l.left;
  l.results.push({ name: must(topic, "topic").name, errorCode, errorMessage });
  l.left = rest;
  return go("next");
}

function configData({ configs }: TopicSpec): unknown {
  return { version: 1, config: configs };
}
