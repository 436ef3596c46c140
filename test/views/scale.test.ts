/** The scale of the time axis says what d3's linear scale says. */
import { scaleLinear } from "d3";
import { expect, test } from "vitest";
import { secondTicks, timeScale } from "../../src/ui/views/scale.ts";

test.each([
  [0, 60_000_000, 96, 1264],
  [4_307_000, 4_310_500, 72, 584],
  [0, 1, 96, 196],
])("from %d to %d µs in %d to %d px", (from, to, left, right) => {
  const scale = timeScale(from, to, left, right);
  const theirs = scaleLinear().domain([from, to]).range([left, right]);
  for (const share of [-0.1, 0, 0.25, 0.5, 1, 1.3]) {
    const time = from + share * (to - from);
    expect(scale.of(time)).toBeCloseTo(theirs(time), 6);
    expect(scale.invert(left + share * (right - left))).toBeCloseTo(theirs.invert(left + share * (right - left)), 3);
  }
  const inSeconds = scaleLinear().domain([from / 1_000_000, to / 1_000_000]);
  for (const count of [2, 5, 11]) expect(secondTicks(scale, count)).toEqual(inSeconds.ticks(count));
});
