/** What the sandbox's form is made of: sections with rows that can be added and taken out, counts, names. */
import type { ReactNode } from "react";
import { Button, IconButton } from "../../widgets/Button.tsx";
import { NumberField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import styles from "./setup.module.css";
import { text } from "./text.ts";

interface SectionProps {
  readonly title: string;
  readonly add?: string;
  readonly onAdd?: (() => void) | undefined;
  /** Why nothing can be added. */
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}

export function Section({ title, add, onAdd, hint, children }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      {children}
      {hint !== undefined && <p className={styles.note}>{hint}</p>}
      {add !== undefined && onAdd !== undefined && (
        <div>
          <Button size="bar" look="quiet" onClick={onAdd}>
            <Icon name="plus" size={16} />
            {add}
          </Button>
        </div>
      )}
    </section>
  );
}

interface RowsProps<T> {
  readonly items: readonly T[];
  readonly nameOf: (item: T, index: number) => string;
  readonly onChange: (items: readonly T[]) => void;
  readonly draw: (item: T, set: (item: T) => void, index: number) => ReactNode;
}

export function Rows<T>({ items, nameOf, onChange, draw }: RowsProps<T>) {
  return items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: its place is what names it while its name is being typed.
    <div key={index} className={styles.row}>
      <div className={styles.fields}>
        {draw(item, (next) => onChange(items.map((one, n) => (n === index ? next : one))), index)}
      </div>
      <IconButton
        size="bar"
        label={text.remove(nameOf(item, index))}
        onClick={() => onChange(items.filter((_, n) => n !== index))}
      >
        <Icon name="close" size={16} />
      </IconButton>
    </div>
  ));
}

interface CountProps {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly onChange: (value: number) => void;
}

export function Count({ label, value, from, to, onChange }: CountProps) {
  return (
    <NumberField
      size="bar"
      columns={to > 99 ? 10 : 2}
      label={label}
      value={value}
      notANumber={text.aNumber}
      refuse={(next) => (Number.isInteger(next) && next >= from && next <= to ? null : text.within(from, to))}
      onChange={onChange}
    />
  );
}

export function Name({
  what,
  value,
  onChange,
}: {
  readonly what: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
}) {
  return (
    <input
      className={styles.name}
      aria-label={text.nameOf(what)}
      value={value}
      maxLength={60}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
