/** A word in a box of 22 px height whose right or left end is at `x`. */
import { cx } from "../../../widgets/cx.ts";
import styles from "../canvas.module.css";
import { useDraw } from "./context.ts";

export interface BadgeProps {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** `role` outlined, `state` inverted, `dashed` for what is not settled, `quiet` and `short` for the ISR. */
  readonly look: "role" | "state" | "dashed" | "quiet" | "short";
  /** Two bars before the word. */
  readonly pauseBars?: boolean;
  /** Least width, so that neighbours line up. */
  readonly least?: number;
}

/** The width that a badge with this text takes. */
export function useBadgeWidth(): (text: string, bold: boolean, pauseBars?: boolean, least?: number) => number {
  const { measure } = useDraw();
  return (text, bold, pauseBars = false, least = 0) =>
    Math.max(least, Math.ceil(measure(text, bold ? "ui-bold" : "ui")) + 14 + (pauseBars ? 16 : 0));
}

export function Badge({ x, y, text, look, pauseBars = false, least = 0 }: BadgeProps) {
  const bold = look === "state" || look === "short";
  const width = useBadgeWidth()(text, bold, pauseBars, least);
  const left = x - width;
  return (
    <g>
      <rect
        className={cx(
          styles.badge,
          look === "state" && styles.badgeState,
          look === "dashed" && styles.badgeDashed,
          look === "quiet" && styles.badgeQuiet,
          look === "short" && styles.badgeShort,
        )}
        x={left}
        y={y}
        width={width}
        height={22}
        rx={4}
      />
      {pauseBars && (
        <path className={styles.pause} d="M1 1h3.4v10H1zM7 1h3.4v10H7z" transform={`translate(${left + 7} ${y + 5})`} />
      )}
      <text
        className={cx(look === "state" && styles.badgeStateText, look === "short" && styles.strong)}
        x={left + width / 2 + (pauseBars ? 8 : 0)}
        y={y + 16}
        textAnchor="middle"
      >
        {text}
      </text>
    </g>
  );
}
