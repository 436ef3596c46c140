/** The facts of a run: kept packed, made anew whenever one is asked for. */
import { PackedList, widened } from "./packed.ts";
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

/** In the order they were noted. Two reads of the same fact are equal, and not the same object. */
export class Facts implements Iterable<FactEntry> {
  private entries = new Int32Array(64);
  private packed = new PackedList();
  private readonly places: EntryPlaces;

  constructor(places: EntryPlaces) {
    this.places = places;
  }

  get length(): number {
    return this.packed.length;
  }

  append(entry: number, fact: Fact): void {
    const index = this.packed.length;
    if (index === this.entries.length) this.entries = widened(this.entries);
    this.entries[index] = entry;
    this.packed.append(fact);
  }

  /** The fact at `index`; undefined outside. */
  at(index: number): FactEntry | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const entry = this.entries[index] as number;
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
    return countWhile(this.length, (index) => (this.entries[index] as number) < entry);
  }

  /** The facts of one entry. */
  of(entry: number): readonly FactEntry[] {
    const found: FactEntry[] = [];
    for (let index = this.firstOf(entry); this.entries[index] === entry && index < this.length; index += 1)
      found.push(this.at(index) as FactEntry);
    return found;
  }

  /** Those of the first `entries` entries, for a trace that shares them. */
  prefix(entries: number, places: EntryPlaces): Facts {
    const copy = new Facts(places);
    const length = this.firstOf(entries);
    copy.packed = this.packed.prefix(length);
    copy.entries = this.entries.slice(0, Math.max(64, length));
    return copy;
  }
}
