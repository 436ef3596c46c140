/** What a producer does with answers, lost connections and the passing of time; figures from the specification (A.2 to A.7). */
import { describe, expect, test } from "vitest";
import { partitionForKey } from "../../../src/sim/kafka/producer/partitioner.ts";
import { StubRun } from "./stub.ts";

type Facts = ReturnType<StubRun["run"]>;
const acked = (facts: Facts) =>
  facts.filter(({ fact }) => fact.kind === "record-acked").map(({ fact }) => `${fact.tag}@${fact.offset}`);
const of = (facts: Facts, kind: string) => facts.filter(({ fact }) => fact.kind === kind);
const failures = (facts: Facts) => of(facts, "send-failed").map(({ fact }) => `${fact.tag} ${fact.exception}`);

/** A send by hand; tag = value. */
const send = (value: string, fields: Record<string, unknown> = {}) => ({
  kind: "producer.send",
  topic: "t",
  partition: 0,
  value,
  tag: value,
  ...fields,
});

describe("a workload", () => {
  test.each(["0.10", "2.1", "3.9"] as const)("%s sends at its pace and hears offsets", (profile) => {
    const run = new StubRun(profile, { workload: { every: 10_000, count: 5 } });
    const facts = run.run(1_000);
    expect(acked(facts)).toEqual(["p1:1@0", "p1:2@1", "p1:3@2", "p1:4@3", "p1:5@4"]);
    expect(run.disk.log["t-0"]).toEqual(["r1", "r2", "r3", "r4", "r5"]);
  });

  test("runs from one seed are equal, and stop-sending and start-sending hold and release it", () => {
    const make = () =>
      new StubRun("2.1", { workload: { every: 10_000 } })
        .command(100, { kind: "stop-sending" })
        .command(500, { kind: "start-sending" });
    const facts = make().run(600);
    expect(facts).toEqual(make().run(600));
    const times = of(facts, "record-sent").map(({ at }) => at);
    expect(times.some((at) => at > 100 && at < 500)).toBe(false);
    expect(times.filter((at) => at >= 500).length).toBeGreaterThanOrEqual(10);
  });

  test("with acks=0 a record counts as sent when it is written, with offset -1", () => {
    const run = new StubRun("2.1", { config: { acks: 0 }, workload: { count: 2 } });
    const facts = run.run(500);
    expect(of(facts, "record-assumed").map(({ fact }) => fact.offset)).toEqual([-1, -1]);
    expect(acked(facts)).toEqual([]);
  });
});

describe("batches", () => {
  test("linger.ms gathers what is sent meanwhile into one request", () => {
    const run = new StubRun("2.1", { config: { "linger.ms": 50 } });
    run.command(100, { kind: "producer.sendMany", topic: "t", partition: 0, count: 4, prefix: "m", everyMs: 10 });
    run.run(1_000);
    expect(run.disk.produced.map(({ values }) => values)).toEqual([["m0", "m1", "m2", "m3"]]);
  });

  test("without linger.ms a record leaves at once, and a full request pipeline gathers the rest", () => {
    const config = { "max.in.flight.requests.per.connection": 1 };
    const run = new StubRun("2.1", { config });
    run.command(100, send("warm-up"));
    run.command(200, { kind: "producer.sendMany", topic: "t", partition: 0, count: 4, prefix: "m", everyMs: 1 });
    run.run(1_000);
    // The round trip is 2 ms: m0 is on its way while m1 (and m2) are sent.
    expect(run.disk.produced[1]?.values).toEqual(["m0"]);
    expect(run.disk.produced[2]?.values.length).toBeGreaterThan(1);
  });

  test("flush sends what lingers and returns when it is acknowledged", () => {
    const run = new StubRun("2.1", { config: { "linger.ms": 5_000 } });
    run.command(100, send("m")).command(200, { kind: "producer.flush", tag: "f" });
    const facts = run.run(1_000);
    const ackAt = of(facts, "record-acked")[0]?.at ?? 0;
    expect(ackAt).toBeLessThan(250);
    expect(of(facts, "client-done")[0]?.at).toBe(ackAt);
  });
});

describe("partitions", () => {
  test("a record with a key goes to murmur2 of it, over all partitions", () => {
    const leaders = { 0: 1, 1: 2, 2: 3, 3: -1, 4: 1, 5: 2 };
    const run = new StubRun("2.1", { leaders });
    for (const key of ["alice", "bob", "carol"]) run.command(100, send(key, { partition: null, key }));
    const facts = run.run(500);
    for (const key of ["alice", "bob", "carol"]) {
      const sent = of(facts, "record-sent").find(({ fact }) => fact.tag === key) ?? of(facts, "send-unblocked")[0];
      const unblocked = of(facts, "send-unblocked").find(({ fact }) => fact.tag === key);
      expect(unblocked?.fact.topicPartition ?? sent?.fact.topicPartition).toBe(`t-${partitionForKey(key, 6)}`);
    }
  });

  test("2.1 deals unkeyed records round robin over the partitions with a leader; 3.9 sticks to one", () => {
    const leaders = { 0: 1, 1: 2, 2: -1, 3: 3 };
    const spread = (profile: "2.1" | "3.9") => {
      const run = new StubRun(profile, { leaders, workload: { every: 20_000, count: 9 } });
      return of(run.run(1_000), "record-acked").map(({ fact }) => fact.partition as number);
    };
    const old = spread("2.1");
    expect([...new Set(old)].sort()).toEqual([0, 1, 3]);
    expect(old.slice(0, 3)).toEqual(old.slice(3, 6));
    expect(new Set(spread("3.9")).size).toBe(1);
  });
});

describe("retries", () => {
  const threeInFlight = (profile: "0.10" | "2.1" | "3.9") => {
    const config = {
      retries: 10,
      "request.timeout.ms": 1_000,
      ...(profile === "3.9" ? { "enable.idempotence": false } : {}),
    };
    const run = new StubRun(profile, { config, answers: ["NONE", "silent", "silent", "silent"] });
    run.command(100, send("m0"));
    for (const value of ["m1", "m2", "m3"]) run.command(200, send(value));
    run.run(3_000);
    return run.disk.log["t-0"];
  };

  test("what one lost connection had in flight goes newest first in 2.1 and 3.9, in order in 0.10.2", () => {
    expect(threeInFlight("2.1")).toEqual(["m0", "m3", "m2", "m1"]);
    expect(threeInFlight("3.9")).toEqual(["m0", "m3", "m2", "m1"]);
    expect(threeInFlight("0.10")).toEqual(["m0", "m1", "m2", "m3"]);
  });

  test("an idempotent producer keeps order and numbers records of a partition without a hole", () => {
    const config = { "enable.idempotence": true, acks: "all", "request.timeout.ms": 1_000 };
    const run = new StubRun("2.1", { config, answers: ["NONE", "silent", "silent", "silent"] });
    run.command(100, send("m0"));
    for (const value of ["m1", "m2", "m3"]) run.command(200, send(value));
    run.run(3_000);
    expect(run.disk.log["t-0"]).toEqual(["m0", "m1", "m2", "m3"]);
    expect(run.disk.produced.flatMap(({ sequences }) => sequences)).toEqual([0, 1, 2, 3, 1, 2, 3]);
  });

  test("the pause before a retry is 100 ms up to 2.1 and grows from 100 ms in 3.9", () => {
    const gaps = (profile: "2.1" | "3.9") => {
      const answers = Array.from({ length: 5 }, () => "NOT_ENOUGH_REPLICAS" as const);
      const run = new StubRun(profile, { answers, config: { acks: "all" } });
      run.command(100, send("m"));
      run.run(10_000);
      const times = run.disk.produced.map(({ at }) => at / 1_000);
      return times.slice(1).map((at, index) => at - (times[index] as number) - 2);
    };
    expect(gaps("2.1")).toEqual([100, 100, 100, 100, 100]);
    const growing = gaps("3.9");
    [100, 200, 400, 800, 1_000].forEach((base, index) => {
      expect(growing[index]).toBeGreaterThanOrEqual(base * 0.8);
      expect(growing[index]).toBeLessThanOrEqual(base * 1.2);
    });
  });

  test("without retries the exception is that of the version", () => {
    const failure = (profile: "2.1" | "3.9") => {
      const config = { retries: 0, ...(profile === "3.9" ? { "enable.idempotence": false } : {}) };
      const run = new StubRun(profile, { config, answers: ["NOT_LEADER_OR_FOLLOWER"] });
      return failures(run.command(100, send("m")).run(1_000));
    };
    expect(failure("2.1")).toEqual(["m NotLeaderForPartitionException"]);
    expect(failure("3.9")).toEqual(["m NotLeaderOrFollowerException"]);
  });

  test("an unanswered request is a NetworkException up to 2.1 and a TimeoutException in 3.9, after request.timeout.ms", () => {
    const failure = (profile: "0.10" | "2.1" | "3.9") => {
      const config = {
        retries: 0,
        "request.timeout.ms": 2_000,
        ...(profile === "3.9" ? { "enable.idempotence": false } : {}),
      };
      const run = new StubRun(profile, { config, answers: ["NONE", "silent"] });
      const facts = run.command(50, send("m0")).command(500, send("m")).run(5_000);
      const found = of(facts, "send-failed")[0];
      return `${found?.fact.exception} ${found?.at}`;
    };
    expect(failure("0.10")).toBe("NetworkException 2500");
    expect(failure("2.1")).toBe("NetworkException 2500");
    expect(failure("3.9")).toBe("TimeoutException 2500");
  });

  test("records sent while the leader is down wait, use no retry, and go to the new leader", () => {
    const config = { retries: 0 };
    const run = new StubRun("2.1", { config });
    run.command(100, send("m0"));
    run.act(500, "kill", { who: "b1" });
    run.command(600, send("m1"));
    run.change(3_000, { leaders: { 0: 2 }, leaderEpoch: 1, brokers: [2, 3] });
    const facts = run.run(5_000);
    expect(acked(facts)).toEqual(["m0@0", "m1@1"]);
    const m1 = of(facts, "record-acked").find(({ fact }) => fact.tag === "m1");
    expect(m1?.at).toBeGreaterThan(3_000);
    expect(m1?.at).toBeLessThan(3_300);
  });
});

describe("time limits", () => {
  test("a batch fails 120 s after it was created (2.1), with the time in the text", () => {
    const run = new StubRun("2.1", { leaders: { 0: -1 } });
    const facts = run.command(100, send("m")).run(130_000);
    const found = of(facts, "send-failed")[0];
    expect(found?.fact.message).toMatch(/^Expiring 1 record\(s\) for t-0:1200\d\d ms has passed since batch creation$/);
    expect(found?.at).toBeGreaterThanOrEqual(120_100);
    expect(found?.at).toBeLessThan(120_200);
  });

  test("0.10.2 expires a queued batch request.timeout.ms after its linger, since there is no delivery timeout", () => {
    const [found] = expiry([]);
    // Its sender does not wake for it: here the next look at the metadata does.
    expect(found?.fact.message).toMatch(
      /^Expiring 1 record\(s\) for t-0: 50\d\d ms has passed since batch creation plus linger time$/,
    );
  });

  test("a record that joins a queued batch does not wake the sender of 0.10.2, so the batch expires no sooner", () => {
    const [alone] = expiry([]);
    const waits = (alone?.at ?? 0) - 5_101;
    expect(waits).toBeGreaterThan(20);
    const together = expiry([5_101 + Math.floor(waits / 2)]);
    expect(together.map(({ at }) => at)).toEqual([alone?.at, alone?.at]);
  });

  /** What fails of a record sent at 100 ms, and of others at these moments, while nobody leads. */
  function expiry(others: readonly number[]) {
    const run = new StubRun("0.10", { leaders: { 0: -1 }, config: { "request.timeout.ms": 5_000 } });
    run.command(100, send("m"));
    for (const at of others) run.command(at, send(`m${at}`));
    return of(run.run(5_500), "send-failed");
  }

  test("send() to an unknown topic blocks for max.block.ms and delays what follows", () => {
    const run = new StubRun("2.1", { config: { "max.block.ms": 4_000 } });
    run.command(100, send("lonely", { topic: "none" })).command(200, send("m"));
    const facts = run.run(10_000);
    const lonely = of(facts, "send-failed")[0];
    expect([lonely?.at, lonely?.fact.message]).toEqual([4_100, "Topic none not present in metadata after 4000 ms."]);
    expect(of(facts, "record-sent").find(({ fact }) => fact.tag === "m")?.at).toBe(4_100);
  });

  test("a full buffer blocks send() until a batch is answered", () => {
    const config = { "buffer.memory": 32_768, "linger.ms": 0, "max.in.flight.requests.per.connection": 1 };
    const run = new StubRun("2.1", { config, leaders: { 0: 1, 1: 1, 2: 1 } });
    run.command(100, send("warm-up"));
    for (const partition of [0, 1, 2]) run.command(200, send(`m${partition}`, { partition }));
    const facts = run.run(1_000);
    expect(of(facts, "send-blocked").map(({ fact }) => fact.reason)).toEqual(["no-metadata", "buffer-full"]);
    expect(acked(facts)).toHaveLength(4);
  });
});
