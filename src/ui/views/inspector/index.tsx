/** The chosen thing: what it is now, what changed at this event, why, and the rule behind it. */
import { lazy } from "react";
import type { View } from "../view.ts";

export const inspector: View = {
  id: "inspector",
  title: "Inspector",
  slot: "inspector",
  component: lazy(() => import("./Inspector.tsx")),
};
