/**
 * The sets of the ledger (labs' vocabulary) at one moment, and one fate in words for each record.
 *
 * acked, assumed, failed, committed, consumed   as told or seen
 * lost         acked or assumed, and in no log that a leader has or may cleanly get
 * unknown      the producer saw an error, yet the record is in the leader's log
 * duplicated   more than once in the leader's log; the later copies
 * reordered    behind a record of the same key (without key: of the same partition) that was sent after it
 * reprocessed  processed more than once by one group; skipped: passed by a group that never processed it
 */
import type { ActorId, World } from "../engine/types.ts";
import { brokerActor, type TopicPartition } from "../kafka/protocol/ids.ts";
import { logOn, logsOf, partitionZnode } from "../kafka/readings.ts";
import { holdsAt } from "./ledger-lost.ts";
import { recordsOf } from "./ledger-records.ts";
import type { LedgerRecord, LedgerState, Placement, RecordSetName } from "./ledger-state.ts";

/** Records of a set, in the order they were sent. */
export function recordsIn(set: RecordSetName, state: LedgerState, world: World): LedgerRecord[] {
  const all = [...recordsOf(state)];
  switch (set) {
    case "sent":
      return all;
    case "acked":
      return all.filter((record) => record.acked !== null);
    case "assumed":
      return all.filter((record) => record.assumed !== null);
    case "failed":
      return all.filter((record) => record.failed !== null);
    case "committed":
      return all.filter((record) => record.committed !== null);
    case "consumed":
      return all.filter((record) => record.readings.length > 0);
    case "lost":
      return all.filter((record) => isLost(record));
    case "unknown":
      return all.filter((record) => record.failed !== null && inLeaderLog(record, world).length > 0);
    case "duplicated":
      return all.filter((record) => inLeaderLog(record, world).length > 1);
    case "businessDuplicate":
      return businessDuplicates(all, world);
    case "reordered":
      return reordered(all, world);
    case "reprocessed":
      return all.filter((record) => hasTwiceTheSameGroup(record));
    case "skipped":
      return skipped(all, world);
  }
}

/** acks=0 records that no log ever held are lost too. */
export function isLost(record: LedgerRecord): boolean {
  return record.lost !== null || (record.assumed !== null && record.placements.length === 0);
}

/** Where the record stands in the log of its partition's leader (of the ISR, while there is none). */
export function inLeaderLog(record: LedgerRecord, world: World): Placement[] {
  const found: Placement[] = [];
  for (const placement of record.placements) {
    const znode = partitionZnode(world, placement.topicPartition);
    const leaders = znode === null ? [] : znode.leader >= 0 ? [znode.leader] : znode.isr;
    if (found.some((other) => other.offset === placement.offset && other.topicPartition === placement.topicPartition))
      continue;
    const isThere = leaders.some((id) => {
      const log = logOn(world, brokerActor(id), placement.topicPartition);
      return log !== null && holdsAt(log, placement.offset, record.tag);
    });
    if (isThere) found.push(placement);
  }
  return found;
}

/** Brokers whose disks hold the record now, in id order. */
export function copiesNow(record: LedgerRecord, world: World): ActorId[] {
  return Object.values(world.actors)
    .filter((actor) =>
      record.placements.some(({ topicPartition, offset }) => {
        const log = logsOf(actor)[topicPartition];
        return log !== undefined && holdsAt(log, offset, record.tag);
      }),
    )
    .map((actor) => actor.id);
}

/** One fate in words, as the ledger's last column says it. */
export function fateOf(
  record: LedgerRecord,
  world: World,
): { readonly kind: "ok" | "waiting" | "lost" | "duplicate" | "unknown" | "failed"; readonly text: string } {
  const stored = inLeaderLog(record, world);
  const seconds = (at: number): string => (at / 1_000_000).toFixed(3);
  if (isLost(record)) {
    const told = record.acked !== null ? `acknowledged ${seconds(record.acked.at)}` : "taken for sent";
    if (record.lost === null) return { kind: "lost", text: `lost: ${told}, never stored` };
    const how =
      record.lost.reason === "cut-off"
        ? `cut off${record.lost.by === null ? "" : ` by ${record.lost.by}`}`
        : "the leader lacks it since";
    return { kind: "lost", text: `lost: ${told}, ${how} ${seconds(record.lost.at)}` };
  }
  if (stored.length > 1)
    return {
      kind: "duplicate",
      text: `stored ${stored.length} times, at ${stored.map((one) => one.offset).join(" and ")}`,
    };
  if (record.failed !== null) {
    return stored.length > 0
      ? { kind: "unknown", text: `unknown to its producer: ${record.failed.exception}, yet stored` }
      : { kind: "failed", text: `not stored: ${record.failed.exception}` };
  }
  if (record.acked === null && record.assumed === null)
    return { kind: "waiting", text: stored.length > 0 ? "stored, not yet acknowledged" : "on its way" };
  return { kind: "ok", text: record.committed === null ? "stored, not yet committed" : "ok" };
}

function hasTwiceTheSameGroup(record: LedgerRecord): boolean {
  return record.processed.some(
    (one, index) => record.processed.findIndex((other) => other.group === one.group) < index,
  );
}

/** Records of one value that an application sent again after an error: both stored. */
function businessDuplicates(all: readonly LedgerRecord[], world: World): LedgerRecord[] {
  const stored = all.filter((record) => record.value !== null && inLeaderLog(record, world).length > 0);
  const first = new Map<string, LedgerRecord>();
  return stored.filter((record) => {
    const name = `${record.topic} ${record.key} ${record.value}`;
    if (first.has(name)) return true;
    first.set(name, record);
    return false;
  });
}

function reordered(all: readonly LedgerRecord[], world: World): LedgerRecord[] {
  const lastOffset = new Map<string, number>();
  return all.filter((record) => {
    const place = inLeaderLog(record, world)[0];
    if (place === undefined) return false;
    const line = `${place.topicPartition} ${record.producer} ${record.key ?? ""}`;
    const before = lastOffset.get(line) ?? -1;
    lastOffset.set(line, Math.max(before, place.offset));
    return place.offset < before;
  });
}

/** Committed records that a group has gone past without processing them: never read, or committed before the work was done. */
function skipped(all: readonly LedgerRecord[], world: World): LedgerRecord[] {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  const groups = new Set<string>();
  for (const record of all) {
    for (const reading of record.processed) {
      const place = record.placements.find((one) => one.offset === reading.offset);
      const line = `${reading.group} ${place?.topicPartition ?? record.acked?.topicPartition}`;
      groups.add(reading.group);
      first.set(line, Math.min(first.get(line) ?? Number.MAX_SAFE_INTEGER, reading.offset));
      last.set(line, Math.max(last.get(line) ?? -1, reading.offset));
    }
  }
  return all.filter((record) => {
    const place = inLeaderLog(record, world)[0];
    if (place === undefined || record.committed === null) return false;
    return [...groups].some((group) => {
      const line = `${group} ${place.topicPartition as TopicPartition}`;
      const isBetween =
        place.offset > (first.get(line) ?? Number.MAX_SAFE_INTEGER) && place.offset < (last.get(line) ?? -1);
      return isBetween && !record.processed.some((reading) => reading.group === group);
    });
  });
}
