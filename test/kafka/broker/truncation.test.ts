/** What a follower cuts off, in each version: the stories by which leader epochs came to Kafka (KIP-101, KIP-279). */
import { describe, expect, test } from "vitest";
import { must } from "../../../src/sim/engine/assert.ts";
import { appendAsLeader } from "../../../src/sim/kafka/log/log.ts";
import { createLog } from "../../../src/sim/kafka/log/state.ts";
import type { Profile } from "../../../src/sim/kafka/profiles/config.ts";
import { plainBatch } from "../../../src/sim/kafka/protocol/records.ts";
import { MiniCluster, type Order } from "./mini-cluster.ts";

const PROFILES: readonly Profile[] = ["0.10", "2.1", "3.9"];

/** A log written in [value, epoch] pairs straight to a broker's disk, before it hosts the partition. */
function write(cluster: MiniCluster, id: number, records: readonly (readonly [string, number])[], from = 0): void {
  const { logs } = cluster.disk(id);
  logs["t-0"] ??= createLog();
  const { profile } = must(cluster.world.actors.b1, "b1").config as { profile: Profile };
  for (const [value, epoch] of records.slice(from)) {
    const record = { key: null, value, timestamp: 0, tag: value };
    appendAsLeader(logs["t-0"], plainBatch([record]), profile === "0.10" ? -1 : epoch);
  }
}

describe("a replica that was ahead when the cluster lost power, and returns after others went on (H2)", () => {
  const leads: Order = { leader: 1, leaderEpoch: 1, isr: [1], replicas: [2, 1], partitionEpoch: 1 };

  test.each(PROFILES)("%s", (profile) => {
    const cluster = new MiniCluster(profile);
    write(cluster, 1, [["m0", 0]]);
    write(cluster, 2, [
      ["m0", 0],
      ["m1", 0],
    ]);
    cluster.disk(1).highWatermarkCheckpoint = { "t-0": 1 };
    cluster.disk(2).highWatermarkCheckpoint = { "t-0": 2 };
    // 2 is away while 1 leads alone and takes m2 at the offset where 2 has m1.
    cluster.act("pause", { who: "b2" });
    cluster.boot(leads);
    const tag = cluster.produce(1, ["m2"]);
    cluster.run(20);
    expect(cluster.produced(tag)).toBe("NONE");
    cluster.act("resume", { who: "b2" });
    cluster.run(2500);
    cluster.metadata(leads);
    cluster.order(leads, [2]);
    cluster.run(1500);
    expect(cluster.partition(2).role).toBe("follower");

    expect(cluster.values(1)).toEqual(["m0", "m2"]);
    if (profile === "0.10") expect(cluster.values(2)).toEqual(["m0", "m1"]);
    else {
      expect(cluster.values(2)).toEqual(["m0", "m2"]);
      expect(cluster.log(2).epochs).toEqual(cluster.log(1).epochs);
    }
  });
});

describe("a follower that has everything but learned of the high watermark one fetch late (H1)", () => {
  test.each(PROFILES)("%s", (profile) => {
    const replicas = [3, 2, 1];
    const cluster = new MiniCluster(profile, { brokers: 3 }).boot({
      leader: 3,
      leaderEpoch: 0,
      isr: [3, 2, 1],
      replicas,
    });
    const tag = cluster.produce(3, ["m0"]);
    cluster.run(20);
    expect(cluster.produced(tag)).toBe("NONE");
    expect(cluster.partition(1).highWatermark).toBe(0);
    // The leader dies before its answer carries the mark; 2 leads, 1 follows, and 2 dies before 1 has fetched.
    cluster.act("kill", { who: "b3" });
    cluster.act("cut", { from: "b1", to: "b2" });
    const second: Order = { leader: 2, leaderEpoch: 1, isr: [2, 1], replicas, partitionEpoch: 1 };
    cluster.metadata(second, [1, 2], [1, 2]);
    cluster.order(second, [1, 2]);
    cluster.run(20);
    cluster.act("kill", { who: "b2" });
    const third: Order = { leader: 1, leaderEpoch: 2, isr: [1], replicas, partitionEpoch: 2 };
    cluster.metadata(third, [1], [1]);
    cluster.order(third, [1]);
    cluster.run(20);
    expect(cluster.partition(1).role).toBe("leader");
    expect(cluster.values(1)).toEqual(profile === "0.10" ? [] : ["m0"]);
  });
});

describe("histories that differ in several epochs (H3, KIP-279)", () => {
  test.each(["2.1", "3.9"] as const)("%s: the follower asks again until the logs agree", (profile) => {
    const cluster = new MiniCluster(profile);
    write(cluster, 1, [
      ["a", 0],
      ["b", 0],
      ["c", 2],
      ["d", 2],
    ]);
    write(cluster, 2, [
      ["a", 0],
      ["x", 1],
      ["y", 1],
      ["z", 3],
    ]);
    cluster.disk(2).highWatermarkCheckpoint = { "t-0": 1 };
    cluster.boot({ leader: 1, leaderEpoch: 4, isr: [1], replicas: [1, 2] });
    cluster.run(1500);
    expect(cluster.values(2)).toEqual(["a", "b", "c", "d"]);
    expect(cluster.of("log-truncated", "b2").length).toBeGreaterThan(1);
  });
});

describe("a replica that is longer than its leader", () => {
  const order: Order = { leader: 1, leaderEpoch: 1, isr: [1], replicas: [1, 2] };

  test("0.10: its process ends, unless unclean election is allowed (H23)", () => {
    for (const unclean of ["false", "true"]) {
      const cluster = new MiniCluster("0.10", { topicConfig: { "unclean.leader.election.enable": unclean } });
      write(cluster, 1, [["a", 0]]);
      write(cluster, 2, [
        ["a", 0],
        ["b", 0],
        ["c", 0],
      ]);
      cluster.disk(2).highWatermarkCheckpoint = { "t-0": 3 };
      cluster.boot(order);
      cluster.run(1500);
      if (unclean === "true") expect(cluster.values(2)).toEqual(["a"]);
      else {
        expect(cluster.of("broker-halted", "b2")).toHaveLength(1);
        expect(cluster.world.actors.b2?.process).toBe("down");
        expect(cluster.znode("/brokers/ids/2")).toBeDefined();
      }
    }
  });

  test.each(["2.1", "3.9"] as const)("%s: it is cut where the leader's epoch ended", (profile) => {
    const cluster = new MiniCluster(profile);
    write(cluster, 1, [["a", 0]]);
    write(cluster, 2, [
      ["a", 0],
      ["b", 0],
      ["c", 0],
    ]);
    cluster.boot(order);
    cluster.run(1500);
    expect(cluster.values(2)).toEqual(["a"]);
  });
});

test.each(["2.1", "3.9"] as const)(
  "%s: a leader that was replaced before it wrote anything follows all the same",
  (profile) => {
    const cluster = new MiniCluster(profile);
    write(cluster, 1, [["a", 0]]);
    write(cluster, 2, [["a", 0]]);
    // Both lead in turn with nothing to write; 2 in a later epoch than the one that 1 knows.
    cluster.boot({ leader: 2, leaderEpoch: 3, isr: [2], replicas: [1, 2] });
    cluster.order({ leader: 1, leaderEpoch: 4, isr: [1], replicas: [1, 2] });
    cluster.run(1500);
    const tag = cluster.produce(1, ["b"], 1);
    cluster.run(600);
    expect(cluster.produced(tag)).toBe("NONE");
    expect(cluster.values(2)).toEqual(["a", "b"]);
    expect(cluster.log(2).epochs).toEqual(cluster.log(1).epochs);
  },
);

test("a follower whose leader's log starts later drops everything and begins there", () => {
  const cluster = new MiniCluster("2.1");
  write(cluster, 1, [
    ["a", 0],
    ["b", 0],
    ["c", 0],
  ]);
  const log = cluster.log(1);
  log.logStartOffset = 2;
  cluster.boot({ leader: 1, leaderEpoch: 1, isr: [1], replicas: [1, 2] });
  cluster.run(1500);
  expect(cluster.log(2)).toMatchObject({ logStartOffset: 2, logEndOffset: 3 });
});

test("3.9: a fetch in an older leader epoch is fenced; 2.1 forgets the epoch inside a fetch session", () => {
  for (const profile of ["2.1", "3.9"] as const) {
    const first: Order = { leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] };
    const cluster = new MiniCluster(profile).boot(first).run(700);
    cluster.order({ ...first, leaderEpoch: 1, isr: [1] }, [1]);
    cluster.run(700);
    expect(cluster.of("replica-failed", "b2")).toHaveLength(profile === "3.9" ? 1 : 0);
    expect(cluster.of("isr-expanded", "b1")).toHaveLength(profile === "3.9" ? 0 : 1);
  }
});
