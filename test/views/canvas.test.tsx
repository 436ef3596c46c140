/**
 * The canvas as it is written into the page: names for those who do not see it, one tab stop, and the structure of the
 * drawing (no pixels).
 */
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Canvas, type CanvasProps } from "../../src/ui/views/canvas/Canvas.tsx";
import { groups, healthy, leaderDown } from "../../src/ui/views/canvas/fixtures.ts";
import { layoutCanvas } from "../../src/ui/views/canvas/layout.ts";
import type { CanvasModel, MessageView } from "../../src/ui/views/canvas/model.ts";
import { calmPlace } from "../../src/ui/views/canvas/path.ts";
import { mostMarks, placeMessages, wireStates } from "../../src/ui/views/canvas/traffic.ts";

const render = (model: CanvasModel, over: Partial<CanvasProps> = {}) =>
  // CSS modules name classes `_name_hash`; the hash says where the file lies, not what is drawn.
  renderToStaticMarkup(<Canvas model={model} width={832} {...over} />).replace(/\b_(\w+?)_[0-9a-f]{5,}\b/g, "$1");
const names = (markup: string) =>
  [...markup.matchAll(/<g role="button" aria-label="([^"]*)"/g)].map((match) => match[1]);

describe("names", () => {
  test("a replica is told by broker, role, epoch, end, high watermark and ISR", () => {
    expect(names(render(healthy))).toContain(
      "b1, leader of orders-0, epoch 3, end 22, high watermark 21, in sync 3 of 3",
    );
  });

  test("a broker that is down says so, and what the learner did", () => {
    const list = names(render(leaderDown));
    expect(list).toContain("b1, down, leader of 0, your fault: kill b1 at 4.140");
    expect(list).toContain(
      "b1, still named leader of orders-0, down, epoch 3, end 21, high watermark 18, in sync 3 of 3",
    );
    expect(list).toContain("link b1 to b2, peer is down");
  });

  test("a group tells who reads nothing", () => {
    expect(names(render(groups))).toContain(
      "group g1, preparing rebalance, generation 5, coordinator b2, members c1 c2 c3, read by nobody: orders-0 orders-1 orders-2",
    );
  });

  test("every thing has a name, and no button lies inside another", () => {
    for (const model of [healthy, leaderDown, groups]) {
      const markup = render(model);
      const buttons = markup.match(/<g role="button"/g) ?? [];
      expect(names(markup).filter(Boolean)).toHaveLength(buttons.length);
      expect(nestedButtons(markup)).toBe(0);
    }
  });

  test("the canvas has one tab stop", () => {
    for (const model of [healthy, leaderDown, groups]) expect(render(model).match(/tabindex="0"/g)).toHaveLength(1);
  });

  test("it is a group of things, never an application", () => {
    expect(render(healthy)).toContain('role="group" aria-label="Cluster, 3 brokers, 2 clients, ensemble of 3"');
    expect(render(healthy)).not.toContain("application");
  });
});

describe("a header with much to say", () => {
  const busy = (process: "paused" | "down"): CanvasModel => ({
    ...healthy,
    brokers: healthy.brokers.map((broker, index) =>
      index > 0
        ? broker
        : {
            ...broker,
            process,
            processText: process === "paused" ? "8.8 s" : "",
            controller: true,
            coordinatorOf: ["g1"],
            session: { state: "ending", secondsLeft: 6.8, fractionLeft: 0.4 } as NonNullable<typeof broker.session>,
          },
    ),
  });

  test.each(["paused", "down"] as const)(
    "%s: says less before anything leaves the card or meets the name",
    (process) => {
      const markup = render(busy(process));
      const card = markup.slice(markup.indexOf(">b1</text>"), markup.indexOf("orders-0"));
      const rects = [...card.matchAll(/<rect class="badge[^"]*" x="([\d.]+)"/g)].map((match) => Number(match[1]));
      const ends = [...card.matchAll(/<text class="mono" x="([\d.]+)"[^>]*>([^<]+)/g)].map(
        ([, x, said]) => Number(x) - (said ?? "").length * 14 * 0.602,
      );
      const name = layoutCanvas(healthy, { width: 832 }).brokers[0]!.rect.x + 12 + 20;
      expect(rects.length).toBeGreaterThan(0);
      for (const left of [...rects, ...ends]) expect(left).toBeGreaterThan(name);
      // What is left out is told all the same.
      expect(names(markup).find((one) => one?.startsWith("b1, "))).toContain("coordinator");
    },
  );
});

describe("messages", () => {
  const layout = layoutCanvas(healthy, { width: 832 });
  const place = (messages: readonly MessageView[], reducedMotion = false, showHeartbeats = false) =>
    placeMessages({ ...healthy, messages }, layout, { reducedMotion, showHeartbeats });
  const one = healthy.messages[0]!;

  test("stand on their wire where their progress says, from sender to receiver", () => {
    const wire = layout.wires.get("b1|b2")!;
    const at = (progress: number, from: string, to: string) => place([{ ...one, from, to, progress }])[0]!.place;
    expect(at(0, "b1", "b2")).toMatchObject(wire.points[0]!);
    expect(at(1, "b1", "b2")).toMatchObject(wire.points.at(-1)!);
    expect(at(0, "b2", "b1")).toMatchObject(wire.points.at(-1)!);
  });

  test("that waits at a cut stands beside its mark, on the side of its sender", () => {
    const layout = layoutCanvas(healthy, { width: 832 });
    const waiting = (from: string, to: string): MessageView => ({
      ...(healthy.messages[0] as MessageView),
      id: `${from}${to}`,
      from,
      to,
      progress: 0.5,
      atCut: true,
      held: "the link is cut",
    });
    const model: CanvasModel = {
      ...healthy,
      links: healthy.links.map((link) =>
        link.from === "b1" && link.to === "b2" ? { ...link, state: "cut", faults: [] } : link,
      ),
      messages: [waiting("b1", "b2"), waiting("b2", "b1")],
    };
    const route = layout.wires.get("b1|b2");
    if (route === undefined) throw new Error("no wire");
    const mark = calmPlace(route.points);
    const [there, back] = placeMessages(model, layout, { reducedMotion: false, showHeartbeats: false });
    // b1 stands left of b2; the bars are 12 apart, a message up to 14 wide.
    expect(there?.place.x).toBeLessThan(mark.x - 13);
    expect(back?.place.x).toBeGreaterThan(mark.x + 13);
  });

  test("heartbeats are hidden unless asked for", () => {
    expect(place(healthy.messages).some((mark) => mark.message.heartbeat)).toBe(false);
    expect(place(healthy.messages, false, true).some((mark) => mark.message.heartbeat)).toBe(true);
  });

  test("more than sixty are merged, one mark for each wire, kind and direction, and none is forgotten", () => {
    const crowd = Array.from({ length: mostMarks + 20 }, (_, index) => ({
      ...one,
      id: `x${index}`,
      progress: index / 80,
    }));
    const marks = place(crowd);
    expect(marks).toHaveLength(1);
    expect(marks[0]!.text).toBe("×80");
    const spread = place(crowd.slice(0, 40));
    expect(spread.length).toBeGreaterThan(1);
    expect(spread.reduce((sum, mark) => sum + mark.count, 0)).toBe(40);
  });

  test("without motion a mark does not move with the run, and has a number", () => {
    const still = (progress: number) => place([{ ...one, progress }], true)[0]!;
    expect(still(0.1)).toEqual({ ...still(0.9), message: still(0.1).message });
    expect(still(0.1).ordinal).toBe(1);
    expect(render(healthy, { reducedMotion: true })).toContain('data-motion="reduced"');
  });

  test("are one layer that assistive tech does not see", () => {
    expect(render(healthy)).toMatch(/<g aria-hidden="true"><g class="message" data-thing="message:/);
  });
});

describe("many wires", () => {
  const layout = layoutCanvas(groups, { width: 832 });
  const visible = (model: CanvasModel, pointed: string | null = null) =>
    wireStates(model, layout, false, pointed)
      .filter((state) => state.visible)
      .map((state) => state.route.key)
      .sort();

  test("only those that carry a message or are disturbed are drawn", () => {
    expect(visible(groups)).toEqual(["b1|b2", "b1|b3", "b2|b3", "b2|c2", "b3|z3"]);
  });

  test("and those that touch what is pointed at or chosen", () => {
    expect(visible(groups, "client:p1")).toEqual(expect.arrayContaining(["b1|p1", "b2|p1", "b3|p1"]));
    const chosen: CanvasModel = { ...groups, selection: { kind: "server", id: "z1" } };
    expect(visible(chosen)).toContain("b1|z1");
  });
});

test("the drawing of a cluster whose leader is down keeps its structure", async () => {
  await expect(structure(render(leaderDown))).toMatchFileSnapshot("./__snapshots__/canvas-leader-down.txt");
});

/** Depth of buttons inside buttons, by walking the tags. */
function nestedButtons(markup: string): number {
  const stack: boolean[] = [];
  let nested = 0;
  for (const [tag, closing, selfClosing] of [...markup.matchAll(/<(\/?)[a-z]+(?:"[^"]*"|[^>"])*?(\/?)>/gi)].map(
    (match) => [match[0], match[1] === "/", match[2] === "/"] as const,
  )) {
    if (closing) stack.pop();
    else {
      const button = tag.includes('role="button"');
      if (button && stack.includes(true)) nested += 1;
      if (!selfClosing) stack.push(button);
    }
  }
  return nested;
}

/** One line for each thing and text: what a reader of the drawing is told, with its place. */
function structure(markup: string): string {
  const lines: string[] = [];
  for (const match of markup.matchAll(
    /aria-label="([^"]+)"|<text[^>]*>(.*?)<\/text>|<path class="(card|tape|crown[^"]*|wire[^"]*)"/g,
  )) {
    const [, name, text, mark] = match;
    if (name) lines.push(name);
    else if (text !== undefined) lines.push(`  text  ${text.replace(/<[^>]+>/g, "").trim()}`);
    else if (mark) lines.push(`  mark  ${mark}`);
  }
  return `${lines.join("\n")}\n`;
}
