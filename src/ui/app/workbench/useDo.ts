/** Does something to the run at the cursor, or before a step of its past, and says so, with an undo. */
import { useCallback } from "react";
import { type Act, describeAct, freeze } from "../../../sim/index.ts";
import { useNotices } from "../../state/notices.ts";
import { usePlayer } from "../../state/player.tsx";
import { text } from "../text.ts";
import { useBench } from "./bench.ts";

/** `before`: index of the step before which the act belongs; without it, the moment shown. */
export type Do = (act: Act, name: string, before?: number) => void;

export function useDo(): Do {
  const player = usePlayer();
  const show = useNotices((state) => state.show);
  return useCallback(
    (act, name, before) => {
      const { branch: from, heldBy } = player.store.getState();
      if (heldBy !== null) {
        // What was asked about would not come to pass.
        show(text.bench.held);
        useBench.getState().show("lesson", "lesson");
        return;
      }
      if (!(before === undefined ? player.act(act, name) : actBefore(before))) return;
      const { branch, branches } = player.store.getState();
      const forked = branch !== from ? ` ${branches.find(({ id }) => id === branch)?.label ?? ""}.` : "";
      show(`${describeAct(act)}${forked}`, () => player.undo());

      function actBefore(entry: number): boolean {
        const { timeline } = player;
        const input = freeze({ ...timeline.place(timeline.trace.at(entry), entry), act });
        // Of inputs at one place the first comes first.
        return player.changeInputs(name, (inputs) => [input, ...inputs]);
      }
    },
    [player, show],
  );
}
