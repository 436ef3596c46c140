/** What a strip of a log shows, and where its marks and their words stand. Measures from the mock-ups of the canvas. */
import { describe, expect, test } from "vitest";
import { healthy } from "../../src/ui/views/canvas/fixtures.ts";
import { estimate } from "../../src/ui/views/canvas/measure.ts";
import type { CellView, ReplicaView } from "../../src/ui/views/canvas/model.ts";
import { endLabelRoom, labelMarks, layoutStrip, maxCells, visibleOffsets } from "../../src/ui/views/canvas/strip.ts";

function replica(
  logStart: number,
  highWatermark: number,
  logEnd: number,
  epochAt: (offset: number) => number = () => 3,
): ReplicaView {
  const cells = Array.from({ length: logEnd - logStart }, (_, index): CellView => {
    const offset = logStart + index;
    return {
      offset,
      label: String(offset),
      state: offset < highWatermark ? "committed" : "uncommitted",
      epoch: epochAt(offset),
    };
  });
  return { ...healthy.brokers[0]!.replicas[0]!, logStart, highWatermark, logEnd, cells };
}

const shown = (view: ReplicaView, width: number) =>
  layoutStrip(view, width).parts.map((part) => (part.kind === "cell" ? part.cell.offset : "fold"));

describe("folding", () => {
  test("a log that fits is shown whole", () => {
    expect(shown(replica(0, 3, 5), 250)).toEqual([0, 1, 2, 3, 4]);
  });

  test("a long log keeps its head and its tail", () => {
    expect(shown(replica(0, 18, 21), 150)).toEqual([0, "fold", 17, 18, 19, 20]);
  });

  test("when the high watermark is far behind, the records on both sides of it stay", () => {
    expect(shown(replica(0, 16, 76), 200)).toEqual([0, "fold", 15, 16, "fold", 73, 74, 75]);
  });

  test("a strip never has more than twelve cells, however wide", () => {
    const parts = layoutStrip(replica(0, 90, 100), 2000).parts;
    expect(parts.filter((part) => part.kind === "cell")).toHaveLength(maxCells);
  });

  test("no strip is wider than it may be", () => {
    for (let width = 60; width < 400; width += 7) {
      for (const highWatermark of [0, 1, 7, 39, 40]) {
        expect(layoutStrip(replica(0, highWatermark, 40), width).end).toBeLessThanOrEqual(Math.max(width, 44));
      }
    }
  });

  test("offsets to keep are kept", () => {
    expect(visibleOffsets({ logStart: 0, highWatermark: 74, logEnd: 76, keep: [19, 20] }, 6)).toEqual(
      [19, 20, 0, 73, 74, 75].sort((a, b) => a - b),
    );
  });

  test("a hole in the cells that were given is drawn as a fold", () => {
    const view = replica(0, 20, 22);
    expect(shown({ ...view, cells: view.cells.filter(({ offset }) => offset === 0 || offset > 18) }, 300)).toEqual([
      0,
      "fold",
      19,
      20,
      21,
    ]);
  });

  test("records that were cut off stand after the end of the log", () => {
    const view = replica(16, 18, 21);
    const strip = layoutStrip({ ...view, logEnd: 20 }, 250);
    expect(strip.parts.at(-1)).toMatchObject({ kind: "cell", ghost: true, x: strip.end });
    expect(strip.end).toBe(4 * 24);
  });
});

describe("marks", () => {
  test("the high watermark stands at the left edge of the first record it does not cover", () => {
    const strip = layoutStrip(replica(16, 19, 22), 300);
    expect(strip.highWatermarkX).toBe(3 * 24);
    expect(strip.end).toBe(6 * 24);
  });

  test("an epoch that begins between two cells has its line on their edge, one inside a fold has a short bar", () => {
    expect(
      layoutStrip(
        replica(16, 22, 22, (offset) => (offset < 20 ? 3 : 4)),
        300,
      ).boundaries,
    ).toEqual([{ x: 96, folded: false }]);
    expect(
      layoutStrip(
        replica(0, 21, 21, (offset) => (offset < 12 ? 2 : 3)),
        175,
      ).boundaries,
    ).toEqual([{ x: 34, folded: true }]);
  });

  test.each([
    ["both have room", replica(0, 18, 21), 226, { hw: "HW 18 end", leo: "LEO 21 start" }],
    ["all committed", replica(0, 21, 21), 226, { hw: "HW = LEO  end", leo: " 21 start" }],
    ["an empty log", replica(0, 0, 0), 226, { hw: null, leo: "HW = LEO 0 start" }],
    ["no room between the marks", replica(0, 0, 1), 226, { hw: null, leo: "LEO 1, HW 0 start" }],
    ["the mark is at the very left", replica(0, 0, 6), 226, { hw: "HW 0 start", leo: "LEO 6 start" }],
  ])("words under the strip: %s", (_, view, width, wanted) => {
    const strip = layoutStrip(view, width - endLabelRoom(view, estimate));
    const { highWatermark: hw, logEnd: leo } = labelMarks(view, strip, width, estimate);
    const say = (label: typeof hw) => label && `${label.words} ${label.value} ${label.anchor}`;
    expect({ hw: say(hw), leo: say(leo) }).toEqual(wanted);
  });
});
