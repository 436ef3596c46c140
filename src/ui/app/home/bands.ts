/** Who led the first partition from when to when, read off the marks up to the cursor. */
import { leaderNow } from "../../../sim/index.ts";
import type { AtCursor } from "../../state/player.tsx";

import type { LeaderBand } from "./scene.ts";

export function leaderBands({ moment, entries, player }: AtCursor): LeaderBand[] {
  const bands: { from: number; to: number | null; leader: string | null }[] = [];
  const change = (at: number, leader: string | null) => {
    const last = bands.at(-1);
    if (last !== undefined) last.to = at;
    bands.push({ from: at, to: null, leader });
  };
  const end = player.marks.firstFrom(entries);
  let leader: string | null = null;
  for (let n = 0; n < end; n += 1) {
    const mark = player.marks.marks[n];
    const fact = mark?.fact;
    if (mark === undefined || fact == null) continue;
    if (fact.kind === "process-killed") {
      const node = String(fact.node);
      if (bands.length === 0) change(0, node);
      if ((bands.at(-1)?.leader ?? null) === node) change(mark.at, null);
    }
    if (fact.kind === "leader-elected") {
      leader = typeof fact.leader === "string" ? fact.leader : null;
      if (bands.length === 0) change(0, null);
      if ((bands.at(-1)?.leader ?? null) !== leader) change(mark.at, leader);
    }
  }
  return bands.length > 0 ? bands : [{ from: 0, to: null, leader: leaderNow(moment.world, "orders-0") }];
}
