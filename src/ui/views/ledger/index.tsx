/** The ledger: what became of every record. */
import { lazy } from "react";
import type { View } from "../view.ts";
import { LedgerBadge, LedgerTools } from "./LedgerTools.tsx";

export const ledger: View = {
  id: "ledger",
  title: "Ledger",
  slot: "drawer",
  key: "3",
  component: lazy(() => import("./Ledger.tsx")),
  badge: LedgerBadge,
  tools: LedgerTools,
};
