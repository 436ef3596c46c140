/** The time axis under the charts. */
import { axisTicks, timeScale } from "../scale.ts";
import styles from "./metrics.module.css";

export interface TimeAxisProps {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly isNarrow: boolean;
}

export function TimeAxis({ from, to, width, isNarrow }: TimeAxisProps) {
  const ticks = axisTicks(timeScale(from, to, 0, width), Math.max(2, Math.floor(width / 110)));
  return (
    <div className={isNarrow ? styles.axisNarrow : styles.axis} aria-hidden="true">
      <svg width={width} height={24} aria-hidden="true">
        <line className={styles.rule} x1={0} x2={width} y1={0.5} y2={0.5} />
        {ticks.map(({ seconds, at, text }, n) => (
          <text
            key={seconds}
            className={styles.most}
            x={at}
            y={18}
            textAnchor={n === 0 && seconds === from ? "start" : at > width - 20 ? "end" : "middle"}
          >
            {text}
          </text>
        ))}
      </svg>
    </div>
  );
}
