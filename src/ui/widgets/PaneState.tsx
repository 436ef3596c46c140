/**
 * What a pane says when it has nothing to draw: empty, no match, too narrow, in error, or still loading. A title states
 * what is; a line says what to do. Loading shows after 150 ms, so that a quick answer does not flicker.
 */
import type { ReactNode } from "react";
import styles from "./Pane.module.css";
import { VisuallyHidden } from "./VisuallyHidden.tsx";

export interface PaneStateProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** It is all that the page says, so that its title is the heading of the page. */
  readonly isPage?: boolean;
}

/** Empty, no match, too narrow, or a link that could not be opened whole. */
export function PaneState({ title, children, actions, isPage = false }: PaneStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className={styles.state}>
      <Title className={styles.title}>{title}</Title>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** The same, announced: something went wrong here and the rest goes on. */
export function PaneError(props: PaneStateProps) {
  return (
    <div role="alert">
      <PaneState {...props} />
    </div>
  );
}

const widths = ["70%", "92%", "54%", "80%"];

export function PaneLoading({ label }: { readonly label: string }) {
  return (
    <div className={styles.loading} role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {widths.map((width) => (
        <div key={width} className={styles.line} style={{ inlineSize: width }} />
      ))}
    </div>
  );
}
