/**
 * Inside a broker's card: which partitions are open, which are one-line chips, and how high the card is. Pure; px.
 *
 * Header 38; an open partition 86 (label 22, epoch 18, cells 26, marks 20), with 8 between two; a row that names who
 * reads it 28; a line of chips 26.
 */

import type { Thing } from "../../state/selection.ts";
import type { Measure } from "./measure.ts";
import type { BrokerView, ReplicaView } from "./model.ts";
import type { Point, Rect } from "./path.ts";

export interface ReplicaBox {
  readonly topicPartition: string;
  /** Label row to marks, inset 12 on both sides. */
  readonly rect: Rect;
  /** Distance from the top of `rect` to the row of its reader, or null. */
  readonly ownerY: number | null;
}

export interface ChipBox {
  readonly topicPartition: string;
  readonly rect: Rect;
}

export interface BrokerBox {
  readonly id: string;
  readonly rect: Rect;
  readonly replicas: readonly ReplicaBox[];
  readonly chips: readonly ChipBox[];
  /** Words at the right end of a line of chips: "follower". `x` is their right end, `y` their base line. */
  readonly chipNotes: readonly (Point & { readonly role: "leader" | "follower" })[];
}

export interface CardParts {
  readonly height: number;
  readonly replicas: readonly ReplicaBox[];
  readonly chips: readonly ChipBox[];
  readonly chipNotes: BrokerBox["chipNotes"];
}

export const headerHeight = 38;
export const inset = 12;
const openHeight = 86;
const ownerHeight = 28;
const chipRow = 26;
const mostOpen = 6;

/**
 * The partitions to draw whole. `openness` 0: all, up to six; 1: those that this broker leads, or else its first; 2: one.
 * The chosen partition is always among them.
 */
export function openReplicas(broker: BrokerView, openness: 0 | 1 | 2, selection: Thing | null): ReadonlySet<string> {
  const { replicas } = broker;
  const chosen = selection && "topicPartition" in selection ? selection.topicPartition : null;
  const leads = (replica: ReplicaView) => replica.role === "leader" || replica.role === "none";
  const first = replicas.find((replica) => replica.topicPartition === chosen) ?? replicas.find(leads) ?? replicas[0];
  const names = (list: readonly ReplicaView[]) => new Set(list.map((replica) => replica.topicPartition));
  if (!first) return new Set();
  if (openness === 0 && replicas.length <= mostOpen) return names(replicas);
  const leaders = replicas.filter((replica) => leads(replica) || replica.topicPartition === chosen);
  if (openness === 1 && replicas.length <= mostOpen && leaders.length > 0) return names(leaders);
  return names([first]);
}

/** Lays out a card of `width` px from its own upper left corner. */
export function cardParts(broker: BrokerView, open: ReadonlySet<string>, width: number, measure: Measure): CardParts {
  const inner = width - 2 * inset;
  const replicas: ReplicaBox[] = [];
  let y = headerHeight;
  for (const replica of broker.replicas) {
    if (!open.has(replica.topicPartition)) continue;
    if (replicas.length > 0) y += 8;
    const ownerY = replica.owner ? openHeight + 9 : null;
    replicas.push({
      topicPartition: replica.topicPartition,
      rect: { x: inset, y, width: inner, height: openHeight + (ownerY === null ? 4 : 35) },
      ownerY,
    });
    y += openHeight + (ownerY === null ? 0 : ownerHeight);
  }
  if (replicas.length > 0) y += 14;

  const closed = broker.replicas.filter((replica) => !open.has(replica.topicPartition));
  const chips: ChipBox[] = [];
  const chipNotes: (Point & { role: "leader" | "follower" })[] = [];
  for (const role of ["leader", "follower"] as const) {
    const some = closed.filter((replica) => (replica.role === "leader") === (role === "leader"));
    if (some.length === 0) continue;
    const noteWidth = measure(role, "ui") + 12;
    let x = inset;
    let lines = 0;
    for (const replica of some) {
      const chip = measure(replica.topicPartition, "mono") + 4;
      // The word stands at the end of the first line of its kind.
      const limit = inset + inner - (lines === 0 ? noteWidth : 0);
      if (x > inset && x + chip > limit) {
        x = inset;
        y += chipRow;
        lines += 1;
      }
      chips.push({ topicPartition: replica.topicPartition, rect: { x, y: y - 3, width: chip, height: chipRow - 2 } });
      if (lines === 0 && x === inset) chipNotes.push({ x: inset + inner, y: y + 14, role });
      x += chip + 6;
    }
    y += chipRow;
  }
  const empty = broker.replicas.length === 0 ? 26 : 0;
  return { height: y + empty, replicas, chips, chipNotes };
}
