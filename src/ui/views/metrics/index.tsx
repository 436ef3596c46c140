/** Metrics over time, with the names that Kafka gives them. */
import { lazy } from "react";
import type { View } from "../view.ts";
import { MetricsTools } from "./MetricsTools.tsx";

export const metrics: View = {
  id: "metrics",
  title: "Metrics",
  slot: "drawer",
  key: "5",
  component: lazy(() => import("./Metrics.tsx")),
  tools: MetricsTools,
};
