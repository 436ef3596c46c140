/**
 * Which records of a log a strip shows, and where its marks stand. Pure; sizes in px from the left edge of the strip.
 *
 * A strip that has more cells than fit keeps its head, the records around the high watermark, and its tail; what is
 * left out becomes a fold. Twelve cells are the most, however wide the card.
 */
import type { Measure } from "./measure.ts";
import type { CellView, ReplicaView } from "./model.ts";

export const cellWidth = 24;
export const cellHeight = 26;
export const foldWidth = 20;
export const penWidth = 7;
export const maxCells = 12;

export type StripPart =
  | { readonly kind: "cell"; readonly x: number; readonly cell: CellView; readonly ghost: boolean }
  | { readonly kind: "fold"; readonly x: number; readonly from: number; readonly to: number };

export interface EpochSpan {
  readonly epoch: number;
  readonly x: number;
  readonly end: number;
}

export interface StripLayout {
  readonly parts: readonly StripPart[];
  /** Right edge of the log proper, where the pen stands; ghosts begin there. */
  readonly end: number;
  /** Right edge of everything, ghosts and pen included. */
  readonly right: number;
  readonly highWatermarkX: number;
  readonly spans: readonly EpochSpan[];
  /** Where an epoch begins: on a cell edge, or inside a fold (`folded`, drawn as a short bar). */
  readonly boundaries: readonly { readonly x: number; readonly folded: boolean }[];
}

/**
 * The offsets worth showing of a log, ascending, at most `count`. A projection over a long log asks this before it
 * makes cells. `keep` are further offsets to hold on to.
 */
export function visibleOffsets(
  log: Pick<ReplicaView, "logStart" | "highWatermark" | "logEnd" | "keep">,
  count: number,
): number[] {
  const { logStart, highWatermark, logEnd } = log;
  const size = logEnd - logStart;
  if (size <= count) return range(logStart, logEnd);
  const chosen = new Set<number>();
  const add = (offset: number) => {
    if (chosen.size < count && offset >= logStart && offset < logEnd) chosen.add(offset);
  };
  // 1. The end of the log is what moves.  2. The two sides of the mark.  3. Where the log begins.  4. The tail.
  add(logEnd - 1);
  if (count > 2) add(highWatermark - 1);
  if (count > 2) add(highWatermark);
  for (const offset of log.keep ?? []) add(offset);
  if (count > 3 && chosen.size < count) add(logStart);
  for (let offset = logEnd - 2; offset >= logStart && chosen.size < count; offset--) add(offset);
  return [...chosen].sort((a, b) => a - b);
}

/** Places the cells of a replica in `width` px. */
export function layoutStrip(replica: ReplicaView, width: number): StripLayout {
  const log = replica.cells.filter((cell) => cell.offset < replica.logEnd);
  const ghosts = replica.cells.filter((cell) => cell.offset >= replica.logEnd);
  const room = width - penWidth - Math.min(ghosts.length, 3) * cellWidth;
  const shown = choose(replica, log, room);

  const parts: StripPart[] = [];
  let x = 0;
  let next = replica.logStart;
  for (const cell of shown) {
    if (cell.offset > next) {
      parts.push({ kind: "fold", x, from: next, to: cell.offset - 1 });
      x += foldWidth;
    }
    parts.push({ kind: "cell", x, cell, ghost: false });
    x += cellWidth;
    next = cell.offset + 1;
  }
  if (next < replica.logEnd) {
    parts.push({ kind: "fold", x, from: next, to: replica.logEnd - 1 });
    x += foldWidth;
  }
  const end = x;
  for (const cell of ghosts.slice(0, 3)) {
    parts.push({ kind: "cell", x, cell, ghost: true });
    x += cellWidth;
  }
  return {
    parts,
    end,
    right: Math.max(x, end + penWidth),
    highWatermarkX: positionOf(parts, replica.highWatermark, end),
    ...epochs(parts),
  };
}

/** A text beside a mark; `x` is its left end, or its right end where `anchor` says so. */
export interface MarkLabel {
  readonly x: number;
  readonly anchor: "start" | "end";
  readonly words: string;
  readonly value: string;
}

export interface MarkLabels {
  readonly highWatermark: MarkLabel | null;
  readonly logEnd: MarkLabel;
}

/** Room to keep free at the right of the log's end for the text of its mark. */
export function endLabelRoom(replica: ReplicaView, measure: Measure): number {
  const value = String(replica.logEnd);
  const same = replica.logEnd === replica.highWatermark;
  return 8 + measure(same ? value : `LEO ${value}`, "mono") - penWidth;
}

/**
 * The texts under a strip of `width` px. HW stands left of its mark and LEO right of it; where there is no room, HW goes
 * to the right of its mark, and then behind LEO, which at last loses its name.
 */
export function labelMarks(replica: ReplicaView, strip: StripLayout, width: number, measure: Measure): MarkLabels {
  const { highWatermark, logEnd } = replica;
  const end = strip.end;
  const hw = strip.highWatermarkX;
  const wide = (words: string, value: number) => measure(`${words} `, "ui") + measure(String(value), "mono");
  const right = (words: string, value: number, x: number): MarkLabel => ({
    x: x + 8,
    anchor: "start",
    words,
    value: String(value),
  });
  const left = (words: string, value: number, x: number): MarkLabel => ({
    x: x - 8,
    anchor: "end",
    words,
    value: String(value),
  });
  if (highWatermark === logEnd) {
    const fits = end - 8 - measure("HW = LEO", "ui") >= -2;
    if (!fits) return { highWatermark: null, logEnd: right("HW = LEO", logEnd, end) };
    return {
      highWatermark: { x: end - 8, anchor: "end", words: "HW = LEO", value: "" },
      logEnd: right("", logEnd, end),
    };
  }
  const ends = end + 8 + wide("LEO", logEnd) <= width + 2 ? right("LEO", logEnd, end) : left("LEO", logEnd, end);
  const endLeft = ends.anchor === "start" ? end - 7 : end - 12 - wide("LEO", logEnd);
  if (hw - 8 - wide("HW", highWatermark) >= -2 && hw <= endLeft + 8) {
    return { highWatermark: left("HW", highWatermark, hw), logEnd: ends };
  }
  if (hw + 8 + wide("HW", highWatermark) <= endLeft) {
    return { highWatermark: right("HW", highWatermark, hw), logEnd: ends };
  }
  const behind = `${logEnd}, HW ${highWatermark}`;
  const words = end + 8 + measure("LEO ", "ui") + measure(behind, "mono") <= width + 2 ? "LEO" : "";
  return { highWatermark: null, logEnd: { ...right(words, logEnd, end), value: behind } };
}

function choose(replica: ReplicaView, log: readonly CellView[], room: number): readonly CellView[] {
  const whole = replica.logEnd - replica.logStart === log.length;
  const all = Math.floor(room / cellWidth);
  if (whole && log.length <= Math.min(all, maxCells)) return log;
  // Fewer and fewer until cells and folds together fit: the number of folds depends on what is chosen.
  const known = new Map(log.map((cell) => [cell.offset, cell]));
  for (let count = Math.min(all, maxCells); count > 1; count--) {
    const cells = visibleOffsets(replica, count).flatMap((offset) => known.get(offset) ?? []);
    if (widthOf(cells, replica) <= room) return cells;
  }
  return log.slice(-1);
}

function widthOf(cells: readonly CellView[], replica: ReplicaView): number {
  let width = cells.length * cellWidth;
  let next = replica.logStart;
  for (const cell of cells) {
    if (cell.offset > next) width += foldWidth;
    next = cell.offset + 1;
  }
  return next < replica.logEnd ? width + foldWidth : width;
}

/** The left edge of `offset`; the middle of the fold that hides it. */
function positionOf(parts: readonly StripPart[], offset: number, end: number): number {
  for (const part of parts) {
    if (part.kind === "cell" && !part.ghost && part.cell.offset >= offset) return part.x;
    if (part.kind === "fold" && offset >= part.from && offset <= part.to) {
      return offset === part.from ? part.x : part.x + foldWidth / 2;
    }
  }
  return end;
}

function epochs(parts: readonly StripPart[]): Pick<StripLayout, "spans" | "boundaries"> {
  const spans: EpochSpan[] = [];
  const boundaries: { x: number; folded: boolean }[] = [];
  let fold: number | null = null;
  for (const part of parts) {
    if (part.kind === "fold") {
      fold = part.x;
      continue;
    }
    const last = spans.at(-1);
    const end = part.x + cellWidth;
    if (last?.epoch === part.cell.epoch) spans[spans.length - 1] = { ...last, end };
    else {
      if (last)
        boundaries.push(fold === null ? { x: part.x, folded: false } : { x: fold + foldWidth / 2, folded: true });
      spans.push({ epoch: part.cell.epoch, x: part.x, end });
    }
    fold = null;
  }
  return { spans, boundaries };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
