/** What all benchmark rows share: how a row looks, how it is timed, how the table is printed. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Row {
  readonly row: string;
  readonly what: string;
  readonly floor: string;
  readonly target: string;
  readonly measured: string;
  /** Null: reported, no floor to hold. */
  readonly holds: boolean | null;
}

/** Collects everything that is garbage. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
}

/** Bytes that live objects and typed arrays take. */
export function liveBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Milliseconds that `work` took. */
export function time(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

/** How often per second `count` things were done by `work`. */
export function rate(count: number, work: () => void): number {
  return count / (time(work) / 1000);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const head = "| # | what | floor | target | measured | holds |\n| --- | --- | --- | --- | --- | --- |";
  const verdict = (row: Row): string => (row.holds === null ? "reported" : row.holds ? "yes" : "**no**");
  return [
    head,
    ...rows.map(
      (row) => `| ${row.row} | ${row.what} | ${row.floor} | ${row.target} | ${row.measured} | ${verdict(row)} |`,
    ),
  ].join("\n");
}
