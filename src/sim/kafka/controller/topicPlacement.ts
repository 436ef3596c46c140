import type { CreateTopicsRequest } from "../protocol/control-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { BrokerId } from "../protocol/ids.ts";
import { assignReplicasToBrokers, brokerOrderForCreateTopics } from "./assignment.ts";
import type { ControllerCtx } from "./state.ts";
import type { TopicAssignment } from "./znodes.ts";

export type TopicSpec = CreateTopicsRequest["topics"][number];

export type Live = readonly { readonly id: BrokerId; readonly rack: string | null }[];

export function racksOf(live: Live): Record<BrokerId, string> {
  return Object.fromEntries(live.map(({ id, rack }) => [id, rack ?? ""]));
}

interface Problem {
  readonly errorCode: ErrorName;
  readonly errorMessage: string;
}

export function problemOf(errorCode: ErrorName, errorMessage: string): Problem {
  return { errorCode, errorMessage };
}

/** The replica lists of a topic: as ordered, or placed round the live brokers. */
export function place(
  ctx: ControllerCtx,
  topic: TopicSpec,
  live: Live,
): { readonly assignment: TopicAssignment; readonly problem: Problem | null } {
  if (topic.assignments.length > 0) {
    const lists = topic.assignments.map((list, n) => [n, list] as const).filter(([, list]) => list.length > 0);
    return { assignment: assignmentOf(lists), problem: null };
  }
  const { profile, broker } = ctx.self.config;
  // Since 2.4 a request may leave the numbers to the broker.
  const isOpen = (n: number) => n === -1 && profile === "3.9";
  const partitionCount = isOpen(topic.numPartitions) ? broker.numPartitions : topic.numPartitions;
  const replicationFactor = isOpen(topic.replicationFactor) ? broker.defaultReplicationFactor : topic.replicationFactor;
  const problem = numbersProblem(partitionCount, replicationFactor, live);
  if (problem !== null) return { assignment: {}, problem };
  const ids = live.map(({ id }) => id);
  const withRack = live.filter(({ rack }) => rack !== null);
  if (withRack.length > 0 && withRack.length < live.length) {
    const text = "Not all brokers have rack information for replica rack aware assignment.";
    return { assignment: {}, problem: problemOf("UNKNOWN_SERVER_ERROR", text) };
  }
  // A stream of its own for each topic, so that one topic more does not move the others.
  const stream = `placement:${topic.name}`;
  const placed = assignReplicasToBrokers({
    brokers: brokerOrderForCreateTopics(ids, ctx.random(stream, 2) === 1),
    ...(withRack.length > 0 ? { racks: racksOf(live) } : {}),
    partitionCount,
    replicationFactor,
    startIndex: ctx.random(stream, ids.length),
    shift: ctx.random(stream, ids.length),
  });
  const lists = placed.kind === "assigned" ? placed.assignment : {};
  return { assignment: assignmentOf(Object.entries(lists).map(([n, list]) => [Number(n), list])), problem: null };
}

function numbersProblem(partitionCount: number, replicationFactor: number, live: Live): Problem | null {
  if (partitionCount <= 0) return problemOf("INVALID_PARTITIONS", "Number of partitions must be larger than 0.");
  if (replicationFactor <= 0) {
    return problemOf("INVALID_REPLICATION_FACTOR", "Replication factor must be larger than 0.");
  }
  if (replicationFactor > live.length) {
    const text = `Replication factor: ${replicationFactor} larger than available brokers: ${live.length}.`;
    return problemOf("INVALID_REPLICATION_FACTOR", text);
  }
  return null;
}

export function assignmentOf(lists: readonly (readonly [number, readonly BrokerId[]])[]): TopicAssignment {
  const assignment: TopicAssignment = {};
  for (const [n, replicas] of lists) assignment[n] = { replicas, addingReplicas: [], removingReplicas: [] };
  return assignment;
}

export function nameProblem(ctx: ControllerCtx, name: string, existing: readonly string[]): Problem | null {
  if (name === "" || name === "." || name === ".." || name.length > 249 || !/^[a-zA-Z0-9._-]+$/.test(name)) {
    const text =
      ctx.self.config.profile === "3.9"
        ? `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
        : `Topic name "${name}" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and '-'`;
    return problemOf("INVALID_TOPIC_EXCEPTION", text);
  }
  // Metric names cannot tell a full stop from an underscore.
  const collisions = existing.filter((other) => other.replaceAll(".", "_") === name.replaceAll(".", "_"));
  if (collisions.length === 0) return null;
  return problemOf(
    "INVALID_TOPIC_EXCEPTION",
    `Topic '${name}' collides with existing topics: ${collisions.join(", ")}`,
  );
}

export function assignmentProblem(ctx: ControllerCtx, assignment: TopicAssignment): Problem | null {
  const lists = Object.values(assignment).map(({ replicas }) => replicas);
  // 2.1 accepts numbers with a hole.
  const hasHole = Object.keys(assignment).some((n, at) => Number(n) !== at);
  if (hasHole && ctx.self.config.profile === "3.9") {
    return problemOf("INVALID_REPLICA_ASSIGNMENT", "partitions should be a consecutive 0-based integer sequence");
  }
  const text = "All partitions should have the same number of replicas";
  if (new Set(lists.map((list) => list.length)).size > 1) return problemOf("INVALID_REPLICA_ASSIGNMENT", text);
  if (lists.every((list) => new Set(list).size === list.length)) return null;
  const map = Object.keys(assignment).map((n, at) => `${n} -> ArrayBuffer(${lists[at]?.join(", ")})`);
  const name = ctx.self.config.profile === "3.9" ? "HashMap" : "Map";
  return problemOf("INVALID_REPLICA_ASSIGNMENT", `Duplicate replica assignment found: ${name}(${map.join(", ")})`);
}
