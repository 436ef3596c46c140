/**
 * Where the wires run: ports on the edges of things, and lanes between them. Pure; px.
 *
 * 1. Each row of brokers has a channel under it; the last one is the channel above clients and ensemble.
 * 2. Ports on a broker's lower edge, from the left: clients, replication, ensemble. A client that stands under a
 *    broker, or a ZooKeeper server, gets a straight wire.
 * 3. In a channel each wire has its own lane, replication nearest the brokers, then producers, consumers, ensemble.
 *    Wires of one class share a lane where they do not meet.
 * 4. A wire between two channels goes down through the gutter between two columns.
 *
 * Simplified   no search for the fewest crossings: near targets get the upper lane and the inner port, which is enough
 *              for three brokers.
 */
import { pairKey } from "./model.ts";

/** A thing that wires end at, with its place along x; `row` is the broker's row, or null for the things below. */
export interface WireEnd {
  readonly id: string;
  readonly kind: "broker" | "producer" | "consumer" | "server";
  readonly x: number;
  readonly width: number;
  readonly row: number | null;
  /** Order among its kind, from the left. */
  readonly order: number;
  /** In a second row of bricks: wires come through the gap above its middle. */
  readonly behind?: boolean;
}

export type WireClass = "replication" | "producer" | "consumer" | "ensemble" | "quorum";

/** A piece of a wire that lies in a channel. */
export interface LaneUse {
  readonly channel: number;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

export interface WirePlan {
  readonly key: string;
  readonly a: string;
  readonly b: string;
  readonly class: WireClass;
  readonly portA: number;
  readonly portB: number;
  /** One lane use for each channel it lies in, from `a` to `b`; none when straight. */
  readonly lanes: readonly LaneUse[];
}

export interface WirePlans {
  readonly wires: readonly WirePlan[];
  /** Lanes in use in each channel. */
  readonly laneCounts: readonly number[];
}

/** Past this many lanes wires share them again, between rows sooner; by then only those that matter are drawn. */
const mostLanes = 12;
const mostLanesBetweenRows = 5;
const portGap = 12;
const laneClearance = 16;

const classOrder: readonly WireClass[] = ["replication", "producer", "consumer", "ensemble", "quorum"];

/**
 * Plans a wire for every pair of `pairs` whose two ends are known; pairs may repeat.
 * `gutters` are the x of the gaps between columns, used between channels.
 */
export function planWires(
  ends: readonly WireEnd[],
  pairs: readonly (readonly [string, string])[],
  rows: number,
  gutters: readonly number[],
): WirePlans {
  const byId = new Map(ends.map((end) => [end.id, end]));
  const wanted = new Map<string, Draft>();
  for (const [one, other] of pairs) {
    const first = byId.get(one);
    const second = byId.get(other);
    if (!first || !second || first === second || wanted.has(pairKey(one, other))) continue;
    const [a, b] = rank(first) <= rank(second) ? [first, second] : [second, first];
    wanted.set(pairKey(one, other), { a, b, class: classOf(a, b), portA: Number.NaN, portB: Number.NaN });
  }
  const drafts = [...wanted.values()].sort(byClassThenReach);
  placePorts(drafts, rows);
  return assignLanes(drafts, rows, gutters);
}

interface Draft {
  readonly a: WireEnd;
  readonly b: WireEnd;
  readonly class: WireClass;
  portA: number;
  portB: number;
}

/** Brokers come before what stands below them, and from the left. */
function rank(end: WireEnd): number {
  const group = end.kind === "broker" ? 0 : end.kind === "server" ? 2 : 1;
  return group * 1e6 + (end.row ?? 0) * 1e4 + end.order;
}

function classOf(a: WireEnd, b: WireEnd): WireClass {
  if (a.kind === "broker" && b.kind === "broker") return "replication";
  if (a.kind === "server" && b.kind === "server") return "quorum";
  if (b.kind === "server") return "ensemble";
  return b.kind === "producer" ? "producer" : "consumer";
}

function byClassThenReach(one: Draft, other: Draft): number {
  const byClass = classOrder.indexOf(one.class) - classOrder.indexOf(other.class);
  if (byClass !== 0) return byClass;
  if (one.class === "replication") {
    return reach(one) - reach(other) || rank(one.a) - rank(other.a) || rank(one.b) - rank(other.b);
  }
  // The ensemble from the right, so that a wire to the left server passes under the others.
  if (one.class === "ensemble") return other.b.order - one.b.order || rank(other.a) - rank(one.a);
  return rank(one.b) - rank(other.b) || reach(one) - reach(other);
}

function reach(draft: Draft): number {
  return Math.abs(draft.a.x - draft.b.x) + Math.abs((draft.a.row ?? 0) - (draft.b.row ?? 0)) * 2000;
}

function placePorts(drafts: readonly Draft[], rows: number): void {
  const taken = new Map<string, number[]>();
  const everywhere: number[] = [];
  const take = (end: WireEnd, wish: number): number => {
    const mine = taken.get(end.id) ?? [];
    const centre = end.x + end.width / 2;
    const low = end.behind ? centre - 4 : end.x + 10;
    const high = end.behind ? centre + 4 : end.x + end.width - 10;
    const x = nearestFree(end.behind ? centre : wish, low, high, mine, everywhere);
    taken.set(end.id, [...mine, x]);
    everywhere.push(x);
    return x;
  };

  // Straight wires first: the others give way.
  for (const draft of drafts) {
    const x = straightX(draft, rows);
    if (x === null || !isFree(x, taken.get(draft.a.id), 11) || !isFree(x, taken.get(draft.b.id), 11)) continue;
    draft.portA = x;
    draft.portB = x;
    taken.set(draft.a.id, [...(taken.get(draft.a.id) ?? []), x]);
    taken.set(draft.b.id, [...(taken.get(draft.b.id) ?? []), x]);
    everywhere.push(x);
  }
  const clientPorts = new Map<string, number>();
  for (const draft of drafts) {
    if (!Number.isNaN(draft.portA)) continue;
    const { a, b } = draft;
    switch (draft.class) {
      case "replication": {
        const leftToRight = a.x <= b.x;
        const apart = Math.max(0, Math.abs(a.order - b.order) - 1);
        const near = 0.8 - 0.09 * Math.min(apart, 3);
        const far = 0.22 + 0.09 * Math.min(apart, 3);
        draft.portA = take(a, a.x + a.width * (leftToRight ? near : far));
        draft.portB = take(b, b.x + b.width * (leftToRight ? far : near));
        break;
      }
      case "producer":
      case "consumer": {
        const nth = clientPorts.get(a.id) ?? 0;
        clientPorts.set(a.id, nth + 1);
        const toTheRight = b.x > a.x + a.width * 0.64;
        draft.portA = take(a, toTheRight ? a.x + a.width * 0.6 - 20 * nth : a.x + 10 + 20 * nth);
        draft.portB = take(b, b.x + b.width * (a.x > b.x ? 0.8 : 0.2));
        break;
      }
      case "ensemble":
        draft.portA = take(a, a.x + a.width * 0.95);
        draft.portB = take(b, b.x + b.width / 2);
        break;
      case "quorum":
        draft.portA = take(a, a.x + a.width * (a.x < b.x ? 0.8 : 0.2));
        draft.portB = take(b, b.x + b.width * (a.x < b.x ? 0.2 : 0.8));
        break;
    }
  }
}

/** The x of a straight wire down from a broker of the last row, or null. */
function straightX({ a, b }: Draft, rows: number): number | null {
  if (a.kind !== "broker" || b.kind === "broker" || b.behind || a.row !== rows - 1) return null;
  if (b.kind === "server") {
    const x = b.x + b.width / 2;
    return x >= a.x + a.width * 0.5 && x <= a.x + a.width - 8 ? x : null;
  }
  const x = Math.min(a.x + a.width * 0.64, Math.max(a.x + 10, b.x + 40));
  return x >= b.x + 14 && x <= b.x + b.width - 14 ? x : null;
}

function nearestFree(wish: number, low: number, high: number, mine: readonly number[], all: readonly number[]): number {
  const inside = Math.min(high, Math.max(low, wish));
  // First keep clear of every other vertical on the canvas, then only of the ports of this thing.
  for (const clearance of [6, 0]) {
    for (let step = 0; step <= (high - low) / 2; step++) {
      for (const x of [inside + step * 2, inside - step * 2]) {
        if (x < low || x > high) continue;
        if (isFree(x, mine, portGap) && (clearance === 0 || isFree(x, all, clearance))) return x;
      }
    }
  }
  return inside;
}

function isFree(x: number, taken: readonly number[] | undefined, gap: number): boolean {
  return !taken?.some((other) => Math.abs(other - x) < gap);
}

function assignLanes(drafts: readonly Draft[], rows: number, gutters: readonly number[]): WirePlans {
  const laneCounts = Array.from({ length: rows }, () => 0);
  const most = (channel: number) => (channel === rows - 1 ? mostLanes : mostLanesBetweenRows);
  const used: { class: WireClass; channel: number; lane: number; from: number; to: number }[] = [];
  const gutterUse = new Map<number, number>();

  const lane = (wireClass: WireClass, channel: number, x1: number, x2: number): LaneUse => {
    const from = Math.min(x1, x2);
    const to = Math.max(x1, x2);
    const count = laneCounts[channel] ?? 0;
    const mine = used.filter((use) => use.channel === channel && use.class === wireClass);
    const candidates = [...new Set(mine.map((use) => use.lane))].sort((one, other) => one - other);
    const shared = candidates.find((candidate) =>
      used.every(
        (use) =>
          use.channel !== channel ||
          use.lane !== candidate ||
          use.to + laneClearance < from ||
          to + laneClearance < use.from,
      ),
    );
    const chosen = shared ?? count % most(channel);
    if (shared === undefined) laneCounts[channel] = count + 1;
    used.push({ class: wireClass, channel, lane: chosen, from, to });
    return { channel, lane: chosen, from: x1, to: x2 };
  };

  const wires = drafts.map((draft): WirePlan => {
    const { a, b, portA, portB } = draft;
    const channelA = a.row ?? rows - 1;
    const channelB = b.row ?? rows - 1;
    const plan = { key: pairKey(a.id, b.id), a: a.id, b: b.id, class: draft.class, portA, portB };
    if (Math.abs(portA - portB) < 0.5 && channelA === rows - 1 && a.row !== b.row) return { ...plan, lanes: [] };
    if (channelA === channelB) return { ...plan, lanes: [lane(draft.class, channelA, portA, portB)] };
    const middle = (portA + portB) / 2;
    const gutter = gutters.reduce(
      (best, x) => (Math.abs(x - middle) < Math.abs(best - middle) ? x : best),
      gutters[0] ?? 4,
    );
    const nth = gutterUse.get(gutter) ?? 0;
    gutterUse.set(gutter, nth + 1);
    const x = gutter + ([0, 4, -4, 8, -8][nth % 5] ?? 0);
    return { ...plan, lanes: [lane(draft.class, channelA, portA, x), lane(draft.class, channelB, x, portB)] };
  });
  return { wires, laneCounts: laneCounts.map((count, channel) => Math.min(count, most(channel))) };
}
