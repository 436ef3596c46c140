/**
 * Where everything stands on the canvas, by rule: racks from left to right with their brokers, clients lower left,
 * ensemble lower right, wires between. Pure: the same model and size give the same places, so nothing jiggles while
 * a run plays. Sizes in px; the origin is the upper left corner.
 *
 * Brokers that do not fit side by side go in rows of equal length. Under 600 px they stand in one column and wires are
 * left out: the messages are then told in words only.
 */

import { bottomRow, emptyBottom } from "./bottom.ts";
import { type BrokerBox, cardParts, openReplicas } from "./cards.ts";
import { estimate, type Measure } from "./measure.ts";
import type { CanvasModel } from "./model.ts";
import { flatten, type Point, type Rect, roundedPath } from "./path.ts";
import {
  clientHeight,
  leastCard,
  margin,
  mostCard,
  rackHeight,
  serverHeight,
  serverWidth,
  stackBelow,
} from "./sizes.ts";
import { planWires, type WireClass, type WireEnd, type WirePlan } from "./wires.ts";

export type { BrokerBox, ChipBox, ReplicaBox } from "./cards.ts";

export interface RackBox {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PlacedBox {
  readonly id: string;
  readonly rect: Rect;
}

export interface WireRoute {
  readonly key: string;
  readonly a: string;
  readonly b: string;
  readonly class: WireClass;
  readonly points: readonly Point[];
  /** Straight pieces along the rounded line, from `a` to `b`. */
  readonly flat: readonly Point[];
  readonly d: string;
}

export interface CanvasLayout {
  readonly width: number;
  readonly height: number;
  readonly form: "row" | "rows" | "stack";
  /** Five brokers or more, or four clients or more: only wires that matter are drawn. */
  readonly manyWires: boolean;
  readonly racks: readonly RackBox[];
  readonly brokers: readonly BrokerBox[];
  readonly clients: readonly PlacedBox[];
  readonly servers: readonly PlacedBox[];
  readonly groups: readonly PlacedBox[];
  /** Right end of the words "ensemble" and "sessions", or null where there is no room for them. */
  readonly ensembleLabel: Point | null;
  readonly wires: ReadonlyMap<string, WireRoute>;
}

export interface LayoutOptions {
  /** Width of the canvas. */
  readonly width: number;
  /** Height to fill; partitions close to one line when they would not fit. Without it the canvas is as high as it needs. */
  readonly height?: number;
  readonly measure?: Measure;
  /** `brokers` leaves out clients, ensemble and wires: the phone. */
  readonly parts?: "all" | "brokers";
}

/** Lays out a model. `width` under 240 is taken as 240. */
export function layoutCanvas(model: CanvasModel, options: LayoutOptions): CanvasLayout {
  const whole = options.parts !== "brokers";
  const tallest = options.height ?? Number.POSITIVE_INFINITY;
  // From all partitions open, to leaders only, to the chosen one.
  for (const openness of [0, 1, 2] as const) {
    const layout = attempt(model, options, openness, whole);
    if (layout.height <= tallest || openness === 2) return layout;
  }
  throw new Error("unreachable: the last attempt always returns");
}

/** From as drawn, to smaller by steps: what is cut off says nothing at all. */
const smaller = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76] as const;
const larger = [1.4, 1.25, 1.12] as const;
/** A card as wide as this has room for a strip of ten records. */
const comfortable = 296;

/**
 * A layout for a frame of `width` x `height`, and by how much it is to be enlarged. Where there is much room everything is
 * drawn larger; where there is too little, smaller, down to about three quarters. What still does not fit is to be scrolled.
 * `atMost` keeps a picture that once had to shrink from growing back while the run goes on.
 */
export function fitCanvas(
  model: CanvasModel,
  options: LayoutOptions,
  atMost = Number.POSITIVE_INFINITY,
): { readonly layout: CanvasLayout; readonly scale: number } {
  const { height } = options;
  const at = (scale: number) =>
    layoutCanvas(model, {
      ...options,
      width: options.width / scale,
      ...(height === undefined ? {} : { height: height / scale }),
    });
  if (height === undefined) return { layout: at(1), scale: 1 };
  for (const scale of larger) {
    if (scale > atMost) continue;
    const layout = at(scale);
    const card = layout.brokers[0]?.rect.width ?? 0;
    if (layout.form === "row" && card >= comfortable && layout.height <= height / scale) return { layout, scale };
  }
  for (const scale of smaller) {
    if (scale > atMost) continue;
    const layout = at(scale);
    if (layout.height <= height / scale || layout.form === "stack") return { layout, scale };
  }
  const scale = smaller[smaller.length - 1] ?? 1;
  return { layout: at(scale), scale };
}

/** The text that changes when a layout must be made anew; contents of logs and places of messages do not count. */
export function layoutKey(model: CanvasModel, options: LayoutOptions): string {
  const selected = model.selection && "topicPartition" in model.selection ? model.selection.topicPartition : "";
  return JSON.stringify([
    options.width,
    options.height,
    options.parts,
    selected,
    model.brokers.map((b) => [b.id, b.rack, b.replicas.map((r) => [r.topicPartition, r.role, r.owner !== undefined])]),
    model.servers.map((s) => [s.id, s.sessions.length]),
    model.clients.map((c) => [c.id, c.kind, c.group]),
    model.groups.map((g) => [g.id, g.members]),
    model.links.map((l) => [l.from, l.to]),
    strangers(model),
  ]);
}

function attempt(model: CanvasModel, options: LayoutOptions, openness: 0 | 1 | 2, whole: boolean): CanvasLayout {
  const width = Math.max(240, Math.floor(options.width));
  const measure = options.measure ?? estimate;
  const grid = columnsFor(model.brokers.length, width);
  const hasRacks = grid.form !== "stack" && model.brokers.some((broker) => broker.rack !== undefined);

  // 1. Columns and card heights.
  const cards = model.brokers.map((broker, index) => {
    const open = openReplicas(broker, openness, model.selection);
    return {
      broker,
      row: Math.floor(index / grid.columns),
      x: margin + (index % grid.columns) * (grid.card + grid.gap),
      parts: cardParts(broker, open, grid.card, measure),
    };
  });
  const rows = Math.max(1, grid.rows);

  // 2. What stands below, along x.
  const right = margin + grid.columns * (grid.card + grid.gap) - grid.gap;
  const bottom = whole
    ? bottomRow(model, width, grid.form === "row" && grid.columns > 2 ? right : width - margin)
    : emptyBottom;

  // 3. Wires, along x.
  const wired = whole && grid.form !== "stack";
  const gutters = Array.from({ length: grid.columns + 1 }, (_, index) =>
    index === 0 ? 7 : index === grid.columns ? width - 7 : margin + index * (grid.card + grid.gap) - grid.gap / 2,
  );
  const ends: WireEnd[] = [
    ...cards.map(
      ({ broker, row, x }, order): WireEnd => ({ id: broker.id, kind: "broker", x, width: grid.card, row, order }),
    ),
    ...bottom.clients.map(({ id, x, y: dy, width: w }, order): WireEnd => {
      const kind = model.clients.find((client) => client.id === id)?.kind ?? "consumer";
      return { id, kind, x, width: w, row: null, order, behind: dy > 0 };
    }),
    ...bottom.servers.map(
      ({ id, x }, order): WireEnd => ({ id, kind: "server", x, width: serverWidth, row: null, order }),
    ),
  ];
  const pairs = [...model.links.map((link) => [link.from, link.to] as const), ...strangers(model)];
  const plans = wired ? planWires(ends, pairs, rows, gutters) : { wires: [], laneCounts: [] };

  // 4. Heights: a row of cards, its channel, the next row.
  const cardTop = margin + (hasRacks ? rackHeight : 0);
  const rowTops: number[] = [];
  const rowBottoms: number[] = [];
  let y = cardTop;
  for (let row = 0; row < rows; row++) {
    const height = Math.max(64, ...cards.filter((card) => card.row === row).map((card) => card.parts.height));
    rowTops.push(y);
    rowBottoms.push(y + height);
    const lanes = plans.laneCounts[row] ?? 0;
    if (row < rows - 1)
      y += height + (grid.form === "stack" ? 10 : Math.max(grid.gap, 14 + lanes * 10) + (hasRacks ? rackHeight : 0));
    else y += height;
  }
  const lanes = plans.laneCounts[rows - 1] ?? 0;
  const hasBottom = bottom.height > 0;
  const least = !hasBottom ? 0 : wired ? Math.max(56, 26 + lanes * (isDense(model) ? 6 : 9)) : 24;
  const wish = !hasBottom || !wired ? least : Math.max(least, Math.min(180, 40 + lanes * 20));
  const spare = options.height === undefined ? wish : options.height - y - bottom.height - margin - 8;
  const gap = wired ? Math.max(least, Math.min(Math.max(wish, 220), spare)) : least;
  const bottomTop = y + gap;
  const height = Math.ceil(hasBottom ? bottomTop + bottom.height + margin + 8 : y + margin);

  // 5. Everything in its place.
  const laneY = (channel: number, lane: number): number => {
    const top = rowBottoms[channel] ?? 0;
    if (channel < rows - 1) return top + 12 + lane * 10;
    const step = Math.min(20, (gap - 34) / Math.max(1, lanes - 1));
    const first = Math.max(20, Math.min(60, (gap - step * (lanes - 1)) / 2));
    return top + (lanes === 1 ? gap / 2 : first + lane * step);
  };
  const edge = (id: string): { y: number; row: number | null } => {
    const card = cards.find((candidate) => candidate.broker.id === id);
    if (card) return { y: (rowTops[card.row] ?? 0) + card.parts.height, row: card.row };
    const below = [...bottom.clients, ...bottom.servers].find((candidate) => candidate.id === id);
    return { y: bottomTop + (below?.y ?? 0), row: null };
  };
  const wires = new Map(plans.wires.map((plan) => [plan.key, route(plan, edge, laneY)] as const));

  return {
    width,
    height,
    form: grid.form,
    manyWires: isDense(model),
    racks: hasRacks ? rackBoxes(cards, grid.card, rowTops) : [],
    brokers: cards.map(({ broker, row, x, parts }): BrokerBox => {
      const top = rowTops[row] ?? 0;
      return {
        id: broker.id,
        rect: { x, y: top, width: grid.card, height: parts.height },
        replicas: parts.replicas.map((replica) => ({ ...replica, rect: moved(replica.rect, x, top) })),
        chips: parts.chips.map((chip) => ({ ...chip, rect: moved(chip.rect, x, top) })),
        chipNotes: parts.chipNotes.map((note) => ({ ...note, x: note.x + x, y: note.y + top })),
      };
    }),
    clients: bottom.clients.map(({ id, x, y: dy, width: w }) => ({
      id,
      rect: { x, y: bottomTop + dy, width: w, height: clientHeight },
    })),
    servers: bottom.servers.map(({ id, x, y: dy }) => ({
      id,
      rect: { x, y: bottomTop + dy, width: serverWidth, height: serverHeight },
    })),
    groups: bottom.groups.map(({ id, x, y: dy, width: w }) => ({
      id,
      rect: { x, y: bottomTop + dy, width: w, height: 22 },
    })),
    ensembleLabel: bottom.label === null ? null : { x: bottom.label.x, y: bottomTop + bottom.label.y },
    wires,
  };
}

/** Five brokers or more, or four clients or more: few wires are drawn at a time, so that their lanes may lie close. */
function isDense({ brokers, clients }: CanvasModel): boolean {
  return brokers.length >= 5 || clients.length >= 4;
}

/** Pairs that exchange a message now although no link was given for them. */
function strangers(model: CanvasModel): (readonly [string, string])[] {
  const known = new Set(model.links.flatMap((link) => [`${link.from}|${link.to}`, `${link.to}|${link.from}`]));
  return model.messages.filter((m) => !known.has(`${m.from}|${m.to}`)).map((m) => [m.from, m.to] as const);
}

interface Grid {
  readonly form: CanvasLayout["form"];
  readonly columns: number;
  readonly rows: number;
  readonly card: number;
  readonly gap: number;
}

function columnsFor(count: number, width: number): Grid {
  const inner = width - 2 * margin;
  const brokers = Math.max(1, count);
  if (width < stackBelow && brokers > 1) return { form: "stack", columns: 1, rows: count, card: inner, gap: 10 };
  const most = Math.max(1, Math.floor((inner + 16) / (leastCard + 16)));
  const rows = Math.ceil(brokers / most);
  const columns = Math.ceil(brokers / rows);
  const gap = inner - (columns - 1) * 24 >= columns * 220 ? 24 : 16;
  const card = Math.min(mostCard, Math.floor((inner - (columns - 1) * gap) / columns / 2) * 2);
  return { form: rows > 1 ? "rows" : "row", columns, rows, card, gap };
}

function route(
  plan: WirePlan,
  edge: (id: string) => { y: number; row: number | null },
  laneY: (channel: number, lane: number) => number,
): WireRoute {
  const points: Point[] = [{ x: plan.portA, y: edge(plan.a).y }];
  for (const use of plan.lanes) {
    const y = laneY(use.channel, use.lane);
    points.push({ x: use.from, y }, { x: use.to, y });
  }
  points.push({ x: plan.portB, y: edge(plan.b).y });
  return {
    key: plan.key,
    a: plan.a,
    b: plan.b,
    class: plan.class,
    points,
    flat: flatten(points),
    d: roundedPath(points),
  };
}

function rackBoxes(
  cards: readonly { broker: { rack?: string }; row: number; x: number }[],
  cardWidth: number,
  rowTops: readonly number[],
): RackBox[] {
  const boxes: RackBox[] = [];
  for (const [index, card] of cards.entries()) {
    const before = cards[index - 1];
    const y = (rowTops[card.row] ?? 0) - rackHeight;
    const last = boxes.at(-1);
    if (last && before && before.row === card.row && before.broker.rack === card.broker.rack) {
      boxes[boxes.length - 1] = { ...last, width: card.x + cardWidth - last.x };
    } else boxes.push({ label: card.broker.rack ?? "", x: card.x, y, width: cardWidth });
  }
  return boxes;
}

function moved(rect: Rect, dx: number, dy: number): Rect {
  return { ...rect, x: rect.x + dx, y: rect.y + dy };
}
