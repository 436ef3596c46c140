/** Two futures side by side. */
import { lazy } from "react";
import type { View } from "../view.ts";

export const compare: View = {
  id: "compare",
  title: "Compare",
  slot: "centre",
  component: lazy(() => import("./Compare.tsx")),
  fits: ({ store }) => store.getState().branches.length > 1,
};
