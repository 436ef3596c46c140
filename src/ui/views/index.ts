/** The registry of views: the only list of what can be looked at, in the order of tabs. */
import { lazy } from "react";
import { canvas } from "./canvas/index.tsx";
import { checks } from "./checks/index.tsx";
import { compare } from "./compare/index.tsx";
import { groups } from "./groups/index.tsx";
import { inspector } from "./inspector/index.tsx";
import { ledger } from "./ledger/index.tsx";
import { lesson } from "./lesson/index.tsx";
import { log } from "./log/index.tsx";
import { metrics } from "./metrics/index.tsx";
import { setup } from "./setup/index.tsx";
import { table } from "./table/index.tsx";
import { timeline } from "./timeline/index.tsx";
import type { Slot, View } from "./view.ts";

export const VIEWS: readonly View[] = [
  lesson,
  setup,
  canvas,
  table,
  groups,
  compare,
  inspector,
  timeline,
  log,
  ledger,
  metrics,
  checks,
];

/** How any moment of any future is drawn. */
export const Picture = lazy(() => import("./canvas/MomentPicture.tsx"));

export function viewsIn(slot: Slot): readonly View[] {
  return VIEWS.filter((view) => view.slot === slot);
}

/** Null when there is no view of that name. */
export function viewById(id: string): View | null {
  return VIEWS.find((view) => view.id === id) ?? null;
}
