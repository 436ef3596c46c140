/** Reset, fork, share, undo, redo: what is done with a run as a whole, each with its sentence. */
import { useMemo } from "react";
import type { Player } from "../../player/index.ts";
import { useNotices } from "../../state/notices.ts";
import { usePlayer } from "../../state/player.tsx";
import { useRerun } from "../../state/rerun.ts";
import { useSelection } from "../../state/selection.ts";
import { text } from "../text.ts";

const { bench } = text;

export interface RunActions {
  reset(): void;
  fork(): void;
  share(): void;
  undo(): void;
  redo(): void;
}

export function useRunActions(): RunActions {
  const player = usePlayer();
  const show = useNotices((state) => state.show);
  return useMemo(
    () => ({
      reset() {
        player.reset();
        show(bench.wasReset, () => player.undo());
      },
      fork() {
        player.fork();
        show(bench.forked, () => player.undo());
      },
      share() {
        void copyLink(player, show);
      },
      undo() {
        const what = player.store.getState().undoLabel;
        if (player.undo() && what !== null) show(bench.undone(what));
        else show(useRerun.getState().back() ? bench.undone(bench.newRun) : bench.nothingToUndo);
      },
      redo() {
        const what = player.store.getState().redoLabel;
        if (player.redo() && what !== null) show(bench.redone(what));
        else if (useRerun.getState().forth()) show(bench.redone(bench.newRun));
      },
    }),
    [player, show],
  );
}

/** Copies a link to the moment shown, or shows it where that is not allowed; says what came of it. */
async function copyLink(player: Player, show: (text: string) => void): Promise<void> {
  player.pause();
  // What writes and reads links loads when somebody has one.
  const { linkTo } = await import("../share/open-link.ts");
  const payload = await linkTo(player, useSelection.getState().thing);
  if (payload === null) {
    show(bench.tooLong);
    return;
  }
  const url = `${window.location.href.replace(/#.*$/, "")}#/s/${payload}`;
  try {
    await navigator.clipboard.writeText(url);
    show(bench.copied);
  } catch {
    // A page from a disk, or one that may not write to the clipboard: the link is shown instead.
    window.prompt(bench.copyThis, url);
  }
}
