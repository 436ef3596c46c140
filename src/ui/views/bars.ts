/** Bars over time, 5 px each, as one path. Their height goes by the square root, so that a burst does not flatten the rest. */

export const barWidth = 5;

export interface BarsPlace {
  readonly left: number;
  readonly bottom: number;
  /** Of a bar of `most`, and of the lowest that is not none, px. */
  readonly height: number;
  readonly least: number;
}

export function barsPath(counts: readonly number[], most: number, { left, bottom, height, least }: BarsPlace): string {
  const full = Math.sqrt(most);
  return counts
    .map((count, n) =>
      count === 0
        ? ""
        : `M${left + n * barWidth + 2} ${bottom}v${-Math.max(least, Math.round((Math.sqrt(count) / full) * height))}`,
    )
    .join("");
}
