/**
 * A list of plain data kept as bytes: a tenth of the room that objects take, and nothing for the garbage collector to walk.
 *
 * Every value becomes a byte that says what it is and what it needs besides. Strings and the names of a record's fields are kept
 * once; of a string that ends in a number (`orders-0`, `p1:20`) only what stands before the number is.
 */
import { must } from "./assert.ts";

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NATURAL = 3;
const NEGATIVE = 4;
const FRACTION = 5;
const TEXT = 6;
const NUMBERED_TEXT = 7;
const LIST = 8;
const RECORD = 9;
const ABSENT = 10;
/** From here on the byte itself holds a small natural number, or the place of one of the first strings. */
const SMALL_NATURAL = 0x40;
const EARLY_TEXT = 0x80;

/** The names of a record's fields, in order; found name by name from the empty one. */
interface Shape {
  readonly id: number;
  readonly names: readonly string[];
  readonly next: Map<string, Shape>;
}

/** Longest number taken off the end of a string: more digits may not be exact. */
const MOST_DIGITS = 15;

/** Values of one page. */
const PAGE = 256;

/** A full page: its bytes, and where in them each value begins. */
interface Page {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array | Uint16Array;
}

export class PackedList {
  private pages: Page[] = [];
  /** The page that is being filled, its first {@link end} bytes in use. */
  private bytes = new Uint8Array(1024);
  private readonly starts = new Uint32Array(PAGE);
  private end = 0;
  /** Bytes of the full pages. */
  private sealed = 0;
  private count = 0;
  private readonly texts: string[] = [];
  private readonly places = new Map<string, number>();
  private readonly shapes: Shape[] = [{ id: 0, names: [], next: new Map() }];

  get length(): number {
    return this.count;
  }

  /** Bytes in use for the values. O(1). */
  get size(): number {
    return this.sealed + this.end;
  }

  /** Appends a copy of `value`, which must be plain data. */
  append(value: unknown): void {
    this.starts[this.count % PAGE] = this.end;
    this.write(value);
    this.count += 1;
    if (this.count % PAGE !== 0) return;
    const starts = this.end > 0xffff ? this.starts.slice() : Uint16Array.from(this.starts);
    this.pages.push({ bytes: this.bytes.slice(0, this.end), starts });
    this.sealed += this.end;
    this.end = 0;
  }

  /** The value at `index` as a new frozen object; undefined outside. */
  at(index: number): unknown {
    if (index < 0 || index >= this.count) return undefined;
    const { bytes, starts } = this.page(Math.floor(index / PAGE));
    return new Reader(bytes, starts[index % PAGE] as number, this.texts, this.shapes).read();
  }

  /** A list of its own with the first `length` values; full pages are shared. */
  prefix(length: number): PackedList {
    const copy = new PackedList();
    const full = Math.floor(length / PAGE);
    copy.count = length;
    copy.pages = this.pages.slice(0, full);
    for (const page of copy.pages) copy.sealed += page.bytes.length;
    const { bytes, starts } = this.page(full);
    copy.bytes = bytes.slice();
    copy.starts.set(starts);
    copy.end = length < this.count ? (starts[length % PAGE] as number) : this.end;
    for (const text of this.texts) copy.placeOf(text);
    // Each comes after the shapes that it begins with, so all get the number that they have here.
    for (const { names } of this.shapes)
      names.reduce((shape, name) => copy.withName(shape, name), copy.shapes[0] as Shape);
    return copy;
  }

  private page(number: number): Page {
    return this.pages[number] ?? { bytes: this.bytes, starts: this.starts };
  }

  private write(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.writeNumber(value);
        break;
      case "string":
        this.writeText(value);
        break;
      case "boolean":
        this.writeByte(value ? TRUE : FALSE);
        break;
      case "undefined":
        this.writeByte(ABSENT);
        break;
      default:
        if (value === null) this.writeByte(NULL);
        else if (Array.isArray(value)) {
          this.writeByte(LIST);
          this.writeNatural(value.length);
          for (let i = 0; i < value.length; i += 1) this.write(value[i]);
        } else this.writeRecord(value as Record<string, unknown>);
    }
  }

  private writeRecord(record: Record<string, unknown>): void {
    let shape = this.shapes[0] as Shape;
    for (const name in record) shape = this.withName(shape, name);
    this.writeByte(RECORD);
    this.writeNatural(shape.id);
    for (const name in record) this.write(record[name]);
  }

  private writeNumber(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.writeByte(FRACTION);
      this.reserve(8);
      new DataView(this.bytes.buffer).setFloat64(this.end, value);
      this.end += 8;
    } else if (value >= 0 && value < EARLY_TEXT - SMALL_NATURAL) {
      this.writeByte(SMALL_NATURAL + value);
    } else {
      this.writeByte(value < 0 ? NEGATIVE : NATURAL);
      this.writeNatural(Math.abs(value));
    }
  }

  private writeText(text: string): void {
    const known = this.places.get(text);
    const digits = known === undefined ? numberAtEnd(text) : 0;
    if (digits > 0) {
      const number = text.length - digits;
      this.writeByte(NUMBERED_TEXT);
      this.writeNatural(this.placeOf(text.slice(0, number)));
      this.writeNatural(Number(text.slice(number)));
      return;
    }
    const place = known ?? this.placeOf(text);
    if (place < 0x100 - EARLY_TEXT) this.writeByte(EARLY_TEXT + place);
    else {
      this.writeByte(TEXT);
      this.writeNatural(place);
    }
  }

  /** Seven bits a byte, the lowest first. */
  private writeNatural(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.end] = (rest & 0x7f) | 0x80;
      this.end += 1;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.bytes[this.end] = rest;
    this.end += 1;
  }

  private writeByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.end] = byte;
    this.end += 1;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.bytes.length) return;
    const wider = new Uint8Array(2 * this.bytes.length);
    wider.set(this.bytes);
    this.bytes = wider;
  }

  private placeOf(text: string): number {
    let place = this.places.get(text);
    if (place === undefined) {
      place = this.texts.length;
      this.texts.push(text);
      this.places.set(text, place);
    }
    return place;
  }

  /** The shape with one name more. */
  private withName(shape: Shape, name: string): Shape {
    let longer = shape.next.get(name);
    if (longer === undefined) {
      longer = { id: this.shapes.length, names: [...shape.names, name], next: new Map() };
      this.shapes.push(longer);
      shape.next.set(name, longer);
    }
    return longer;
  }
}

/** Reads one value and all below it. */
class Reader {
  private readonly bytes: Uint8Array;
  private place: number;
  private readonly texts: readonly string[];
  private readonly shapes: readonly Shape[];

  constructor(bytes: Uint8Array, place: number, texts: readonly string[], shapes: readonly Shape[]) {
    this.bytes = bytes;
    this.place = place;
    this.texts = texts;
    this.shapes = shapes;
  }

  read(): unknown {
    const byte = this.byte();
    if (byte >= EARLY_TEXT) return this.texts[byte - EARLY_TEXT];
    if (byte >= SMALL_NATURAL) return byte - SMALL_NATURAL;
    switch (byte) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case NATURAL:
        return this.natural();
      case NEGATIVE:
        return -this.natural();
      case FRACTION:
        this.place += 8;
        return new DataView(this.bytes.buffer).getFloat64(this.place - 8);
      case TEXT:
        return this.texts[this.natural()];
      case NUMBERED_TEXT:
        return `${this.texts[this.natural()]}${this.natural()}`;
      case LIST: {
        const list: unknown[] = [];
        for (let left = this.natural(); left > 0; left -= 1) list.push(this.read());
        return Object.freeze(list);
      }
      case RECORD: {
        const { names } = must(this.shapes[this.natural()], "shape of a packed record");
        const record: Record<string, unknown> = {};
        for (const name of names) record[name] = this.read();
        return Object.freeze(record);
      }
      default:
        return undefined;
    }
  }

  private byte(): number {
    this.place += 1;
    return this.bytes[this.place - 1] as number;
  }

  private natural(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  }
}

/** How many digits at the end of `text` are a number as JavaScript writes it; 0 if none are. */
function numberAtEnd(text: string): number {
  let start = text.length;
  while (start > 0 && text.length - start < MOST_DIGITS && isDigit(text.charCodeAt(start - 1))) start -= 1;
  while (start < text.length - 1 && text.charCodeAt(start) === ZERO) start += 1;
  return text.length - start;
}

const ZERO = 48;

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}
