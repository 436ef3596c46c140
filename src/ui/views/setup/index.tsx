/** Where a lab has its lesson, a run without one has the form that builds its cluster. */
import { lazy } from "react";
import type { View } from "../view.ts";
import { text } from "./text.ts";

export const setup: View = {
  id: "setup",
  title: text.title,
  slot: "lesson",
  component: lazy(() => import("./Setup.tsx")),
  fits: (player) => player.run != null && player.run.scenario?.lesson === undefined,
};
