/**
 * The consumer groups at one moment: what the coordinator knows, what each consumer believes, and how far each partition is read.
 *
 * Figures follow kafka-consumer-groups: lag is the high watermark less the committed offset. A group whose coordinator is gone
 * is told from its consumers alone: nobody can say what it has committed.
 */
import {
  actorsOfKind,
  assignmentNow,
  clusterNow,
  consumersNow,
  coordinatorNow,
  groupsNow,
  MILLISECOND,
  type ProcessNow,
  processOf,
  type World,
} from "../../../sim/index.ts";

export interface MemberView {
  readonly actor: string;
  readonly clientId: string;
  readonly process: ProcessNow;
  readonly isLeader: boolean;
  /** When the coordinator takes it out unless it hears of it, µs; null: it waits in JoinGroup or SyncGroup. */
  readonly sessionEndsAt: number | null;
  readonly sessionTimeout: number;
  readonly waitsIn: "JoinGroup" | "SyncGroup" | null;
  /** As the coordinator dealt them out. */
  readonly owns: readonly string[];
  /** What the consumer itself takes for its own, when that differs; null: the same, or it is down. */
  readonly believes: readonly string[] | null;
  /** The consumer's side of its membership, in words. */
  readonly stands: string;
}

export interface GroupPartition {
  readonly topicPartition: string;
  readonly owner: string | null;
  /** Others that still take it for theirs. */
  readonly claimedBy: readonly string[];
  readonly committed: number | null;
  /** The owner's next offset. */
  readonly position: number | null;
  readonly highWatermark: number | null;
  readonly logEnd: number | null;
  /** highWatermark - committed. */
  readonly lag: number | null;
}

export interface GroupView {
  readonly id: string;
  readonly coordinator: string | null;
  readonly isCoordinated: boolean;
  readonly state: string;
  readonly stateSays: string;
  readonly generation: number | null;
  readonly protocol: string | null;
  readonly rebalance: { readonly since: number; readonly reason: string; readonly deadline: number } | null;
  readonly members: readonly MemberView[];
  /** Consumers with this group.id that are no members now. */
  readonly outside: readonly { readonly actor: string; readonly stands: string }[];
  readonly partitions: readonly GroupPartition[];
  readonly unowned: readonly string[];
  readonly lag: number | null;
}

const STATES: Readonly<Record<string, string>> = {
  Empty: "no members",
  PreparingRebalance: "waits until all members have joined",
  CompletingRebalance: "waits for the leader to deal the partitions out",
  Stable: "partitions are dealt out",
  Dead: "given up by its coordinator",
};

const STANDS: Readonly<Record<string, string>> = {
  unjoined: "not joined",
  joining: "waits to join",
  assigning: "deals the partitions out",
  completing: "waits for its partitions",
  stable: "joined",
};

/** Groups by id: those that a coordinator knows, and those that consumers are set to join. */
export function groupsView(world: World): GroupView[] {
  const known = new Map(groupsNow(world).map((group) => [group.groupId, group]));
  const consumers = consumersNow(world);
  const settings = new Map(actorsOfKind(world, "consumer").map((actor) => [actor.id, actor.config as Settings]));
  const ids = new Set(known.keys());
  for (const { subscribe, consumer } of settings.values())
    if (subscribe !== null && consumer.groupId !== null) ids.add(consumer.groupId);
  const ends = endsOf(world);
  return [...ids].sort().map((id) => {
    const group = known.get(id) ?? null;
    const own = consumers.filter(
      ({ id: consumer }) =>
        settings.get(consumer)?.subscribe != null && settings.get(consumer)?.consumer.groupId === id,
    );
    const owners = new Map<string, string>();
    const members = Object.values(group?.members ?? {}).map((member): MemberView => {
      for (const name of member.assignment) owners.set(name, member.actor);
      const consumer = own.find((one) => one.id === member.actor);
      const owns = [...member.assignment].sort();
      const believed = consumer === undefined || consumer.process === "down" ? null : [...consumer.assignment].sort();
      return {
        actor: member.actor,
        clientId: member.clientId,
        process: consumer?.process ?? "down",
        isLeader: group?.leader === member.memberId,
        sessionEndsAt: member.sessionDeadline,
        sessionTimeout: member.sessionTimeoutMs * MILLISECOND,
        waitsIn: member.join !== null ? "JoinGroup" : member.sync !== null ? "SyncGroup" : null,
        owns,
        believes: believed === null || believed.join() === owns.join() ? null : believed,
        stands: standsOf(consumer),
      };
    });
    const topics = new Set(own.flatMap((one) => settings.get(one.id)?.subscribe ?? []));
    for (const name of [...owners.keys(), ...Object.keys(group?.offsets ?? {})]) topics.add(topicOf(name));
    const partitions = assignmentNow(world)
      .filter(({ topicPartition }) => topics.has(topicOf(topicPartition)))
      .map(({ topicPartition }): GroupPartition => {
        const owner = owners.get(topicPartition) ?? null;
        const end = ends.get(topicPartition);
        const committed = group?.offsets[topicPartition]?.committedOffset ?? null;
        const highWatermark = end?.highWatermark ?? null;
        const claims = own.filter((one) => one.process !== "down" && one.assignment.includes(topicPartition));
        const reader = claims.find((one) => one.id === owner) ?? claims[0];
        return {
          topicPartition,
          owner,
          claimedBy: claims.map((one) => one.id).filter((one) => one !== owner),
          committed,
          position: reader?.positions[topicPartition] ?? null,
          highWatermark,
          logEnd: end?.logEnd ?? null,
          lag: committed === null || highWatermark === null ? null : Math.max(0, highWatermark - committed),
        };
      });
    const lags = partitions.flatMap(({ lag }) => (lag === null ? [] : [lag]));
    const inside = new Set(members.map(({ actor }) => actor));
    const coordinator = coordinatorNow(world, id);
    return {
      id,
      coordinator,
      isCoordinated: group !== null,
      state: group?.state ?? "unknown",
      stateSays: group === null ? whyUnknown(world, coordinator) : (STATES[group.state] ?? ""),
      generation: group?.generationId ?? null,
      protocol: group?.protocolName ?? null,
      rebalance: group?.rebalance ?? null,
      members,
      outside: own.filter((one) => !inside.has(one.id)).map((one) => ({ actor: one.id, stands: standsOf(one) })),
      partitions,
      unowned: partitions.filter(({ owner }) => owner === null).map(({ topicPartition }) => topicPartition),
      lag: lags.length === 0 ? null : lags.reduce((sum, one) => sum + one, 0),
    };
  });
}

interface Settings {
  readonly subscribe: readonly string[] | null;
  readonly consumer: { readonly groupId: string | null };
}

function topicOf(topicPartition: string): string {
  return topicPartition.slice(0, topicPartition.lastIndexOf("-"));
}

/** Log end and high watermark as the leader has them; none while nobody leads. */
function endsOf(world: World): Map<string, { readonly highWatermark: number; readonly logEnd: number }> {
  const found = new Map<string, { highWatermark: number; logEnd: number }>();
  const { brokers, partitions } = clusterNow(world);
  for (const { topicPartition, leader } of partitions) {
    const broker = brokers.find(({ id }) => id === leader);
    const replica = broker?.replicas.find((one) => one.topicPartition === topicPartition);
    if (broker === undefined || broker.process === "down" || replica === undefined) continue;
    found.set(topicPartition, { highWatermark: replica.highWatermark, logEnd: replica.logEnd });
  }
  return found;
}

function standsOf(consumer: ReturnType<typeof consumersNow>[number] | undefined): string {
  if (consumer === undefined || consumer.process === "down") return "not running";
  if (consumer.process === "paused") return "paused";
  return STANDS[consumer.memberState ?? ""] ?? "not joined";
}

function whyUnknown(world: World, coordinator: string | null): string {
  if (coordinator === null) return "no broker coordinates it";
  const actor = world.actors[coordinator];
  if (actor === undefined || processOf(actor) === "down") return `${coordinator}, its coordinator, is down`;
  return `${coordinator} does not know it yet`;
}
