/**
 * The names of things on the canvas, for readers who do not see it, and the few words drawn on it. One object per
 * locale; the drawing takes English unless given another.
 */
import {
  type BrokerView,
  type CanvasModel,
  type ClientView,
  type GroupView,
  isGone,
  type LinkView,
  type ReplicaView,
  type ServerView,
} from "./model.ts";

export interface CanvasWords {
  readonly canvas: (model: CanvasModel) => string;
  readonly broker: (broker: BrokerView) => string;
  readonly replica: (broker: BrokerView, replica: ReplicaView) => string;
  readonly server: (server: ServerView) => string;
  readonly client: (client: ClientView) => string;
  readonly group: (group: GroupView) => string;
  readonly link: (link: Pick<LinkView, "from" | "to" | "state" | "faults">, peerDown: boolean) => string;
  readonly groupLine: (group: GroupView) => { readonly name: string; readonly rest: string };
  readonly seconds: (value: number) => string;
  readonly inSync: (inSync: number, replicas: number) => string;
  readonly rack: (rack: string) => string;
  readonly controller: readonly [full: string, short: string];
  readonly coordinator: (group: string) => readonly [full: string, short: string];
  readonly process: Record<BrokerView["process"], string>;
  readonly leader: string;
  readonly follower: string;
  readonly offline: string;
  readonly notInIsr: string;
  readonly unowned: string;
  readonly ensemble: string;
  readonly sessions: string;
  readonly noPartitions: string;
}

const list = (parts: readonly (string | false | null | undefined)[]): string => parts.filter(Boolean).join(", ");
const seconds = (value: number): string => `${value.toFixed(1)} s`;
const faults = (marks: readonly { readonly text: string }[]): string | false =>
  marks.length > 0 && `your fault: ${marks.map((mark) => mark.text).join("; ")}`;

const linkStates: Record<LinkView["state"], string> = {
  ok: "open",
  closed: "no connection",
  cut: "cut",
  "cut-one-way": "cut in this direction only",
  slow: "slow",
  lossy: "losing messages",
};

export const english: CanvasWords = {
  canvas: (model) =>
    list([
      "Cluster",
      count(model.brokers.length, "broker"),
      count(model.clients.length, "client"),
      model.servers.length > 0 && `ensemble of ${model.servers.length}`,
    ]),
  broker: (broker) =>
    list([
      broker.id,
      broker.process,
      broker.processText,
      broker.controller && "controller",
      broker.coordinatorOf.length > 0 && `coordinator of ${broker.coordinatorOf.join(" and ")}`,
      `leader of ${broker.replicas.filter((replica) => replica.role === "leader" && !replica.leaderOnPaper).length}`,
      broker.session && broker.session.state !== "ok" && `session ends in ${seconds(broker.session.secondsLeft)}`,
      faults(broker.faults),
    ]),
  replica: (broker, replica) =>
    list([
      broker.id,
      roleInWords(replica),
      isGone(broker.process) && broker.process,
      `epoch ${replica.leaderEpoch}`,
      `end ${replica.logEnd}`,
      `high watermark ${replica.highWatermark}`,
      `in sync ${replica.isr.length} of ${replica.replicas.length}${replica.isrShort ? ", short" : ""}`,
      replica.role === "follower" && !replica.isr.includes(broker.id) && "not in the in-sync set",
      replica.lagSeconds !== undefined && replica.lagSeconds >= 0.05 && `behind for ${seconds(replica.lagSeconds)}`,
      replica.note,
      replica.owner &&
        (replica.owner.member ? `read by ${replica.owner.member}` : `read by nobody in ${replica.owner.group}`),
      replica.owner?.text,
    ]),
  server: (server) =>
    list([
      server.id,
      "ZooKeeper",
      server.process === "up" ? server.mode : server.process,
      server.sessions.length > 0 &&
        `holds the session of ${server.sessions.map((session) => session.owner).join(" and ")}`,
      faults(server.faults),
    ]),
  client: (client) =>
    list([
      client.id,
      client.kind,
      client.process !== "up" && client.process,
      client.group && `group ${client.group}`,
      ...client.lines.filter((line) => line !== "" && line !== `group ${client.group}`),
      faults(client.faults),
    ]),
  group: (group) =>
    list([
      `group ${group.id}`,
      group.state,
      `generation ${group.generation}`,
      group.coordinator ? `coordinator ${group.coordinator}` : "no coordinator",
      `members ${group.members.length === 0 ? "none" : group.members.join(" ")}`,
      group.unowned.length > 0 && `read by nobody: ${group.unowned.join(" ")}`,
    ]),
  link: (link, peerDown) =>
    list([
      `link ${link.from} to ${link.to}`,
      peerDown && link.state === "ok" ? "peer is down" : linkStates[link.state],
      faults(link.faults),
    ]),
  groupLine: (group) => ({ name: group.id, rest: `${group.state}, generation ${group.generation}` }),
  seconds,
  inSync: (inSync, replicas) => `ISR ${inSync}/${replicas}`,
  rack: (rack) => `rack ${rack}`,
  controller: ["controller", "ctl"],
  coordinator: (group) => [`coord ${group}`, group],
  process: { up: "", paused: "PAUSED", down: "DOWN", starting: "STARTING", stopping: "STOPPING" },
  leader: "leader",
  follower: "follower",
  offline: "offline",
  notInIsr: "not in ISR",
  unowned: "unowned",
  ensemble: "ensemble",
  sessions: "sessions",
  noPartitions: "no partitions",
};

function roleInWords(replica: ReplicaView): string {
  if (replica.leaderOnPaper) return `still named leader of ${replica.topicPartition}`;
  switch (replica.role) {
    case "leader":
      return `leader of ${replica.topicPartition}`;
    case "follower":
      return `follower of ${replica.topicPartition}`;
    case "offline":
      return `offline replica of ${replica.topicPartition}`;
    case "none":
      return `replica of ${replica.topicPartition}, which nobody may lead`;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
