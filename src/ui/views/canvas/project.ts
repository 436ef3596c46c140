/**
 * From the World at the cursor to what the canvas draws. Pure: the same moment gives the same picture, from whichever
 * side it is reached.
 */
import {
  type ActiveFault,
  type BrokerNow,
  type ConsumerNow,
  clusterNow,
  consumersNow,
  environmentOf,
  faultsOn,
  type GroupNow,
  groupViews,
  type LedgerState,
  type MessageNow,
  messagesNow,
  openPairs,
  type ProcessNow,
  type ProducerNow,
  pairOf,
  producersNow,
  type ReplicaNow,
  type SessionNow,
  unownedOf,
  type World,
} from "../../../sim/index.ts";
import type { Thing } from "../../state/selection.ts";
import { seconds } from "../../widgets/seconds.ts";
import { cellsOf, type RecentCut } from "./cells.ts";
import { messageViews, recordName } from "./messages.ts";
import type {
  BrokerView,
  CanvasModel,
  ClientView,
  FaultMark,
  GroupView,
  LinkView,
  OwnerView,
  ReplicaView,
  ServerView,
  SessionView,
} from "./model.ts";

export interface CanvasAt {
  readonly world: World;
  /** The moment shown, µs. */
  readonly time: number;
  readonly ledger?: LedgerState | undefined;
  readonly selection: Thing | null;
  readonly caption: string;
  /** Processes that an act ended, with its words: "killed at 4.140". A process that ended by itself is not among them. */
  readonly ended?: ReadonlyMap<string, string>;
  /** The message that the last step delivered; drawn where it arrived. */
  readonly delivered?: MessageNow | null;
  /** By `b1 orders-0`: a truncation not long ago. */
  readonly cuts?: ReadonlyMap<string, RecentCut>;
}

const second = 1_000_000;
/** A follower that waits in a fetch is "behind" for as long as it waited, once a record comes; shorter than this it means nothing. */
const leastLag = second;
/** With more brokers or clients than this, wires are those in use. */
const fewBrokers = 3;
const fewClients = 3;

export function projectCanvas(at: CanvasAt): CanvasModel {
  const { world, time, ledger } = at;
  const cluster = clusterNow(world);
  const delivered = at.delivered == null ? [] : [at.delivered];
  const groups = groupViews(world);
  const clients = [...producersNow(world, ledger), ...consumersNow(world)];
  const shown = new Set([...cluster.brokers, ...cluster.servers, ...clients].map(({ id }) => id));
  const brokers = cluster.brokers.map((broker) => brokerView(broker, at, groups));
  const links = linksOf(
    at,
    cluster.brokers,
    clients,
    cluster.servers.map(({ id }) => id),
  );
  return {
    brokers,
    servers: cluster.servers.map(
      (server): ServerView => ({
        id: server.id,
        process: server.process,
        mode: server.mode,
        sessions: cluster.brokers
          .filter((broker) => broker.server === server.id && broker.session !== null)
          .map((broker) => {
            const { fractionLeft, secondsLeft } = sessionView(broker.session as SessionNow, time, broker.process);
            return { owner: broker.id, fractionLeft, seconds: secondsLeft };
          }),
        faults: faultMarks(at, server.id),
      }),
    ),
    clients: clients.map((client) => clientView(client, at, groups)),
    groups: groups.filter((group) => isWorthABox(group, clients)).map((group) => groupView(world, group)),
    messages: messageViews([...delivered, ...messagesNow(world)], world, time).filter(
      ({ from, to }) => shown.has(from) && shown.has(to),
    ),
    ...(at.delivered == null ? {} : { currentMessage: at.delivered.id }),
    links,
    selection: at.selection,
    caption: at.caption,
  };
}

function brokerView(broker: BrokerNow, at: CanvasAt, groups: readonly GroupNow[]): BrokerView {
  const pause = pauseOf(at.world, broker.id);
  return {
    id: broker.id,
    host: broker.host,
    ...(broker.rack === null ? {} : { rack: broker.rack }),
    process: broker.process,
    ...(pause === null ? {} : { processText: pauseText(pause, at.time) }),
    controller: broker.isController,
    coordinatorOf: groups.filter(({ coordinator }) => coordinator === broker.id).map(({ id }) => id),
    session: broker.session === null ? null : sessionView(broker.session, at.time, broker.process),
    faults: faultMarks(at, broker.id),
    replicas: broker.replicas.map((replica) => replicaView(replica, broker, at, groups)),
  };
}

function replicaView(replica: ReplicaNow, broker: BrokerNow, at: CanvasAt, groups: readonly GroupNow[]): ReplicaView {
  const { topicPartition } = replica;
  const owner =
    replica.role === "leader" && !replica.isLeaderOnPaper ? ownerOf(topicPartition, groups, at.world) : null;
  const cut = at.cuts?.get(`${broker.id} ${topicPartition}`) ?? null;
  const isBehind = replica.behindFor >= leastLag && broker.process !== "down";
  return {
    topicPartition,
    role: replica.role,
    ...(replica.isLeaderOnPaper ? { leaderOnPaper: true } : {}),
    leaderEpoch: replica.leaderEpoch,
    isr: replica.isr,
    isrShort: replica.isr.length < replica.replicas.length,
    replicas: replica.replicas,
    logStart: replica.logStart,
    highWatermark: replica.highWatermark,
    logEnd: replica.logEnd,
    cells: cellsOf(replica, at.ledger, cut),
    lagFraction: isBehind ? Math.min(1, replica.behindFor / replica.lagLimit) : 0,
    ...(isBehind ? { lagSeconds: replica.behindFor / second } : {}),
    ...(owner === null ? {} : { owner }),
  };
}

/** The group's reader of a partition, once there are several members or several partitions to tell apart. */
function ownerOf(topicPartition: string, groups: readonly GroupNow[], world: World): OwnerView | null {
  const group = groups.find(({ owners, committed }) => topicPartition in owners || topicPartition in committed);
  if (group === undefined || (group.members.length < 2 && Object.keys(group.owners).length < 2)) return null;
  const member = group.owners[topicPartition] ?? null;
  if (member === null) return { group: group.id, member };
  const next = consumersNow(world).find(({ id }) => id === member)?.positions[topicPartition] ?? null;
  return { group: group.id, member, ...(next === null ? {} : { text: `next ${next}` }) };
}

function sessionView(session: SessionNow, time: number, process: ProcessNow): SessionView {
  const left = Math.max(0, session.endsAt - time);
  const isEnding = process === "down" || process === "paused" || left < session.timeout / 3;
  return {
    fractionLeft: Math.min(1, left / session.timeout),
    secondsLeft: left / second,
    state: left === 0 ? "expired" : isEnding ? "ending" : "ok",
  };
}

function clientView(client: ProducerNow | ConsumerNow, at: CanvasAt, groups: readonly GroupNow[]): ClientView {
  const { id, kind, process } = client;
  const faults = faultMarks(at, id);
  if (client.kind === "producer") return { id, kind, process, lines: producerLines(client), faults };
  const group = groups.find((one) => one.id === client.group);
  const member = group?.members.find(({ actor }) => actor === id);
  const session =
    member?.sessionEndsAt == null
      ? undefined
      : sessionView(
          { owner: id, endsAt: member.sessionEndsAt, timeout: member.timeoutMs * 1000 },
          at.time,
          client.process,
        );
  return {
    id,
    kind,
    process,
    lines: consumerLines(client),
    ...(client.group === null ? {} : { group: client.group }),
    ...(session === undefined ? {} : { session }),
    faults,
  };
}

function producerLines(producer: ProducerNow): readonly [string, string, string] {
  const { acks, waiting, lastAcked, firstWaiting } = producer;
  const acked = lastAcked === null ? "nothing acked" : `acked ${recordName(lastAcked.tag)}`;
  const awaits =
    waiting === 0
      ? ""
      : waiting === 1 && firstWaiting !== null
        ? `awaits ${recordName(firstWaiting.tag)}`
        : `${waiting} wait`;
  return [`acks=${acks === "-1" ? "all" : acks}`, acked, awaits];
}

function consumerLines(consumer: ConsumerNow): readonly [string, string, string] {
  const names = consumer.assignment;
  const first = names.length === 1 ? (consumer.positions[names[0] as string] ?? null) : null;
  const where =
    names.length === 0 ? "no partitions" : names.length > 1 ? `${names.length} partitions` : `position ${first ?? "?"}`;
  const does = consumer.memberState !== null && consumer.memberState !== "stable" ? consumer.memberState : "";
  const name = consumer.group === null ? "no group" : `group ${consumer.group}`;
  return [name, where, does !== "" ? does : consumer.isFetching ? "fetch parked" : ""];
}

function isWorthABox(group: GroupNow, clients: readonly (ProducerNow | ConsumerNow)[]): boolean {
  const readers = clients.filter((client) => client.kind === "consumer" && client.group === group.id);
  return readers.length > 1;
}

function groupView(world: World, group: GroupNow): GroupView {
  return {
    id: group.id,
    coordinator: group.coordinator,
    state: group.state.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase(),
    generation: group.generation,
    members: group.members.map(({ actor }) => actor),
    unowned: unownedOf(world, group),
  };
}

function linksOf(
  at: CanvasAt,
  brokers: readonly BrokerNow[],
  clients: readonly { readonly id: string }[],
  servers: readonly string[],
): LinkView[] {
  const open = openPairs(at.world);
  const areFew = brokers.length <= fewBrokers && clients.length <= fewClients;
  const pairs: [string, string][] = [];
  brokers.forEach((broker, index) => {
    for (const other of brokers.slice(index + 1)) pairs.push([broker.id, other.id]);
  });
  for (const { id } of clients)
    for (const broker of brokers) if (areFew || open.has(pairOf(id, broker.id))) pairs.push([id, broker.id]);
  for (const broker of brokers) if (broker.server !== null) pairs.push([broker.id, broker.server]);
  servers.forEach((server, index) => {
    for (const other of servers.slice(index + 1)) pairs.push([server, other]);
  });
  return pairs.map(([from, to]) => linkView(at.world, from, to, open.has(pairOf(from, to))));
}

function linkView(world: World, a: string, b: string, isOpen: boolean): LinkView {
  const { cuts, faults } = environmentOf(world);
  const [hostA, hostB] = [world.actors[a]?.host ?? a, world.actors[b]?.host ?? b];
  const forth = cuts[`${hostA}>${hostB}`] !== undefined;
  const back = cuts[`${hostB}>${hostA}`] !== undefined;
  const [from, to] = back && !forth ? [b, a] : [a, b];
  const own = faults.filter((fault) => isOnLink(fault, hostA, hostB));
  const state = forth && back ? "cut" : forth || back ? "cut-one-way" : (linkFault(own) ?? (isOpen ? "ok" : "closed"));
  const marks = own.filter(({ kind }) => kind !== "cut" || state.startsWith("cut"));
  return { from, to, state, faults: marks.map((fault) => ({ id: String(fault.id), text: wordsOf(fault) })) };
}

/** A fault that names directed pairs of hosts stands on their links. */
function isOnLink({ detail }: ActiveFault, a: string, b: string): boolean {
  const pairs = detail.pairs;
  return Array.isArray(pairs) && (pairs.includes(`${a}>${b}`) || pairs.includes(`${b}>${a}`));
}

function linkFault(faults: readonly ActiveFault[]): "slow" | "lossy" | null {
  if (faults.some(({ kind }) => kind === "slow-link")) return "slow";
  return faults.some(({ kind }) => kind === "lossy-link") ? "lossy" : null;
}

/** Faults in force on a process itself; those of its links are drawn there. */
function faultMarks(at: CanvasAt, id: string): FaultMark[] {
  const ended = at.ended?.get(id);
  const marks = faultsOn(at.world, id)
    .filter(({ detail }) => !Array.isArray(detail.pairs))
    .map((fault) => ({ id: String(fault.id), text: wordsOf(fault) }));
  return ended === undefined ? marks : [{ id: `ended-${id}`, text: ended }, ...marks];
}

function wordsOf(fault: ActiveFault): string {
  return `${fault.kind.replaceAll("-", " ")} since ${seconds(fault.since)}`;
}

function pauseOf(world: World, id: string): ActiveFault | null {
  return environmentOf(world).faults.find(({ kind, on }) => kind === "pause" && on.includes(id)) ?? null;
}

function pauseText(pause: ActiveFault, time: number): string {
  const length = pause.detail.for;
  if (typeof length !== "number") return "";
  return `${(Math.max(0, pause.since + length - time) / second).toFixed(1)} s`;
}
