/**
 * The trace: what happened, in append-only columns, with the facts packed beside them.
 *
 * An entry says when, which event, why, who and what kind. Its whole (payload, what it scheduled) comes back by re-executing
 * it. The hash rolls over the columns and the kinds of the facts; the value at an entry covers the run up to and with it.
 */
import { type FactEntry, Facts } from "./facts.ts";
import { widened } from "./packed.ts";
import { countWhile } from "./search.ts";
import { hex64 } from "./snapshot.ts";
import type { Cause, Fact, SimTime, Step } from "./types.ts";

interface Columns {
  at: Float64Array;
  id: Int32Array;
  cause: Int32Array;
  actor: Uint16Array;
  kind: Uint16Array;
  hashA: Int32Array;
  hashB: Int32Array;
}

/** One line of the trace. */
export interface TraceEntry {
  readonly entry: number;
  readonly at: SimTime;
  readonly id: number;
  readonly cause: Cause | null;
  readonly actor: string;
  readonly kind: string;
}

/** Stands in the cause column for an input, which nothing caused. */
const NO_CAUSE = -2147483648;

const HASH_START_A = 0x2f6e2b1 | 0;
const HASH_START_B = 0x5bd1e995 | 0;

export class Trace {
  length = 0;
  facts = new Facts(this);
  private columns: Columns = allocate(1024);
  private readonly names: string[] = [];
  private readonly nameHashes: number[] = [];
  private readonly nameIndex = new Map<string, number>();

  /** Appends one step; `step.entry` must be the next index. */
  append(step: Step): void {
    const n = this.length;
    if (n === this.columns.at.length) this.columns = grow(this.columns);
    const c = this.columns;
    const actor = this.intern(step.actor);
    const kind = this.intern(step.kind);
    c.at[n] = step.at;
    c.id[n] = step.id;
    c.cause[n] = step.cause ?? NO_CAUSE;
    c.actor[n] = actor;
    c.kind[n] = kind;
    let a = n === 0 ? HASH_START_A : (c.hashA[n - 1] as number);
    let b = n === 0 ? HASH_START_B : (c.hashB[n - 1] as number);
    const low = step.at | 0;
    const high = (step.at / 4294967296) | 0;
    const names = (this.nameHashes[actor] as number) + Math.imul(this.nameHashes[kind] as number, 31);
    a = mix(mix(mix(a, low ^ high), step.id), names);
    b = mix(mix(b, low + step.id), names ^ (step.cause ?? NO_CAUSE));
    const facts = step.facts;
    for (let i = 0; i < facts.length; i += 1) {
      const fact = facts[i] as Fact;
      this.facts.append(n, fact);
      a = mix(a, this.nameHashes[this.intern(fact.kind)] as number);
    }
    c.hashA[n] = a;
    c.hashB[n] = b;
    this.length = n + 1;
  }

  at(entry: number): SimTime {
    return this.columns.at[entry] as number;
  }

  /** The actor whose handler ran; empty for inputs and for events of the environment. */
  actorOf(entry: number): string {
    return this.names[this.columns.actor[entry] as number] as string;
  }

  entry(entry: number): TraceEntry {
    const c = this.columns;
    const cause = c.cause[entry] as number;
    return {
      entry,
      at: c.at[entry] as number,
      id: c.id[entry] as number,
      cause: cause === NO_CAUSE ? null : cause,
      actor: this.actorOf(entry),
      kind: this.names[c.kind[entry] as number] as string,
    };
  }

  /** Hash of the first `length` entries, 16 hex digits. */
  hash(length = this.length): string {
    if (length === 0) return hex64(HASH_START_A, HASH_START_B);
    return hex64(this.columns.hashA[length - 1] as number, this.columns.hashB[length - 1] as number);
  }

  /** Number of entries with `at <= time`. O(log n). */
  countUntil(time: SimTime): number {
    return countWhile(this.length, (index) => (this.columns.at[index] as number) <= time);
  }

  /** The facts of one entry. */
  factsOf(entry: number): readonly FactEntry[] {
    return this.facts.of(entry);
  }

  /** The entry of an event id or input (`-(n + 1)`), at or before `before`; -1 if it is not in the trace. */
  findEvent(id: number, before = this.length - 1): number {
    for (let n = Math.min(before, this.length - 1); n >= 0; n -= 1) if (this.columns.id[n] === id) return n;
    return -1;
  }

  /** A trace of its own with the first `length` entries; those of `this` stay as they are. */
  prefix(length: number): Trace {
    const copy = new Trace();
    copy.length = length;
    const c = this.columns;
    copy.columns = allocate(Math.max(1024, length));
    for (const name of Object.keys(c) as (keyof Columns)[]) copy.columns[name].set(c[name].subarray(0, length));
    for (const name of this.names) copy.intern(name);
    copy.facts = this.facts.prefix(length, copy);
    return copy;
  }

  private intern(name: string): number {
    let index = this.nameIndex.get(name);
    if (index === undefined) {
      index = this.names.length;
      this.names.push(name);
      this.nameHashes.push(hashName(name));
      this.nameIndex.set(name, index);
    }
    return index;
  }
}

function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b);
  h ^= h >>> 13;
  return Math.imul(h, 0xc2b2ae35) ^ (h >>> 16);
}

function hashName(name: string): number {
  let h = 17;
  for (let i = 0; i < name.length; i += 1) h = (Math.imul(h, 31) + name.charCodeAt(i)) | 0;
  return h;
}

function allocate(size: number): Columns {
  return {
    at: new Float64Array(size),
    id: new Int32Array(size),
    cause: new Int32Array(size),
    actor: new Uint16Array(size),
    kind: new Uint16Array(size),
    hashA: new Int32Array(size),
    hashB: new Int32Array(size),
  };
}

function grow(columns: Columns): Columns {
  const { at, id, cause, actor, kind, hashA, hashB } = columns;
  return {
    at: widened(at),
    id: widened(id),
    cause: widened(cause),
    actor: widened(actor),
    kind: widened(kind),
    hashA: widened(hashA),
    hashB: widened(hashB),
  };
}
