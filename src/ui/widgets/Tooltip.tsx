/**
 * A tip for what has no room for words, by radix-ui; shown on hover and on focus, gone with Esc. Import only from screens
 * that load late; elsewhere a `title` does. `TooltipScope` goes once around a screen.
 */
import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { landmark } from "./landmark.ts";
import styles from "./Menu.module.css";

export function TooltipScope({ children }: { readonly children: ReactNode }) {
  return <Radix.Provider delayDuration={500}>{children}</Radix.Provider>;
}

export interface TooltipProps {
  readonly tip: ReactNode;
  /** One element that takes a ref. */
  readonly children: ReactElement;
}

export function Tooltip({ tip, children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={landmark()}>
        <Radix.Content className={styles.tip} sideOffset={6} collisionPadding={8}>
          {tip}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
