/** The canvas model at the cursor of a player. */
import type { LedgerState } from "../../../sim/index.ts";
import type { AtCursor } from "../../state/player.tsx";
import { historyAt } from "./history.ts";
import type { CanvasModel, Thing } from "./model.ts";
import { projectCanvas } from "./project.ts";

export function modelAtCursor({ moment, time, entries, player }: AtCursor, selection: Thing | null): CanvasModel {
  return projectCanvas({
    world: moment.world,
    time,
    ledger: moment.observed.ledger as LedgerState | undefined,
    selection,
    caption: "",
    ...historyAt(player, entries, time),
  });
}
