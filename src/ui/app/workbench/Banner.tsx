/** A sentence across the workbench that stays until it is understood: a link in part, a run that stopped. */
import type { ReactNode } from "react";
import { IconButton } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { text } from "../text.ts";
import styles from "./workbench.module.css";

export interface BannerProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly onDismiss?: () => void;
}

export function Banner({ title, children, action, onDismiss }: BannerProps) {
  return (
    <div className={styles.banner} role="alert">
      <p>
        <strong>{title}</strong> {children}
      </p>
      {action}
      {onDismiss && (
        <IconButton size="bar" label={text.bench.dismiss} onClick={onDismiss}>
          <Icon name="close" size={16} />
        </IconButton>
      )}
    </div>
  );
}
