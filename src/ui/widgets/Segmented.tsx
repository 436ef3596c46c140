/**
 * One of several: `Segmented` side by side (how sure, which direction), `Choices` below each other (a prediction).
 * Both are native radio buttons: arrows move, one tab stop.
 */
import { type ReactNode, useId } from "react";
import styles from "./Segmented.module.css";
import { VisuallyHidden } from "./VisuallyHidden.tsx";

export interface OneOfProps<Value extends string> {
  readonly legend: string;
  readonly hideLegend?: boolean;
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly disabled?: boolean;
}

export function Segmented<Value extends string>(props: OneOfProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.group} disabled={props.disabled}>
      <Legend {...props} />
      <span className={styles.items}>
        {props.options.map((option) => (
          <label key={option.value} className={styles.item}>
            <input
              type="radio"
              name={name}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </span>
    </fieldset>
  );
}

export function Choices<Value extends string>(props: OneOfProps<Value>) {
  const name = useId();
  return (
    <fieldset disabled={props.disabled}>
      <Legend {...props} />
      <div className={styles.choices}>
        {props.options.map((option) => (
          <label key={option.value} className={styles.choice}>
            <input
              type="radio"
              name={name}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Legend({ legend, hideLegend = false }: { readonly legend: string; readonly hideLegend?: boolean }) {
  return <legend className={styles.legend}>{hideLegend ? <VisuallyHidden>{legend}</VisuallyHidden> : legend}</legend>;
}
