/**
 * What each recorded step does here, and when it has ended (reference README, "How to use them as a test").
 */
import type { Timeline } from "../sim/engine/timeline.ts";
import type { Body } from "../sim/engine/types.ts";
import { committedTree } from "../sim/kafka/readings.ts";
import { OBSERVER, topicWrites } from "../sim/scenario/cluster.ts";
import type { ClientEvent } from "./client-events.ts";
import { clientEventsOf } from "./client-facts.ts";
import { adminActor, clientActor } from "./cluster.ts";
import type { Unsupported } from "./comparison.ts";
import { groupRecords } from "./group-records.ts";
import type { Race } from "./race.ts";
import type { Step, StepOf } from "./steps.ts";
import type { Trace, ZooKeeperWrite } from "./trace.ts";
import { hasCome, isWaitForm } from "./waits.ts";

/** A replay under way. */
export interface Replay {
  readonly trace: Trace;
  readonly timeline: Timeline;
  readonly steps: Step[];
  readonly unsupported: Unsupported[];
  /** Facts turned into client events so far, and those events. */
  facts: number;
  readonly seen: ClientEvent[];
  /** Partitions by consumer, as its callbacks said. */
  readonly owners: Record<string, string[]>;
  readonly race: Race;
  /** When it was last found that a step had ended. */
  lookedAt: number;
}

/** When a step ends: `after` ms, or (null) when something came, at most after `limit` ms, and `pause` ms after that. */
export interface Ends {
  readonly after: number | null;
  readonly limit: number;
  readonly pause: number;
}

const AT_ONCE: Ends = { after: 0, limit: 0, pause: 0 };
const until = (limit: number, pause = 0): Ends => ({ after: null, limit, pause });
/** How long a step may take here that has no limit of its own. */
const PATIENCE = 60_000;

type Loose = Body & Readonly<Record<string, unknown>>;

/** Does what the step says at `now` (µs) and says when it ends. */
export function beginStep(replay: Replay, step: Step, index: number, now: number): Ends {
  const act = (body: Loose): void =>
    replay.timeline.append({
      at: Math.max(now, replay.timeline.head.world.time),
      nth: Number.MAX_SAFE_INTEGER,
      act: body,
    });
  const command = (target: string, body: Loose): void => act({ kind: "client-command", target, command: body });
  const write = (ops: readonly unknown[]): void => command(OBSERVER, { kind: "zk-write", ops, tag: `step ${index}` });
  const create = (path: string, data: unknown): unknown => ({
    op: "create",
    path,
    data,
    ephemeral: false,
    sequential: false,
  });
  const cannot = (why: string): Ends => {
    replay.unsupported.push({ step: index, why });
    return AT_ONCE;
  };
  switch (step.op) {
    case "topic": {
      const assignment = step.assignment as unknown as Record<string, number[]>;
      const replicas = Object.keys(assignment)
        .sort((a, b) => Number(a) - Number(b))
        .map((key) => assignment[key] ?? []);
      write(topicWrites(step.name, replicas, step.config as Record<string, unknown>));
      return until(PATIENCE, 500);
    }
    case "move-controller":
      return moveController(replay, step, index, write);
    case "kill":
    case "pause":
    case "resume":
      for (const target of processesOf(replay, step.node))
        act(step.op === "pause" ? { kind: "pause", target, for: null } : { kind: step.op, target });
      for (const one of unnamedCreates(replay.trace, index)) write([create(one.path as string, parsed(one.data))]);
      return AT_ONCE;
    case "stop":
      act({ kind: "stop", target: step.node });
      return until(PATIENCE);
    case "start":
      act({ kind: "start", target: step.node });
      return AT_ONCE;
    case "cut":
      act({ kind: "cut", from: [step.a], to: [step.b], oneWay: !step.both, for: null });
      return AT_ONCE;
    case "heal":
      act(
        step.a === null || step.b === null
          ? { kind: "heal" }
          : { kind: "heal", from: [step.a], to: [step.b], oneWay: false },
      );
      return AT_ONCE;
    case "zk-create":
      // The recorder always asked for this one partition; the step does not carry it.
      if (step.path === "/admin/preferred_replica_election")
        write([create(step.path, { version: 1, partitions: [{ topic: "orders", partition: 0 }] })]);
      else return cannot(`znode ${step.path} is not modelled`);
      return AT_ONCE;
    case "delete-topic":
      write([create(`/admin/delete_topics/${step.topic}`, null)]);
      return AT_ONCE;
    case "delete-requests":
      write(step.topics.map((topic) => create(`/admin/delete_topics/${topic}`, null)));
      return AT_ONCE;
    case "reassign-znode":
      write([create("/admin/reassign_partitions", step.data)]);
      return AT_ONCE;
    case "grow":
      write([grownTopic(replay, step.topic, step.partitions)]);
      return AT_ONCE;
    case "foreign-write":
      write([{ op: "setData", path: step.path, data: step.data, version: -1 }]);
      return AT_ONCE;
    case "wait":
      return isWaitForm(step.what) ? until(step.limit) : { after: step.took, limit: 0, pause: 0 };
    case "sleep":
      return { after: step.ms, limit: 0, pause: 0 };
    case "answer":
    case "expect-event":
      return until(waited(replay.trace, index));
    case "group-records":
    case "result":
    case "note":
    case "mark":
    case "crash":
    case "snapshot":
    case "defaults":
      return AT_ONCE;
    case "producer.open":
    case "consumer.open":
      act({ kind: "start", target: clientActor(step.client, step.id) });
      return AT_ONCE;
    case "producer.abandon":
      act({ kind: "crash-client", target: clientActor(step.client, step.id) });
      return AT_ONCE;
    case "cli":
    case "shell":
      return cannot("command lines are not modelled");
    default:
      return clientOperation(step, command, act, cannot);
  }
}

/** Whether a step that waits for something has got it. Reads facts noted since the last look. */
export function stepHasEnded(replay: Replay, step: Step): boolean {
  look(replay);
  const { world } = replay.timeline.head;
  switch (step.op) {
    case "topic":
      return Object.keys(step.assignment as object).every((index) => hasCome(replay, `led ${step.name}-${index}`));
    case "move-controller":
      return hasCome(replay, `controller ${step.to}`);
    case "stop":
      return processesOf(replay, step.node).every((id) => world.actors[id]?.process === "down");
    case "wait":
      return hasCome(replay, step.what);
    case "answer":
      return replay.seen.some(
        (event) =>
          ["ack", "send-error", "error"].includes(event.event) && (event as { tag?: unknown }).tag === step.tag,
      );
    case "expect-event": {
      const pattern = (step.event ?? step.match) as unknown;
      return replay.seen.filter((event) => matches(event, pattern)).length >= occurrence(replay.trace, step, pattern);
    }
    default:
      return true;
  }
}

/** What the recorder's `group-records` step shows, from the log that it read. */
export function recordsOfGroup(replay: Replay, step: StepOf<"group-records">): string[] {
  return groupRecords(replay.timeline.head.world, step.group);
}

function look(replay: Replay): void {
  const { facts } = replay.timeline.trace;
  if (replay.facts === facts.length) return;
  for (const event of clientEventsOf(facts.from(replay.facts))) {
    replay.seen.push(event);
    const {
      event: kind,
      id,
      partitions,
      op,
    } = event as unknown as { event: string; id: string; partitions: string[]; op?: string };
    const owned = replay.owners[id] ?? [];
    if (kind === "assigned") replay.owners[id] = [...owned, ...partitions].sort();
    // A callback before the first join gives nothing up: the member was never given anything.
    const isKnown = replay.owners[id] !== undefined;
    if (isKnown && (kind === "revoked" || kind === "lost")) {
      replay.owners[id] = owned.filter((name) => !partitions.includes(name));
    }
    if (kind === "done" && (op === "consumer.close" || op === "consumer.unsubscribe")) replay.owners[id] = [];
  }
  replay.facts = facts.length;
}

/** As many deletions of /controller as recorded; the race decides the winners as recorded. */
function moveController(
  replay: Replay,
  step: StepOf<"move-controller">,
  index: number,
  write: (ops: readonly unknown[]) => void,
): Ends {
  const next = replay.trace.steps[index + 1]?.t ?? Number.POSITIVE_INFINITY;
  const tries = replay.trace.zookeeper.filter(
    (entry) =>
      entry.op === "delete" &&
      entry.path === "/controller" &&
      entry.by === "other" &&
      entry.t >= step.t &&
      entry.t <= next,
  ).length;
  if (tries === 0) return { after: 1000, limit: 0, pause: 0 };
  const { timeline } = replay;
  for (let n = 0; n < tries; n += 1) {
    write([{ op: "delete", path: "/controller", version: -1 }]);
    if (n === tries - 1) break;
    // Between two tries the recorder waited for a winner and 0.4 s more.
    const from = timeline.head.world.time;
    for (let hasWinner = false; !hasWinner && timeline.head.world.time < from + 30_000_000; ) {
      if (timeline.advance(from + 30_000_000, 1)) break;
      replay.race.look(timeline);
      hasWinner = timeline.head.world.time > from + 1000 && hasCome(replay, "controller any");
    }
    const until = timeline.head.world.time + 400_000;
    while (!timeline.advance(until, 1)) replay.race.look(timeline);
  }
  return until30();
}

/** Requests that the recorder wrote behind this step without a step of their own: topics to create or to delete. */
function unnamedCreates(trace: Trace, index: number): ZooKeeperWrite[] {
  const from = trace.steps[index]?.t ?? 0;
  const to = trace.steps[index + 1]?.t ?? from;
  const named = trace.steps.flatMap((step) => {
    if (step.op === "topic") return [`/brokers/topics/${step.name}`];
    if (step.op === "delete-topic") return [`/admin/delete_topics/${step.topic}`];
    return step.op === "delete-requests" ? step.topics.map((topic) => `/admin/delete_topics/${topic}`) : [];
  });
  return trace.zookeeper.filter(
    ({ t, op, by, path = "" }) =>
      op === "create" &&
      by === "other" &&
      t >= from &&
      t <= to &&
      /^\/(admin\/delete_topics|brokers\/topics)\/[^/]+$/.test(path) &&
      !named.includes(path),
  );
}

function parsed(data: string | null | undefined): unknown {
  return data === null || data === undefined || data === "" ? null : JSON.parse(data);
}

/** The recorder's own growth of a topic: new partitions on broker 1 alone. */
function grownTopic(replay: Replay, topic: string, count: number): unknown {
  const path = `/brokers/topics/${topic}`;
  const data = committedTree(replay.timeline.head.world)[path]?.data as { partitions: Record<string, number[]> };
  const partitions = { ...data.partitions };
  for (let n = Object.keys(partitions).length; n < count; n += 1) partitions[String(n)] = [1];
  return { op: "setData", path, data: { ...data, partitions }, version: -1 };
}

function until30(): Ends {
  return { after: null, limit: 30_000, pause: 1000 };
}

/**
 * What one record costs the recorder's thread besides its sleep, ms: the mean over the series of its recordings (0.5 to 0.8), by
 * the timestamps of their records. Over seconds it decides which records are in a batch that expires.
 */
const SEND_MS = 0.6;

function clientOperation(
  step: Step,
  command: (target: string, body: Loose) => void,
  act: (body: Loose) => void,
  cannot: (why: string) => Ends,
): Ends {
  const { client, id, op } = step as Step & { client?: string; id?: string };
  if (client === undefined) return cannot(`${op} is not modelled`);
  const pace = step.op === "producer.sendMany" && step.everyMs ? { everyMs: step.everyMs + SEND_MS } : {};
  const fields = { ...fieldsOf(step), kind: op, ...pace };
  if (op.startsWith("admin.") || op.startsWith("group.") || op.startsWith("topics.")) {
    if (!ADMIN.includes(op)) return cannot(`${op} is not modelled`);
    act({ kind: "start", target: adminActor(client) });
    command(adminActor(client), fields);
    return AT_ONCE;
  }
  if (id === undefined || !CLIENT.includes(op)) return cannot(`${op} is not modelled`);
  command(clientActor(client, id), fields);
  return AT_ONCE;
}

const ADMIN = [
  "admin.createTopic",
  "admin.describeGroup",
  "admin.createPartitions",
  "admin.deleteRecords",
  "admin.electLeaders",
  "admin.reassign",
];
const CLIENT = [
  ...["send", "sendMany", "flush", "close", "partitionsFor"].map((name) => `producer.${name}`),
  ...[
    "subscribe",
    "assign",
    "unsubscribe",
    "stopPolling",
    "resumePolling",
    "poll",
    "processMs",
    "commitSync",
    "commitAsync",
    "seek",
    "seekToBeginning",
    "seekToEnd",
    "pause",
    "resume",
    "position",
    "committed",
    "beginningOffset",
    "endOffset",
    "assignment",
    "paused",
    "generation",
    "close",
    "abandon",
    "enforceRebalance",
  ].map((name) => `consumer.${name}`),
];

function fieldsOf(step: Step): Record<string, unknown> {
  const { t: _t, op: _op, client: _client, id: _id, ...fields } = step as unknown as Record<string, unknown>;
  return fields;
}

/** Processes that a node's name means: itself, or all clients of a host. */
function processesOf(replay: Replay, node: string): string[] {
  const { actors } = replay.timeline.head.world;
  if (actors[node] !== undefined) return [node];
  return Object.values(actors).flatMap((actor) => (actor.host === node && actor.process !== "down" ? [actor.id] : []));
}

/** How long the recorder waited at most: the time since the step before, and some room for what takes longer here. */
function waited(trace: Trace, index: number): number {
  const before = trace.steps[index - 1];
  const recorded = (trace.steps[index]?.t ?? 0) - (before?.t ?? 0);
  const step = trace.steps[index];
  const came = step?.op === "answer" ? step.got !== null : step?.op === "expect-event" && step.found;
  return came ? recorded + 30_000 : recorded;
}

/**
 * Which of the events that look alike a step waited for, from 1. A description means any, so the first; where the recorder picked the
 * event by a function, it is the last one that had come.
 */
function occurrence(trace: Trace, step: StepOf<"expect-event">, pattern: unknown): number {
  if (step.match !== "function") return 1;
  return Math.max(1, trace.clients.filter((event) => event.t <= step.t && matches(event, pattern)).length);
}

function matches(event: ClientEvent, pattern: unknown): boolean {
  if (typeof pattern !== "object" || pattern === null) return false;
  const fields = event as unknown as Record<string, unknown>;
  return Object.entries(pattern).every(
    ([key, value]) => ["t", "host"].includes(key) || JSON.stringify(fields[key]) === JSON.stringify(value),
  );
}
