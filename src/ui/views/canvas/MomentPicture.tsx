/** The canvas of a moment that need not be the cursor's: messages stand still, and there is nothing to act on. */
import { useMemo } from "react";
import { useSelection } from "../../state/selection.ts";
import type { PictureProps } from "../view.ts";
import { modelAt } from "./at-cursor.ts";
import { Canvas } from "./Canvas.tsx";

export default function MomentPicture({ timeline, version, marks, time, width }: PictureProps) {
  const selection = useSelection((state) => state.thing);
  const select = useSelection((state) => state.select);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version names what the timeline and its marks hold.
  const model = useMemo(
    () => modelAt(timeline.at(timeline.entriesAt(time)), time, marks, selection),
    [timeline, version, time, selection],
  );
  return <Canvas model={model} width={width} onSelect={select} reducedMotion />;
}
