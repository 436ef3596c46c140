/**
 * What a thing is at one moment, as fields in words. The same fields before and after an event say what it changed: internals
 * of the model have no field and so never show.
 */
import {
  type BrokerNow,
  batchAt,
  clusterNow,
  consumersNow,
  faultsOn,
  groupViews,
  type LedgerState,
  logOn,
  type Moment,
  messagesNow,
  producersNow,
  type ReplicaNow,
  recordOf,
  unownedOf,
  type World,
} from "../../../sim/index.ts";
import type { Thing } from "../../state/selection.ts";
import { seconds } from "../../widgets/seconds.ts";

export interface FieldView {
  readonly label: string;
  readonly value: string;
  /** Term of the glossary. */
  readonly term?: string;
  /** A time that runs: it is no change. */
  readonly runs?: boolean;
}

export interface ThingView {
  readonly title: string;
  readonly what: string;
  readonly fields: readonly FieldView[];
}

const span = (time: number) => `${(time / 1_000_000).toFixed(1)} s`;
const names = (list: readonly string[]) => (list.length === 0 ? "nobody" : list.join(" "));

/** Null when there is no such thing at this moment. */
export function fieldsOf(thing: Thing, moment: Readonly<Moment>, time: number): ThingView | null {
  const { world } = moment;
  switch (thing.kind) {
    case "broker": {
      const broker = clusterNow(world).brokers.find(({ id }) => id === thing.id);
      return broker === undefined ? null : brokerView(broker, world, time);
    }
    case "replica": {
      const replica = replicaOf(thing.broker, thing.topicPartition, world);
      return replica === null ? null : replicaView(replica, world);
    }
    case "record":
      return recordView(thing, moment);
    case "server": {
      const server = clusterNow(world).servers.find(({ id }) => id === thing.id);
      if (server === undefined) return null;
      return {
        title: server.id,
        what: "ZooKeeper server",
        fields: [
          { label: "process", value: server.process },
          { label: "role", value: server.mode, term: "ensemble" },
          ...faultFields(world, server.id),
        ],
      };
    }
    case "client":
      return clientView(thing.id, moment);
    case "group": {
      const group = groupViews(world).find(({ id }) => id === thing.id);
      if (group === undefined) return null;
      return {
        title: `Group ${group.id}`,
        what: `coordinator ${group.coordinator ?? "not known"}`,
        fields: [
          { label: "state", value: stateWords(group.state), term: "rebalance" },
          { label: "generation", value: String(group.generation), term: "generation" },
          { label: "members", value: names(group.members.map(({ actor }) => actor)) },
          { label: "unowned", value: unownedOf(world, group).join(" ") || "none" },
          ...Object.entries(group.owners).map(([name, owner]) => ({ label: name, value: owner })),
          ...Object.entries(group.committed).map(([name, offset]) => ({
            label: `committed ${name}`,
            value: String(offset),
            term: "committed offset",
          })),
        ],
      };
    }
    case "link":
      return linkView(thing.from, thing.to, world);
    case "message":
      return messageView(thing.id, world, time);
  }
}

function brokerView(broker: BrokerNow, world: World, time: number): ThingView {
  const { session, replicas } = broker;
  const led = replicas.filter(({ role, isLeaderOnPaper }) => role === "leader" && !isLeaderOnPaper);
  return {
    title: broker.id,
    what: `broker${broker.isController ? ", controller" : ""}${broker.process === "up" ? "" : `, ${broker.process}`}`,
    fields: [
      { label: "process", value: broker.process },
      { label: "controller", value: broker.isController ? "yes" : "no", term: "controller" },
      { label: "leads", value: names(led.map(({ topicPartition }) => topicPartition)), term: "leader" },
      { label: "rack", value: broker.rack ?? "none", term: "rack" },
      { label: "ZooKeeper server", value: broker.server ?? "none" },
      session === null
        ? { label: "session", value: "none", term: "session" }
        : {
            label: "session ends",
            value: `${seconds(session.endsAt)}, in ${span(Math.max(0, session.endsAt - time))}`,
            term: "session",
            runs: true,
          },
      ...faultFields(world, broker.id),
    ],
  };
}

function replicaView(replica: ReplicaNow, world: World): ThingView {
  const { topicPartition, broker, role, isLeaderOnPaper } = replica;
  const isDown = world.actors[broker]?.process === "down";
  const inSync = replica.isr.includes(broker);
  return {
    title: `${topicPartition} on ${broker}`,
    what: `replica; ${role === "none" ? "no leader" : role}${isLeaderOnPaper ? " on paper" : ""}${
      isDown ? ", broker down" : inSync ? "" : ", not in the in-sync set"
    }`,
    fields: [
      {
        label: "role",
        value: isLeaderOnPaper ? `${role} on paper` : role,
        term: role === "leader" ? "leader" : "follower",
      },
      { label: "leader epoch", value: String(replica.leaderEpoch), term: "leader epoch" },
      { label: "log end, LEO", value: String(replica.logEnd), term: "log end offset" },
      {
        label: "high watermark",
        value: `${replica.highWatermark}${isDown ? ", checkpoint" : ""}`,
        term: "high watermark",
      },
      { label: "in-sync set", value: names(replica.isr), term: "in-sync replicas" },
      ...(replica.logStart > 0
        ? [{ label: "log start", value: String(replica.logStart), term: "log start offset" }]
        : []),
      ...(replica.behindFor > 0
        ? [
            {
              label: "behind for",
              value: `${span(replica.behindFor)}, limit ${span(replica.lagLimit)}`,
              term: "replica lag",
              runs: true,
            },
          ]
        : []),
    ],
  };
}

function recordView(thing: Thing & { kind: "record" }, { world, observed }: Readonly<Moment>): ThingView {
  const { broker, topicPartition, offset } = thing;
  const log = logOn(world, broker, topicPartition);
  const isThere = log !== null && offset >= log.logStartOffset && offset < log.logEndOffset;
  const batch = isThere ? batchAt(log, offset) : null;
  const record = batch?.records[offset - batch.baseOffset];
  const state = observed.ledger as LedgerState | undefined;
  const known = state === undefined || record?.tag == null ? undefined : recordOf(state, record.tag);
  const replica = replicaOf(broker, topicPartition, world);
  const what = isThere ? (record?.tag ?? "control record") : "no record here now";
  return {
    title: `Offset ${offset} of ${topicPartition} on ${broker}`,
    what,
    fields: !isThere
      ? [{ label: "record", value: "cut off, or not yet written" }]
      : [
          { label: "record", value: record?.tag ?? "none" },
          { label: "key", value: record?.key ?? "none" },
          { label: "value", value: record?.value ?? "none" },
          { label: "written in epoch", value: String(batch?.partitionLeaderEpoch ?? "–"), term: "leader epoch" },
          {
            label: "below the HW here",
            value: replica !== null && offset < replica.highWatermark ? "yes" : "no",
            term: "high watermark",
          },
          ...(known === undefined
            ? []
            : [
                { label: "acknowledged", value: known.acked === null ? "no" : seconds(known.acked.at), term: "acks" },
                { label: "committed", value: known.committed === null ? "no" : seconds(known.committed.at) },
                { label: "lost", value: known.lost === null ? "no" : seconds(known.lost.at) },
              ]),
        ],
  };
}

function clientView(id: string, { world, observed }: Readonly<Moment>): ThingView | null {
  const producer = producersNow(world, observed.ledger as LedgerState | undefined).find((one) => one.id === id);
  if (producer !== undefined) {
    const name = (record: { number: number } | null) => (record === null ? "none" : `r${record.number}`);
    const acks = producer.acks === "-1" ? "all" : producer.acks;
    return {
      title: id,
      what: `producer, acks=${acks}`,
      fields: [
        { label: "process", value: producer.process },
        { label: "acks", value: acks, term: "acks" },
        { label: "last acknowledged", value: name(producer.lastAcked) },
        { label: "first waiting", value: name(producer.firstWaiting) },
        { label: "without answer", value: String(producer.waiting) },
        { label: "in flight", value: String(producer.inFlight), term: "in-flight requests" },
        ...faultFields(world, id),
      ],
    };
  }
  const consumer = consumersNow(world).find((one) => one.id === id);
  if (consumer === undefined) return null;
  return {
    title: id,
    what: consumer.group === null ? "consumer" : `consumer of group ${consumer.group}`,
    fields: [
      { label: "process", value: consumer.process },
      ...(consumer.memberState === null ? [] : [{ label: "membership", value: stateWords(consumer.memberState) }]),
      { label: "assigned", value: names(consumer.assignment).replace("nobody", "nothing") },
      ...Object.entries(consumer.positions).map(([name, position]) => ({
        label: `position ${name}`,
        value: position === null ? "not known" : String(position),
        term: "position",
      })),
      { label: "fetching", value: consumer.isFetching ? "yes" : "no" },
      ...faultFields(world, id),
    ],
  };
}

function linkView(from: string, to: string, world: World): ThingView {
  const faults = faultsOn(world, from).filter(({ on }) => on.includes(to) || on.includes(world.actors[to]?.host ?? ""));
  const moving = messagesNow(world).filter(
    ({ message }) => (message.from === from && message.to === to) || (message.from === to && message.to === from),
  );
  return {
    title: `${from} – ${to}`,
    what: "link",
    fields: [
      { label: "state", value: faults.length === 0 ? "open" : faults.map(({ kind }) => kind).join(", ") },
      { label: "on the way", value: String(moving.length) },
      { label: "held by a cut", value: String(moving.filter(({ held }) => held === "cut").length) },
    ],
  };
}

function messageView(id: string, world: World, time: number): ThingView | null {
  const found = messagesNow(world).find((one) => one.id === id);
  if (found === undefined) return null;
  const { message, sentAt, arrivesAt, held } = found;
  return {
    title: message.body.kind,
    what: `${message.from} to ${message.to}`,
    fields: [
      { label: "sent", value: seconds(sentAt) },
      {
        label: "arrives",
        value:
          held !== null
            ? `held: ${held === "cut" ? "the link is cut" : `${message.to} is paused`}`
            : arrivesAt === null
              ? "not known"
              : `${seconds(arrivesAt)}, in ${span(Math.max(0, arrivesAt - time))}`,
        runs: held === null,
      },
      { label: "connection", value: message.connection },
    ],
  };
}

function faultFields(world: World, id: string): FieldView[] {
  return faultsOn(world, id).map((fault) => ({
    label: "fault",
    value: `${fault.kind}, since ${seconds(fault.since)}`,
  }));
}

function replicaOf(broker: string, topicPartition: string, world: World): ReplicaNow | null {
  const found = clusterNow(world, topicPartition.startsWith("__")).brokers.find(({ id }) => id === broker);
  return found?.replicas.find((one) => one.topicPartition === topicPartition) ?? null;
}

/** `PreparingRebalance` → `preparing rebalance`. */
function stateWords(state: string): string {
  return state
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("-", " ")
    .toLowerCase();
}

export interface ChangeView {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** What differs between a thing before and after an event; times that run are left out. */
export function changesOf(before: ThingView | null, after: ThingView | null): ChangeView[] {
  if (before === null && after === null) return [];
  if (before === null) return [{ label: "it", before: "not there", after: "there" }];
  if (after === null) return [{ label: "it", before: "there", after: "gone" }];
  const found: ChangeView[] = [];
  const labels = new Set([...before.fields, ...after.fields].map(({ label }) => label));
  for (const label of labels) {
    const [old, now] = [before, after].map(({ fields }) => fields.find((field) => field.label === label));
    if (old?.runs || now?.runs || old?.value === now?.value) continue;
    found.push({ label, before: old?.value ?? "none", after: now?.value ?? "none" });
  }
  return found;
}
