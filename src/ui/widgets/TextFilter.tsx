/** A field that narrows a list down; Esc empties it. */

import { cx } from "./cx.ts";
import styles from "./Field.module.css";

export interface TextFilterProps {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextFilter({ id, label, placeholder, value, onChange }: TextFilterProps) {
  return (
    <input
      id={id}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      className={cx(styles.input, styles.bar)}
      style={{ inlineSize: "18ch" }}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || value === "") return;
        event.stopPropagation();
        onChange("");
      }}
    />
  );
}
