/** Replication between two or three brokers, driven by orders of a stub controller. */
import { describe, expect, test } from "vitest";
import type { Profile } from "../../../src/sim/kafka/profiles/config.ts";
import { MiniCluster, type Order, TP } from "./mini-cluster.ts";

const PROFILES: readonly Profile[] = ["0.10", "2.1", "3.9"];
const first: Order = { leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] };

describe.each(PROFILES)("in %s", (profile) => {
  test("a record with acks=all is answered after the follower's next fetch; the follower's mark is one fetch behind", () => {
    const cluster = new MiniCluster(profile).boot(first);
    const tag = cluster.produce(1, ["a"]);
    cluster.run(20);

    expect(cluster.produced(tag)).toBe("NONE");
    expect(cluster.values(2)).toEqual(["a"]);
    expect(cluster.partition(1).highWatermark).toBe(1);
    expect(cluster.partition(2).highWatermark).toBe(0);

    cluster.run(600);
    expect(cluster.partition(2).highWatermark).toBe(1);
  });

  test("acks=1 is answered at once, and consumers see nothing above the high watermark", () => {
    const cluster = new MiniCluster(profile).boot(first);
    cluster.act("kill", { who: "b2" });
    cluster.run(10);
    const tag = cluster.produce(1, ["a"], 1);
    cluster.run(10);
    const read = cluster.fetch(1, 0);
    cluster.run(10);

    expect(cluster.produced(tag)).toBe("NONE");
    expect(cluster.answer(read)).toMatchObject({ responses: [{ errorCode: "NONE", highWatermark: 0, records: [] }] });
  });

  test("a broker that does not lead refuses, and one that hosts nothing does not know the partition", () => {
    const cluster = new MiniCluster(profile, { brokers: 3 }).boot(first);
    const follower = cluster.produce(2, ["a"]);
    const stranger = cluster.produce(3, ["a"]);
    cluster.run(10);

    expect(cluster.produced(follower)).toBe("NOT_LEADER_OR_FOLLOWER");
    expect(cluster.produced(stranger)).toBe("NOT_LEADER_OR_FOLLOWER");
  });

  test("acks=0 to a broker that does not lead costs the connection", () => {
    const cluster = new MiniCluster(profile).boot(first);
    const waiting = cluster.produce(2, ["a"], 0);
    cluster.run(10);
    expect(cluster.answer(waiting)).toBe("disconnected");
  });

  test("a follower that stays behind leaves the ISR between 1 and 1.5 times the lag limit, and comes back", () => {
    const cluster = new MiniCluster(profile, { config: { "replica.lag.time.max.ms": 4000 } }).boot(first);
    cluster.act("kill", { who: "b2" });
    const killed = cluster.now;
    cluster.run(100);
    const tag = cluster.produce(1, ["a"]);
    const proposed = () => cluster.of("isr-shrink-proposed").length > 0;
    expect(cluster.until(proposed, 7000)).toBe(true);
    const at = cluster.of("isr-shrink-proposed")[0]?.at ?? 0;
    expect(at - killed).toBeGreaterThan(3000);
    expect(at - killed).toBeLessThan(6600);
    if (profile === "3.9") {
      cluster.run(20);
      cluster.act("command", {
        who: "b9",
        command: {
          kind: "answer",
          data: {
            errorCode: "NONE",
            partitions: [
              {
                topicPartition: TP,
                errorCode: "NONE",
                leaderId: 1,
                leaderEpoch: 0,
                isr: [1],
                leaderRecoveryState: 0,
                partitionEpoch: 1,
              },
            ],
          },
        },
      });
    }
    cluster.run(50);
    expect(cluster.partition(1).leaderState?.isr).toEqual([1]);
    expect(cluster.produced(tag)).toBe("NONE");
    if (profile !== "3.9") {
      expect(cluster.znode("/brokers/topics/t/partitions/0/state")).toMatchObject({ data: { isr: [1] }, version: 1 });
    }

    cluster.run(9000);
    cluster.act("start", { who: "b2" });
    cluster.run(2000);
    cluster.metadata(first, [1, 2], [2]);
    cluster.order({ ...first, isr: [1], partitionEpoch: 1 }, [2]);
    cluster.run(1500);
    expect(cluster.values(2)).toEqual(["a"]);
    if (profile === "3.9") expect(cluster.of("isr-expand-proposed")).toHaveLength(1);
    else
      expect(cluster.znode("/brokers/topics/t/partitions/0/state")).toMatchObject({
        data: { isr: [1, 2] },
        version: 2,
      });
  });

  test("acks=1 loss: a record that the follower never fetched is cut when its leader returns as a follower (H4)", () => {
    const cluster = new MiniCluster(profile).boot(first);
    const both = cluster.produce(1, ["a"]);
    // Long enough for a checkpoint of the high watermark, or 0.10 would cut the whole log.
    cluster.run(6000);
    expect(cluster.produced(both)).toBe("NONE");
    cluster.act("fetch-delay", { who: "b2", delay: 5_000_000 });
    cluster.run(600);
    const lost = cluster.produce(1, ["b"], 1);
    cluster.run(100);
    expect(cluster.produced(lost)).toBe("NONE");
    cluster.act("kill", { who: "b1" });
    cluster.act("fetch-delay", { who: "b2", delay: 0 });
    const second: Order = { leader: 2, leaderEpoch: 1, isr: [2], replicas: [1, 2], partitionEpoch: 1 };
    cluster.order(second, [2]);
    cluster.metadata(second, [2], [2]);
    cluster.run(50);
    const after = cluster.produce(2, ["c"]);
    cluster.run(50);
    expect(cluster.produced(after)).toBe("NONE");
    expect(cluster.values(2)).toEqual(["a", "c"]);

    cluster.run(9000);
    cluster.act("start", { who: "b1" });
    cluster.run(2000);
    cluster.metadata(second, [1, 2], [1, 2]);
    cluster.order(second, [1]);
    cluster.run(1500);
    expect(cluster.values(1)).toEqual(["a", "c"]);
    expect(cluster.of("log-truncated", "b1")[0]).toMatchObject({
      reason: profile === "0.10" ? "high-watermark" : "leader-epoch",
      to: 1,
      removed: ["b"],
    });
  });
});

describe("min.insync.replicas", () => {
  const options = { topicConfig: { "min.insync.replicas": "2" }, config: { "replica.lag.time.max.ms": 4000 } };

  test.each(PROFILES)("%s: acks=all is refused before the append while the ISR is too small", (profile) => {
    const cluster = new MiniCluster(profile, { ...options, brokers: 1 }).boot({ ...first, isr: [1] });
    const tag = cluster.produce(1, ["a"]);
    const one = cluster.produce(1, ["b"], 1);
    cluster.run(20);
    expect(cluster.produced(tag)).toBe("NOT_ENOUGH_REPLICAS");
    expect(cluster.produced(one)).toBe("NONE");
    expect(cluster.values(1)).toEqual(["b"]);
  });

  test("2.1: a shrink after the append answers NOT_ENOUGH_REPLICAS_AFTER_APPEND and shows the record (H8)", () => {
    const cluster = new MiniCluster("2.1", options).boot(first);
    cluster.act("kill", { who: "b2" });
    cluster.run(20);
    const tag = cluster.produce(1, ["a"]);
    expect(cluster.until(() => cluster.produced(tag) !== null, 8000)).toBe(true);
    expect(cluster.produced(tag)).toBe("NOT_ENOUGH_REPLICAS_AFTER_APPEND");
    expect(cluster.partition(1).highWatermark).toBe(1);
  });

  test("3.9: the high watermark stands still below min ISR, and the request times out (H8)", () => {
    const cluster = new MiniCluster("3.9", options).boot(first);
    cluster.act("kill", { who: "b2" });
    cluster.run(20);
    const tag = cluster.produce(1, ["a"]);
    expect(cluster.until(() => cluster.of("alter-partition-asked").length > 0, 8000)).toBe(true);
    cluster.act("command", {
      who: "b9",
      command: {
        kind: "answer",
        data: {
          errorCode: "NONE",
          partitions: [
            {
              topicPartition: TP,
              errorCode: "NONE",
              leaderId: 1,
              leaderEpoch: 0,
              isr: [1],
              leaderRecoveryState: 0,
              partitionEpoch: 1,
            },
          ],
        },
      },
    });
    cluster.run(30000);
    expect(cluster.partition(1).leaderState?.isr).toEqual([1]);
    expect(cluster.partition(1).highWatermark).toBe(0);
    expect(cluster.produced(tag)).toBe("REQUEST_TIMED_OUT");
  });
});
