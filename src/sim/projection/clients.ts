/** Producers, consumers and groups at one moment, as plain data for the screen. */
import { itemAt, lengthOf } from "../engine/chunked.ts";
import type { ActorId, World } from "../engine/types.ts";
import type { ConsumerState } from "../kafka/consumer/state.ts";
import type { GroupState } from "../kafka/group/states.ts";
import type { ProducerState } from "../kafka/producer/state.ts";
import { actorsOfKind, assignmentNow, coordinatorNow } from "../kafka/readings.ts";
import { groupsNow } from "../kafka/readings-groups.ts";
import type { ConsumerActorConfig, ProducerActorConfig } from "../kafka/types.ts";
import type { LedgerRecord, LedgerState } from "../observers/ledger-state.ts";
import { type ProcessNow, processOf } from "./cluster.ts";

export interface ProducerNow {
  readonly kind: "producer";
  readonly id: ActorId;
  readonly host: string;
  readonly process: ProcessNow;
  /** As configured: "0", "1", "all". */
  readonly acks: string;
  /** Records handed to send() that have no outcome yet. */
  readonly waiting: number;
  /** Of these, records on their way or without an answer. */
  readonly inFlight: number;
  /** The record whose acknowledgement came last; null: none yet. */
  readonly lastAcked: LedgerRecord | null;
  /** The first record that waits; null: none. */
  readonly firstWaiting: LedgerRecord | null;
}

export interface ConsumerNow {
  readonly kind: "consumer";
  readonly id: ActorId;
  readonly host: string;
  readonly process: ProcessNow;
  readonly group: string | null;
  readonly memberState: string | null;
  readonly assignment: readonly string[];
  /** By topic partition; null: not known yet. */
  readonly positions: Readonly<Record<string, number | null>>;
  /** Whether a Fetch of it waits for its answer. */
  readonly isFetching: boolean;
}

export interface GroupNow {
  readonly id: string;
  readonly coordinator: ActorId | null;
  readonly state: GroupState;
  readonly generation: number;
  readonly members: readonly {
    readonly actor: ActorId;
    readonly sessionEndsAt: number | null;
    readonly timeoutMs: number;
  }[];
  /** Topic partition → member's actor. */
  readonly owners: Readonly<Record<string, ActorId>>;
  /** Committed offsets by topic partition. */
  readonly committed: Readonly<Record<string, number>>;
}

export function producersNow(world: World, ledger: LedgerState | undefined): ProducerNow[] {
  return actorsOfKind(world, "producer").map((actor) => {
    const state = sectionIn<ProducerState>(actor.memory, "producer");
    const batches = Object.values(state?.batches ?? {});
    const count = (some: typeof batches) => some.reduce((sum, { records }) => sum + records.length, 0);
    return {
      kind: "producer",
      id: actor.id,
      host: actor.host,
      process: processOf(actor),
      acks: String((actor.config as ProducerActorConfig).producer.acks),
      waiting: count(batches) + (state?.application.blocked == null ? 0 : 1),
      inFlight: count(batches.filter(({ isInFlight }) => isInFlight)),
      ...latestOf(ledger, actor.id),
    };
  });
}

export function consumersNow(world: World): ConsumerNow[] {
  return actorsOfKind(world, "consumer").map((actor) => {
    const state = sectionIn<ConsumerState>(actor.memory, "consumer");
    const group = (actor.config as ConsumerActorConfig).consumer.groupId;
    return {
      kind: "consumer",
      id: actor.id,
      host: actor.host,
      process: processOf(actor),
      group: state?.subscription.kind === "group" ? group : null,
      memberState: state?.subscription.kind === "group" ? state.group.state : null,
      assignment: state?.order ?? [],
      positions: Object.fromEntries(Object.entries(state?.positions ?? {}).map(([name, at]) => [name, at.position])),
      isFetching: Object.keys(state?.fetching ?? {}).length > 0,
    };
  });
}

export function groupViews(world: World): GroupNow[] {
  return groupsNow(world).map((group) => {
    const members = Object.values(group.members);
    return {
      id: group.groupId,
      coordinator: coordinatorNow(world, group.groupId),
      state: group.state,
      generation: group.generationId,
      members: members.map(({ actor, sessionDeadline, sessionTimeoutMs }) => ({
        actor,
        sessionEndsAt: sessionDeadline,
        timeoutMs: sessionTimeoutMs,
      })),
      owners: Object.fromEntries(members.flatMap(({ actor, assignment }) => assignment.map((name) => [name, actor]))),
      committed: Object.fromEntries(
        Object.entries(group.offsets).map(([name, { committedOffset }]) => [name, committedOffset]),
      ),
    };
  });
}

/** Partitions of the topics that a group reads, of which no member owns one. */
export function unownedOf(world: World, group: GroupNow): string[] {
  const topics = new Set(Object.keys({ ...group.owners, ...group.committed }).map((name) => name.replace(/-\d+$/, "")));
  return assignmentNow(world)
    .map(({ topicPartition }) => topicPartition as string)
    .filter((name) => topics.has(name.replace(/-\d+$/, "")) && group.owners[name] === undefined);
}

/** How far back it is looked for a record with an outcome. */
const mostLookedAt = 500;

function latestOf(ledger: LedgerState | undefined, producer: ActorId): Pick<ProducerNow, "lastAcked" | "firstWaiting"> {
  const records = ledger?.producers[producer]?.records;
  let firstWaiting: LedgerRecord | null = null;
  if (records === undefined) return { lastAcked: null, firstWaiting };
  const length = lengthOf(records);
  for (let n = length - 1; n >= Math.max(0, length - mostLookedAt); n -= 1) {
    const record = itemAt(records, n);
    if (record === undefined) break;
    if (record.acked !== null) return { lastAcked: record, firstWaiting };
    if (record.failed === null && record.assumed === null) firstWaiting = record;
  }
  return { lastAcked: null, firstWaiting };
}

function sectionIn<T>(memory: unknown, name: string): T | undefined {
  return memory === null ? undefined : ((memory as Record<string, unknown>)[name] as T | undefined);
}
