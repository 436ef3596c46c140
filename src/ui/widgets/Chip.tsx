/** Small labels in a box: `Chip` may be a switch (a filter that is on or off), `Badge` states what is. */
import type { ReactNode } from "react";
import styles from "./Chip.module.css";
import { cx } from "./cx.ts";

export interface ChipProps {
  readonly children: ReactNode;
  readonly mono?: boolean;
  /** With `onClick` the chip is a switch. */
  readonly pressed?: boolean;
  readonly onClick?: () => void;
}

export function Chip({ children, mono = false, pressed = false, onClick }: ChipProps) {
  const className = cx(styles.chip, mono && styles.mono);
  if (!onClick) return <span className={className}>{children}</span>;
  return (
    <button type="button" className={className} aria-pressed={pressed} onClick={onClick}>
      {children}
    </button>
  );
}

export interface BadgeProps {
  readonly children: ReactNode;
  /** `loss` is for a broken promise and nothing else. */
  readonly look?: "role" | "state" | "dashed" | "quiet" | "heavy" | "loss";
}

export function Badge({ children, look = "role" }: BadgeProps) {
  return <span className={cx(styles.badge, look !== "role" && styles[look])}>{children}</span>;
}
