/**
 * A sentence at the foot of the window with an undo. It leaves after some seconds, but not while the pointer or the
 * focus is on it.
 */
import { useEffect, useState } from "react";
import { Button, IconButton } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./Toast.module.css";

export interface ToastProps {
  /** Null shows nothing. A new `id` starts the time anew. */
  readonly toast: { readonly id: string | number; readonly text: string; readonly onUndo?: () => void } | null;
  readonly onDismiss: () => void;
  readonly undoLabel?: string;
  readonly dismissLabel?: string;
  readonly stayMs?: number;
}

export function Toast({ toast, onDismiss, undoLabel = "Undo", dismissLabel = "Dismiss", stayMs = 8000 }: ToastProps) {
  const [held, setHeld] = useState(false);
  const id = toast?.id;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the time starts anew with a new toast, not with a new handler.
  useEffect(() => {
    if (id === undefined || held) return;
    const timer = window.setTimeout(onDismiss, stayMs);
    return () => window.clearTimeout(timer);
  }, [id, held, stayMs]);

  return (
    <div className={styles.toast} role="status">
      {toast && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the pointer only holds the toast; its buttons do things.
        <div
          key={toast.id}
          className={styles.box}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span>{toast.text}</span>
          {toast.onUndo && (
            <Button
              size="bar"
              onClick={() => {
                toast.onUndo?.();
                onDismiss();
              }}
            >
              {undoLabel}
            </Button>
          )}
          <IconButton size="bar" label={dismissLabel} onClick={onDismiss}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      )}
    </div>
  );
}
