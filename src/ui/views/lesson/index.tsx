/** The lesson beside the run: what to predict, to do, to look at, and why it went as it did. */
import { lazy } from "react";
import type { View } from "../view.ts";
import { text } from "./text.ts";

export const lesson: View = {
  id: "lesson",
  title: text.title,
  slot: "lesson",
  component: lazy(() => import("./LessonColumn.tsx")),
  fits: (player) => player.run?.scenario?.lesson !== undefined,
};
