/** The places of things on the canvas follow rules, not forces. */
import { describe, expect, test } from "vitest";
import { groups, healthy, leaderDown } from "../../src/ui/views/canvas/fixtures.ts";
import { type CanvasLayout, fitCanvas, layoutCanvas, layoutKey } from "../../src/ui/views/canvas/layout.ts";
import type { BrokerView, CanvasModel, ClientView, LinkView } from "../../src/ui/views/canvas/model.ts";
import type { Rect } from "../../src/ui/views/canvas/path.ts";
import { nextThing } from "../../src/ui/views/canvas/spatial.ts";
import { targetsOf } from "../../src/ui/views/canvas/targets.ts";

function cluster(brokers: number, partitions: number, clients = 2): CanvasModel {
  const [leader, follower] = [healthy.brokers[0]!, healthy.brokers[1]!];
  const ids = Array.from({ length: brokers }, (_, index) => `b${index + 1}`);
  const views = ids.map((id, index): BrokerView => {
    const replicas = Array.from({ length: partitions }, (_, partition) => ({
      ...(partition % brokers === index ? leader : follower).replicas[0]!,
      topicPartition: `orders-${partition}`,
    }));
    return { ...follower, id, controller: false, coordinatorOf: [], replicas, rack: `r${index % 3}` };
  });
  const clientViews = Array.from(
    { length: clients },
    (_, index): ClientView => ({ ...healthy.clients[index % 2]!, id: `x${index}` }),
  );
  const links: LinkView[] = [];
  for (const [index, from] of ids.entries()) {
    for (const to of ids.slice(index + 1)) links.push({ from, to, state: "ok", faults: [] });
    links.push({ from, to: `z${(index % 3) + 1}`, state: "ok", faults: [] });
  }
  for (const [index, client] of clientViews.entries()) {
    for (const to of [ids[index % brokers]!, ids[(index + 1) % brokers]!])
      links.push({ from: client.id, to, state: "ok", faults: [] });
  }
  return { ...healthy, brokers: views, clients: clientViews, links, messages: [] };
}

const everyRect = (layout: CanvasLayout): Rect[] =>
  [layout.brokers, layout.clients, layout.servers].flatMap((boxes) => boxes.map((box) => box.rect));

const meet = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("places", () => {
  test("a workbench of 832 px gives cards of 250 x 138 with 24 between, as drawn in the mock-up", () => {
    const layout = layoutCanvas(healthy, { width: 832 });
    expect(layout.brokers.map((box) => box.rect)).toEqual([
      { x: 16, y: 44, width: 250, height: 138 },
      { x: 290, y: 44, width: 250, height: 138 },
      { x: 564, y: 44, width: 250, height: 138 },
    ]);
    expect(layout.servers.map((box) => box.rect.x)).toEqual([590, 670, 750]);
    expect(layout.clients.map((box) => box.rect.width)).toEqual([120, 120]);
  });

  test.each([
    [848, 384],
    [832, 434],
  ])("three brokers, two clients and an ensemble fit %i x %i", (width, height) => {
    expect(layoutCanvas(healthy, { width, height }).height).toBeLessThanOrEqual(height);
  });

  test("a further partition takes 94, the row of its reader 28, a line of closed ones 26", () => {
    const height = (model: CanvasModel, canvasHeight?: number) =>
      layoutCanvas(model, { width: 832, ...(canvasHeight ? { height: canvasHeight } : {}) }).brokers[0]!.rect.height;
    expect(height(cluster(3, 2)) - height(cluster(3, 1))).toBe(94);
    expect(height(groups, 500)).toBe(138 + 28 + 26);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    "%i brokers: nothing overlaps and nothing leaves the canvas, at any width",
    (brokers) => {
      for (const width of [320, 360, 599, 600, 640, 760, 832, 1100, 1440]) {
        for (const clients of [1, 4, 8]) {
          const layout = layoutCanvas(cluster(brokers, 2, clients), { width });
          const rects = everyRect(layout);
          for (const [index, rect] of rects.entries()) {
            expect(rect.x).toBeGreaterThanOrEqual(0);
            expect(rect.x + rect.width).toBeLessThanOrEqual(width);
            expect(rect.y + rect.height).toBeLessThanOrEqual(layout.height);
            expect(rects.slice(index + 1).filter((other) => meet(rect, other))).toEqual([]);
          }
        }
      }
    },
  );

  test("the same model has the same places while logs grow and messages move", () => {
    const later: CanvasModel = {
      ...healthy,
      caption: "later",
      messages: healthy.messages.map((message) => ({ ...message, progress: 0.9 })),
      brokers: healthy.brokers.map((broker) => ({
        ...broker,
        replicas: broker.replicas.map((replica) => ({ ...replica, highWatermark: 22, logEnd: 22 })),
      })),
    };
    expect(layoutKey(later, { width: 832 })).toBe(layoutKey(healthy, { width: 832 }));
    expect(layoutCanvas(later, { width: 832 })).toEqual(layoutCanvas(healthy, { width: 832 }));
  });

  test("a broker that dies stays where it was", () => {
    const before = layoutCanvas(healthy, { width: 832 });
    expect(layoutCanvas(leaderDown, { width: 832 }).brokers.map((box) => box.rect)).toEqual(
      before.brokers.map((box) => box.rect),
    );
  });

  test("under 600 px brokers stand in one column and no wire is drawn", () => {
    const layout = layoutCanvas(healthy, { width: 360 });
    expect(layout.form).toBe("stack");
    expect(new Set(layout.brokers.map((box) => box.rect.x))).toEqual(new Set([16]));
    expect(layout.wires.size).toBe(0);
  });

  test("six partitions stay open, seven close to one line but the chosen one", () => {
    const six = layoutCanvas(cluster(3, 6), { width: 832 });
    expect(six.brokers.map((box) => [box.replicas.length, box.chips.length])).toEqual([
      [6, 0],
      [6, 0],
      [6, 0],
    ]);
    const chosen: CanvasModel = {
      ...cluster(3, 7),
      selection: { kind: "replica", broker: "b1", topicPartition: "orders-5" },
    };
    const seven = layoutCanvas(chosen, { width: 832 });
    expect(seven.brokers.map((box) => box.replicas.map((replica) => replica.topicPartition))).toEqual([
      ["orders-5"],
      ["orders-5"],
      ["orders-5"],
    ]);
    expect(seven.brokers.map((box) => box.chips.length)).toEqual([6, 6, 6]);
  });
});

describe("a picture that fits its frame", () => {
  test("is drawn as it is where there is just room, as in the mock-up", () => {
    expect(fitCanvas(healthy, { width: 832, height: 434 }).scale).toBe(1);
  });

  test("is larger in a large frame, and still whole", () => {
    const { layout, scale } = fitCanvas(healthy, { width: 1309, height: 600 });
    expect(scale).toBeGreaterThan(1);
    expect(layout.height * scale).toBeLessThanOrEqual(600);
    expect(layout.width * scale).toBeLessThanOrEqual(1309);
  });

  test("is smaller before anything is cut off, and does not grow back while the frame stays", () => {
    const frame = { width: 720, height: 380 };
    const { layout, scale } = fitCanvas(cluster(3, 3, 3), frame);
    expect(scale).toBeLessThan(1);
    expect(layout.height * scale).toBeLessThanOrEqual(380);
    expect(fitCanvas(healthy, { width: 832, height: 600 }, 0.92).scale).toBe(0.92);
  });
});

describe("wires", () => {
  const layout = layoutCanvas(healthy, { width: 832 });

  test("run at right angles and end on the edges of their things", () => {
    for (const wire of layout.wires.values()) {
      for (const [index, point] of wire.points.entries()) {
        const before = wire.points[index - 1];
        if (before) expect(before.x === point.x || before.y === point.y).toBe(true);
      }
      const a = layout.brokers.find((box) => box.id === wire.a)!.rect;
      expect(wire.points[0]!.y).toBe(a.y + a.height);
    }
  });

  test("a client or a server that stands under a broker gets a straight wire", () => {
    expect(layout.wires.get("b1|p1")!.points).toHaveLength(2);
    expect(layout.wires.get("b3|z3")!.points).toHaveLength(2);
  });

  test("replication lies nearest the brokers, then producers, consumers, ensemble", () => {
    const laneOf = (key: string) => layout.wires.get(key)!.points[1]!.y;
    expect(laneOf("b1|b2")).toBeLessThan(laneOf("b1|b3"));
    expect(laneOf("b1|b3")).toBeLessThan(laneOf("b3|p1"));
    expect(laneOf("b3|p1")).toBeLessThan(laneOf("b2|c1"));
    expect(laneOf("b2|c1")).toBeLessThan(laneOf("b1|z1"));
  });

  test("no two wires lie on top of each other", () => {
    for (const model of [healthy, leaderDown, groups]) {
      const pieces = [...layoutCanvas(model, { width: 832 }).wires.values()].flatMap((wire) =>
        wire.points.slice(1).map((to, index) => ({ key: wire.key, from: wire.points[index]!, to })),
      );
      const overlapping = pieces.flatMap((one, index) =>
        pieces
          .slice(index + 1)
          .flatMap((other) => (one.key !== other.key && coincide(one, other) ? [`${one.key} ${other.key}`] : [])),
      );
      expect(overlapping).toEqual([]);
    }
  });

  test("many brokers or clients ask for the rule of many wires", () => {
    expect(layout.manyWires).toBe(false);
    expect(layoutCanvas(cluster(5, 1), { width: 832 }).manyWires).toBe(true);
    expect(layoutCanvas(cluster(3, 1, 4), { width: 832 }).manyWires).toBe(true);
  });

  test("between rows of brokers wires keep clear of the cards", () => {
    const rows = layoutCanvas(cluster(9, 1), { width: 832 });
    expect(rows.form).toBe("rows");
    for (const wire of rows.wires.values()) {
      for (const [index, to] of wire.points.entries()) {
        const from = wire.points[index - 1];
        if (!from) continue;
        const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
        const inside = rows.brokers.filter(
          ({ rect }) =>
            middle.x > rect.x && middle.x < rect.x + rect.width && middle.y > rect.y && middle.y < rect.y + rect.height,
        );
        expect(inside.map((box) => `${wire.key} in ${box.id}`)).toEqual([]);
      }
    }
  });
});

describe("arrow keys", () => {
  const targets = targetsOf(layoutCanvas(healthy, { width: 832 }));

  test("go along the brokers, down into a replica, and on to what lies below", () => {
    expect(nextThing(targets, "broker:b1", "right")).toBe("broker:b2");
    expect(nextThing(targets, "broker:b3", "left")).toBe("broker:b2");
    expect(nextThing(targets, "broker:b1", "down")).toBe("replica:b1/orders-0");
    expect(nextThing(targets, "replica:b1/orders-0", "right")).toBe("replica:b2/orders-0");
    expect(nextThing(targets, "server:z1", "right")).toBe("server:z2");
    expect(nextThing(targets, "broker:b1", "up")).toBeNull();
  });

  test("reach every thing from the first", () => {
    const reached = new Set<string>(["broker:b1"]);
    for (const key of reached) {
      for (const direction of ["left", "right", "up", "down"] as const) {
        const next = nextThing(targets, key, direction);
        if (next) reached.add(next);
      }
    }
    expect(targets.map((target) => target.key).filter((key) => !reached.has(key))).toEqual([]);
  });
});

interface Piece {
  readonly from: { x: number; y: number };
  readonly to: { x: number; y: number };
}

function coincide(one: Piece, other: Piece): boolean {
  const upright = (piece: Piece) => piece.from.x === piece.to.x;
  if (upright(one) !== upright(other)) return false;
  const [along, across] = upright(one) ? (["y", "x"] as const) : (["x", "y"] as const);
  if (Math.abs(one.from[across] - other.from[across]) > 1) return false;
  const low = Math.max(Math.min(one.from[along], one.to[along]), Math.min(other.from[along], other.to[along]));
  const high = Math.min(Math.max(one.from[along], one.to[along]), Math.max(other.from[along], other.to[along]));
  return high - low > 1;
}
