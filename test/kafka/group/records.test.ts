/**
 * What lies in __consumer_offsets, read back; offsets that go with their topic or their group; and what facts say.
 */
import { describe, expect, test } from "vitest";
import { facts } from "../../../src/sim/kafka/group/facts.ts";
import { offsetRecord, readGroupRecord, replay } from "../../../src/sim/kafka/group/groupRecords.ts";
import { topicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import type { LogRecord, RecordBatch } from "../../../src/sim/kafka/protocol/records.ts";
import { ask, at, commits, GROUP, joins, play, tell } from "./cluster.ts";

const offset = (committedOffset: number) => ({
  committedOffset,
  committedLeaderEpoch: 2,
  committedMetadata: "why",
  commitTimestamp: 7,
});

describe("records", () => {
  test("a group may be called anything, also with blanks", () => {
    const record = offsetRecord("my group 1", topicPartition("a-b", 3), offset(5), 7, "2.1");
    expect(readGroupRecord(record)).toEqual({
      kind: "offset",
      groupId: "my group 1",
      topicPartition: "a-b-3",
      value: offset(5),
    });
  });

  test("0.10 writes no leader epoch", () => {
    const record = offsetRecord("g", topicPartition("t", 0), offset(5), 7, "0.10");
    expect(readGroupRecord(record)).toMatchObject({ value: { committedOffset: 5, committedLeaderEpoch: -1 } });
  });

  test("the newest of a key counts, and null deletes it", () => {
    const [a, b] = [topicPartition("t", 0), topicPartition("t", 1)];
    const group = (value: string | null): LogRecord => ({ key: "group g", value, timestamp: 0, tag: null });
    const batch = (records: LogRecord[]): RecordBatch => ({ records, isControl: false }) as unknown as RecordBatch;
    const { groups, offsets } = replay([
      batch([offsetRecord("g", a, offset(1), 0, "2.1"), offsetRecord("g", b, offset(1), 0, "2.1")]),
      batch([group('{"generation":1,"members":[]}')]),
      batch([offsetRecord("g", a, offset(2), 0, "2.1"), offsetRecord("g", b, null, 0, "2.1"), group(null)]),
    ]);
    expect(groups).toEqual({});
    expect(offsets).toEqual({ g: { "t-0": offset(2) } });
  });

  test("the log of a group reads as the group lived: generations, with commits between them", () => {
    const run = play(7, [joins(1, "m1"), commits(2, "m1", 3), joins(3, "m2"), commits(5, "m1", 4)]);
    const read = run.log().flatMap((batch) => batch.records.map((record) => readGroupRecord(record)));
    const told = read.map((one) =>
      one?.kind === "group"
        ? `generation ${one.value?.generation} ${one.value?.protocol}: ${one.value?.members.map((member) => `${member.clientId}=[${member.assignment.join(" ")}]`).join(" ")}`
        : `${one?.topicPartition} = ${one?.value?.committedOffset}`,
    );
    expect(told).toEqual([
      "generation 1 range: m1=[t-0 t-1 t-2 t-3]",
      "t-0 = 3",
      "generation 2 range: m1=[t-0 t-1] m2=[t-2 t-3]",
      "t-0 = 4",
    ]);
  });
});

describe("offsets", () => {
  test("are read back by who asks, with -1 where nothing is stored", () => {
    const run = play(4, [
      joins(1, "m1"),
      commits(2, "m1", 3),
      ask(3, "m2", "OffsetFetch", { partitions: [topicPartition("t", 0), topicPartition("t", 1)] }),
    ]);
    expect(run.member("m2").answers.at(-1)?.data).toMatchObject({
      errorCode: "NONE",
      offsets: [
        { topicPartition: "t-0", committedOffset: 3 },
        { topicPartition: "t-1", committedOffset: -1 },
      ],
    });
  });

  test("of a partition that does not exist are refused, and the others stored", () => {
    const one = { committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: "" };
    const offsets = [
      { topicPartition: topicPartition("t", 9), ...one },
      { topicPartition: topicPartition("t", 1), ...one },
    ];
    const run = play(4, [joins(1, "m1"), ask(3, "m1", "OffsetCommit", { offsets })]);
    expect(run.member("m1").answers.filter(({ api }) => api === "OffsetCommit")).toMatchObject([
      { data: { errors: [{ errorCode: "UNKNOWN_TOPIC_OR_PARTITION" }, { errorCode: "NONE" }] } },
    ]);
    expect(run.group()?.offsets).toMatchObject({ "t-1": { committedOffset: 1 } });
  });

  test("go with their topic, by tombstones, and a failover does not bring them back", () => {
    const deleted = tell(4, "b1", { kind: "deleted", partitions: ["t-0"] });
    const run = play(12, [
      joins(1, "m1"),
      commits(3, "m1", 3),
      deleted,
      at(6, "kill", "b1"),
      tell(8, "b2", { kind: "lead", role: "leader" }),
      tell(8, "m1", { kind: "coordinator", to: "b2" }),
    ]);
    expect(run.log().at(-1)?.records).toMatchObject([{ key: `offset ${GROUP} t-0`, value: null }]);
    expect(run.group("b2")).toMatchObject({ state: "Stable", generationId: 1, offsets: {} });
  });

  test("of an empty group go with the group when the last one goes", () => {
    const simple = { memberId: "", generationId: -1 };
    const run = play(6, [commits(1, "m1", 3, simple), tell(4, "b1", { kind: "deleted", partitions: ["t-0"] })]);
    expect(run.group()).toBeUndefined();
    expect(run.log().at(-1)?.records).toHaveLength(1);
  });
});

test("every kind of fact has a sentence that names who did it", () => {
  const run = play(
    20,
    [
      joins(1, "m1"),
      joins(2, "m2"),
      commits(3, "m1", 3),
      commits(3.5, "m2", 3, { generationId: 0 }),
      at(4, "pause", "m2"),
      tell(13, "b1", { kind: "lead", role: "follower" }),
      tell(14, "b1", { kind: "lead", role: "leader" }),
    ],
    { profile: "3.9" },
  );
  const said = [...run.timeline.trace.facts].flatMap(({ at: when, actor, fact }) => {
    const known = facts[fact.kind];
    return known === undefined ? [] : [known.says(fact, actor, when)];
  });
  for (const sentence of said) expect(sentence).toMatch(/^(b1|m1|m2) .*\.$/);
  expect(said).toContain("b1 handed out generation 2 of group g: m1 [t-0 t-1], m2 [t-2 t-3].");
  expect(said).toContain("b1 stored offsets of group g: t-0 3.");
  expect(said).toContain(
    "b1 refused a commit of m2 with generation 0: ILLEGAL_GENERATION; the group is in generation 2.",
  );
  expect(said).toContain("b1 took m2 out of group g: last heard of 6.0 s ago, limit 6.0 s.");
  expect(said.some((sentence) => sentence.includes("undefined"))).toBe(false);
});
