/** All that the canvas shows, as tables. */
import { lazy } from "react";
import type { View } from "../view.ts";

export const table: View = {
  id: "table",
  title: "Table",
  slot: "centre",
  component: lazy(() => import("./TableView.tsx")),
};
