/**
 * Reads a simulated run in the form of a recording: committed ZooKeeper writes, what clients reported, looks at partitions.
 *
 * Simplified   an expired or closed session is one `closeSession`; its ephemerals vanish without entries of their own, as in
 *              ZooKeeper's transaction log.
 */
import type { FactEntry } from "../sim/engine/facts.ts";
import type { World } from "../sim/engine/types.ts";
import { batchesOf } from "../sim/kafka/log/log.ts";
import {
  actorsOfKind,
  committedTree,
  controllerEpochNow,
  controllerNow,
  logOn,
  partitionZnode,
  registeredNow,
} from "../sim/kafka/readings.ts";
import { OBSERVER } from "../sim/scenario/cluster.ts";
import type { ReplicaSnapshot, Snapshot, ZooKeeperWrite } from "./trace.ts";

/** Milliseconds of the story from simulated time. */
export function toMs(at: number): number {
  return at / 1000;
}

interface WriteFact {
  readonly kind: string;
  readonly zxid: number;
  readonly nth: number;
  readonly path: string;
  readonly data?: unknown;
  readonly version?: number;
  readonly by: string | null;
  readonly owner: string;
  readonly reason?: string;
  readonly ephemeral?: boolean;
}

const OPS: Readonly<Record<string, ZooKeeperWrite["op"]>> = {
  "znode-created": "create",
  "znode-changed": "setData",
  "znode-deleted": "delete",
  "session-created": "createSession",
  "session-expired": "closeSession",
  "session-closed": "closeSession",
};

/** Committed writes among the facts, each once, in zxid order. */
export function writesOf(facts: readonly FactEntry[]): ZooKeeperWrite[] {
  const writes: ZooKeeperWrite[] = [];
  let last = { zxid: -1, nth: -1 };
  for (const { at, fact } of facts) {
    const op = OPS[fact.kind];
    if (op === undefined) continue;
    const write = fact as unknown as WriteFact;
    // A new leader tells again what it found in its log.
    if (write.zxid < last.zxid || (write.zxid === last.zxid && write.nth <= last.nth)) continue;
    last = { zxid: write.zxid, nth: write.nth };
    if (op === "delete" && write.reason === "session-ended") continue;
    const by = authorOf(op === "createSession" || op === "closeSession" ? write.owner : write.by);
    if (op === "createSession" || op === "closeSession") writes.push({ t: toMs(at), op, by });
    else if (op === "delete") writes.push({ t: toMs(at), op, by, path: write.path });
    else {
      const data = write.data === null || write.data === undefined ? null : JSON.stringify(write.data);
      writes.push({
        t: toMs(at),
        op,
        by,
        path: write.path,
        data,
        version: write.version ?? 0,
        ephemeral: write.ephemeral ?? false,
      });
    }
  }
  return writes;
}

function authorOf(owner: string | null): string {
  return owner === null || owner === OBSERVER ? "other" : owner;
}

/** A look at these partitions, as the recorder's observer took it: znodes, and every broker's directories. */
export function snapshotOf(world: World, label: string, partitions: readonly string[]): Snapshot {
  const tree = committedTree(world);
  const controller = controllerNow(world);
  return {
    t: toMs(world.time),
    label,
    controller: controller === null ? null : { id: Number(controller.slice(1)), epoch: controllerEpochNow(world) },
    registered: registeredNow(world),
    partitions: Object.fromEntries(
      partitions.map((name) => {
        const state = partitionZnode(world, name, tree);
        const replicas: Record<string, ReplicaSnapshot> = {};
        for (const actor of actorsOfKind(world, "broker")) {
          const held = replicaOf(world, actor.id, name);
          if (held !== null) replicas[actor.id.slice(1)] = held;
        }
        const znode =
          state === null
            ? null
            : {
                leader: state.leader,
                leader_epoch: state.leaderEpoch,
                controller_epoch: state.controllerEpoch,
                isr: [...state.isr],
                version: state.version,
              };
        return [name, { state: znode, replicas }];
      }),
    ),
  };
}

function replicaOf(world: World, broker: string, name: string): ReplicaSnapshot | null {
  const log = logOn(world, broker, name);
  if (log === null) return null;
  const records: string[] = [];
  const recordEpochs: (number | null)[] = [];
  for (const batch of batchesOf(log)) {
    batch.records.forEach((record, index) => {
      const offset = batch.baseOffset + index;
      if (offset < log.logStartOffset) return;
      records.push(`${offset}:${record.value}`);
      recordEpochs.push(batch.partitionLeaderEpoch);
    });
  }
  return { log: records, recordEpochs, epochCache: log.epochs.map(({ epoch, startOffset }) => [epoch, startOffset]) };
}
