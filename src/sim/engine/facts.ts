/** The facts of a run: kept packed, made anew whenever one is asked for. */
import { must } from "./assert.ts";
import { PackedList } from "./packed.ts";
import { countWhile } from "./search.ts";
import type { Fact, SimTime } from "./types.ts";

/** One fact with its place in the run. */
export interface FactEntry {
  readonly entry: number;
  readonly at: SimTime;
  readonly actor: string;
  readonly fact: Fact;
}

/** When an entry happened, and whose handler ran. */
export interface EntryPlaces {
  at(entry: number): SimTime;
  actorOf(entry: number): string;
}

const BLOCK = 4096;

/** In the order they were noted. Two reads of the same fact are equal, and not the same object. */
export class Facts implements Iterable<FactEntry> {
  /** Entry of each fact, in blocks; the last one is being filled. */
  private entries: Int32Array[] = [];
  private packed = new PackedList();
  private readonly places: EntryPlaces;

  constructor(places: EntryPlaces) {
    this.places = places;
  }

  get length(): number {
    return this.packed.length;
  }

  /** How much they say, bytes. */
  get size(): number {
    return this.packed.size;
  }

  append(entry: number, fact: Fact): void {
    const place = this.length % BLOCK;
    if (place === 0) this.entries.push(new Int32Array(BLOCK));
    (this.entries[this.entries.length - 1] as Int32Array)[place] = entry;
    this.packed.append(fact);
  }

  /** The fact at `index`; undefined outside. */
  at(index: number): FactEntry | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const entry = this.entryAt(index);
    const fact = this.packed.at(index) as Fact;
    return { entry, at: this.places.at(entry), actor: this.places.actorOf(entry), fact };
  }

  *[Symbol.iterator](): Generator<FactEntry> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index) as FactEntry;
  }

  /** Those at `index` and behind. */
  from(index: number): FactEntry[] {
    return Array.from({ length: Math.max(0, this.length - index) }, (_, n) => this.at(index + n) as FactEntry);
  }

  /** Index of the first fact whose entry is `>= entry`. O(log n). */
  firstOf(entry: number): number {
    return countWhile(this.length, (index) => this.entryAt(index) < entry);
  }

  /** The facts of one entry. */
  of(entry: number): readonly FactEntry[] {
    const found: FactEntry[] = [];
    for (let index = this.firstOf(entry); index < this.length && this.entryAt(index) === entry; index += 1)
      found.push(this.at(index) as FactEntry);
    return found;
  }

  /** Those of the first `entries` entries, for a trace that shares them. */
  prefix(entries: number, places: EntryPlaces): Facts {
    const copy = new Facts(places);
    const length = this.firstOf(entries);
    copy.packed = this.packed.prefix(length);
    copy.entries = this.entries.slice(0, Math.ceil(length / BLOCK));
    const last = copy.entries.pop();
    // A block that is not full goes on differently in each list.
    if (last !== undefined) copy.entries.push(last.slice());
    return copy;
  }

  private entryAt(index: number): number {
    return must(this.entries[Math.floor(index / BLOCK)], "block of facts")[index % BLOCK] as number;
  }
}
