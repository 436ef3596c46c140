/** A session as a ring of the time left; the seconds stand at its left when they matter. Centre at (x, y). */
import { cx } from "../../../widgets/cx.ts";
import { RingMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { SessionView } from "../model.ts";
import { useDraw } from "./context.ts";

export interface SessionRingProps {
  readonly session: SessionView;
  readonly x: number;
  readonly y: number;
  readonly radius?: number;
  /** Whether the seconds stand beside it; left out: when the session is in danger. */
  readonly withSeconds?: boolean;
}

export function SessionRing({ session, x, y, radius = 7, withSeconds = session.state !== "ok" }: SessionRingProps) {
  const { words } = useDraw();
  return (
    <g>
      <RingMark x={x} y={y} radius={radius} fraction={session.state === "expired" ? 0 : session.fractionLeft} />
      {withSeconds && (
        <text className={cx(styles.mono)} x={x - 14} y={y + 5} textAnchor="end">
          {words.seconds(session.secondsLeft)}
        </text>
      )}
    </g>
  );
}
