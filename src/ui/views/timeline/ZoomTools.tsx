/** Zoom out, zoom in, show the whole run. */
import { usePlayer } from "../../state/player.tsx";
import { Button, IconButton } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { clampDomain, useDomain } from "../time.ts";

export function ZoomTools() {
  const player = usePlayer();
  const { domain, show } = useDomain();
  const zoom = (by: number) => {
    const { horizon, time } = player.store.getState();
    const [from, to] = domain ?? [0, horizon];
    const about = time >= from && time <= to ? time : (from + to) / 2;
    show(clampDomain(about - (about - from) * by, about + (to - about) * by, horizon));
  };
  return (
    <>
      <IconButton size="bar" label="Zoom out" shortcut="s" onClick={() => zoom(2)}>
        <Icon name="minus" />
      </IconButton>
      <IconButton size="bar" label="Zoom in" shortcut="w" onClick={() => zoom(0.5)}>
        <Icon name="plus" />
      </IconButton>
      <Button size="bar" look="quiet" disabled={domain === null} onClick={() => show(null)}>
        Fit
      </Button>
    </>
  );
}
