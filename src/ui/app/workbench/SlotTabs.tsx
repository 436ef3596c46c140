/** The views of one slot as tabs. With one view there is nothing to choose, and its title stands there alone. */
import type { ReactNode } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { viewsIn } from "../../views/index.ts";
import type { Slot, View } from "../../views/view.ts";
import { PaneState } from "../../widgets/PaneState.tsx";
import { Tabs } from "../../widgets/Tabs.tsx";
import { text } from "../text.ts";
import { useBench } from "./bench.ts";
import { Pane } from "./Pane.tsx";

/** Views of a slot that make sense for the run that is open. */
export function useViews(...slots: readonly Slot[]): readonly View[] {
  const player = usePlayer();
  // A view's `fits` looks at the run and its futures.
  usePlayerState((state) => state.runKey);
  usePlayerState((state) => state.branches.length);
  return slots.flatMap((slot) => viewsIn(slot)).filter((view) => view.fits?.(player) ?? true);
}

export interface SlotTabsProps {
  readonly label: string;
  readonly slots: readonly Slot[];
  readonly low?: boolean;
  readonly end?: ReactNode;
}

export function SlotTabs({ label, slots, low = false, end }: SlotTabsProps) {
  const views = useViews(...slots);
  const shown = useBench((state) => state.shown);
  const part = useBench((state) => state.part);
  const show = useBench((state) => state.show);
  if (views.length === 0) return <PaneState title={text.bench.emptySlot} />;
  const inFront = slots.length > 1 ? views.find(({ slot }) => slot === part) : undefined;
  const chosen = inFront ?? views.find(({ id, slot }) => shown[slot] === id) ?? (views[0] as View);
  const Tools = chosen.tools;
  return (
    <Tabs
      label={label}
      low={low}
      value={chosen.id}
      onChange={(id) => {
        const view = views.find((one) => one.id === id);
        if (view) show(view.slot, id);
      }}
      end={
        <>
          {Tools && <Tools />}
          {end}
        </>
      }
      items={views.map((view) => ({
        value: view.id,
        label: (
          <>
            {view.title}
            {view.badge && <view.badge />}
          </>
        ),
        panel: <Pane view={view} />,
      }))}
    />
  );
}
