/** The picture, the panel and the strip of the first page at one moment; where the moment comes from is not its business. */
import { useSelection } from "../../state/selection.ts";
import { Canvas } from "../../views/canvas/Canvas.tsx";
import { LiveRegion } from "../../widgets/LiveRegion.tsx";
import { DemoPanel } from "./DemoPanel.tsx";
import styles from "./home.module.css";
import { Strip } from "./Strip.tsx";
import type { DemoActions, EventCount, Scene } from "./scene.ts";

export interface StageViewProps {
  readonly scene: Scene;
  readonly counts: EventCount;
  readonly actions: DemoActions;
  readonly isPlaying: boolean;
  /** Something was asked for that waits for the simulator. */
  readonly isBusy?: boolean;
  readonly pace: number;
  readonly seed: number;
  readonly reducedMotion: boolean;
}

export function StageView({
  scene,
  counts,
  actions,
  isPlaying,
  isBusy = false,
  pace,
  seed,
  reducedMotion,
}: StageViewProps) {
  const select = useSelection((state) => state.select);
  return (
    <>
      <div className={styles.picture}>
        <Canvas model={scene.model} onSelect={select} reducedMotion={reducedMotion} />
      </div>
      <DemoPanel facts={scene.facts} caption={scene.caption} actions={actions} isBusy={isBusy} />
      <Strip scene={scene} counts={counts} isPlaying={isPlaying} pace={pace} seed={seed} onToggle={actions.toggle} />
      <LiveRegion message={scene.caption} />
    </>
  );
}
