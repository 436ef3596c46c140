/** Opens the command palette, which loads only then. Ctrl K does the same wherever this button stands. */
import { lazy, Suspense, useEffect, useState } from "react";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { Kbd } from "../../widgets/Kbd.tsx";
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import type { PaletteCommand } from "../palette/Palette.tsx";
import { text } from "../text.ts";
import styles from "./palette-button.module.css";

const Palette = lazy(() => import("../palette/Palette.tsx"));

export interface PaletteButtonProps {
  /** What this screen can do. The palette adds pages, labs and themes. */
  readonly commands?: () => readonly PaletteCommand[];
}

const none = (): readonly PaletteCommand[] => [];

export function PaletteButton({ commands = none }: PaletteButtonProps) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <Button look="quiet" className={styles.button} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="search" />
        <VisuallyHidden>{text.palette.label}</VisuallyHidden>
        <span className={styles.keys}>
          <Kbd>Ctrl K</Kbd>
        </span>
      </Button>
      {isOpen && (
        <Suspense>
          <Palette commands={commands} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
