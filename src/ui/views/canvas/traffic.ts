/**
 * What moves on the wires: where each message stands, which are merged, where their words go, and which wires are
 * drawn when there are many. Pure; px.
 */
import type { CanvasLayout, WireRoute } from "./layout.ts";
import { estimate, type Measure } from "./measure.ts";
import { type CanvasModel, isGone, type LinkView, type MessageView, pairKey, thingKey } from "./model.ts";
import { calmPlace, type Place, placeAt } from "./path.ts";

export interface PlacedMessage {
  /** Stable while the message lives; for a merged mark, that of its wire and kind. */
  readonly key: string;
  readonly message: MessageView;
  /** How many messages this mark stands for. */
  readonly count: number;
  readonly place: Place;
  readonly text: string;
  /** Where the text stands from the mark. */
  readonly side: "right" | "left" | "above" | "below";
  readonly current: boolean;
  /** Without motion: the place of this mark in the order of the messages, from 1. */
  readonly ordinal: number;
}

export interface TrafficOptions {
  readonly reducedMotion: boolean;
  readonly showHeartbeats: boolean;
  readonly measure?: Measure;
}

/** More marks than this are merged: one for each wire, kind and direction. */
export const mostMarks = 60;
/** Marks of one kind nearer than this on one wire are one mark with a count. */
const mergeWithin = 9;

/** Places the messages that have a wire. In motion a mark stands where its progress says; without, at a fixed share. */
export function placeMessages(model: CanvasModel, layout: CanvasLayout, options: TrafficOptions): PlacedMessage[] {
  const shown = model.messages.filter(
    (message) => (options.showHeartbeats || !message.heartbeat) && layout.wires.has(pairKey(message.from, message.to)),
  );
  const crowd = shown.length > mostMarks;
  const merged = new Map<string, { message: MessageView; count: number; share: number }[]>();
  for (const message of shown) {
    const route = layout.wires.get(pairKey(message.from, message.to)) as WireRoute;
    const forward = message.from === route.a;
    const share = options.reducedMotion ? (message.response ? 0.62 : 0.38) : message.progress;
    const isCurrent = message.id === model.currentMessage;
    // What waits at a cut has one place: it is one mark with a count, of whatever family.
    const waits = message.atCut === true && !isCurrent;
    const kind = waits
      ? `${route.key} ${forward} cut`
      : `${route.key} ${forward} ${message.family} ${message.response} ${message.error} ${message.dropped ?? false}`;
    const marks = merged.get(kind) ?? [];
    const along = forward ? share : 1 - share;
    const near = marks.find(
      (mark) => !isCurrent && (crowd || options.reducedMotion || close(route, mark.share, along)),
    );
    if (near) near.count += 1;
    else marks.push({ message, count: 1, share: along });
    merged.set(kind, marks);
  }
  const measure = options.measure ?? estimate;
  const signs = markBoxes(model, layout);
  const taken = [...signs];
  const flagged = new Set(
    model.links.flatMap(({ from, to, faults }) => (faults.length > 0 ? [pairKey(from, to)] : [])),
  );
  const placed: PlacedMessage[] = [];
  for (const [kind, marks] of merged) {
    for (const { message, count, share } of marks) {
      const route = layout.wires.get(pairKey(message.from, message.to)) as WireRoute;
      const forward = message.from === route.a;
      const at = message.atCut ? beforeCut(route, forward, flagged.has(route.key)) : placeAt(route.flat, share);
      const place = forward ? at : { ...at, angle: at.angle + 180 };
      const text = count > 1 ? `×${count}` : (message.label ?? "");
      const side = sideFor(place, text, measure, layout, taken, signs, options.reducedMotion);
      placed.push({
        key: marks.length === 1 && count > 1 ? kind : message.id,
        message,
        count,
        place,
        text: side === null ? "" : text,
        side: side ?? "right",
        current: message.id === model.currentMessage,
        ordinal: placed.length + 1,
      });
    }
  }
  return placed;
}

/** From the middle of a cut to a message that waits at it, px: past the bars, or past the flag that stands before them. */
const pastBars = 20;
const pastFlag = 42;

/** Where a message waits: this side of the mark of the cut, so that both are seen. The flag stands left of it, or above. */
function beforeCut(route: WireRoute, forward: boolean, isFlagged: boolean): Place {
  const mark = calmPlace(route.points);
  const turn = (mark.angle * Math.PI) / 180;
  const [dx, dy] = [Math.cos(turn) * (forward ? -1 : 1), Math.sin(turn) * (forward ? -1 : 1)];
  const by = isFlagged && (dx < -0.5 || dy < -0.5) ? pastFlag : pastBars;
  return { ...mark, x: mark.x + dx * by, y: mark.y + dy * by };
}

interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Room that the marks of cut, slow and lossy links take, with the flag of a fault at their left or upper end. */
function markBoxes(model: CanvasModel, layout: CanvasLayout): Box[] {
  return model.links.flatMap(({ from, to, state, faults }) => {
    const route = layout.wires.get(pairKey(from, to));
    if (route === undefined || ((state === "ok" || state === "closed") && faults.length === 0)) return [];
    const { x, y, angle } = calmPlace(route.points);
    const [before, after] = [faults.length > 0 ? 42 : 18, 18];
    const upright = Math.abs(Math.round(angle) % 180) === 90;
    return upright
      ? [{ x1: x - 9, y1: y - before, x2: x + 9, y2: y + after }]
      : [{ x1: x - before, y1: y - 9, x2: x + after, y2: y + 9 }];
  });
}

function close(route: WireRoute, one: number, other: number): boolean {
  const a = placeAt(route.flat, one);
  const b = placeAt(route.flat, other);
  return Math.hypot(a.x - b.x, a.y - b.y) < mergeWithin;
}

/** Where the words stand, kept free of what is `taken`; null when they could only cover the mark of a link (`signs`). */
function sideFor(
  place: Place,
  text: string,
  measure: Measure,
  layout: CanvasLayout,
  taken: Box[],
  signs: readonly Box[],
  hasArrow: boolean,
): PlacedMessage["side"] | null {
  if (text === "") return "right";
  const width = measure(text, "mono") + 6;
  const boxes = {
    right: { x1: place.x + 9, y1: place.y - 9, x2: place.x + 9 + width, y2: place.y + 9 },
    left: { x1: place.x - 9 - width, y1: place.y - 9, x2: place.x - 9, y2: place.y + 9 },
    above: { x1: place.x - width / 2, y1: place.y - 27, x2: place.x + width / 2, y2: place.y - 9 },
    below: { x1: place.x - width / 2, y1: place.y + 9, x2: place.x + width / 2, y2: place.y + 27 },
  };
  const cards = [...layout.brokers, ...layout.clients, ...layout.servers].map(({ rect }) => ({
    x1: rect.x,
    y1: rect.y,
    x2: rect.x + rect.width,
    y2: rect.y + rect.height,
  }));
  // The arrow of a still message keeps the side it points to.
  const sides = (["right", "left", "below", "above"] as const).filter(
    (side) => !hasArrow || side !== ahead(place.angle),
  );
  const free = sides.find((side) => {
    const box = boxes[side];
    if (box.x1 < 2 || box.x2 > layout.width - 2) return false;
    return ![...taken, ...cards].some((other) => meet(box, other));
  });
  const open = free ?? sides.find((side) => !signs.some((sign) => meet(boxes[side], sign)));
  const side = open ?? null;
  if (side !== null) taken.push(boxes[side]);
  taken.push({ x1: place.x - 8, y1: place.y - 8, x2: place.x + 8, y2: place.y + 8 });
  return side;
}

function meet(one: Box, other: Box): boolean {
  return one.x1 < other.x2 && other.x1 < one.x2 && one.y1 < other.y2 && other.y1 < one.y2;
}

function ahead(angle: number): PlacedMessage["side"] {
  const quarter = ((Math.round(angle / 90) % 4) + 4) % 4;
  return (["right", "below", "left", "above"] as const)[quarter] ?? "right";
}

export interface WireState {
  readonly route: WireRoute;
  readonly link: LinkView;
  /** It carries a message now. */
  readonly busy: boolean;
  /** A process at an end is gone, so that the ends are capped. */
  readonly peerDown: boolean;
  /** With many wires: false leaves only its ports. */
  readonly visible: boolean;
}

/**
 * The state of every wire. `pointed` is the key of the thing under the pointer or with the focus, for when there are
 * many wires.
 */
export function wireStates(
  model: CanvasModel,
  layout: CanvasLayout,
  showHeartbeats: boolean,
  pointed: string | null,
): WireState[] {
  const links = new Map(model.links.map((link) => [pairKey(link.from, link.to), link]));
  const busy = new Set(model.messages.filter((m) => showHeartbeats || !m.heartbeat).map((m) => pairKey(m.from, m.to)));
  const gone = new Set(
    [...model.brokers, ...model.servers, ...model.clients]
      .filter((thing) => isGone(thing.process))
      .map((thing) => thing.id),
  );
  const touched = new Set(
    [pointed, model.selection && thingKey(model.selection)].flatMap((key) => (key ? [endOf(key)] : [])),
  );
  return [...layout.wires.values()].map((route) => {
    const link = links.get(route.key) ?? { from: route.a, to: route.b, state: "ok" as const, faults: [] };
    const matters =
      busy.has(route.key) ||
      !(link.state === "ok" || link.state === "closed") ||
      touched.has(route.a) ||
      touched.has(route.b) ||
      touched.has(route.key);
    return {
      route,
      link,
      busy: busy.has(route.key),
      peerDown: gone.has(route.a) || gone.has(route.b),
      visible: layout.manyWires || route.class === "quorum" ? matters : true,
    };
  });
}

/** The process, or the pair, that a thing's key names. */
function endOf(key: string): string {
  const [kind, rest = ""] = key.split(/:(.*)/s);
  return kind === "replica" || kind === "record" ? (rest.split("/")[0] ?? rest) : rest;
}
