/** One view in its place: measured, waited for, and kept from taking others down with it. */
import { Suspense, useLayoutEffect, useRef, useState } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { Picture } from "../../views/index.ts";
import type { View } from "../../views/view.ts";
import { PaneErrorBoundary } from "../../widgets/PaneErrorBoundary.tsx";
import { PaneLoading } from "../../widgets/PaneState.tsx";
import { text } from "../text.ts";
import styles from "./workbench.module.css";

export interface PaneProps {
  readonly view: View;
  /** Takes the height it needs instead of that of its frame. */
  readonly auto?: boolean;
}

export function Pane({ view, auto = false }: PaneProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const player = usePlayer();
  const version = usePlayerState((state) => state.version);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const box = element.getBoundingClientRect();
    setSize({ width: box.width, height: box.height });
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const Component = view.component;
  const details = () => {
    const { entries, time } = player.store.getState();
    return `view ${view.id}\nscenario ${player.run?.id}\nseed ${player.run?.resolved?.seed}\nevent ${entries} at ${time}\nmodel ${__MODEL_VERSION__}`;
  };
  return (
    <div ref={frame} className={auto ? styles.paneAuto : styles.pane} data-view={view.id}>
      <PaneErrorBoundary resetKey={version} details={details}>
        <Suspense fallback={<PaneLoading label={text.bench.loading} />}>
          {size !== null && <Component width={size.width} height={size.height} Picture={Picture} />}
        </Suspense>
      </PaneErrorBoundary>
    </div>
  );
}
