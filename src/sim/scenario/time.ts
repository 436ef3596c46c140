/**
 * Lengths of time as scenario files write them: a number and a unit, "200ms", "4s", "1.5min", "1h".
 *
 * Simplified   no sums ("1m 30s"): 90s says the same.
 */
export const DURATION = /^(\d{1,9})(?:\.(\d{1,6}))?(us|ms|s|min|h)$/;

const UNIT_US: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
};

/** Microseconds of a length of time, or null if it is not written as one or has a fraction of a microsecond. */
export function microsOf(written: string): number | null {
  const match = DURATION.exec(written);
  const unit = UNIT_US[match?.[3] ?? ""];
  if (match === null || unit === undefined) return null;
  const fraction = match[2] ?? "";
  let scale = 1;
  for (let i = 0; i < fraction.length; i++) scale *= 10;
  const micros = Number(match[1]) * unit + (Number(fraction === "" ? "0" : fraction) * unit) / scale;
  return Number.isSafeInteger(micros) ? micros : null;
}

/** The shortest way to write a number of microseconds: 1500000 → "1500ms", 60000000 → "60s". */
export function writeMicros(micros: number): string {
  if (micros % 1_000_000 === 0) return `${micros / 1_000_000}s`;
  return micros % 1000 === 0 ? `${micros / 1000}ms` : `${micros}us`;
}
