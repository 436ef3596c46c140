/**
 * The player for components: a context, and hooks whose selectors return stored references or primitives.
 *
 * A projection runs while drawing, at most once for each moment: what it returns is plain data of its own, because the World
 * that it reads moves on.
 */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useStore } from "zustand";
import type { Moment } from "../../sim/index.ts";
import type { Player, PlayerState } from "../player/index.ts";

const Context = createContext<Player | null>(null);

export function PlayerProvider({ player, children }: { readonly player: Player; readonly children: ReactNode }) {
  return <Context value={player}>{children}</Context>;
}

/** The player of this screen. It is the same object as long as the screen is open. */
export function usePlayer(): Player {
  const player = useContext(Context);
  if (player === null) throw new Error("there is no PlayerProvider above");
  return player;
}

/** A part of the player's state. `select` must return a stored reference or a primitive, never a fresh object. */
export function usePlayerState<T>(select: (state: PlayerState) => T): T {
  return useStore(usePlayer().store, select);
}

/** What a projection may read besides the World: the cursor, and the player for trace, marks and scenario. */
export interface AtCursor {
  readonly moment: Readonly<Moment>;
  /** The moment shown, µs; never before `moment.world.time`. */
  readonly time: number;
  readonly entries: number;
  readonly player: Player;
}

/**
 * `project` at the cursor, computed again when the cursor moves to another step (`by: "entries"`) or at all (`by: "time"`,
 * for what moves between steps). Give a stable function, or name what it depends on in `on`. Null while no run is open.
 */
export function useAtCursor<T>(
  project: (at: AtCursor) => T,
  { by = "entries", on = [] }: { readonly by?: "entries" | "time"; readonly on?: readonly unknown[] } = {},
): T | null {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const version = usePlayerState((state) => state.version);
  const entries = usePlayerState((state) => state.entries);
  const time = usePlayerState((state) => (by === "time" ? state.time : -1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: version, entries and time name the moment; `on` names the rest.
  return useMemo(
    () => (isOpen ? project({ moment: player.moment(), time: player.store.getState().time, entries, player }) : null),
    [player, isOpen, version, entries, time, by, ...on],
  );
}
