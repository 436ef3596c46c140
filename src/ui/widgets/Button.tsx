/**
 * A button: 32 px high, 28 in bars, 52 for the one big action of a page; 44 for a finger. `pressed` makes it a switch.
 * One `first` action per screen at most.
 */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./Button.module.css";
import { cx } from "./cx.ts";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "first" | "quiet";
  readonly size?: "control" | "bar" | "big";
  readonly pressed?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children?: ReactNode;
}

export function Button({
  look = "plain",
  size = "control",
  pressed,
  className,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-pressed={pressed ?? rest["aria-pressed"]}
      className={cx(
        styles.button,
        look === "first" && styles.first,
        look === "quiet" && styles.quiet,
        size === "bar" && styles.bar,
        size === "big" && styles.big,
        className,
      )}
    />
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "aria-label" | "title"> {
  /** The name, spoken and shown on hover. */
  readonly label: string;
  /** A key that does the same, for the tip: "Shift Right". */
  readonly shortcut?: string;
}

/** A square button that holds only an icon, and so must have a name. */
export function IconButton({ label, shortcut, className, ...rest }: IconButtonProps) {
  return (
    <Button
      look="quiet"
      {...rest}
      aria-label={label}
      title={shortcut ? `${label} (${shortcut})` : label}
      className={cx(styles.icon, className)}
    />
  );
}
