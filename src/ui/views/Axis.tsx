// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in what is hidden takes the focus.
/** The time axis under tracks, in seconds. */
import { axisTicks, type TimeScale } from "./scale.ts";
import styles from "./tracks.module.css";

interface AxisProps {
  readonly scale: TimeScale;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

export function Axis({ scale, y, left, right }: AxisProps) {
  const ticks = axisTicks(scale, Math.max(2, Math.floor((right - left) / 110)));
  return (
    <g aria-hidden="true">
      <line className={styles.axis} x1={left} x2={right} y1={y} y2={y} />
      {ticks.map(({ seconds, at, text }, n) => (
        <g key={seconds}>
          <line className={styles.axis} x1={at} x2={at} y1={y} y2={y + 4} />
          <text
            className={styles.tickText}
            x={at}
            y={y + 19}
            textAnchor={at > right - 20 ? "end" : n === 0 ? "start" : "middle"}
          >
            {text}
          </text>
        </g>
      ))}
    </g>
  );
}
