/** Sets of records, read from the ledger; and the other things that `count` counts. */
import { assertNever } from "../../engine/assert.ts";
import { assignmentNow, coordinatorNow, leaderNow, partitionZnode, registeredNow } from "../../kafka/readings.ts";
import { assignedTo, groupMembers, groupsNow, replicasOf } from "../../kafka/readings-groups.ts";
import { recordOf, recordsOf } from "../../observers/ledger-records.ts";
import { copiesNow, isLost, recordsIn } from "../../observers/ledger-sets.ts";
import type { LedgerRecord, RecordSetName } from "../../observers/ledger-state.ts";
import type { CountNode, SetNode } from "./plan.ts";
import type { Source } from "./state.ts";

/** Variables of the quantifiers around, by name. */
export type Binding = Readonly<Record<string, string>>;

/** A name of the file, or what its variable stands for. */
export function named(name: string, binding: Binding): string {
  return name.startsWith("$") ? (binding[name.slice(1)] ?? name) : name;
}

/** Records of a set, in the order they were sent. */
export function recordsOfSet(set: SetNode, source: Source, binding: Binding): readonly LedgerRecord[] {
  switch (set.kind) {
    case "named":
      return recordsIn(set.set as RecordSetName, source.ledger, source.world);
    case "consumedBy": {
      const consumer = named(set.consumer, binding);
      return [...recordsOf(source.ledger)].filter((record) => record.readings.some((one) => one.consumer === consumer));
    }
    case "both": {
      const [first, ...others] = set.of.map((one) => recordsOfSet(one, source, binding));
      return (first ?? []).filter((record) => others.every((other) => has(other, record)));
    }
    case "either": {
      const wanted = new Set(set.of.flatMap((one) => recordsOfSet(one, source, binding).map(({ tag }) => tag)));
      return [...recordsOf(source.ledger)].filter(({ tag }) => wanted.has(tag));
    }
    case "minus": {
      const [first, ...others] = set.of.map((one) => recordsOfSet(one, source, binding));
      return (first ?? []).filter((record) => !others.some((other) => has(other, record)));
    }
    case "only":
      return only(set, source, binding);
    default:
      return assertNever(set);
  }
}

function has(list: readonly LedgerRecord[], record: LedgerRecord): boolean {
  return list.some(({ tag }) => tag === record.tag);
}

function only(set: SetNode & { kind: "only" }, source: Source, binding: Binding): readonly LedgerRecord[] {
  const producer = set.producer === null ? null : named(set.producer, binding);
  const key = set.key === null ? null : named(set.key, binding);
  const partition = set.partition === null ? null : named(set.partition, binding);
  // A moment that has not come yet: nothing is after it, and everything before it.
  const from = set.from === null ? 0 : (source.state.moments[set.from] ?? Number.MAX_SAFE_INTEGER);
  const until = set.until === null ? null : (source.state.moments[set.until] ?? null);
  const base = baseOf(set.of);
  return recordsOfSet(set.of, source, binding).filter((record) => {
    if (producer !== null && record.producer !== producer) return false;
    if (key !== null && record.key !== key) return false;
    if (partition !== null && !partitionsOf(record).includes(partition)) return false;
    const at = enteredAt(record, base);
    return at >= from && (until === null || at < until);
  });
}

/** The named set that the bounds of `only` speak of. */
function baseOf(set: SetNode): string {
  if (set.kind === "named") return set.set;
  if (set.kind === "consumedBy") return "consumed";
  const first = set.kind === "only" ? set.of : set.of[0];
  return first === undefined ? "sent" : baseOf(first);
}

/** When the record came into a set; for sets without such a moment, when it was sent. */
function enteredAt(record: LedgerRecord, set: string): number {
  const decided =
    set === "acked"
      ? record.acked
      : set === "assumed"
        ? record.assumed
        : set === "failed"
          ? record.failed
          : set === "committed"
            ? record.committed
            : set === "consumed"
              ? record.readings[0]?.decided
              : set === "lost" && isLost(record)
                ? record.lost
                : null;
  return decided?.at ?? record.sent.at;
}

function partitionsOf(record: LedgerRecord): string[] {
  const all = record.placements.map(({ topicPartition }) => topicPartition as string);
  if (record.acked !== null) all.push(record.acked.topicPartition);
  return [...new Set(all)];
}

/** Values of the keys that were sent, in order of first use. */
export function keysSent(source: Source): string[] {
  return [...new Set([...recordsOf(source.ledger)].map(({ key }) => key).filter((key) => key !== null))];
}

/** The record that the file calls `3`, `p1:3`, or by a variable. */
export function recordNamed(name: string, source: Source): LedgerRecord | null {
  return recordOf(source.ledger, tagOf(name, source.plan.producers)) ?? null;
}

/** `3` → `p1:3`, where p1 is the first producer of the file. */
export function tagOf(written: string | number, producers: readonly string[]): string {
  const text = String(written);
  return text.includes(":") ? text : `${producers[0] ?? "p1"}:${text}`;
}

/** How many there are. */
export function countOf(count: CountNode, source: Source, binding: Binding): number | null {
  const { world } = source;
  if (count.kind === "set") return recordsOfSet(count.set, source, binding).length;
  if (count.kind === "facts") return source.state.counts[count.pattern] ?? 0;
  const name = named(count.name, binding);
  switch (count.kind) {
    case "isr":
      return partitionZnode(world, name)?.isr.length ?? null;
    case "replicas":
      return replicasOf(world, name)?.length ?? null;
    case "members":
      return groupMembers(world, name)?.length ?? (coordinatorNow(world, name) === null ? null : 0);
    case "assigned":
      return assignedTo(world, name)?.length ?? 0;
    case "leadersOn":
      return assignmentNow(world).filter(({ topicPartition }) => {
        return !topicPartition.startsWith("__") && leaderNow(world, topicPartition) === name;
      }).length;
    case "live":
      return name === "brokers"
        ? registeredNow(world).length
        : Object.values(world.actors).filter((actor) => actor.kind === "zookeeper" && actor.process === "running")
            .length;
    case "partitionsOf":
      return new Set([...recordsOf(source.ledger)].filter((one) => one.key === name).flatMap(partitionsOf)).size;
    case "readersOf":
      return new Set(recordNamed(name, source)?.readings.map(({ consumer }) => consumer)).size;
    case "copiesOf": {
      const record = recordNamed(name, source);
      return record === null ? null : copiesNow(record, world).length;
    }
    case "groups":
      return groupsNow(world).length;
    default:
      return assertNever(count);
  }
}
