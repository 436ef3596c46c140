/**
 * Moving between things with the arrow keys: the nearest one that lies that way. Pure; px.
 */
import { middle, type Rect } from "./path.ts";

export type Direction = "left" | "right" | "up" | "down";

export interface Target {
  readonly key: string;
  readonly rect: Rect;
}

/**
 * The key of the next thing from `from` in `direction`, or null at the edge. A thing beside the way counts as twice as
 * far, so that a row is walked along before it is left.
 */
export function nextThing(targets: readonly Target[], from: string, direction: Direction): string | null {
  const start = targets.find((target) => target.key === from);
  if (!start) return targets[0]?.key ?? null;
  const origin = middle(start.rect);
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const target of targets) {
    if (target === start) continue;
    const place = middle(target.rect);
    const dx = place.x - origin.x;
    const dy = place.y - origin.y;
    const along = direction === "right" ? dx : direction === "left" ? -dx : direction === "down" ? dy : -dy;
    const across = direction === "left" || direction === "right" ? Math.abs(dy) : Math.abs(dx);
    if (along < 2) continue;
    const cost = along + 2 * across;
    if (cost < least) {
      least = cost;
      best = target.key;
    }
  }
  return best;
}
