/**
 * Which acknowledged records are lost: looked up again, in what lies on the disks, whenever a leader or a log has changed.
 *
 * What every replica's log holds in common cannot be lost by an election. Records that lay there when they were looked at are
 * settled, and are passed over until one of those logs has become shorter. That keeps a look cheap however long the run is.
 */
import { type Chunked, itemAt, itemsOf, lengthOf } from "../engine/chunked.ts";
import { countWhile } from "../engine/search.ts";
import { freeze } from "../engine/snapshot.ts";
import type { ActorId, World } from "../engine/types.ts";
import type { PartitionLog } from "../kafka/log/state.ts";
import { brokerActor, type TopicPartition } from "../kafka/protocol/ids.ts";
import { batchIn, logOn, logsOf, partitionZnode } from "../kafka/readings.ts";
import { change, recordOf } from "./ledger-records.ts";
import type { Decided, LedgerRecord, LedgerState, Settled } from "./ledger-state.ts";

/** Records of a partition that come in before they are looked at without an occasion. */
const LOOK_EVERY = 256;

const NOTHING_SETTLED: Settled = Object.freeze({
  placed: 0,
  batches: 0,
  end: 0,
  logs: 0,
  start: 0,
  lookAgainAt: LOOK_EVERY,
});

/** Where the copies of a partition's records lie. */
interface Copies {
  readonly topicPartition: TopicPartition;
  /** The log of the leader; while there is none, those of the ISR, of which a clean election may choose any. */
  readonly leading: readonly PartitionLog[];
  readonly all: readonly PartitionLog[];
}

/** Looks again at every record that the partition ever held and that is not settled: is it still where a leader can have it? */
export function checkAll(
  state: LedgerState,
  topicPartition: TopicPartition,
  now: Decided,
  world: World,
  by: ActorId | null,
): void {
  const placed = state.placed[topicPartition];
  if (placed === undefined) return;
  const copies = copiesOf(topicPartition, world);
  const common = commonTo(copies, state.settled[topicPartition] ?? NOTHING_SETTLED);
  const length = lengthOf(placed);
  // A cut may have unsettled some.
  let settled = common.placed;
  while (settled > 0 && !isSettled(recordAt(state, placed, settled - 1), topicPartition, common.end)) settled -= 1;
  // What all logs have in common lies in the leader's or in none.
  const safeCopies = copies.leading.length === 0 ? copies : { ...copies, all: [] };
  let inRow = true;
  for (let n = settled; n < length; n += 1) {
    const record = recordAt(state, placed, n);
    if (record === undefined) continue;
    const isSafe = isSettled(record, topicPartition, common.end);
    updateLost(state, record, isSafe ? safeCopies : copies, now, by);
    inRow &&= isSafe;
    if (inRow) settled = n + 1;
  }
  const lookAgainAt = settled + Math.max(LOOK_EVERY, 2 * (length - settled));
  state.settled[topicPartition] = Object.freeze({ ...common, placed: settled, lookAgainAt });
}

/** Looks at records that came in since the last look, so that the next election finds few that are not settled. */
export function settleNew(state: LedgerState, topicPartition: TopicPartition, now: Decided, world: World): void {
  const placed = state.placed[topicPartition];
  if (placed === undefined) return;
  const { lookAgainAt } = state.settled[topicPartition] ?? NOTHING_SETTLED;
  if (lengthOf(placed) >= lookAgainAt) checkAll(state, topicPartition, now, world, null);
}

/** Looks again at one record. */
export function checkOne(state: LedgerState, tag: string | undefined, now: Decided, world: World): void {
  if (tag === undefined) return;
  const record = recordOf(state, tag);
  const topicPartition = record?.acked?.topicPartition;
  // What the present leader appended is in its log: nothing to look for. A leader of the past may acknowledge too.
  if (topicPartition !== undefined && record?.placements.at(-1)?.broker === state.leaders[topicPartition]) return;
  if (record !== undefined && topicPartition !== undefined)
    updateLost(state, record, copiesOf(topicPartition, world), now, null);
}

function updateLost(state: LedgerState, record: LedgerRecord, copies: Copies, now: Decided, by: ActorId | null): void {
  if (record.acked === null && record.assumed === null) return;
  const where = whereIs(record, copies);
  if (
    (where === "leader") === (record.lost === null) &&
    !(where === "nowhere" && record.lost?.reason === "leader-lacks-it")
  )
    return;
  state.counts.lost += where === "leader" ? -1 : record.lost === null ? 1 : 0;
  const lost =
    where === "leader"
      ? null
      : freeze({ ...now, reason: where === "nowhere" ? ("cut-off" as const) : ("leader-lacks-it" as const), by });
  change(state, record.tag, (known) => {
    known.lost = lost;
  });
}

function copiesOf(topicPartition: TopicPartition, world: World): Copies {
  const znode = partitionZnode(world, topicPartition);
  const leaders = znode === null ? [] : znode.leader >= 0 ? [znode.leader] : znode.isr;
  return {
    topicPartition,
    leading: leaders.map((id) => logOn(world, brokerActor(id), topicPartition)).filter((log) => log !== null),
    all: Object.values(world.actors).flatMap((actor) => logsOf(actor)[topicPartition] ?? []),
  };
}

function whereIs(record: LedgerRecord, { topicPartition, leading, all }: Copies): "leader" | "elsewhere" | "nowhere" {
  if (leading.some((log) => holds(log, topicPartition, record))) return "leader";
  return all.some((log) => holds(log, topicPartition, record)) ? "elsewhere" : "nowhere";
}

function holds(log: PartitionLog, topicPartition: TopicPartition, record: LedgerRecord): boolean {
  for (const placement of record.placements)
    if (placement.topicPartition === topicPartition && holdsAt(log, placement.offset, record.tag)) return true;
  return false;
}

/** Whether a log holds the record `tag` at `offset`. */
export function holdsAt(log: PartitionLog, offset: number, tag: string): boolean {
  if (offset < log.logStartOffset) return false;
  const batch = batchIn(log, offset);
  return batch !== null && batch.baseOffset <= offset && batch.records[offset - batch.baseOffset]?.tag === tag;
}

/**
 * What all logs hold in common: at least what was settled, unless one of them has been cut into that since, at either end. Every
 * cut is followed by a look, so none is overlooked.
 */
function commonTo({ all }: Copies, before: Settled): Settled {
  const [first, ...others] = all;
  const start = all.reduce((most, log) => Math.max(most, log.logStartOffset), 0);
  if (first === undefined || all.length !== before.logs || start !== before.start)
    return { ...NOTHING_SETTLED, logs: all.length, start };
  const shortest = all.reduce((least, log) => Math.min(least, log.logEndOffset), before.end);
  let batches = before.batches;
  if (shortest < before.end)
    batches = countWhile(batches, (n) => (itemAt(first.batches, n)?.lastOffset ?? shortest) < shortest);
  let end = shortest;
  for (const batch of itemsOf(first.batches, batches)) {
    // Followers keep the very batch that they fetched.
    if (!others.every((log) => itemAt(log.batches, batches) === batch)) break;
    batches += 1;
    end = batch.lastOffset + 1;
  }
  return { ...before, batches, end };
}

function recordAt(state: LedgerState, placed: Chunked<string>, index: number): LedgerRecord | undefined {
  const tag = itemAt(placed, index);
  return tag === undefined ? undefined : recordOf(state, tag);
}

/** Whether all that was ever written of a record lies below `end`, and its sender has had an answer. */
function isSettled(record: LedgerRecord | undefined, topicPartition: TopicPartition, end: number): boolean {
  if (record === undefined || (record.acked === null && record.assumed === null)) return false;
  return record.placements.every((one) => one.topicPartition === topicPartition && one.offset < end);
}
