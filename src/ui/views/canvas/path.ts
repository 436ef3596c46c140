/**
 * Wires as geometry: a line of right angles with rounded corners, and where a share of its length lies. Pure; px.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place on a wire; `angle` in degrees is the direction of travel, 0 to the right, 90 down. */
export interface Place extends Point {
  readonly angle: number;
}

export const cornerRadius = 8;

/** SVG path data through `points`, corners rounded by at most half of the shorter side. */
export function roundedPath(points: readonly Point[], radius = cornerRadius): string {
  const first = points[0];
  if (!first) return "";
  let d = `M${n(first.x)} ${n(first.y)}`;
  for (const corner of corners(points, radius)) {
    d += corner.from
      ? `L${n(corner.from.x)} ${n(corner.from.y)}Q${n(corner.at.x)} ${n(corner.at.y)} ${n(corner.to.x)} ${n(corner.to.y)}`
      : `L${n(corner.at.x)} ${n(corner.at.y)}`;
  }
  return d;
}

/** The same curve as short straight pieces, for measuring. */
export function flatten(points: readonly Point[], radius = cornerRadius): Point[] {
  const first = points[0];
  if (!first) return [];
  const out: Point[] = [first];
  for (const corner of corners(points, radius)) {
    if (!corner.from) {
      out.push(corner.at);
      continue;
    }
    out.push(corner.from);
    for (let step = 1; step <= 4; step++) {
      const t = step / 4;
      const a = (1 - t) * (1 - t);
      const b = 2 * t * (1 - t);
      out.push({
        x: a * corner.from.x + b * corner.at.x + t * t * corner.to.x,
        y: a * corner.from.y + b * corner.at.y + t * t * corner.to.y,
      });
    }
  }
  return out;
}

export function lengthOf(flat: readonly Point[]): number {
  let length = 0;
  for (let index = 1; index < flat.length; index++) length += distance(flat[index - 1], flat[index]);
  return length;
}

/** The place at `share` (0..1) of the length. `flat` must have two points or more. */
export function placeAt(flat: readonly Point[], share: number): Place {
  let left = Math.min(1, Math.max(0, share)) * lengthOf(flat);
  for (let index = 1; index < flat.length; index++) {
    const a = flat[index - 1] as Point;
    const b = flat[index] as Point;
    const piece = distance(a, b);
    if (left <= piece || index === flat.length - 1) {
      const t = piece === 0 ? 0 : Math.min(1, left / piece);
      const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
      return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t, angle };
    }
    left -= piece;
  }
  const only = flat[0] ?? { x: 0, y: 0 };
  return { ...only, angle: 0 };
}

/** The middle of the longest straight piece: where marks of the link stand. `avoid` are places already taken. */
export function calmPlace(points: readonly Point[]): Place {
  let best: Place = { x: points[0]?.x ?? 0, y: points[0]?.y ?? 0, angle: 0 };
  let longest = -1;
  for (let index = 1; index < points.length; index++) {
    const a = points[index - 1] as Point;
    const b = points[index] as Point;
    const piece = distance(a, b);
    if (piece <= longest) continue;
    longest = piece;
    const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
    best = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, angle };
  }
  return best;
}

export function middle(rect: Rect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

function corners(points: readonly Point[], radius: number): { from?: Point; at: Point; to: Point }[] {
  const out: { from?: Point; at: Point; to: Point }[] = [];
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1] as Point;
    const at = points[index] as Point;
    const after = points[index + 1];
    const r = after ? Math.min(radius, distance(before, at) / 2, distance(at, after) / 2) : 0;
    if (!after || r < 0.5) out.push({ at, to: at });
    else out.push({ from: toward(at, before, r), at, to: toward(at, after, r) });
  }
  return out;
}

function toward(from: Point, to: Point, by: number): Point {
  const d = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / d, y: from.y + ((to.y - from.y) * by) / d };
}

function distance(a: Point | undefined, b: Point | undefined): number {
  return a && b ? Math.hypot(b.x - a.x, b.y - a.y) : 0;
}

/** Two decimals: the same text everywhere. */
export function n(value: number): number {
  return Math.round(value * 100) / 100;
}
