/** Tabs over panels, by radix-ui. Import only from screens that load late: the first page must not carry it. */
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import styles from "./Tabs.module.css";

export interface TabItem {
  readonly value: string;
  readonly label: ReactNode;
  readonly panel: ReactNode;
}

export interface TabsProps {
  /** Names the set of tabs. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly items: readonly TabItem[];
  /** Stands at the right end of the bar. */
  readonly end?: ReactNode;
  /** 36 px bar of the drawer instead of 40. */
  readonly low?: boolean;
}

export function Tabs({ label, value, onChange, items, end, low = false }: TabsProps) {
  return (
    <Radix.Root className={styles.root} value={value} onValueChange={onChange}>
      <div className={cx(styles.bar, low && styles.low)}>
        <Radix.List className={styles.list} aria-label={label}>
          {items.map((item) => (
            <Radix.Trigger key={item.value} className={styles.tab} value={item.value}>
              {item.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {end && <div className={styles.end}>{end}</div>}
      </div>
      {items.map((item) => (
        <Radix.Content key={item.value} className={styles.panel} value={item.value}>
          {item.panel}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
