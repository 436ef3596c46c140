/** The groups pane on real runs: who owns what, what nobody reads, and how lag is counted. */
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { groupsView } from "../../src/ui/views/groups/project.ts";
import { DataTable } from "../../src/ui/widgets/DataTable.tsx";
import { runOf } from "./run.ts";

const at = (id: string, entries: number) => groupsView(runOf(id).timeline.at(entries).world);

describe("two groups on one topic", () => {
  const run = runOf("two-groups-one-topic");
  const groups = at("two-groups-one-topic", run.timeline.length);

  test("each is listed with its own offsets, in the order of names", () => {
    expect(groups.map(({ id }) => id)).toEqual([...groups.map(({ id }) => id)].sort());
    expect(groups.length).toBe(2);
    for (const group of groups) {
      expect(group).toMatchObject({ state: "Stable", unowned: [] });
      expect(group.partitions.length).toBeGreaterThan(0);
    }
  });

  test("lag is the high watermark less the committed offset, and the group's is the sum", () => {
    for (const { partitions, lag } of groups) {
      for (const one of partitions) expect(one.lag).toBe((one.highWatermark ?? 0) - (one.committed ?? 0));
      expect(lag).toBe(partitions.reduce((sum, one) => sum + (one.lag ?? 0), 0));
    }
  });

  test("a session ends within its timeout", () => {
    const { time } = run.timeline.at(run.timeline.length).world;
    for (const { sessionEndsAt, sessionTimeout } of groups.flatMap(({ members }) => members)) {
      expect(sessionEndsAt).toBeGreaterThan(time);
      expect((sessionEndsAt ?? 0) - time).toBeLessThanOrEqual(sessionTimeout);
    }
  });
});

describe("more consumers than partitions", () => {
  const run = runOf("more-consumers-than-partitions");
  const lastRebalance =
    [...run.timeline.trace.facts].findLast(({ fact }) => fact.kind === "rebalance-started")?.entry ?? -1;

  test("every partition has one owner, and the member too many owns nothing", () => {
    const [group] = at("more-consumers-than-partitions", run.timeline.length);
    const owned = group?.members.flatMap(({ owns }) => owns) ?? [];
    expect([...owned].sort()).toEqual(group?.partitions.map(({ topicPartition }) => topicPartition));
    expect(group?.members.some(({ owns }) => owns.length === 0)).toBe(true);
  });

  test("while a rebalance is prepared, the reason and the deadline are told", () => {
    const [group] = at("more-consumers-than-partitions", lastRebalance + 1);
    expect(group?.state).toBe("PreparingRebalance");
    expect(group?.rebalance?.reason).not.toBe("");
    expect(group?.rebalance?.deadline).toBeGreaterThan(group?.rebalance?.since ?? 0);
  });

  test("before anybody joined there is the group that consumers are set to join, with nothing owned", () => {
    const [group] = at("more-consumers-than-partitions", 0);
    expect(group).toMatchObject({ generation: null, members: [], isCoordinated: false });
    expect(group?.unowned).toEqual(group?.partitions.map(({ topicPartition }) => topicPartition));
  });
});

test("consumers that take partitions by hand make no group", () => {
  expect(at("acks1-failover-loss", runOf("acks1-failover-loss").timeline.length)).toEqual([]);
});

test("a table of rows to choose has one tab stop, and says what is chosen", () => {
  const markup = renderToStaticMarkup(
    <DataTable
      caption="Things"
      columns={[{ label: "name" }]}
      rows={["a", "b", "c"].map((key) => ({ key, cells: [key], isChosen: key === "b", onChoose: () => {} }))}
    />,
  );
  expect(markup.match(/tabindex="0"/gi)).toHaveLength(1);
  expect(markup).toMatch(/tabindex="0" aria-pressed="true"[^>]*>b</i);
});
