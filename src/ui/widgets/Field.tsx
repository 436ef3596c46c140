/**
 * Fields with a label: number, select, checkbox. A refused value stays in the field with a heavy outline and the reason
 * beside it; nothing is put right behind the reader's back.
 */
import { type ReactNode, useId, useState } from "react";
import { cx } from "./cx.ts";
import styles from "./Field.module.css";

interface CommonProps {
  readonly label: string;
  /** Hides the label from sight where the context shows what the field is. */
  readonly hideLabel?: boolean;
  readonly size?: "control" | "bar";
}

export interface NumberFieldProps extends CommonProps {
  /** NaN: nothing is there yet. */
  readonly value: number;
  /** Called with each value that is accepted. */
  readonly onChange: (value: number) => void;
  /** The reason why a value is refused, or null: "0 or more". */
  readonly refuse?: (value: number) => string | null;
  readonly notANumber?: string;
  readonly unit?: string;
  /** Width in characters. */
  readonly columns?: number;
  readonly step?: number;
}

export function NumberField(props: NumberFieldProps) {
  const { label, hideLabel = false, size = "control", value, onChange, refuse, unit, columns = 5, step = 1 } = props;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const reason = typed === null ? null : reasonFor(typed, refuse, props.notANumber ?? "a number");
  const change = (text: string) => {
    setTyped(text);
    if (reasonFor(text, refuse, "") === null) onChange(Number(text));
  };
  return (
    <span className={styles.field}>
      {!hideLabel && (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <input
        id={id}
        className={cx(styles.input, styles.number, size === "bar" && styles.bar)}
        type="text"
        inputMode="decimal"
        role="spinbutton"
        aria-valuenow={Number.isNaN(value) ? undefined : value}
        aria-label={hideLabel ? label : undefined}
        aria-invalid={reason !== null}
        aria-describedby={reason === null ? undefined : `${id}why`}
        style={{ inlineSize: `calc(${columns}ch + 22px)` }}
        value={typed ?? (Number.isNaN(value) ? "" : String(value))}
        onChange={(event) => change(event.target.value)}
        onBlur={() => reason === null && setTyped(null)}
        onKeyDown={(event) => {
          const by = event.key === "ArrowUp" ? step : event.key === "ArrowDown" ? -step : 0;
          if (by === 0) return;
          event.preventDefault();
          change(String(Math.round(((Number.isNaN(value) ? 0 : value) + by) * 1e6) / 1e6));
        }}
      />
      {unit && <span className={styles.hint}>{unit}</span>}
      {reason !== null && (
        <span id={`${id}why`} className={styles.refused} role="status">
          {reason}
        </span>
      )}
    </span>
  );
}

function reasonFor(text: string, refuse: NumberFieldProps["refuse"], notANumber: string): string | null {
  const value = Number(text.trim().replace("−", "-"));
  if (text.trim() === "" || !Number.isFinite(value)) return notANumber;
  return refuse?.(value) ?? null;
}

export interface SelectFieldProps extends CommonProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function SelectField({
  label,
  hideLabel = false,
  size = "control",
  value,
  onChange,
  options,
}: SelectFieldProps) {
  const id = useId();
  return (
    <span className={styles.field}>
      {!hideLabel && (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <select
        id={id}
        className={cx(styles.input, styles.select, size === "bar" && styles.bar)}
        aria-label={hideLabel ? label : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}

export interface CheckboxFieldProps {
  readonly children: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function CheckboxField({ children, checked, onChange, disabled = false }: CheckboxFieldProps) {
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
