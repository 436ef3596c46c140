/** Does something to the run at the cursor and says so, with an undo. */
import { useCallback } from "react";
import { type Act, describeAct } from "../../../sim/index.ts";
import { useNotices } from "../../state/notices.ts";
import { usePlayer } from "../../state/player.tsx";

export function useDo(): (act: Act, name: string) => void {
  const player = usePlayer();
  const show = useNotices((state) => state.show);
  return useCallback(
    (act, name) => {
      const before = player.store.getState().branch;
      if (!player.act(act, name)) return;
      const { branch, branches } = player.store.getState();
      const forked = branch !== before ? ` ${branches.find(({ id }) => id === branch)?.label ?? ""}.` : "";
      show(`${describeAct(act)}${forked}`, () => player.undo());
    },
    [player, show],
  );
}
