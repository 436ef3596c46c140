/** The timeline: what happened when, in tracks over one axis, with the playhead. */
import { lazy } from "react";
import type { View } from "../view.ts";
import { ZoomTools } from "./ZoomTools.tsx";

export const timeline: View = {
  id: "timeline",
  title: "Timeline",
  slot: "timeline",
  component: lazy(() => import("./TimelineView.tsx")),
  tools: ZoomTools,
};
