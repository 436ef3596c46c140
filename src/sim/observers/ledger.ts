/**
 * Keeps the record ledger while the run goes (see ledger-state.ts for what it holds).
 *
 * Counterpart  none in Kafka: no process there can see both what a client was told and what every log holds.
 * Simplified   a record counts as lost from the moment that a leader takes over without it, or its last copy is cut off; it
 *              counts as found again if it comes back.
 */
import { append, createChunked } from "../engine/chunked.ts";
import { remembered } from "../engine/remembered.ts";
import { freeze } from "../engine/snapshot.ts";
import type { ActorId, Fact, Observer, Step, World } from "../engine/types.ts";
import type { TopicPartition } from "../kafka/protocol/ids.ts";
import type { RecordBatch } from "../kafka/protocol/records.ts";
import { batchIn, brokerNow, logOn } from "../kafka/readings.ts";
import { checkAll, checkOne, settleNew } from "./ledger-lost.ts";
import { change } from "./ledger-records.ts";
import {
  createLedger,
  createProducerLedger,
  type Decided,
  type LedgerRecord,
  type LedgerState,
  type Placement,
  type Reading,
} from "./ledger-state.ts";

export const ledger: Observer<LedgerState> = {
  name: "ledger",
  init: createLedger,
  onStep(state, step, world) {
    for (const fact of step.facts) onFact(state, step, fact, world);
  },
};

/** Facts as far as the ledger reads them; clients and brokers declare them in their facts.ts. */
interface ClientFact extends Fact {
  readonly producer?: ActorId;
  readonly tag?: string;
  readonly topic?: string;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly topicPartition?: TopicPartition;
  readonly offset?: number;
  readonly exception?: string;
  readonly consumer?: ActorId;
  readonly group?: string | null;
  readonly records?: readonly {
    readonly topicPartition: TopicPartition;
    readonly offset: number;
    readonly tag: string | null;
  }[];
}

function onFact(state: LedgerState, step: Step, raw: Fact, world: World): void {
  const fact = raw as ClientFact;
  const now: Decided = Object.freeze({ at: step.at, entry: step.entry });
  switch (fact.kind) {
    case "record-sent":
      onSent(state, step, fact, now);
      break;
    case "record-acked":
      change(state, fact.tag, (record) => {
        if (record.acked !== null || fact.topicPartition === undefined) return;
        state.counts.acked += 1;
        const { at, entry } = now;
        record.acked = freeze({ at, entry, topicPartition: fact.topicPartition, offset: fact.offset ?? -1 });
      });
      checkOne(state, fact.tag, now, world);
      break;
    case "record-assumed":
      change(state, fact.tag, (record) => {
        if (record.assumed !== null) return;
        state.counts.assumed += 1;
        record.assumed = now;
      });
      break;
    case "send-failed":
      change(state, fact.tag, (record) => {
        if (record.failed === null) state.counts.failed += 1;
        record.failed = freeze({ ...now, exception: fact.exception ?? "unknown" });
      });
      break;
    case "records-polled":
    case "records-processed":
      for (const one of fact.records ?? []) onRead(state, fact, one, now);
      break;
    case "records-appended":
    case "log-truncated":
      if (fact.topicPartition !== undefined) readLog(state, step.actor, fact.topicPartition, now, world);
      if (fact.kind === "log-truncated" && fact.topicPartition !== undefined)
        checkAll(state, fact.topicPartition, now, world, step.actor);
      break;
    case "high-watermark-advanced":
      if (fact.topicPartition !== undefined) onHighWatermark(state, step.actor, fact.topicPartition, now, world);
      break;
    case "leader-elected":
    case "leader-started":
      if (fact.topicPartition !== undefined && fact.kind === "leader-started")
        state.leaders[fact.topicPartition] = step.actor;
      if (fact.topicPartition !== undefined) checkAll(state, fact.topicPartition, now, world, null);
      break;
    case "isr-expanded":
      if (fact.topicPartition !== undefined) checkAll(state, fact.topicPartition, now, world, null);
      break;
    case "power-lost":
      for (const topicPartition of Object.keys(state.placed))
        checkAll(state, topicPartition as TopicPartition, now, world, null);
      break;
  }
}

function onSent(state: LedgerState, step: Step, fact: ClientFact, now: Decided): void {
  const producer = fact.producer ?? step.actor;
  let own = state.producers[producer];
  if (own === undefined) {
    own = createProducerLedger();
    state.producers[producer] = own;
  }
  const tag = fact.tag ?? "";
  const record: LedgerRecord = {
    tag,
    number: Number(tag.slice(tag.lastIndexOf(":") + 1)),
    producer,
    topic: fact.topic ?? "",
    key: fact.key ?? null,
    value: fact.value ?? null,
    sent: now,
    acked: null,
    assumed: null,
    failed: null,
    placements: [],
    committed: null,
    readings: [],
    processed: [],
    lost: null,
  };
  append(own.records, freeze(record));
  state.counts.sent += 1;
}

function onRead(
  state: LedgerState,
  fact: ClientFact,
  one: { readonly offset: number; readonly tag: string | null },
  now: Decided,
): void {
  if (one.tag === null) return;
  const consumer = fact.consumer ?? "";
  const reading: Reading = freeze({ consumer, group: fact.group ?? consumer, offset: one.offset, decided: now });
  const list = fact.kind === "records-polled" ? "readings" : "processed";
  change(state, one.tag, (record) => {
    record[list] = Object.freeze([...record[list], reading]);
  });
}

/** What a replica's log is filed under. */
const replicaKey = remembered((broker, topicPartition) => `${broker} ${topicPartition}`);

/** Reads what is new at the end of a leader's log, and forgets what was cut off. */
function readLog(
  state: LedgerState,
  broker: ActorId,
  topicPartition: TopicPartition,
  now: Decided,
  world: World,
): void {
  const log = logOn(world, broker, topicPartition);
  if (log === null) return;
  const key = replicaKey(broker, topicPartition);
  const from = Math.min(state.seenEnds[key] ?? log.logStartOffset, log.logEndOffset);
  const isLeader = brokerNow(world, broker)?.partitions[topicPartition]?.role === "leader";
  state.seenEnds[key] = log.logEndOffset;
  if (!isLeader) return;
  for (let offset = from; offset < log.logEndOffset; ) {
    const batch = batchIn(log, offset);
    if (batch === null) break;
    place(state, broker, topicPartition, batch, now);
    offset = batch.lastOffset + 1;
  }
}

function place(
  state: LedgerState,
  broker: ActorId,
  topicPartition: TopicPartition,
  batch: RecordBatch,
  now: Decided,
): void {
  batch.records.forEach((record, index) => {
    if (record.tag === null) return;
    const offset = batch.baseOffset + index;
    const placement: Placement = Object.freeze({
      topicPartition,
      offset,
      leaderEpoch: batch.partitionLeaderEpoch,
      broker,
      decided: now,
    });
    let placed = state.placed[topicPartition];
    if (placed === undefined) {
      placed = createChunked();
      state.placed[topicPartition] = placed;
    }
    append(placed, record.tag);
    state.leaders[topicPartition] ??= broker;
    change(state, record.tag, (known) => {
      known.placements = Object.freeze([...known.placements, placement]);
    });
  });
}

function onHighWatermark(
  state: LedgerState,
  broker: ActorId,
  topicPartition: TopicPartition,
  now: Decided,
  world: World,
): void {
  const hosted = brokerNow(world, broker)?.partitions[topicPartition];
  const log = logOn(world, broker, topicPartition);
  if (hosted === undefined || log === null || hosted.role !== "leader") return;
  // A leader that starts anew may begin below what an earlier one had reached: what it passes again is not new.
  for (let offset = state.committedTo[topicPartition] ?? 0; offset < hosted.highWatermark; ) {
    const batch = batchIn(log, offset);
    if (batch === null) break;
    for (const record of batch.records) {
      change(state, record.tag, (known) => {
        if (known.committed !== null) return;
        state.counts.committed += 1;
        known.committed = now;
      });
    }
    offset = batch.lastOffset + 1;
  }
  state.committedTo[topicPartition] = Math.max(state.committedTo[topicPartition] ?? 0, hosted.highWatermark);
  settleNew(state, topicPartition, now, world);
}
