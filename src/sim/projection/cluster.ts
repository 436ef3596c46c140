/**
 * The cluster at one moment, as plain data for the screen: processes with their faults, replicas with their logs, sessions.
 * Who leads is what ZooKeeper says; what a replica does is what its own broker believes.
 *
 * Simplified   the high watermark of a broker that is down is the one of its checkpoint, as that is all it still has.
 */
import type { ActorId, ActorState, SimTime, World } from "../engine/types.ts";
import { MILLISECOND } from "../engine/types.ts";
import { type ActiveFault, environmentOf } from "../environment/types.ts";
import { type BrokerDisk, type BrokerMemory, type HostedPartition, isrOf } from "../kafka/broker/state.ts";
import type { PartitionLog } from "../kafka/log/state.ts";
import { type BrokerId, brokerActor, NO_LEADER } from "../kafka/protocol/ids.ts";
import {
  actorsOfKind,
  assignmentNow,
  brokerNow,
  committedTree,
  controllerNow,
  type PartitionZnode,
  partitionZnode,
  zooKeeperLeaderNow,
} from "../kafka/readings.ts";
import type { BrokerActorConfig } from "../kafka/types.ts";
import { clientState } from "../kafka/zookeeper/client-state.ts";
import { serverOf, type TrackedSession } from "../kafka/zookeeper/state.ts";

export type ProcessNow = "up" | "paused" | "down" | "starting" | "stopping";

export interface ReplicaNow {
  readonly topicPartition: string;
  readonly broker: ActorId;
  /** What the broker itself does; when its process is down, what ZooKeeper names it. `none`: nobody may lead. */
  readonly role: "leader" | "follower" | "none";
  /** ZooKeeper names it leader although it does not lead, or it leads although ZooKeeper names another. */
  readonly isLeaderOnPaper: boolean;
  readonly leaderEpoch: number;
  /** As actors. A leader's own view, otherwise what ZooKeeper has. */
  readonly isr: readonly ActorId[];
  readonly replicas: readonly ActorId[];
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  /** Null: no log on that disk yet. Valid at this moment only. */
  readonly log: PartitionLog | null;
  /** Since when the leader has not seen it caught up, µs; 0 when it is, or for the leader itself. */
  readonly behindFor: SimTime;
  /** replica.lag.time.max.ms of the leader, µs. */
  readonly lagLimit: SimTime;
}

export interface SessionNow {
  readonly owner: ActorId;
  readonly endsAt: SimTime;
  readonly timeout: SimTime;
}

export interface BrokerNow {
  readonly id: ActorId;
  readonly brokerId: BrokerId;
  readonly host: string;
  readonly rack: string | null;
  readonly process: ProcessNow;
  readonly isController: boolean;
  readonly session: SessionNow | null;
  /** The ZooKeeper server that it is connected to; null if none. */
  readonly server: ActorId | null;
  readonly replicas: readonly ReplicaNow[];
}

export interface ServerNow {
  readonly id: ActorId;
  readonly host: string;
  readonly process: ProcessNow;
  readonly mode: "leading" | "following" | "looking";
}

export interface PartitionNow {
  readonly topicPartition: string;
  readonly replicas: readonly ActorId[];
  /** As ZooKeeper has it; null: none. */
  readonly leader: ActorId | null;
  readonly leaderEpoch: number;
  readonly isr: readonly ActorId[];
}

export interface ClusterNow {
  readonly brokers: readonly BrokerNow[];
  readonly servers: readonly ServerNow[];
  readonly partitions: readonly PartitionNow[];
  readonly controller: ActorId | null;
}

/** Reads a World. `withInternal` also shows topics whose name begins with two underscores. */
export function clusterNow(world: World, withInternal = false): ClusterNow {
  const tree = committedTree(world);
  const partitions = assignmentNow(world, tree)
    .filter(({ topicPartition }) => withInternal || !topicPartition.startsWith("__"))
    .map(({ topicPartition, replicas }) => ({
      topicPartition,
      ids: replicas,
      znode: partitionZnode(world, topicPartition, tree),
    }));
  const controller = controllerNow(world);
  const sessions = trackedSessions(world);
  return {
    controller,
    brokers: actorsOfKind(world, "broker").map((actor) => brokerView(world, actor, partitions, controller, sessions)),
    servers: actorsOfKind(world, "zookeeper").map((actor) => ({
      id: actor.id,
      host: actor.host,
      process: processOf(actor),
      mode: actor.memory === null ? "looking" : serverOf(actor).mode,
    })),
    partitions: partitions.map(({ topicPartition, ids, znode }) => ({
      topicPartition,
      replicas: ids.map(brokerActor),
      leader: znode === null || znode.leader === NO_LEADER ? null : brokerActor(znode.leader),
      leaderEpoch: znode?.leaderEpoch ?? -1,
      isr: (znode?.isr ?? []).map(brokerActor),
    })),
  };
}

/** Faults in force that stand on a process or its host. */
export function faultsOn(world: World, actor: ActorId): ActiveFault[] {
  const host = world.actors[actor]?.host;
  return environmentOf(world).faults.filter(
    ({ on }) => on.includes(actor) || (host !== undefined && on.includes(host)),
  );
}

/** How a process stands. A broker that loads its logs is `starting`. */
export function processOf(actor: ActorState): ProcessNow {
  if (actor.process === "running") {
    const broker = (actor.memory as Record<string, unknown> | null)?.broker as BrokerMemory | undefined;
    return broker?.phase === "starting" ? "starting" : broker?.phase === "stopping" ? "stopping" : "up";
  }
  return actor.process;
}

/** Sessions as their leader times them, by owner; none while there is no leader. */
export function trackedSessions(
  world: World,
): Readonly<Record<ActorId, SessionNow & { readonly server: ActorId | null }>> {
  const leader = zooKeeperLeaderNow(world);
  const actor = leader === null ? undefined : world.actors[leader];
  const tracked: Readonly<Record<string, TrackedSession>> =
    actor === undefined || actor.memory === null ? {} : (serverOf(actor).leading?.sessions ?? {});
  const found: Record<ActorId, SessionNow & { server: ActorId | null }> = {};
  for (const session of Object.values(tracked)) {
    if (session.isClosing) continue;
    const { owner, expiresAt, timeoutMs, server } = session;
    // A process that came back has a new session beside the old one; the later one is its own.
    if (found[owner] !== undefined && found[owner].endsAt > expiresAt) continue;
    found[owner] = { owner, endsAt: expiresAt, timeout: timeoutMs * MILLISECOND, server };
  }
  return found;
}

interface Assigned {
  readonly topicPartition: string;
  readonly ids: readonly BrokerId[];
  readonly znode: PartitionZnode | null;
}

function brokerView(
  world: World,
  actor: ActorState,
  partitions: readonly Assigned[],
  controller: ActorId | null,
  sessions: ReturnType<typeof trackedSessions>,
): BrokerNow {
  const { brokerId, rack } = actor.config as BrokerActorConfig;
  const session = sessions[actor.id] ?? null;
  return {
    id: actor.id,
    brokerId,
    host: actor.host,
    rack,
    process: processOf(actor),
    isController: controller === actor.id,
    session: session === null ? null : { owner: session.owner, endsAt: session.endsAt, timeout: session.timeout },
    server: serverOfClient(actor) ?? session?.server ?? null,
    replicas: partitions
      .filter(({ ids }) => ids.includes(brokerId))
      .map((partition) => replicaView(world, actor, brokerId, partition)),
  };
}

function serverOfClient(actor: ActorState): ActorId | null {
  if (actor.memory === null) return null;
  const zk = clientState(actor as never);
  return zk.phase === "connected" ? (zk.hosts[zk.current] ?? null) : null;
}

function replicaView(world: World, actor: ActorState, brokerId: BrokerId, partition: Assigned): ReplicaNow {
  const { topicPartition, ids, znode } = partition;
  const { logs, highWatermarkCheckpoint } = actor.disk as BrokerDisk;
  const log = logs[topicPartition] ?? null;
  const hosted = brokerNow(world, actor.id)?.partitions[topicPartition] ?? null;
  const isNamedLeader = znode?.leader === brokerId;
  const role = roleOf(hosted, isNamedLeader, znode);
  const leads = hosted?.role === "leader" && actor.process !== "down";
  return {
    topicPartition,
    broker: actor.id,
    role,
    isLeaderOnPaper: role === "leader" && leads !== isNamedLeader,
    leaderEpoch: leads ? hosted.leaderEpoch : (znode?.leaderEpoch ?? hosted?.leaderEpoch ?? -1),
    isr: (leads ? isrOf(hosted) : (znode?.isr ?? [])).map(brokerActor),
    replicas: ids.map(brokerActor),
    logStart: log?.logStartOffset ?? 0,
    highWatermark: Math.min(
      hosted?.highWatermark ?? highWatermarkCheckpoint[topicPartition] ?? 0,
      log?.logEndOffset ?? 0,
    ),
    logEnd: log?.logEndOffset ?? 0,
    log,
    ...lagOf(world, topicPartition, brokerId, znode),
  };
}

function roleOf(
  hosted: HostedPartition | null,
  isNamedLeader: boolean,
  znode: PartitionZnode | null,
): ReplicaNow["role"] {
  if (hosted !== null && hosted.role !== "none") return hosted.role;
  if (isNamedLeader) return "leader";
  return znode === null || znode.leader === NO_LEADER ? "none" : "follower";
}

/** How long the leader has not seen a follower caught up. */
function lagOf(
  world: World,
  topicPartition: string,
  brokerId: BrokerId,
  znode: PartitionZnode | null,
): { behindFor: SimTime; lagLimit: SimTime } {
  const leader = znode === null || znode.leader === NO_LEADER ? null : brokerActor(znode.leader);
  const actor = leader === null ? undefined : world.actors[leader];
  if (leader === null || actor === undefined) return { behindFor: 0, lagLimit: 1 };
  const { broker } = actor.config as BrokerActorConfig;
  const lagLimit = Math.max(1, broker.replicaLagTimeMaxMs * MILLISECOND);
  const state = brokerNow(world, leader)?.partitions[topicPartition]?.leaderState;
  const remote = state?.remotes[brokerId];
  const logEnd = (actor.disk as BrokerDisk).logs[topicPartition]?.logEndOffset ?? 0;
  if (remote === undefined || remote.logEndOffset >= logEnd) return { behindFor: 0, lagLimit };
  return { behindFor: remote.lastCaughtUp === null ? 0 : Math.max(0, world.time - remote.lastCaughtUp), lagLimit };
}
