/** Pulling the cursor along a drawing of the run. */
import type { PointerEvent } from "react";
import { usePlayer } from "../state/player.tsx";

/** Handlers of the element that is pulled on; `seek` goes to where the pointer is. */
export function useScrub<Pulled extends Element>(seek: (event: PointerEvent<Pulled>) => void) {
  const player = usePlayer();
  return {
    onPointerDown(event: PointerEvent<Pulled>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      player.setScrubbing(true);
      seek(event);
    },
    onPointerMove(event: PointerEvent<Pulled>) {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
    },
    onPointerUp: () => player.setScrubbing(false),
    onPointerCancel: () => player.setScrubbing(false),
  };
}
