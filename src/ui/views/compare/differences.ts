/**
 * Where two runs with a common past differ, in facts. What happened on both sides is the same if it is the same fact of the same
 * actor, the n-th of its kind; it differs when only one side has it, or when one has it noticeably later.
 *
 * Simplified   counters that shift with everything before them (zxids, sessions, waits) do not make two facts differ.
 */
import { countWhile, type FactEntry, type Trace } from "../../../sim/index.ts";

export interface Difference {
  /** When the first of the two sides differs, µs. */
  readonly at: number;
  readonly left: FactEntry | null;
  readonly right: FactEntry | null;
}

/** How many entries two traces share from the start. By the rolling hash, O(log n). */
export function commonEntries(left: Trace, right: Trace): number {
  return countWhile(Math.min(left.length, right.length), (index) => left.hash(index + 1) === right.hash(index + 1));
}

/** Later by less than this is the same moment: everything shifts a little once the order of two messages changes. */
const tolerance = 100_000;

/** Every kind counts that decides something, and what clients are told. */
const TOLD = new Set(["record-acked", "record-assumed", "message-lost"]);

/**
 * Differences up to `until`, ascending by time. `isMinor` says which kinds come with every record. The first difference of all is
 * kept even if it is of such a kind.
 */
export function differencesOf(
  left: Trace,
  right: Trace,
  until: number,
  isMinor: (kind: string) => boolean,
): Difference[] {
  const common = commonEntries(left, right);
  const all = unlike(read(left, common, until), read(right, common, until));
  const isTold = (kind: string) => TOLD.has(kind) || !isMinor(kind);
  const first = all[0];
  return all.filter((one) => one === first || isTold((one.left ?? one.right)?.fact.kind ?? ""));
}

function read(trace: Trace, from: number, until: number): Map<string, FactEntry[]> {
  const found = new Map<string, FactEntry[]>();
  for (let n = trace.facts.firstOf(from); n < trace.facts.length; n += 1) {
    const entry = trace.facts.at(n) as FactEntry;
    if (entry.at > until) break;
    if (isInternal(entry)) continue;
    const key = keyOf(entry);
    const list = found.get(key);
    if (list === undefined) found.set(key, [entry]);
    else list.push(entry);
  }
  return found;
}

function unlike(left: Map<string, FactEntry[]>, right: Map<string, FactEntry[]>): Difference[] {
  const found: Difference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const a = left.get(key) ?? [];
    const b = right.get(key) ?? [];
    for (let n = 0; n < Math.max(a.length, b.length); n += 1) {
      const [one = null, other = null] = [a[n], b[n]];
      if (one !== null && other !== null && Math.abs(one.at - other.at) < tolerance) continue;
      const at = Math.min(one?.at ?? Number.POSITIVE_INFINITY, other?.at ?? Number.POSITIVE_INFINITY);
      found.push({ at, left: one, right: other });
    }
  }
  return found.sort((a, b) => a.at - b.at || entryOf(a) - entryOf(b));
}

function entryOf({ left, right }: Difference): number {
  return left?.entry ?? right?.entry ?? 0;
}

function isInternal({ fact }: FactEntry): boolean {
  const about = fact.topicPartition ?? fact.topic;
  return typeof about === "string" && about.startsWith("__");
}

/** Fields that say how long, how often or by which number, not what. */
const SHIFTING =
  /^(waited|took|evidence|deadline|lastHeardAt|lastHeartbeatAt|lastCaughtUp|waitsUntil|zxid|sessionId|timestamp|attempt|attempts|memberId|members|message|sizeBytes|partitionEpoch|correlationId|expiresAt|endsAt|since)$/;

const SAME_RECORD = new Set(["record-sent", "record-acked", "record-assumed", "send-failed"]);

function keyOf({ actor, fact }: FactEntry): string {
  if (SAME_RECORD.has(fact.kind)) return `${fact.kind} ${String(fact.tag)}`;
  return `${actor} ${JSON.stringify(fact, (name, value: unknown) => (SHIFTING.test(name) ? undefined : value))}`;
}
