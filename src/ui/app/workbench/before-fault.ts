/** The way back to the last moment at which a fault had not happened yet. */
import type { Player } from "../../player/index.ts";

/** Goes to just before the last fault that has happened; false when there is none. */
export function goBeforeFault(player: Player): boolean {
  const { entries } = player.store.getState();
  const { marks } = player.marks;
  const end = player.marks.firstFrom(entries);
  for (let n = end - 1; n >= 0; n -= 1) {
    const mark = marks[n];
    if (mark?.kind !== "fault") continue;
    player.pause();
    player.seek({ entries: mark.entry, time: mark.at });
    return true;
  }
  return false;
}
