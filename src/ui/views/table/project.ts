/**
 * The cluster at one moment as tables: partitions, replicas, processes, sessions, clients, groups, faults in force, messages on
 * their way. Whatever the canvas draws stands in one of the rows, in words and figures.
 */
import {
  type BrokerNow,
  clusterNow,
  consumersNow,
  environmentOf,
  groupViews,
  type LedgerState,
  type Moment,
  messagesNow,
  type PartitionNow,
  producersNow,
  type ReplicaNow,
  type SessionNow,
  trackedSessions,
  unownedOf,
  type World,
} from "../../../sim/index.ts";
import type { Thing } from "../../state/selection.ts";
import { seconds } from "../../widgets/seconds.ts";
import { spanOf } from "../time.ts";

export interface TableRow {
  readonly key: string;
  /** What it stands for on the canvas; null: nothing to choose. */
  readonly thing: Thing | null;
  readonly cells: readonly string[];
  /** The process that it stands on does not run. */
  readonly isDown?: boolean;
}

export interface TableColumn {
  readonly label: string;
  readonly isNumber?: boolean;
  readonly isMono?: boolean;
}

export interface TableModel {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly empty: string;
}

const mostMessages = 60;
const mono = (label: string): TableColumn => ({ label, isMono: true });
const number = (label: string): TableColumn => ({ label, isNumber: true });
const words = (label: string): TableColumn => ({ label });

/** `withHeartbeats`: also messages that only say "I am here". */
export function tablesOf({ world, observed }: Readonly<Moment>, withHeartbeats = false): TableModel[] {
  const cluster = clusterNow(world);
  const sessions = trackedSessions(world);
  return [
    {
      id: "replicas",
      caption: "Replicas",
      columns: [
        mono("replica"),
        words("role"),
        number("epoch"),
        mono("in-sync set"),
        number("log start"),
        number("high watermark"),
        number("log end"),
        words("behind for"),
        words("epochs in the log"),
      ],
      rows: cluster.partitions.flatMap(({ topicPartition }) =>
        cluster.brokers.flatMap((broker) =>
          broker.replicas
            .filter((one) => one.topicPartition === topicPartition)
            .map((replica) => replicaRow(replica, broker)),
        ),
      ),
      empty: "No topic yet.",
    },
    {
      id: "partitions",
      caption: "Partitions, as ZooKeeper has them",
      columns: [
        mono("partition"),
        mono("leader"),
        number("epoch"),
        mono("in-sync set"),
        mono("replicas"),
        words("stands"),
      ],
      rows: cluster.partitions.map((partition) => partitionRow(partition, cluster.brokers)),
      empty: "No topic yet.",
    },
    {
      id: "processes",
      caption: "Brokers and the ZooKeeper ensemble",
      columns: [
        mono("process"),
        words("stands"),
        words("does"),
        mono("connected to"),
        words("its session ends"),
        mono("rack"),
        words("your faults"),
      ],
      rows: [
        ...cluster.brokers.map((broker): TableRow => {
          const leads = broker.replicas.filter((one) => one.role === "leader" && !one.isLeaderOnPaper).length;
          const coordinates = groupViews(world).filter(({ coordinator }) => coordinator === broker.id);
          return {
            key: broker.id,
            thing: { kind: "broker", id: broker.id },
            isDown: broker.process === "down",
            cells: [
              broker.id,
              broker.process,
              [
                broker.isController && "controller",
                leads > 0 && `leads ${leads}`,
                ...coordinates.map(({ id }) => `coordinates ${id}`),
              ]
                .filter(Boolean)
                .join(", ") || "–",
              broker.server ?? "none",
              sessionWords(broker.session),
              broker.rack ?? "–",
              faultsOf(world, broker.id),
            ],
          };
        }),
        ...cluster.servers.map(
          (server): TableRow => ({
            key: server.id,
            thing: { kind: "server", id: server.id },
            isDown: server.process === "down",
            cells: [
              server.id,
              server.process,
              server.process === "down" ? "–" : server.mode,
              "–",
              `keeps ${
                Object.values(sessions)
                  .filter((one) => one.server === server.id && world.actors[one.owner]?.kind === "broker")
                  .map(({ owner }) => owner)
                  .join(" ") || "none"
              }`,
              "–",
              faultsOf(world, server.id),
            ],
          }),
        ),
      ],
      empty: "No process.",
    },
    {
      id: "clients",
      caption: "Clients",
      columns: [mono("client"), words("is"), words("stands"), words("does"), words("your faults")],
      rows: clientRows(world, observed.ledger as LedgerState | undefined),
      empty: "This run has no clients.",
    },
    {
      id: "groups",
      caption: "Consumer groups",
      columns: [
        mono("group"),
        words("state"),
        number("generation"),
        mono("coordinator"),
        mono("members"),
        mono("read by nobody"),
      ],
      rows: groupViews(world).map(
        (group): TableRow => ({
          key: group.id,
          thing: { kind: "group", id: group.id },
          cells: [
            group.id,
            group.state,
            String(group.generation),
            group.coordinator ?? "none",
            group.members.map(({ actor }) => actor).join(" ") || "none",
            unownedOf(world, group).join(" ") || "none",
          ],
        }),
      ),
      empty: "No group that a coordinator knows.",
    },
    {
      id: "faults",
      caption: "Your faults in force",
      columns: [words("fault"), mono("on"), number("since"), words("how")],
      rows: environmentOf(world).faults.map(
        ({ id, kind, on, since, detail }): TableRow => ({
          key: `fault ${id}`,
          thing: faultThing(on, world),
          cells: [kind.replaceAll("-", " "), on.join(" "), seconds(since), detailWords(detail)],
        }),
      ),
      empty: "None. Press m on a broker to do something to it.",
    },
    messagesTable(world, withHeartbeats),
  ];
}

function replicaRow(replica: ReplicaNow, broker: BrokerNow): TableRow {
  const isDown = broker.process === "down";
  const role = replica.role === "none" ? "nobody may lead" : replica.isLeaderOnPaper ? "leader on paper" : replica.role;
  const epochs = (replica.log?.epochs ?? []).map(({ epoch, startOffset }) => `${epoch} from ${startOffset}`);
  return {
    key: `${replica.topicPartition} ${broker.id}`,
    thing: { kind: "replica", broker: broker.id, topicPartition: replica.topicPartition },
    isDown,
    cells: [
      `${replica.topicPartition} @ ${broker.id}`,
      isDown ? `${role}, down` : role,
      String(replica.leaderEpoch),
      `${replica.isr.join(" ") || "nobody"}${replica.isr.includes(broker.id) ? "" : `, not ${broker.id}`}`,
      String(replica.logStart),
      String(replica.highWatermark),
      replica.log === null ? "no log" : String(replica.logEnd),
      replica.behindFor === 0 ? "–" : `${spanOf(replica.behindFor)} of ${spanOf(replica.lagLimit)}`,
      epochs.join(", ") || "–",
    ],
  };
}

function partitionRow(partition: PartitionNow, brokers: readonly BrokerNow[]): TableRow {
  const { topicPartition, leader, leaderEpoch, isr, replicas } = partition;
  const process = brokers.find(({ id }) => id === leader)?.process ?? null;
  const stands =
    leader === null
      ? "nobody leads"
      : process === "down"
        ? "its leader is down"
        : isr.length < replicas.length
          ? "under-replicated"
          : "whole";
  return {
    key: topicPartition,
    thing: leader === null ? null : { kind: "replica", broker: leader, topicPartition },
    cells: [
      topicPartition,
      leader ?? "none",
      String(leaderEpoch),
      isr.join(" ") || "nobody",
      replicas.join(" "),
      stands,
    ],
  };
}

function clientRows(world: World, ledger: LedgerState | undefined): TableRow[] {
  const producers = producersNow(world, ledger).map((one): TableRow => {
    const does = [
      one.lastAcked === null ? "nothing acknowledged yet" : `last acknowledged r${one.lastAcked.number}`,
      one.waiting > 0 &&
        `${one.waiting} without an outcome${one.firstWaiting === null ? "" : `, from r${one.firstWaiting.number} on`}`,
      one.inFlight > 0 && `${one.inFlight} in flight`,
    ];
    return {
      key: one.id,
      thing: { kind: "client", id: one.id },
      isDown: one.process === "down",
      cells: [
        one.id,
        `producer, acks=${one.acks === "-1" ? "all" : one.acks}`,
        one.process,
        does.filter(Boolean).join("; "),
        faultsOf(world, one.id),
      ],
    };
  });
  const consumers = consumersNow(world).map((one): TableRow => {
    const reads = one.assignment.map((name) => `${name} at ${one.positions[name] ?? "?"}`).join(", ");
    return {
      key: one.id,
      thing: { kind: "client", id: one.id },
      isDown: one.process === "down",
      cells: [
        one.id,
        one.group === null ? "consumer without a group" : `consumer of ${one.group}`,
        one.memberState === null ? one.process : `${one.process}, ${one.memberState}`,
        `${reads === "" ? "reads nothing" : `reads ${reads}`}${one.isFetching ? "; waits for a Fetch" : ""}`,
        faultsOf(world, one.id),
      ],
    };
  });
  return [...producers, ...consumers];
}

/** Messages that only say "I am here". */
const HEARTBEATS = new Set(["ZkPing", "ZkPingResponse", "Heartbeat", "HeartbeatResponse"]);
/** What servers of the ensemble send each other many times a second is drawn by nobody. */
const isPing = (kind: string) => HEARTBEATS.has(kind) || /^(zk)?ping/i.test(kind);

function messagesTable(world: World, withHeartbeats: boolean): TableModel {
  const all = messagesNow(world).filter(({ message }) => withHeartbeats || !isPing(message.body.kind));
  const shown = all.slice(0, mostMessages);
  return {
    id: "messages",
    caption:
      all.length > shown.length
        ? `Messages on their way: the first ${shown.length} of ${all.length}`
        : "Messages on their way",
    columns: [words("message"), mono("from"), mono("to"), number("sent"), number("arrives")],
    rows: shown.map(
      ({ id, message, sentAt, arrivesAt, held }): TableRow => ({
        key: id,
        thing: { kind: "message", id },
        cells: [
          message.body.kind,
          message.from,
          message.to,
          seconds(sentAt),
          held === "cut"
            ? "held by a cut"
            : held === "paused"
              ? "waits, its receiver is paused"
              : seconds(arrivesAt ?? 0),
        ],
      }),
    ),
    empty: "None, besides heartbeats.",
  };
}

function sessionWords(session: SessionNow | null): string {
  return session === null ? "no session" : `${seconds(session.endsAt)}, after ${spanOf(session.timeout)} of silence`;
}

function faultsOf(world: World, actor: string): string {
  const host = world.actors[actor]?.host;
  const found = environmentOf(world).faults.filter(
    ({ on }) => on.includes(actor) || (host !== undefined && on.includes(host)),
  );
  return found.map(({ kind, since }) => `${kind.replaceAll("-", " ")} since ${seconds(since)}`).join(", ") || "–";
}

/** The process, or the link between two hosts, that a fault stands on. */
function faultThing(on: readonly string[], world: World): Thing | null {
  const actors = on.map((name) => world.actors[name] ?? Object.values(world.actors).find(({ host }) => host === name));
  const [first, second] = actors;
  if (first === undefined) return null;
  if (second !== undefined && on.length === 2) return { kind: "link", from: first.id, to: second.id };
  const kind = first.kind === "broker" ? "broker" : first.kind === "zookeeper" ? "server" : "client";
  return { kind, id: first.id };
}

function detailWords(detail: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(detail)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => `${name} ${value}`);
  return parts.join(", ") || "–";
}
