/** The box of a process: its outline when chosen, its frame by state, the veil of a pause, the tape of a fault in force. */
import type { ReactNode } from "react";
import { cx } from "../../../widgets/cx.ts";
import { useHatch } from "../../../widgets/Hatch.tsx";
import styles from "../canvas.module.css";
import type { PlacedBox } from "../layout.ts";
import type { FaultMark, ProcessState } from "../model.ts";

export interface CardProps {
  readonly rect: PlacedBox["rect"];
  readonly process: ProcessState;
  readonly faults: readonly FaultMark[];
  readonly chosen: boolean;
  /** Where the veil of a pause begins, px below the top: what is above stays readable. */
  readonly veilFrom: number;
  /** Drawn over the veil and under the tape. */
  readonly children?: ReactNode;
}

export function Card({ rect, process, faults, chosen, veilFrom, children }: CardProps) {
  const veil = useHatch("veil");
  const hazard = useHatch("hazard");
  const { x, y, width, height } = rect;
  const gone = process === "down";
  return (
    <>
      {chosen && <rect className={styles.selected} x={x - 4} y={y - 4} width={width + 8} height={height + 8} rx={9} />}
      <rect
        className={cx(styles.card, gone && styles.gone, process === "starting" && styles.starting)}
        x={x}
        y={y}
        width={width}
        height={height}
        rx={6}
      />
      {gone && <rect className={styles.hit} x={x} y={y} width={width} height={height} rx={6} />}
      {process === "paused" && (
        <rect
          className={styles.veil}
          style={{ fill: veil }}
          x={x + 1}
          y={y + veilFrom}
          width={width - 2}
          height={height - veilFrom - 1}
          rx={5}
        />
      )}
      {children}
      {faults.length > 0 && (
        <path
          className={styles.tape}
          style={{ fill: hazard }}
          d={`M${x + 6} ${y}H${x + width - 6}a6 6 0 0 1 6 6H${x}a6 6 0 0 1 6 -6Z`}
        />
      )}
    </>
  );
}
