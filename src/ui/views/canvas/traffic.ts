/**
 * What moves on the wires: where each message stands, which are merged, where their words go, and which wires are
 * drawn when there are many. Pure; px.
 */
import type { CanvasLayout, WireRoute } from "./layout.ts";
import { estimate, type Measure } from "./measure.ts";
import { type CanvasModel, isGone, type LinkView, type MessageView, pairKey, thingKey } from "./model.ts";
import { type Place, placeAt } from "./path.ts";

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
    const kind = `${route.key} ${forward} ${message.family} ${message.response} ${message.error} ${message.dropped ?? false}`;
    const marks = merged.get(kind) ?? [];
    const along = forward ? share : 1 - share;
    const near = marks.find(
      (mark) =>
        message.id !== model.currentMessage && (crowd || options.reducedMotion || close(route, mark.share, along)),
    );
    if (near) near.count += 1;
    else marks.push({ message, count: 1, share: along });
    merged.set(kind, marks);
  }
  const measure = options.measure ?? estimate;
  const taken: { x1: number; y1: number; x2: number; y2: number }[] = [];
  const placed: PlacedMessage[] = [];
  for (const [kind, marks] of merged) {
    for (const { message, count, share } of marks) {
      const route = layout.wires.get(pairKey(message.from, message.to)) as WireRoute;
      const at = placeAt(route.flat, share);
      const place = message.from === route.a ? at : { ...at, angle: at.angle + 180 };
      const text = count > 1 ? `×${count}` : (message.label ?? "");
      placed.push({
        key: marks.length === 1 && count > 1 ? kind : message.id,
        message,
        count,
        place,
        text,
        side: sideFor(place, text, measure, layout, taken, options.reducedMotion),
        current: message.id === model.currentMessage,
        ordinal: placed.length + 1,
      });
    }
  }
  return placed;
}

function close(route: WireRoute, one: number, other: number): boolean {
  const a = placeAt(route.flat, one);
  const b = placeAt(route.flat, other);
  return Math.hypot(a.x - b.x, a.y - b.y) < mergeWithin;
}

function sideFor(
  place: Place,
  text: string,
  measure: Measure,
  layout: CanvasLayout,
  taken: { x1: number; y1: number; x2: number; y2: number }[],
  hasArrow: boolean,
): PlacedMessage["side"] {
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
    return ![...taken, ...cards].some((o) => box.x1 < o.x2 && o.x1 < box.x2 && box.y1 < o.y2 && o.y1 < box.y2);
  });
  const side = free ?? sides[0] ?? "right";
  taken.push(boxes[side], { x1: place.x - 8, y1: place.y - 8, x2: place.x + 8, y2: place.y + 8 });
  return side;
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
