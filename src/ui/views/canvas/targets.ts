/** The things of a layout in reading order, with the place of each: what the arrow keys move between. Pure; px. */

import type { Thing } from "../../state/selection.ts";
import { headerHeight } from "./cards.ts";
import type { CanvasLayout } from "./layout.ts";
import { thingKey } from "./model.ts";
import { calmPlace, type Rect } from "./path.ts";
import type { Target } from "./spatial.ts";

export interface ThingTarget extends Target {
  readonly thing: Thing;
}

/** A broker is aimed at by its header, so that its replicas lie below it; a link by the middle of its longest piece. */
export function targetsOf(layout: CanvasLayout): ThingTarget[] {
  const targets: ThingTarget[] = [];
  const add = (thing: Thing, rect: Rect) => targets.push({ key: thingKey(thing), thing, rect });
  for (const box of layout.brokers) {
    add({ kind: "broker", id: box.id }, { ...box.rect, height: headerHeight });
    for (const part of [...box.replicas, ...box.chips]) {
      add({ kind: "replica", broker: box.id, topicPartition: part.topicPartition }, part.rect);
    }
  }
  for (const wire of layout.wires.values()) {
    const { x, y } = calmPlace(wire.points);
    add({ kind: "link", from: wire.a, to: wire.b }, { x: x - 4, y: y - 4, width: 8, height: 8 });
  }
  for (const box of layout.clients) add({ kind: "client", id: box.id }, box.rect);
  for (const box of layout.groups) add({ kind: "group", id: box.id }, box.rect);
  for (const box of layout.servers) add({ kind: "server", id: box.id }, box.rect);
  return targets;
}
