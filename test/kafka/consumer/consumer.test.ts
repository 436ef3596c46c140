/** What a consumer does over a run: positions, commits, membership. Figures from the specification (B.3 to B.7, D.1). */
import { describe, expect, test } from "vitest";
import { javaHashOrder } from "../../../src/sim/kafka/client/javaHashOrder.ts";
import type { TopicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import { ClusterRun, factsOf, got, type Seen } from "./cluster.ts";

const PROFILES = ["0.10", "2.1", "3.9"] as const;
const manual = { when: "manual", every: null, how: "sync" } as const;
const noAuto = { "enable.auto.commit": "false" };

const commits = (seen: Seen[], actor: string): string[] =>
  factsOf(seen, "offsets-committed", actor).map(
    ({ at, fact }) => `${Math.round(at / 100) / 10}s ${JSON.stringify(fact.offsets)}`,
  );
const rebalances = (seen: Seen[], actor: string): string[] =>
  seen
    .filter((one) => one.actor === actor && /^partitions-/.test(one.fact.kind))
    .map(({ fact }) => `${fact.kind.slice(11)} [${(fact.partitions as string[]).join(" ")}] ${fact.generationId}`);

describe("reading", () => {
  test.each(PROFILES)("%s: a group of one reads every record once, in order", (profile) => {
    const run = new ClusterRun(profile, { consumers: { c1: {} }, everyMs: 50, count: 20 });
    expect(got(run.run(12_000), "c1")).toEqual(Array.from({ length: 20 }, (_, offset) => `t-0@${offset}`));
  });

  test("a partition taken by hand needs no group, and starts where the reset policy says", () => {
    const start = (policy: string) => {
      const config = { "auto.offset.reset": policy, ...noAuto };
      const run = new ClusterRun("3.9", {
        consumers: { c1: { assign: ["t-0"], config: { ...config, "group.id": "h" }, startsMs: 3_000, commit: manual } },
        everyMs: 100,
        count: 10,
      });
      const seen = run.run(8_000);
      return [
        got(seen, "c1").length,
        factsOf(seen, "offset-reset")[0]?.fact.to,
        factsOf(seen, "consumer-joined").length,
      ];
    };
    expect(start("earliest")).toEqual([10, 0, 0]);
    expect(start("latest")).toEqual([0, 10, 0]);
  });

  test("without a policy poll() throws NoOffsetForPartitionException, again and again", () => {
    const run = new ClusterRun("2.1", {
      consumers: { c1: { assign: ["t-0"], config: { "auto.offset.reset": "none", ...noAuto }, commit: manual } },
    });
    const errors = factsOf(run.run(6_000), "poll-error");
    expect(errors[0]?.fact.exception).toBe("NoOffsetForPartitionException");
    expect(errors.length).toBeGreaterThan(5);
  });

  test("max.poll.records limits what one poll returns", () => {
    const run = new ClusterRun("2.1", {
      consumers: { c1: { config: { "max.poll.records": 3 }, startsMs: 3_000 } },
      everyMs: 10,
      count: 10,
    });
    const sizes = factsOf(run.run(10_000), "records-polled").map(({ fact }) => (fact.records as unknown[]).length);
    expect(Math.max(...sizes)).toBe(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10);
  });

  test("seek moves the position; a paused partition gives nothing until it is resumed", () => {
    const run = new ClusterRun("2.1", { consumers: { c1: { commit: manual, config: noAuto } }, everyMs: 20, count: 5 })
      .op(8_000, "c1", "consumer.seek", { topicPartition: "t-0", offset: 3 })
      .op(9_000, "c1", "consumer.pause", { partitions: ["t-0"] })
      .op(9_500, "c1", "consumer.seekToBeginning", { partitions: ["t-0"] })
      .op(12_000, "c1", "consumer.resume", { partitions: ["t-0"] });
    const polled = factsOf(run.run(15_000), "records-polled").map(({ at, fact }) => ({
      at,
      offsets: (fact.records as { offset: number }[]).map((one) => one.offset),
    }));
    const between = (ms: number, until: number) =>
      polled.filter(({ at }) => at >= ms && at < until).flatMap(({ offsets }) => offsets);
    expect(between(0, 8_000)).toEqual([0, 1, 2, 3, 4]);
    expect(between(8_000, 9_000)).toEqual([3, 4]);
    expect(between(9_000, 12_000)).toEqual([]);
    expect(between(12_000, 15_000)).toEqual([0, 1, 2, 3, 4]);
  });

  test("partitions come in the order of a Java hash map", () => {
    const names = [0, 1, 2, 3].map((partition) => `spread-${partition}` as TopicPartition);
    // Recorded: RoundRobinPartitioner takes the second and the fourth of these, first 3, then 1 (3.9.1).
    const order = javaHashOrder(names);
    expect([order[1], order[3]]).toEqual(["spread-3", "spread-1"]);
  });
});

describe("commits", () => {
  test("auto commit happens inside a poll once the interval is over, never between polls", () => {
    const run = new ClusterRun("2.1", {
      consumers: {
        c1: {
          config: { "auto.commit.interval.ms": 2_000, "max.poll.records": 3, "enable.auto.commit": "true" },
          polling: false,
          startsMs: 2_000,
        },
      },
      everyMs: 10,
      count: 10,
    });
    run.op(3_000, "c1", "consumer.poll", { count: 100, untilRecords: true });
    run.op(8_000, "c1", "consumer.poll").op(9_000, "c1", "consumer.poll").op(11_000, "c1", "consumer.poll");
    // Recorded (consumer-auto-commit): poll at 3 s commits what the first had returned, the one a second later nothing.
    expect(commits(run.run(13_000), "c1").map((line) => line.slice(line.indexOf("{")))).toEqual([
      '{"t-0":3}',
      '{"t-0":9}',
    ]);
  });

  test("commit after the work: a crash repeats records; before it: a crash loses them", () => {
    const crash = (when: "before" | "after") => {
      const run = new ClusterRun("2.1", {
        consumers: {
          c1: { config: noAuto, perRecordMs: 1_000, commit: { when, every: null, how: "sync" }, startsMs: 2_000 },
        },
        everyMs: 10,
        count: 4,
      });
      const seen = run.kill(4_500, "c1").act(8_000, "start", { target: "c1" }).run(30_000);
      return factsOf(seen, "records-processed").flatMap(({ fact }) =>
        (fact.records as { offset: number }[]).map((one) => one.offset),
      );
    };
    const after = crash("after");
    const before = crash("before");
    expect([...new Set(after)].sort()).toEqual([0, 1, 2, 3]);
    expect(after.length).toBeGreaterThan(4);
    expect(before.length).toBeLessThan(4);
    expect(new Set(before).size).toBe(before.length);
  });

  test("a member that was thrown out gets CommitFailedException", () => {
    const run = new ClusterRun("2.1", { consumers: { c1: { commit: manual, config: noAuto } }, everyMs: 20, count: 5 });
    run.act(8_000, "pause", { target: "c1", for: null }).act(20_000, "resume", { target: "c1" });
    run.op(7_000, "c1", "consumer.stopPolling").op(20_001, "c1", "consumer.commitSync", { tag: "late" });
    const seen = run.run(25_000);
    expect(factsOf(seen, "commit-failed", "c1").map(({ fact }) => fact.exception)).toEqual(["CommitFailedException"]);
  });

  test("close commits and leaves at once; unsubscribe leaves without a commit", () => {
    const end = (op: string) => {
      const run = new ClusterRun("2.1", {
        consumers: { c1: { config: { "auto.commit.interval.ms": 60_000 } } },
        everyMs: 20,
        count: 5,
      });
      return run.op(8_000, "c1", op).run(10_000);
    };
    // The poll under way returns first, after at most 100 ms.
    expect(commits(end("consumer.close"), "c1")).toEqual(['8.1s {"t-0":5}']);
    expect(commits(end("consumer.unsubscribe"), "c1")).toEqual([]);
    const left = factsOf(end("consumer.close"), "consumer-left")[0];
    expect([Math.round((left?.at ?? 0) / 100), left?.fact.isTold]).toEqual([81, true]);
  });
});

describe("membership", () => {
  test("up to 2.1 every join is preceded by a callback, also with nothing; in 3.9 the first is not", () => {
    const first = (profile: "2.1" | "3.9") =>
      rebalances(new ClusterRun(profile, { consumers: { c1: {} } }).run(6_000), "c1");
    expect(first("2.1")).toEqual(["revoked [] -1", "assigned [t-0] 1"]);
    expect(first("3.9")).toEqual(["assigned [t-0] 1"]);
  });

  test("a second member is let in at the first one's next heartbeat, and all partitions change hands", () => {
    const run = new ClusterRun("2.1", { partitions: 2, consumers: { c1: {}, c2: { startsMs: 8_000 } } });
    const seen = run.run(12_000);
    expect(rebalances(seen, "c1")).toEqual([
      "revoked [] -1",
      "assigned [t-0 t-1] 1",
      "revoked [t-0 t-1] 1",
      "assigned [t-0] 2",
    ]);
    expect(rebalances(seen, "c2")).toEqual(["revoked [] -1", "assigned [t-1] 2"]);
    const letIn = factsOf(seen, "partitions-assigned", "c2")[0]?.at ?? 0;
    expect(letIn).toBeGreaterThan(8_000);
    expect(letIn).toBeLessThan(9_200);
  });

  test("a killed member is missed for session.timeout.ms", () => {
    const run = new ClusterRun("2.1", { partitions: 2, consumers: { c1: {}, c2: {} } });
    const seen = run.kill(10_000, "c2").run(20_000);
    const again = factsOf(seen, "partitions-assigned", "c1").at(-1);
    expect(again?.fact.partitions).toEqual(["t-0", "t-1"]);
    // Its last heartbeat was up to 1 s before the kill; c1 hears at its own next one.
    expect(again?.at).toBeGreaterThan(15_000);
    expect(again?.at).toBeLessThan(17_200);
  });

  test("work longer than max.poll.interval.ms: the heartbeat thread leaves, and the commit fails", () => {
    const run = new ClusterRun("2.1", {
      consumers: {
        c1: {
          config: { ...noAuto, "max.poll.interval.ms": 4_000 },
          perRecordMs: 9_000,
          commit: { when: "after", every: null, how: "sync" },
          startsMs: 2_000,
        },
      },
      everyMs: 10,
      count: 1,
    });
    const seen = run.run(20_000);
    const polledAt = factsOf(seen, "records-polled", "c1")[0]?.at ?? 0;
    const left = factsOf(seen, "consumer-left", "c1")[0];
    expect(left?.fact.reason).toBe("max.poll.interval.ms");
    expect((left?.at ?? 0) - polledAt).toBeGreaterThan(3_800);
    expect((left?.at ?? 0) - polledAt).toBeLessThan(5_000);
    expect(factsOf(seen, "commit-failed", "c1")[0]?.fact.exception).toBe("CommitFailedException");
  });

  test("an abandoned consumer keeps its place while its heartbeats go on, and loses it without them", () => {
    const owner = (heartbeat: boolean) => {
      const run = new ClusterRun("2.1", { consumers: { c1: {}, c2: { startsMs: 5_000 } } });
      const seen = run.op(8_000, "c1", "consumer.abandon", heartbeat ? {} : { heartbeat: false }).run(20_000);
      return factsOf(seen, "partitions-assigned", "c2").some(({ fact }) => (fact.partitions as string[]).length > 0);
    };
    expect(owner(true)).toBe(false);
    expect(owner(false)).toBe(true);
  });

  test("a pattern takes in what matches, and nothing internal", () => {
    const run = new ClusterRun("2.1", { consumers: { c1: { topics: [], loop: { pattern: ".*" } } } });
    expect(rebalances(run.run(8_000), "c1").at(-1)).toBe("assigned [t-0] 1");
  });

  test("after another group is set the consumer begins anew in it", () => {
    const run = new ClusterRun("2.1", { consumers: { c1: {} }, everyMs: 20, count: 3 });
    const seen = run.op(10_000, "c1", "consumer.setGroup", { group: "other" }).run(16_000);
    expect(got(seen, "c1")).toEqual(["t-0@0", "t-0@1", "t-0@2", "t-0@0", "t-0@1", "t-0@2"]);
    expect(factsOf(seen, "consumer-joined").at(-1)?.fact.group).toBe("other");
  });

  test("a stopped consumer closes first and then ends", () => {
    const run = new ClusterRun("2.1", { consumers: { c1: {} }, everyMs: 20, count: 3 });
    const seen = run.act(10_000, "stop", { target: "c1" }).run(12_000);
    const order = seen.filter(({ fact }) => ["consumer-left", "client-closed", "process-exited"].includes(fact.kind));
    expect(order.map(({ fact }) => fact.kind)).toEqual(["consumer-left", "client-closed", "process-exited"]);
  });
});

test("records handed to another thread are committed before they are worked on", () => {
  const run = new ClusterRun("2.1", {
    consumers: {
      c1: { handOff: true, perRecordMs: 2_000, config: { "auto.commit.interval.ms": 1_000 }, startsMs: 2_000 },
    },
    everyMs: 10,
    count: 5,
  });
  const seen = run.run(10_000);
  const committed = factsOf(seen, "offsets-committed")[0];
  const workedAt = factsOf(seen, "records-processed").at(-1)?.at ?? 0;
  expect(committed?.fact.offsets).toEqual({ "t-0": 5 });
  expect(committed?.at).toBeLessThan(workedAt);
});

test("a consumer whose coordinator dies goes on with the next one, in the same generation", () => {
  const run = new ClusterRun("3.9", {
    brokers: 3,
    consumers: { c1: { config: noAuto, commit: manual } },
    everyMs: 100,
  });
  const before = run.run(10_000);
  const coordinator = String(factsOf(before, "coordinator-found", "c1")[0]?.fact.coordinator);
  const seen = run.kill(10_000, coordinator).op(12_000, "c1", "consumer.commitSync", { tag: "x" }).run(30_000);
  const found = factsOf(seen, "coordinator-found", "c1");
  expect(found.at(-1)?.fact.coordinator).not.toBe(coordinator);
  expect(factsOf(seen, "consumer-joined", "c1")).toHaveLength(1);
  expect(factsOf(seen, "offsets-committed", "c1").at(-1)?.fact.tag).toBe("x");
});

test("a consumer that is sent to a dead coordinator waits retry.backoff.ms before it asks again", () => {
  const run = new ClusterRun("2.1", { brokers: 2, consumers: { c1: {} }, everyMs: 100, count: 5 });
  const coordinator = String(factsOf(run.run(10_000), "coordinator-found", "c1")[0]?.fact.coordinator);
  // Until the dead broker's session runs out the other one goes on naming it.
  const seen = run.kill(10_000, coordinator).run(15_000);
  const asked = factsOf(seen, "coordinator-found", "c1").filter(
    ({ at, fact }) => at > 10_000 && fact.coordinator === coordinator,
  );
  expect(asked.length).toBeGreaterThan(3);
  for (const [index, { at }] of asked.entries()) {
    const before = asked[index - 2]?.at;
    if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(100);
  }
});
