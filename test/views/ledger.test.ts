/** The ledger as data: a lab that loses a record, and one that does not. */
import { describe, expect, test } from "vitest";
import { ledgerCounts, ledgerCsv, ledgerRecords, ledgerRow } from "../../src/ui/views/ledger/project.ts";
import { runOf } from "./run.ts";

describe("acks=1 and a leader that dies", () => {
  const { timeline } = runOf("acks1-failover-loss");
  const moment = timeline.head;
  const lost = ledgerRecords(moment, "lost");

  test("records are lost, and the count of the filter says how many", () => {
    expect(lost.length).toBeGreaterThan(0);
    const counted = ledgerCounts(moment).find(({ filter }) => filter === "lost-with-neighbours");
    expect(counted).toMatchObject({ count: lost.length, label: `lost ${lost.length}, with neighbours` });
  });

  test("the neighbours of a lost record stand beside it", () => {
    const near = ledgerRecords(moment, "lost-with-neighbours").map(({ number }) => number);
    const first = lost[0]?.number ?? 0;
    expect(near).toContain(first - 1);
    expect(near).toContain((lost.at(-1)?.number ?? 0) + 1);
  });

  test("a lost row says when it was acknowledged and leads to where it was cut", () => {
    const row = ledgerRow(lost[0] as NonNullable<(typeof lost)[0]>, moment, false);
    expect(row.fate).toMatchObject({ isLost: true });
    expect(row.fate.text).toMatch(/^lost: acknowledged \d+\.\d{3}/);
    expect(timeline.trace.factsOf(row.fate.entry ?? -1).length).toBeGreaterThan(0);
    expect(row.acked.text).toMatch(/^\d+\.\d{3}$/);
  });
});

test("with acks=all nothing is lost in the first failover", () => {
  const counts = ledgerCounts(runOf("first-failover").timeline.head);
  expect(counts.find(({ filter }) => filter === "lost-with-neighbours")?.label).toBe("lost 0");
  expect(counts[0]?.label).toBe("all 200");
});

test("the download has a line a record, and quotes what holds a comma", () => {
  const { head } = runOf("acks1-failover-loss").timeline;
  const rows = ledgerRecords(head, "sent").map((record) => ledgerRow(record, head, true));
  const lines = ledgerCsv(rows).split("\n");
  expect(lines).toHaveLength(rows.length + 1);
  expect(lines[0]).toBe("record,partition,sent,acked,offset,epoch,committed,copies,consumed,fate");
  expect(lines.some((line) => /"lost: acknowledged/.test(line))).toBe(true);
});
