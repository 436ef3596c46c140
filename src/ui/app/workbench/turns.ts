/** Ways to a turn of the run that say so when there is none. */
import type { Player } from "../../player/index.ts";
import { useNotices } from "../../state/notices.ts";
import { text } from "../text.ts";

/** To the last moment at which the last fault had not happened yet. */
export function goBeforeFault(player: Player): void {
  const { marks } = player;
  const seen = marks.marks.slice(0, marks.firstFrom(player.store.getState().entries));
  const fault = seen.findLast(({ kind }) => kind === "fault");
  if (fault === undefined) useNotices.getState().show(text.transport.noFault);
  else {
    player.pause();
    player.seek({ entries: fault.entry, time: fault.at });
  }
}

/** To the next turn; where none comes any more, to the end. */
export function stepToTurn(player: Player): void {
  const { entries, isComputed } = player.store.getState();
  if (isComputed && player.marks.next(entries) === null) useNotices.getState().show(text.transport.noTurn);
  player.step("mark", 1);
}
