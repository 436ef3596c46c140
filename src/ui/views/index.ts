/** The registry of views: the only list of what can be looked at, in the order of tabs. */
import type { Slot, View } from "./view.ts";

export const VIEWS: readonly View[] = [];

export function viewsIn(slot: Slot): readonly View[] {
  return VIEWS.filter((view) => view.slot === slot);
}
