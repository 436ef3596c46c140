/** The canvas model at the cursor of a player, and at any other moment. */
import type { LedgerState, MessageNow, Moment } from "../../../sim/index.ts";
import type { Mark, Player } from "../../player/index.ts";
import type { AtCursor } from "../../state/player.tsx";
import type { Thing } from "../../state/selection.ts";
import { historyAt } from "./history.ts";
import type { CanvasModel } from "./model.ts";
import { projectCanvas } from "./project.ts";

export function modelAtCursor({ moment, time, entries, player }: AtCursor, selection: Thing | null): CanvasModel {
  const delivered = player.store.getState().isPlaying ? null : deliveredBy(player, entries);
  return modelAt(moment, time, player.marks.marks, selection, delivered);
}

/** The canvas model of any moment; `marks` are those of its future. */
export function modelAt(
  { world, observed, entries }: Readonly<Moment>,
  time: number,
  marks: readonly Mark[],
  selection: Thing | null,
  delivered: MessageNow | null = null,
): CanvasModel {
  const ledger = observed.ledger as LedgerState | undefined;
  return projectCanvas({ world, time, ledger, selection, caption: "", delivered, ...historyAt(marks, entries, time) });
}

/**
 * The message that the last step delivered; null when it was something else. While playing it is not asked for: the step
 * has to run again, and nobody could see it.
 */
function deliveredBy({ timeline }: Player, entries: number): MessageNow | null {
  if (entries === 0 || !/^[A-Z]/.test(timeline.trace.entry(entries - 1).kind)) return null;
  const { trigger, id, at } = timeline.stepAt(entries - 1);
  if (trigger?.kind !== "message") return null;
  const { message } = trigger;
  const isResponse = message.body.kind.endsWith("Response");
  return { id: `e${id}`, message, isResponse, sentAt: message.sentAt, arrivesAt: at, held: null };
}
