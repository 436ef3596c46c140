/** The time axis under the charts. */
import { scaleLinear } from "d3";
import styles from "./metrics.module.css";

export interface TimeAxisProps {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly isNarrow: boolean;
}

export function TimeAxis({ from, to, width, isNarrow }: TimeAxisProps) {
  const x = scaleLinear()
    .domain([from / 1_000_000, to / 1_000_000])
    .range([0, width]);
  const ticks = x.ticks(Math.max(2, Math.floor(width / 110)));
  const digits = Math.max(0, ...ticks.map((tick) => (String(tick).split(".")[1] ?? "").length));
  return (
    <div className={isNarrow ? styles.axisNarrow : styles.axis} aria-hidden="true">
      <svg width={width} height={24} aria-hidden="true">
        <line className={styles.rule} x1={0} x2={width} y1={0.5} y2={0.5} />
        {ticks.map((tick, n) => (
          <text
            key={tick}
            className={styles.most}
            x={x(tick)}
            y={18}
            textAnchor={n === 0 && tick === from ? "start" : x(tick) > width - 20 ? "end" : "middle"}
          >
            {tick.toFixed(Math.min(6, digits))}
            {n === ticks.length - 1 ? " s" : ""}
          </text>
        ))}
      </svg>
    </div>
  );
}
