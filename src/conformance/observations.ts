/**
 * Observations: what a trace lets a simulation be compared on, one value each, under an id that never changes.
 *
 * In Kafka     nothing; the counterpart is the recorder's own list of observations, which this file repeats id by id, value by value
 *              and in the same order, so that anyone can check a report without this project.
 * Left out     waits described in prose; who won the controller while the story itself moved it; where internal topics were placed;
 *              and the ids on which two recordings of one story disagreed (`without`).
 *
 * The kinds, each the first part of the id:
 *   controller, registered, state, log   from snapshots            wait, cli, group-log          from steps
 *   send, sends                          answers to a producer     zookeeper                     writes, numbered per path
 *   rebalance, generation, received, poll, poll-error, commit, value, client-error, group        from client events
 */
import { isMap } from "../sim/engine/plain.ts";
import type { ClientEvent, ClientEventOf } from "./client-events.ts";
import { compareText, pythonText } from "./python.ts";
import type { StepOf } from "./steps.ts";
import type { ComparableTrace, Snapshot } from "./trace.ts";

/** How two values are compared: equal; equal as sets; as durations in ms, with some room; as text, after `normalise`. */
export type Compare = "exact" | "set" | "band" | "text";

/** One thing that a trace shows. `value` is JSON; `id` is "<kind>/<key>". */
export interface Observation {
  id: string;
  kind: string;
  value: unknown;
  compare: Compare;
}

/** A client with more answers than this has them listed per partition and per error, not one by one. */
const ANSWERS_ONE_BY_ONE = 20;

/** A wait that took less than this, in ms, says nothing about Kafka's timeouts. */
const TIMED_FROM_MS = 2000;

const STATE = /^\/brokers\/topics\/[^/]+\/partitions\/\d+\/state$/;
const TOPIC = /^\/brokers\/topics\/[^/]+$/;
const INTERNAL = /^\/brokers\/topics\/__/;
const WATCHED =
  /^\/(controller|controller_epoch|brokers\/ids\/\d+|brokers\/topics\/[^/]+|brokers\/topics\/[^/]+\/partitions\/\d+\/state|admin\/.+)$/;
const WAITED =
  /^(gone \d+|registered \d+|leader \S+-\d+ -?\d+|isr \S+-\d+ \[[\d, ]*\]|controller (any|\d+)|exit \w+|owners \{.*\}|reassigned .*)$/;

/**
 * The form of a recording in which a simulation of it has to be read, where the form depends on what came out: `together` names the clients
 * whose answers are listed per partition, whatever their number here, and short waits are timed too.
 */
export interface RecordedForm {
  together: ReadonlySet<string>;
}

type Add = (kind: string, key: string, value: unknown, compare?: Compare) => void;

/**
 * All observations of a trace, in a fixed order, except the ids in `without`. For a simulation give the form of the recording that it is
 * compared with; without it the trace's own numbers decide what is listed how.
 */
export function observations(
  trace: ComparableTrace,
  without: ReadonlySet<string> = new Set(),
  form?: RecordedForm,
): Observation[] {
  const found: Observation[] = [];
  const add: Add = (kind, key, value, compare = "exact") => {
    found.push({ id: `${kind}/${key}`, kind, value: value === undefined ? null : value, compare });
  };
  observeSnapshots(trace, add);
  observeSteps(trace, form ? 0 : TIMED_FROM_MS, add);
  observeAnswers(trace, add, form?.together);
  observeClients(trace, add);
  observeWrites(trace, add);
  return found.filter((observation) => !without.has(observation.id));
}

/** The form of a recorded trace, to read a simulation of it in. */
export function formOf(trace: ComparableTrace): RecordedForm {
  const many = [...answersByClient(trace)].filter(([, events]) => events.length > ANSWERS_ONE_BY_ONE);
  return { together: new Set(many.map(([who]) => who)) };
}

function observeSnapshots(trace: ComparableTrace, add: Add): void {
  const labels = counter();
  for (const shot of trace.snapshots) {
    const count = labels(shot.label);
    const label = count === 1 ? shot.label : `${shot.label}#${count}`;
    add("controller", label, shot.controller?.id);
    add("registered", label, shot.registered, "set");
    for (const [name, partition] of Object.entries(shot.partitions)) {
      observePartition(partition, `${label}/${name}`, trace.kafka.startsWith("0"), add);
    }
  }
}

/** Before 0.11 records carry no leader epoch, and there is no epoch cache to look at. */
function observePartition(partition: Snapshot["partitions"][string], key: string, before011: boolean, add: Add): void {
  for (const field of ["leader", "leader_epoch", "version"] as const)
    add("state", `${key}/${field}`, partition.state?.[field]);
  add("state", `${key}/isr`, partition.state?.isr, "set");
  for (const [replica, held] of Object.entries(partition.replicas)) {
    add("log", `${key}/b${replica}/records`, held.log);
    if (before011) continue;
    add("log", `${key}/b${replica}/epochs`, held.recordEpochs);
    add("log", `${key}/b${replica}/epochCache`, held.epochCache);
  }
}

function observeSteps(trace: ComparableTrace, timedFromMs: number, add: Add): void {
  for (const [n, step] of stepsOf(trace, "wait").entries()) {
    if (!WAITED.test(step.what)) continue;
    add("wait", `${n}/${step.what}/ok`, step.ok);
    // How long a JVM takes to start is no fact about Kafka.
    if (step.ok && step.took >= timedFromMs && !step.what.startsWith("registered")) {
      add("wait", `${n}/${step.what}/took`, step.took, "band");
    }
  }
  for (const [n, step] of stepsOf(trace, "cli", "shell").entries()) {
    add("cli", `${n}/rc`, step.rc);
    add("cli", `${n}/output`, step.output, "text");
  }
  for (const step of stepsOf(trace, "group-records")) add("group-log", step.label, step.records);
}

type AnswerEvent = ClientEventOf<"ack"> | ClientEventOf<"send-error">;

function answersByClient(trace: ComparableTrace): Map<string, AnswerEvent[]> {
  const answers = new Map<string, AnswerEvent[]>();
  for (const event of trace.clients) {
    if (event.event !== "ack" && event.event !== "send-error") continue;
    listIn(answers, pythonText(event.id)).push(event);
  }
  return answers;
}

function observeAnswers(trace: ComparableTrace, add: Add, together: ReadonlySet<string> | undefined): void {
  for (const [who, events] of answersByClient(trace)) {
    if (together ? !together.has(who) : events.length <= ANSWERS_ONE_BY_ONE) {
      for (const event of events) {
        const value = event.event === "ack" ? ["ack", event.partition, event.offset] : ["error", event.error];
        add("send", `${who}/${pythonText(event.tag)}`, value);
      }
      continue;
    }
    const acked = new Map<number, AnswerEvent[]>();
    const failed = new Map<string, string[]>();
    for (const event of events) {
      if (event.event === "ack") listIn(acked, event.partition).push(event);
      else listIn(failed, event.error).push(event.tag);
    }
    for (const [partition, acks] of [...acked].sort(([a], [b]) => a - b)) {
      const ordered = (acks as ClientEventOf<"ack">[]).toSorted(
        (a, b) => a.offset - b.offset || compareText(a.tag, b.tag),
      );
      add(
        "sends",
        `${who}/acked/${partition}`,
        ordered.map((ack) => `${ack.offset}=${ack.tag}`),
      );
    }
    for (const [error, tags] of [...failed].sort(([a], [b]) => compareText(a, b))) {
      add("sends", `${who}/failed/${error}`, tags.toSorted(compareText), "set");
    }
  }
}

function observeClients(trace: ComparableTrace, add: Add): void {
  const byHand = polledByHand(trace);
  const next = counter();
  const lastPollError = new Map<string, string>();
  const received = new Map<string, string[]>();
  for (const event of trace.clients) {
    const who = pythonText("id" in event ? event.id : undefined);
    const nth = (kind: string) => next(`${kind} ${who}`);
    if (event.event === "records") {
      for (const record of event.records)
        listIn(received, `${who}/${record.p}`).push(`${record.o}=${pythonText(record.v)}`);
      if (byHand.has(who))
        add(
          "poll",
          `${who}/${nth("poll")}`,
          event.records.map((record) => `${record.p}@${record.o}`),
        );
    } else if (event.event === "poll-error") {
      // A consumer that fails in the same way poll after poll has failed once.
      if (lastPollError.get(who) !== event.error) add("poll-error", `${who}/${nth("poll-error")}`, event.error);
    } else {
      observeEvent(event, who, nth, add);
    }
    if (event.event === "poll-error") lastPollError.set(who, event.error);
    else lastPollError.delete(who);
  }
  for (const [key, records] of received) add("received", key, records);
}

function observeEvent(event: ClientEvent, who: string, nth: (kind: string) => number, add: Add): void {
  switch (event.event) {
    case "assigned":
    case "revoked":
    case "lost": {
      const n = nth("rebalance");
      add("rebalance", `${who}/${n}`, [event.event, ...event.partitions]);
      if (event.generation !== undefined) add("generation", `${who}/${n}`, event.generation);
      return;
    }
    case "commit-ok":
      add("commit", `${who}/${nth("commit")}`, "commit-ok");
      return;
    case "commit-error":
      add("commit", `${who}/${nth("commit")}`, ["error", event.error]);
      return;
    case "value":
      add("value", `${who}/${pythonText(event.op)}/${nth("value")}`, event.value);
      return;
    case "error":
      add("client-error", `${who}/${pythonText(event.op)}/${nth("error")}`, event.error);
      return;
    case "admin":
      if (event.op === "admin.describeGroup" && event.tag) observeGroup(event, add);
      return;
    default:
      return;
  }
}

function observeGroup(event: ClientEventOf<"admin">, add: Add): void {
  const group = isMap(event.result) ? event.result : {};
  const members = Array.isArray(group.members) ? group.members.filter(isMap) : [];
  add("group", `${pythonText(event.tag)}/state`, "state" in group ? group.state : event.error);
  const shown = members.map((member) => `${pythonText(member.clientId)}: ${(member.partitions as string[]).join(" ")}`);
  add("group", `${pythonText(event.tag)}/members`, shown, "set");
}

/** Consumers that the story polled by hand, so that each poll that returned something is an observation. */
function polledByHand(trace: ComparableTrace): Set<string> {
  const opened = stepsOf(trace, "consumer.open").filter((step) => step.polling === false);
  const resumed = new Set(stepsOf(trace, "consumer.resumePolling").map((step) => step.id));
  return new Set(opened.map((step) => step.id).filter((id) => !resumed.has(id)));
}

function observeWrites(trace: ComparableTrace, add: Add): void {
  const nth = counter();
  const moves = controllerMoves(trace);
  for (const entry of trace.zookeeper) {
    const path = entry.path ?? "";
    const moved = path === "/controller" || path === "/controller_epoch";
    if (moved && moves.some(([from, to]) => from <= entry.t && entry.t <= to)) continue;
    if (INTERNAL.test(path)) continue;
    if (entry.t < 0 || !WATCHED.test(path) || !["create", "setData", "delete"].includes(entry.op)) continue;
    const value: Record<string, unknown> = { op: entry.op, by: entry.by };
    if (STATE.test(path) && entry.data) {
      const body = JSON.parse(entry.data);
      Object.assign(value, { leader: body.leader, leader_epoch: body.leader_epoch, isr: body.isr.toSorted(byNumber) });
    } else if (TOPIC.test(path) && entry.data) {
      value.partitions = JSON.parse(entry.data).partitions ?? null;
    }
    add("zookeeper", `${path}/${nth(path)}`, value);
  }
}

/** The spans of time, in ms, in which the story itself deleted /controller: from each such step to the start of the next one. */
function controllerMoves(trace: ComparableTrace): [number, number][] {
  return trace.steps.flatMap((step, n): [number, number][] =>
    step.op === "move-controller" ? [[step.t, trace.steps[n + 1]?.t ?? Number.POSITIVE_INFINITY]] : [],
  );
}

function stepsOf<Op extends "wait" | "cli" | "shell" | "group-records" | "consumer.open" | "consumer.resumePolling">(
  trace: ComparableTrace,
  ...ops: Op[]
): StepOf<Op>[] {
  return trace.steps.filter((step): step is StepOf<Op> & typeof step => (ops as string[]).includes(step.op));
}

/** Counts per key: each call returns how often that key has been asked for. */
function counter(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
}

function listIn<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
