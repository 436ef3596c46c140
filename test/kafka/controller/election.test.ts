/** Who is controller: the race for /controller, epochs and their znode, and what a deposed controller may still do. */
import { describe, expect, test } from "vitest";
import { PROFILES } from "../../../src/sim/kafka/profiles/profile.ts";
import {
  cluster,
  controllerIn,
  deleteController,
  factsOf,
  lineOf,
  moveController,
  type Script,
  topic,
  writesOf,
} from "./support.ts";

const BROKERS = ["b1", "b2", "b3"];

describe.each(PROFILES)("%s", (profile) => {
  test("the first broker becomes controller with epoch 1; the epoch's znode has version 1, in 0.10 version 0", () => {
    const run = cluster(profile, []);
    run.advance(10_000_000);

    const epochs = writesOf(run).filter(({ path }) => path === "/controller_epoch");
    expect(epochs.at(-1)).toMatchObject({ by: "b1", data: 1, version: profile === "0.10" ? 0 : 1 });
    expect(BROKERS.map((id) => controllerIn(run, id)?.isActive)).toEqual([true, false, false]);
  });

  test("0.10 is elected before it registers, later versions after", () => {
    const run = cluster(profile, []);
    run.advance(4_000_000);
    const order = writesOf(run).flatMap(({ path }) => (/^\/controller$|ids\/1$/.test(path) ? [path] : []));
    const before = ["/controller", "/brokers/ids/1"];
    expect([...new Set(order)]).toEqual(profile === "0.10" ? before : before.reverse());
  });

  test("when /controller goes, one broker wins with the next epoch, whatever the seed", () => {
    const winners = new Set<string>();
    for (const seed of ["a", "b", "c", "d", "e", "f"]) {
      const run = cluster(profile, [[12, "command", deleteController]], { seed });
      run.advance(14_000_000);
      const active = BROKERS.filter((id) => controllerIn(run, id)?.isActive);
      expect(active).toHaveLength(1);
      expect(controllerIn(run, active[0] as string)?.epoch).toBe(2);
      expect(factsOf(run, "controller-elected").filter(({ at }) => at > 12)).toHaveLength(1);
      winners.add(active[0] as string);
    }
    expect(winners.size).toBeGreaterThan(1);
  });

  test("the controller's session ends: its successor takes over; when it wakes it resigns and comes back as a plain broker", () => {
    const script: Script = [
      [12, "pause", { who: "b1" }],
      [25, "resume", { who: "b1" }],
    ];
    const run = cluster(profile, script);
    run.advance(24_000_000);
    expect(factsOf(run, "controller-elected").filter(({ at }) => at > 12)).toHaveLength(1);
    expect(controllerIn(run, "b1")?.isActive).toBe(true);

    run.advance(32_000_000);
    expect(factsOf(run, "controller-resigned")).toMatchObject([{ actor: "b1", reason: "session expired" }]);
    expect(controllerIn(run, "b1")).toMatchObject({ isActive: false, queue: [], current: null, senders: {} });
    const ids = writesOf(run).filter(({ t, path }) => t > 25_000 && path === "/brokers/ids/1");
    expect(ids.length).toBeGreaterThan(0);
  });

  test("a World with a controller in the middle of its work survives a trip through JSON", () => {
    const run = cluster(profile, [[12, "command", topic("t", { 0: [1, 2, 3] })]]);
    run.advance(12_009_000);
    expect(controllerIn(run, "b1")?.current?.kind).toBe("topicChange");
    const { world } = run.head;
    expect(JSON.parse(JSON.stringify(world))).toEqual(world);
  });
});

/**
 * b1 is stopped while it waits for an answer of ZooKeeper, b2 becomes controller and finishes the work; b1 goes on from where it
 * was before it hears of that.
 */
describe("a deposed controller that does not know it yet", () => {
  const script: Script = [
    [12, "command", topic("t", { 0: [1, 2, 3] })],
    [12.0062, "pause", { who: "b1" }],
    [12.01, "pause", { who: "b3" }],
    [12.011, "command", deleteController],
    [13, "resume", { who: "b3" }],
    [14, "resume", { who: "b1" }],
  ];

  test.each(["2.1", "3.9"] as const)(
    "%s: its write is refused by the version of /controller_epoch, and it resigns",
    (profile) => {
      const run = cluster(profile, script);
      run.advance(13_900_000);
      expect(controllerIn(run, "b1")?.isActive).toBe(true);
      expect(controllerIn(run, "b2")?.isActive).toBe(true);

      run.advance(16_000_000);
      expect(factsOf(run, "controller-write-fenced")).toMatchObject([{ actor: "b1", event: "topicChange" }]);
      expect(controllerIn(run, "b1")?.isActive).toBe(false);
      expect(writesOf(run).filter(({ t, by }) => t > 14_000 && by === "b1")).toEqual([]);
    },
  );

  test("without the fence its writes reach ZooKeeper", () => {
    const run = cluster("3.9", script, { without: ["controllerWritesAreFenced"] });
    run.advance(16_000_000);
    expect(factsOf(run, "controller-write-fenced")).toEqual([]);
    const late = writesOf(run).filter(({ t, by }) => t > 14_000 && by === "b1");
    expect(late.map(lineOf)).toEqual(["b1 setData t"]);
  });
});

test("an order of a deposed controller is refused by brokers that have heard of its successor", () => {
  const run = cluster("2.1", [
    [12, "command", topic("t", { 0: [1, 2, 3] })],
    // b1 cannot be heard by b2 while it orders, so that the order waits in TCP until its successor has spoken.
    [13, "cut", { from: "b1", to: "b2" }],
    [13.5, "kill", { who: "b3" }],
    [21, "pause", { who: "b1" }],
    [31, "heal", {}],
    [41, "resume", { who: "b1" }],
  ]);
  run.advance(50_000_000);
  expect(factsOf(run, "stale-controller-refused").map(({ actor }) => actor)).toContain("b2");
  expect(controllerIn(run, "b2")).toMatchObject({ isActive: true, epoch: 2 });
});

test("a controller that is moved goes on with a cluster that it reads anew", () => {
  const run = cluster("2.1", [[12, "command", topic("t", { 0: [1, 2, 3], 1: [2, 3] })], ...moveController(13, 3)]);
  run.advance(15_000_000);
  const memory = controllerIn(run, "b3");
  expect(memory).toMatchObject({ isActive: true, epoch: 2, epochZkVersion: 2 });
  expect(Object.keys(memory?.context.partitions ?? {})).toEqual(["t-0", "t-1"]);
  expect(Object.values(memory?.context.partitions ?? {}).map(({ machine }) => machine)).toEqual(["Online", "Online"]);
});
