/** Where a run stands, in a few lines: who leads what, what the logs hold, the groups, and what became of the records. */
import type { World } from "../engine/types.ts";
import { environmentOf } from "../environment/types.ts";
import { brokerActor } from "../kafka/protocol/ids.ts";
import {
  assignmentNow,
  committedTree,
  controllerEpochNow,
  controllerNow,
  highWatermarkOn,
  leaderNow,
  logOn,
  partitionZnode,
  zooKeeperLeaderNow,
} from "../kafka/readings.ts";
import { groupsNow } from "../kafka/readings-groups.ts";
import { recordsIn } from "../observers/ledger-sets.ts";
import type { LedgerState } from "../observers/ledger-state.ts";
import { RECORD_SETS } from "../observers/ledger-state.ts";

export interface PartitionEnd {
  readonly topicPartition: string;
  readonly leader: string | null;
  readonly leaderEpoch: number;
  readonly isr: readonly string[];
  readonly replicas: readonly string[];
  /** Next offset of each replica's log, by broker; null: it has none. */
  readonly logEndOffsets: Readonly<Record<string, number | null>>;
  /** As the leader has it; null while there is none. */
  readonly highWatermark: number | null;
}

export interface GroupEnd {
  readonly group: string;
  readonly state: string;
  readonly generationId: number;
  /** Member → its partitions. */
  readonly assignment: Readonly<Record<string, readonly string[]>>;
  /** Partition → next offset to read. */
  readonly committed: Readonly<Record<string, number>>;
}

export interface EndState {
  /** Processes that do not run, with what they do instead. */
  readonly stopped: Readonly<Record<string, string>>;
  readonly controller: string | null;
  readonly controllerEpoch: number;
  readonly zooKeeperLeader: string | null;
  readonly partitions: readonly PartitionEnd[];
  readonly groups: readonly GroupEnd[];
  /** How many records are in each set of the ledger. */
  readonly records: Readonly<Record<string, number>>;
  /** Faults in force. */
  readonly faults: readonly string[];
}

/** The state of a World in the terms of the ledger and of ZooKeeper; internal topics are left out. */
export function endState(world: World, ledger: LedgerState): EndState {
  const tree = committedTree(world);
  const isWatcher = (kind: string) => kind === "observer";
  const stopped = Object.values(world.actors).filter(({ kind, process }) => process !== "running" && !isWatcher(kind));
  return {
    stopped: Object.fromEntries(stopped.map(({ id, process }) => [id, process])),
    controller: controllerNow(world),
    controllerEpoch: controllerEpochNow(world),
    zooKeeperLeader: zooKeeperLeaderNow(world),
    partitions: assignmentNow(world, tree)
      .filter(({ topicPartition }) => !topicPartition.startsWith("__"))
      .map(({ topicPartition, replicas }) => {
        const znode = partitionZnode(world, topicPartition, tree);
        const leader = leaderNow(world, topicPartition);
        const brokers = replicas.map(brokerActor);
        const ends = brokers.map((broker) => [broker, logOn(world, broker, topicPartition)?.logEndOffset ?? null]);
        return {
          topicPartition,
          leader,
          leaderEpoch: znode?.leaderEpoch ?? -1,
          isr: (znode?.isr ?? []).map(brokerActor),
          replicas: brokers,
          logEndOffsets: Object.fromEntries(ends) as Record<string, number | null>,
          highWatermark: leader === null ? null : highWatermarkOn(world, leader, topicPartition),
        };
      }),
    groups: groupsNow(world).map((group) => ({
      group: group.groupId,
      state: group.state,
      generationId: group.generationId,
      assignment: Object.fromEntries(Object.values(group.members).map((one) => [one.actor, one.assignment])),
      committed: Object.fromEntries(
        Object.entries(group.offsets)
          .map(([partition, { committedOffset }]) => [partition, committedOffset] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    })),
    records: Object.fromEntries(RECORD_SETS.map((set) => [set, recordsIn(set, ledger, world).length])),
    faults: environmentOf(world).faults.map(({ kind, on }) => `${kind} ${on.join(" ")}`),
  };
}

/** The end state as text, a line for each thing. */
export function endStateLines(end: EndState): string[] {
  const lines = [
    `controller ${end.controller ?? "none"}, epoch ${end.controllerEpoch}; ensemble led by ${end.zooKeeperLeader ?? "nobody"}`,
  ];
  const stopped = Object.entries(end.stopped).map(([id, process]) => `${id} ${process}`);
  if (stopped.length > 0) lines.push(`not running: ${stopped.join(", ")}`);
  if (end.faults.length > 0) lines.push(`still in force: ${end.faults.join(", ")}`);
  for (const one of end.partitions) {
    const ends = Object.entries(one.logEndOffsets).map(([broker, offset]) => `${broker} ${offset ?? "-"}`);
    lines.push(
      `${one.topicPartition}: leader ${one.leader ?? "none"}, epoch ${one.leaderEpoch}, in-sync ${one.isr.join(" ") || "nobody"}` +
        ` of ${one.replicas.join(" ")}; log ends ${ends.join(", ")}; committed below ${one.highWatermark ?? "?"}`,
    );
  }
  for (const one of end.groups) {
    const members = Object.entries(one.assignment).map(([member, list]) => `${member} [${list.join(" ")}]`);
    const offsets = Object.entries(one.committed).map(([partition, offset]) => `${partition} ${offset}`);
    lines.push(
      `group ${one.group}: ${one.state}, generation ${one.generationId}, ${members.join(", ") || "no members"}` +
        `; committed ${offsets.join(", ") || "nothing"}`,
    );
  }
  const counts = Object.entries(end.records).filter(([set, count]) => count > 0 || set === "sent" || set === "lost");
  lines.push(`records: ${counts.map(([set, count]) => `${count} ${set}`).join(", ")}`);
  return lines;
}
