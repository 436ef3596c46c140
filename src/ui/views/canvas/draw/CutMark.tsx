/** What interrupts a wire, along its direction: two bars, one bar and an arrow, a spring, crossed dashes; a flag if the learner did it. */
import { cutBars, cutOneWay, lossy, spring } from "../../../theme/shapes.ts";
import { FaultFlag } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { LinkState } from "../model.ts";
import { n, type Place } from "../path.ts";

export interface CutMarkProps {
  readonly state: LinkState;
  readonly faulty: boolean;
  readonly place: Place;
}

export function CutMark({ state, faulty, place }: CutMarkProps) {
  const half = state === "cut" || state === "cut-one-way" ? 6 : 17;
  const upright = Math.abs(Math.round(place.angle) % 180) === 90;
  const aside = half + 8 + 16;
  return (
    <g>
      <g transform={`translate(${n(place.x)} ${n(place.y)}) rotate(${n(place.angle)})`}>
        {state !== "ok" && state !== "closed" && (
          <rect className={styles.gap} x={-half} y={-4} width={half * 2} height={8} />
        )}
        {state === "cut" && <path className={styles.bars} d={cutBars} />}
        {/* The bar stands for the direction that is cut, the arrow for the one that still works. */}
        {state === "cut-one-way" && <path className={styles.bars} d={cutOneWay} transform="rotate(180)" />}
        {state === "slow" && <path className={styles.spring} d={spring} />}
        {state === "lossy" && <path className={styles.spring} d={lossy} />}
      </g>
      {faulty && <FaultFlag x={upright ? place.x - 8 : place.x - aside} y={upright ? place.y - aside : place.y - 8} />}
    </g>
  );
}
