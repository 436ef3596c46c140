/** A linear scale of time in px, with d3's ticks. d3's own scales know colours, dates and logarithms too, in nine times the bytes. */
import { ticks } from "d3";

export interface TimeScale {
  readonly from: number;
  readonly to: number;
  /** px of a time. */
  of(time: number): number;
  /** The time at px. */
  invert(px: number): number;
}

/** `from`, `to` in µs, to `left`, `right` in px. A span of nothing has its place at the left. */
export function timeScale(from: number, to: number, left: number, right: number): TimeScale {
  const span = to - from;
  return {
    from,
    to,
    of: (time) => (span === 0 ? left : left + ((right - left) * (time - from)) / span),
    invert: (px) => (right === left ? from : from + (span * (px - left)) / (right - left)),
  };
}

export interface Tick {
  readonly seconds: number;
  /** px. */
  readonly at: number;
  readonly text: string;
}

/** About `count` round moments of a scale, in seconds. */
export function secondTicks({ from, to }: TimeScale, count: number): number[] {
  return ticks(from / 1_000_000, to / 1_000_000, count);
}

/** The same with place and words; the last one names the unit. */
export function axisTicks(scale: TimeScale, count: number): Tick[] {
  const found = secondTicks(scale, count);
  const digits = Math.max(0, ...found.map((tick) => (String(tick).split(".")[1] ?? "").length));
  return found.map((tick, n) => ({
    seconds: tick,
    at: scale.of(tick * 1_000_000),
    text: `${tick.toFixed(Math.min(6, digits))}${n === found.length - 1 ? " s" : ""}`,
  }));
}
