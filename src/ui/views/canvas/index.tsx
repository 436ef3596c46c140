/** The canvas: brokers, clients, ensemble and what moves between them. */
import { lazy } from "react";
import type { View } from "../view.ts";

export const canvas: View = {
  id: "canvas",
  title: "Canvas",
  slot: "centre",
  key: "1",
  component: lazy(() => import("./CanvasView.tsx")),
};
