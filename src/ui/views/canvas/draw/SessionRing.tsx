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
  /** Show the seconds even when the session is in no danger. */
  readonly withSeconds?: boolean;
}

export function SessionRing({ session, x, y, radius = 7, withSeconds = false }: SessionRingProps) {
  const { words } = useDraw();
  const shown = withSeconds || session.state !== "ok";
  return (
    <g>
      <RingMark x={x} y={y} radius={radius} fraction={session.state === "expired" ? 0 : session.fractionLeft} />
      {shown && (
        <text className={cx(styles.mono)} x={x - 14} y={y + 5} textAnchor="end">
          {words.seconds(session.secondsLeft)}
        </text>
      )}
    </g>
  );
}
