/** Answers to predictions as text, the form in which progress keeps them, and whether one is what the run shows. Pure. */
import type { Prediction } from "../moments.ts";

/** The answer of somebody who skipped. */
export const SKIPPED = "";

export type PredictionKind = "options" | "number" | "order" | "table";

export function kindOf(prediction: Prediction): PredictionKind {
  if ("options" in prediction) return "options";
  if ("number" in prediction) return "number";
  return "order" in prediction ? "order" : "table";
}

/** Where an answer begins before it is touched; null when there is nothing to lock in yet. */
export function startOf(prediction: Prediction): string | null {
  return "order" in prediction ? JSON.stringify(mixed(prediction.order)) : null;
}

/** Whether it says all that was asked for. */
export function isComplete(prediction: Prediction, answer: string | null): answer is string {
  if (answer === null || answer === SKIPPED) return false;
  if ("table" in prediction) {
    const { rows, columns } = prediction.table;
    const cells = readCells(answer);
    return rows.every((_, row) => columns.every((_column, column) => (cells[row]?.[column] ?? "") !== ""));
  }
  return "number" in prediction ? Number.isFinite(Number(answer)) : true;
}

/** Null for a skipped one. */
export function isRight(prediction: Prediction, answer: string): boolean | null {
  if (answer === SKIPPED) return null;
  if ("options" in prediction) return prediction.options[Number(answer)]?.correct === true;
  if ("number" in prediction) {
    const { from, to } = prediction.number;
    return Number(answer) >= from && Number(answer) <= to;
  }
  if ("order" in prediction) return readOrder(answer).every((item, place) => item === place);
  const { cells } = prediction.table;
  const given = readCells(answer);
  return cells.every((row, r) => row.every((cell, c) => given[r]?.[c] === cell));
}

/** The items' places in the file, in the order of the answer. */
export function readOrder(answer: string): number[] {
  const read: unknown = parsed(answer);
  return Array.isArray(read) ? read.filter((item): item is number => typeof item === "number") : [];
}

export function moved(order: readonly number[], from: number, by: 1 | -1): number[] {
  const to = from + by;
  if (to < 0 || to >= order.length) return [...order];
  const result = [...order];
  const [item] = result.splice(from, 1);
  result.splice(to, 0, item as number);
  return result;
}

export function readCells(answer: string): string[][] {
  const read: unknown = parsed(answer);
  if (!Array.isArray(read)) return [];
  return read.map((row: unknown) => (Array.isArray(row) ? row.map((cell) => String(cell ?? "")) : []));
}

export function withCell(answer: string | null, row: number, column: number, cell: string): string {
  const cells = answer === null ? [] : readCells(answer);
  while (cells.length <= row) cells.push([]);
  const own = cells[row] as string[];
  while (own.length <= column) own.push("");
  own[column] = cell;
  return JSON.stringify(cells);
}

/** The words that may stand in a cell: those that stand in any, in the order of the alphabet. */
export function wordsOf(prediction: Prediction): string[] {
  return "table" in prediction ? [...new Set(prediction.table.cells.flat())].sort() : [];
}

/** The same items always in the same order, and never in that of the file. */
function mixed(items: readonly string[]): number[] {
  const order = items.map((_, index) => index).sort((a, b) => hash(items[a]) - hash(items[b]) || a - b);
  return order.every((item, place) => item === place) ? moved(order, 0, 1) : order;
}

function hash(text = ""): number {
  let sum = 7;
  for (const letter of text) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}
