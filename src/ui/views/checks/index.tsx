/** What must be true of the run, and where that stands. */
import { lazy } from "react";
import type { View } from "../view.ts";

export const checks: View = {
  id: "checks",
  title: "Checks",
  slot: "drawer",
  component: lazy(() => import("./Checks.tsx")),
};
