/** The canvas as a view of the workbench: the World at the cursor, projected and drawn; what is chosen goes to the store. */
import { useCallback } from "react";
import { useMenu } from "../../state/menu.ts";
import { type AtCursor, useAtCursor } from "../../state/player.tsx";
import { usePreferences } from "../../state/preferences.ts";
import { useSelection } from "../../state/selection.ts";
import { PaneState } from "../../widgets/PaneState.tsx";
import type { ViewProps } from "../view.ts";
import { modelAtCursor } from "./at-cursor.ts";
import { Canvas } from "./Canvas.tsx";
import styles from "./view.module.css";

/** Narrower than this a broker with its strip cannot be read. */
const leastWidth = 280;

export default function CanvasView({ width, height }: ViewProps) {
  const selection = useSelection((state) => state.thing);
  const select = useSelection((state) => state.select);
  const ask = useMenu((state) => state.ask);
  const showHeartbeats = usePreferences((state) => state.showHeartbeats);
  const motion = usePreferences((state) => state.reducedMotion);
  const project = useCallback((at: AtCursor) => modelAtCursor(at, selection), [selection]);
  const model = useAtCursor(project, { by: "time", on: [project] });
  const isAsked = typeof window !== "undefined" && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (model === null) return null;
  if (width < leastWidth)
    return <PaneState title={`The canvas needs ${leastWidth} px.`}>It has {Math.round(width)}.</PaneState>;
  return (
    <div className={styles.view} style={{ blockSize: height }}>
      <Canvas
        model={model}
        width={width}
        height={height}
        fits
        onSelect={select}
        onMenu={(thing, x, y) => {
          select(thing);
          ask(thing, x, y);
        }}
        reducedMotion={motion === "on" || (motion === "system" && isAsked)}
        showHeartbeats={showHeartbeats}
      />
    </div>
  );
}
