// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in what is hidden takes the focus.
/** The time axis under tracks, in seconds. */
import { secondTicks, type TimeScale } from "./scale.ts";
import styles from "./tracks.module.css";

interface AxisProps {
  readonly scale: TimeScale;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

export function Axis({ scale, y, left, right }: AxisProps) {
  const ticks = secondTicks(scale, Math.max(2, Math.floor((right - left) / 110)));
  const inSeconds = (tick: number) => scale.of(tick * 1_000_000);
  const digits = Math.max(0, ...ticks.map((tick) => (String(tick).split(".")[1] ?? "").length));
  return (
    <g aria-hidden="true">
      <line className={styles.axis} x1={left} x2={right} y1={y} y2={y} />
      {ticks.map((tick, n) => (
        <g key={tick}>
          <line className={styles.axis} x1={inSeconds(tick)} x2={inSeconds(tick)} y1={y} y2={y + 4} />
          <text
            className={styles.tickText}
            x={inSeconds(tick)}
            y={y + 19}
            textAnchor={inSeconds(tick) > right - 20 ? "end" : n === 0 ? "start" : "middle"}
          >
            {tick.toFixed(Math.min(6, digits))}
            {n === ticks.length - 1 ? " s" : ""}
          </text>
        </g>
      ))}
    </g>
  );
}
