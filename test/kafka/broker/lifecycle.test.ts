/** The life of a broker: registration, the session's end, a refused registration, a clean stop, loss of power. */
import { describe, expect, test } from "vitest";
import type { ActorState } from "../../../src/sim/engine/types.ts";
import { losePower } from "../../../src/sim/kafka/broker/broker.ts";
import type { Profile } from "../../../src/sim/kafka/profiles/config.ts";
import { MiniCluster, type Order, TP } from "./mini-cluster.ts";

const PROFILES: readonly Profile[] = ["0.10", "2.1", "3.9"];
const first: Order = { leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] };

describe.each(PROFILES)("in %s", (profile) => {
  test("a broker registers about a second after its start; the transaction is its broker epoch", () => {
    const cluster = new MiniCluster(profile);
    cluster.run(1500);
    const [registered] = cluster.of("broker-registered", "b1");
    expect(registered?.at).toBeGreaterThan(500);
    expect(registered?.at).toBeLessThan(1500);
    expect(cluster.znode("/brokers/ids/1")).toMatchObject({
      data: { host: "b1", port: 9092, version: profile === "3.9" ? 5 : 4 },
      version: profile === "3.9" ? 1 : 0,
      czxid: cluster.memory(1).brokerEpoch,
    });
    const mayElect = cluster.of("controller-may-start", "b1")[0]?.at ?? 0;
    // 0.10 takes part in the election some 200 ms before it registers.
    if (profile === "0.10") expect((registered?.at ?? 0) - mayElect).toBeGreaterThan(199);
    else expect(mayElect).toBe(registered?.at);
  });

  test("a process started again before its session ended is refused, and ends", () => {
    const cluster = new MiniCluster(profile).boot(first);
    cluster.act("kill", { who: "b1" });
    cluster.act("start", { who: "b1" });
    cluster.run(4500);
    expect(cluster.of("broker-registration-refused", "b1")).toMatchObject([{ exits: true }]);
    expect(cluster.world.actors.b1?.process).toBe("down");

    cluster.run(9000);
    cluster.act("start", { who: "b1" });
    cluster.run(2000);
    expect(cluster.memory(1).registered).toBe(true);
  });

  test("after the end of its session it registers again under a new broker epoch, and still leads in its own eyes", () => {
    const cluster = new MiniCluster(profile).boot(first);
    const before = cluster.memory(1).brokerEpoch;
    cluster.act("pause", { who: "b1" });
    cluster.run(9500);
    expect(cluster.znode("/brokers/ids/1")).toBeUndefined();
    cluster.act("resume", { who: "b1" });
    expect(cluster.until(() => cluster.of("broker-registered", "b1").length === 2, 4000)).toBe(true);
    expect(cluster.memory(1).brokerEpoch).toBeGreaterThan(before);
    expect(cluster.partition(1).role).toBe("leader");
  });

  test("a clean stop asks the controller, closes the session and leaves flushed logs and a fresh checkpoint", () => {
    const cluster = new MiniCluster(profile).boot(first);
    const tag = cluster.produce(1, ["a"]);
    cluster.run(20);
    expect(cluster.produced(tag)).toBe("NONE");
    cluster.zkWrite([
      { op: "create", path: "/controller", data: { version: 1, brokerid: 9 }, ephemeral: false, sequential: false },
    ]);
    cluster.run(20);
    cluster.act("stop", { who: "b1" });
    const stopped = cluster.now;
    expect(cluster.until(() => cluster.world.actors.b1?.process === "down", 4000)).toBe(true);
    const took = cluster.now - stopped;
    expect(took).toBeGreaterThan(150);
    expect(took).toBeLessThan(profile === "0.10" ? 2500 : 1000);
    expect(cluster.znode("/brokers/ids/1")).toBeUndefined();
    expect(cluster.disk(1)).toMatchObject({ cleanShutdown: true, highWatermarkCheckpoint: { [TP]: 1 } });
    expect(cluster.log(1).recoveryPoint).toBe(1);
  });

  test("without a controller it tries three times, five seconds apart, and stops all the same", () => {
    const cluster = new MiniCluster(profile).boot(first);
    cluster.act("stop", { who: "b1" });
    cluster.run(15000);
    expect(cluster.of("controlled-shutdown-failed", "b1")).toHaveLength(3);
    expect(cluster.world.actors.b1?.process).toBe("down");
  });

  test("a loss of power may take what was not flushed, a kill takes nothing", () => {
    const cluster = new MiniCluster(profile).boot(first);
    for (let i = 0; i < 40; i += 1) cluster.produce(1, [`r${i}`], 1);
    cluster.run(600);
    expect(cluster.log(2).logEndOffset).toBe(40);
    cluster.act("kill", { who: "b1" });
    cluster.act("dark", { who: "b2" });
    expect(cluster.log(1).logEndOffset).toBe(40);
    const actor = cluster.world.actors.b2 as ActorState;
    losePower(actor, (bound) => Math.min(7, bound - 1));
    expect(cluster.log(2)).toMatchObject({ logEndOffset: 7, recoveryPoint: 0 });
    expect(cluster.disk(2).cleanShutdown).toBe(false);
  });
});

describe("orders", () => {
  test.each(PROFILES)(
    "%s: an order of a deposed controller is refused, and so is one without a higher leader epoch",
    (profile) => {
      const cluster = new MiniCluster(profile).boot({ ...first, controllerEpoch: 2 });
      cluster.order({ ...first, leader: 2, leaderEpoch: 1, controllerEpoch: 1 });
      cluster.run(10);
      expect(cluster.of("stale-controller-refused", "b1")).toMatchObject([{ controllerEpoch: 1, seenEpoch: 2 }]);
      cluster.order({ ...first, leader: 2, leaderEpoch: 0, controllerEpoch: 2 });
      cluster.run(10);
      expect(cluster.of("order-ignored", "b1")).toHaveLength(1);
      expect(cluster.partition(1).role).toBe("leader");
    },
  );

  test("without fencesByControllerEpoch the deposed controller is followed", () => {
    const cluster = new MiniCluster("2.1", { without: ["fencesByControllerEpoch"] }).boot({
      ...first,
      controllerEpoch: 2,
    });
    cluster.order({ ...first, leader: 2, leaderEpoch: 1, controllerEpoch: 1 });
    cluster.run(10);
    expect(cluster.partition(1).role).toBe("follower");
  });

  test("3.9: an order meant for an earlier life of the broker is refused", () => {
    const cluster = new MiniCluster("3.9").boot(first);
    cluster.send("b9", 1, "controller", "UpdateMetadata", {
      controllerId: 9,
      controllerEpoch: 1,
      brokerEpoch: cluster.memory(1).brokerEpoch - 1,
      partitionStates: [],
      liveBrokers: [],
    });
    cluster.run(10);
    expect(cluster.of("stale-broker-epoch-refused", "b1")).toHaveLength(1);
    expect(cluster.memory(1).metadata.brokers).toHaveLength(3);
  });
});

describe("while ZooKeeper is away", () => {
  const options = { config: { "replica.lag.time.max.ms": 4000 } };

  test.each(["0.10", "2.1"] as const)("%s: the ISR write hangs and holds its partition, acks=1 too", (profile) => {
    const cluster = new MiniCluster(profile, options).boot(first);
    cluster.act("kill", { who: "b2" });
    cluster.act("cut", { from: "b1", to: "z1" });
    const early = cluster.produce(1, ["early"], 1);
    cluster.run(10);
    expect(cluster.produced(early)).toBe("NONE");
    expect(cluster.until(() => cluster.of("isr-shrink-proposed").length > 0, 8000)).toBe(true);
    const late = cluster.produce(1, ["late"], 1);
    const read = cluster.fetch(1, 0);
    cluster.run(3000);
    expect(cluster.produced(late)).toBe(null);
    // 0.10 reads without the partition's lock.
    expect(cluster.answer(read) === null).toBe(profile === "2.1");

    cluster.act("heal");
    expect(cluster.until(() => cluster.produced(late) !== null, 20000)).toBe(true);
    expect(cluster.produced(late)).toBe("NONE");
    expect(cluster.of("isr-shrunk").length + cluster.of("isr-update-refused").length).toBe(1);
  });

  test("3.9: the leader goes on, the proposal waits for a controller", () => {
    const cluster = new MiniCluster("3.9", options).boot(first);
    cluster.act("kill", { who: "b2" });
    cluster.act("cut", { from: "b1", to: "z1" });
    cluster.produce(1, ["early"], 1);
    expect(cluster.until(() => cluster.of("isr-shrink-proposed").length > 0, 8000)).toBe(true);
    const late = cluster.produce(1, ["late"], 1);
    cluster.run(10);
    expect(cluster.produced(late)).toBe("NONE");
  });

  test("2.1: a state znode that somebody else wrote makes every change fail until the next order (H16)", () => {
    const cluster = new MiniCluster("2.1", options).boot({ ...first, isr: [1] });
    cluster.run(100);
    expect(cluster.partition(1).leaderState?.isr).toEqual([1, 2]);
    cluster.zkWrite([
      {
        op: "setData",
        path: "/brokers/topics/t/partitions/0/state",
        data: cluster.stateData({ ...first, isr: [1], controllerEpoch: 7 }),
        version: -1,
      },
    ]);
    cluster.act("kill", { who: "b2" });
    cluster.run(50);
    cluster.produce(1, ["a"], 1);
    cluster.run(12000);
    expect(cluster.of("isr-update-refused").length).toBeGreaterThan(1);
    expect(cluster.partition(1).leaderState?.isr).toEqual([1, 2]);
  });
});

describe("DeleteRecords", () => {
  test.each(["2.1", "3.9"] as const)("%s: is answered when the follower's log begins there too", (profile) => {
    const first: Order = { leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] };
    const cluster = new MiniCluster(profile).boot(first);
    cluster.produce(1, ["a"]);
    cluster.produce(1, ["b"]);
    cluster.run(600);
    const ask = (offset: number) =>
      cluster.send("p1", 1, "admin", "DeleteRecords", {
        partitions: [{ topicPartition: TP, offset }],
        timeoutMs: 5000,
      });
    const beyond = ask(3);
    const tag = ask(1);
    cluster.run(1100);
    expect(cluster.answer(beyond)).toMatchObject({ partitions: [{ errorCode: "OFFSET_OUT_OF_RANGE" }] });
    expect(cluster.answer(tag)).toMatchObject({ partitions: [{ errorCode: "NONE", lowWatermark: 1 }] });
    expect([cluster.values(1), cluster.values(2)]).toEqual([["b"], ["b"]]);
  });
});
