/** Consumer groups: who coordinates, who is a member, who reads what, and how far. */
import { lazy } from "react";
import type { View } from "../view.ts";

export const groups: View = {
  id: "groups",
  title: "Groups",
  slot: "centre",
  component: lazy(() => import("./Groups.tsx")),
  // A sandbox can get a group later.
  fits: ({ run }) => {
    if (run === null || run.isOpenEnded) return true;
    return run.resolved?.clients.some((client) => client.kind === "consumer" && client.assign.length === 0) ?? true;
  },
};
