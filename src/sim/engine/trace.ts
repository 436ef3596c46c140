/**
 * The trace: what happened, in append-only columns, with the facts packed beside them.
 *
 * An entry says when, which event, why, who and what kind. Its whole (payload, what it scheduled) comes back by re-executing
 * it. The hash rolls over the columns and the kinds of the facts; the value at an entry covers the run up to and with it.
 */
import { must } from "./assert.ts";
import { type FactEntry, Facts } from "./facts.ts";
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

/** Entries of one block. */
const BLOCK = 4096;

/** Stands in the cause column for an input, which nothing caused. */
const NO_CAUSE = -2147483648;

const HASH_START_A = 0x2f6e2b1 | 0;
const HASH_START_B = 0x5bd1e995 | 0;

export class Trace {
  length = 0;
  facts = new Facts(this);
  /** Blocks of {@link BLOCK} entries; the last one is being filled. */
  private blocks: Columns[] = [];
  private readonly names: string[] = [];
  private readonly nameHashes: number[] = [];
  private readonly nameIndex = new Map<string, number>();

  /** Appends one step; `step.entry` must be the next index. */
  append(step: Step): void {
    const n = this.length;
    const place = n % BLOCK;
    let a = n === 0 ? HASH_START_A : this.hashA(n - 1);
    let b = n === 0 ? HASH_START_B : this.hashB(n - 1);
    if (place === 0) this.blocks.push(allocate());
    const c = this.blocks[this.blocks.length - 1] as Columns;
    const actor = this.intern(step.actor);
    const kind = this.intern(step.kind);
    c.at[place] = step.at;
    c.id[place] = step.id;
    c.cause[place] = step.cause ?? NO_CAUSE;
    c.actor[place] = actor;
    c.kind[place] = kind;
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
    c.hashA[place] = a;
    c.hashB[place] = b;
    this.length = n + 1;
  }

  at(entry: number): SimTime {
    return this.block(entry).at[entry % BLOCK] as number;
  }

  /** The actor whose handler ran; empty for inputs and for events of the environment. */
  actorOf(entry: number): string {
    return this.names[this.block(entry).actor[entry % BLOCK] as number] as string;
  }

  entry(entry: number): TraceEntry {
    const c = this.block(entry);
    const place = entry % BLOCK;
    const cause = c.cause[place] as number;
    return {
      entry,
      at: c.at[place] as number,
      id: c.id[place] as number,
      cause: cause === NO_CAUSE ? null : cause,
      actor: this.actorOf(entry),
      kind: this.names[c.kind[place] as number] as string,
    };
  }

  /** Hash of the first `length` entries, 16 hex digits. */
  hash(length = this.length): string {
    if (length === 0) return hex64(HASH_START_A, HASH_START_B);
    return hex64(this.hashA(length - 1), this.hashB(length - 1));
  }

  /** Number of entries with `at <= time`. O(log n). */
  countUntil(time: SimTime): number {
    return countWhile(this.length, (index) => this.at(index) <= time);
  }

  /** The facts of one entry. */
  factsOf(entry: number): readonly FactEntry[] {
    return this.facts.of(entry);
  }

  /** The entry of an event id or input (`-(n + 1)`), at or before `before`; -1 if it is not in the trace. */
  findEvent(id: number, before = this.length - 1): number {
    for (let n = Math.min(before, this.length - 1); n >= 0; n -= 1) if (this.block(n).id[n % BLOCK] === id) return n;
    return -1;
  }

  /** A trace of its own with the first `length` entries; full blocks are shared, those of `this` stay as they are. */
  prefix(length: number): Trace {
    const copy = new Trace();
    copy.length = length;
    copy.blocks = this.blocks.slice(0, Math.ceil(length / BLOCK));
    const last = copy.blocks.pop();
    // A block that is not full goes on differently in each trace.
    if (last !== undefined) copy.blocks.push(copyOf(last));
    for (const name of this.names) copy.intern(name);
    copy.facts = this.facts.prefix(length, copy);
    return copy;
  }

  private block(entry: number): Columns {
    return must(this.blocks[Math.floor(entry / BLOCK)], "block of the trace");
  }

  private hashA(entry: number): number {
    return this.block(entry).hashA[entry % BLOCK] as number;
  }

  private hashB(entry: number): number {
    return this.block(entry).hashB[entry % BLOCK] as number;
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

function allocate(): Columns {
  return {
    at: new Float64Array(BLOCK),
    id: new Int32Array(BLOCK),
    cause: new Int32Array(BLOCK),
    actor: new Uint16Array(BLOCK),
    kind: new Uint16Array(BLOCK),
    hashA: new Int32Array(BLOCK),
    hashB: new Int32Array(BLOCK),
  };
}

function copyOf({ at, id, cause, actor, kind, hashA, hashB }: Columns): Columns {
  return {
    at: at.slice(),
    id: id.slice(),
    cause: cause.slice(),
    actor: actor.slice(),
    kind: kind.slice(),
    hashA: hashA.slice(),
    hashB: hashB.slice(),
  };
}
