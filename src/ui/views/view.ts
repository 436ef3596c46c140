/**
 * What a view is: a folder here whose `index.tsx` exports a descriptor. The workbench knows views by this alone and puts
 * each in the slot that it names; `index.ts` lists them.
 */
import type { ComponentType } from "react";
import type { SimTime, Timeline } from "../../sim/index.ts";
import type { Mark, Player } from "../player/index.ts";

/**
 * Where a view stands.
 *
 * - `lesson`     left column, only while the run has a lesson
 * - `centre`     tabs over the middle: canvas, table, groups, compare
 * - `inspector`  right column
 * - `timeline`   under the transport bar; all of them, one above the other
 * - `drawer`     tabs at the foot: log, ledger, metrics, checks
 */
export type Slot = "lesson" | "centre" | "inspector" | "timeline" | "drawer";

export interface ViewProps {
  /** Size of the pane in px; the view says so itself when that is too little. */
  readonly width: number;
  readonly height: number;
  /** Draws any moment of any future. */
  readonly Picture: ComponentType<PictureProps>;
}

/** A moment of a future that need not be the current one. */
export interface PictureProps {
  readonly timeline: Timeline;
  /** Grows with the timeline. */
  readonly version: number;
  readonly marks: readonly Mark[];
  readonly time: SimTime;
  /** In px; it is as high as it needs. */
  readonly width: number;
}

export interface View {
  /** A word of letters: stands in addresses (`view=log`) and preferences. */
  readonly id: string;
  /** On its tab. */
  readonly title: string;
  readonly slot: Slot;
  /** The key that shows it: "1" to "6" (ux.md section 5). */
  readonly key?: string;
  /** Finds player, selection and preferences by hooks. Use `lazy(() => import("./Log.tsx"))` so that it loads when shown. */
  readonly component: ComponentType<ViewProps>;
  /** Stands beside the title on the tab: "1 lost". Renders nothing when there is nothing to say. */
  readonly badge?: ComponentType;
  /** Stands at the right end of the tab bar while the view is shown: filters, a fit button. */
  readonly tools?: ComponentType;
  /** Whether it makes sense for this run; left out: always. */
  readonly fits?: (player: Player) => boolean;
}
