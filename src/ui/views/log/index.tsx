/** The narrated log: one sentence for each thing that was decided. */
import { lazy } from "react";
import type { View } from "../view.ts";
import { LogTools } from "./LogTools.tsx";

export const log: View = {
  id: "log",
  title: "Log",
  slot: "drawer",
  key: "4",
  component: lazy(() => import("./Log.tsx")),
  tools: LogTools,
};
