/** A row of controls with one tab stop, by radix-ui. Import only from screens that load late. */
import { Toolbar as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import styles from "./Menu.module.css";

export interface ToolbarProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Toolbar({ label, children }: ToolbarProps) {
  return (
    <Radix.Root className={styles.toolbar} aria-label={label}>
      {children}
    </Radix.Root>
  );
}

/** Around each button of a toolbar, so that the arrows reach it. */
export function ToolbarItem({ children }: { readonly children: ReactElement }) {
  return <Radix.Button asChild>{children}</Radix.Button>;
}
