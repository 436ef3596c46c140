/** The canvas of a moment that need not be the cursor's: messages stand still, and there is nothing to act on. */
import { useMemo } from "react";
import type { LedgerState } from "../../../sim/index.ts";
import { useSelection } from "../../state/selection.ts";
import type { PictureProps } from "../view.ts";
import { Canvas } from "./Canvas.tsx";
import { historyAt } from "./history.ts";
import { projectCanvas } from "./project.ts";

export default function MomentPicture({ timeline, version, marks, time, width }: PictureProps) {
  const selection = useSelection((state) => state.thing);
  const select = useSelection((state) => state.select);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version names what the timeline and its marks hold.
  const model = useMemo(() => {
    const entries = timeline.entriesAt(time);
    const { world, observed } = timeline.at(entries);
    const ledger = observed.ledger as LedgerState | undefined;
    const history = historyAt(marks, entries, time);
    return projectCanvas({ world, time, ledger, selection, caption: "", delivered: null, ...history });
  }, [timeline, version, time, selection]);
  return <Canvas model={model} width={width} onSelect={select} reducedMotion />;
}
