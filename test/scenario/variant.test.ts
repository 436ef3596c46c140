/** Variants and the spelled-out scenario: what the runner is given. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../src/sim/scenario/parse.ts";
import { configFor, keysOf, resolveScenario } from "../../src/sim/scenario/resolve.ts";
import { changed, problemsOf } from "./base.ts";

const read = (text: string) => {
  const { scenario, problems } = parseScenario(text, "a text");
  expect(problems).toEqual([]);
  if (scenario === null) throw new Error("no scenario and no problem");
  return scenario;
};
const failover = () => read(readFileSync("scenarios/first-failover.yaml", "utf8"));

describe("spelling out", () => {
  test("brokers, servers and clients get hosts, numbers and whole configurations", () => {
    const resolved = resolveScenario(failover());
    expect(resolved.brokers.map(({ id, brokerId, host }) => [id, brokerId, host])).toEqual([
      ["b1", 1, "b1"],
      ["b2", 2, "b2"],
      ["b3", 3, "b3"],
    ]);
    expect(resolved.zookeeper.map(({ config }) => config.tickTime)).toEqual([2000, 2000, 2000]);
    expect(resolved.brokers[0]?.config.zookeeperSessionTimeoutMs).toBe(6000);
    expect(resolved.links.delayUs).toBe(5000);
    const [p1, c1] = resolved.clients;
    expect(p1).toMatchObject({ kind: "producer", id: "p1", startsUs: 0, config: { acks: -1, clientId: "p1" } });
    expect(p1).toMatchObject({ pace: { everyUs: 200_000, keys: expect.arrayContaining(["k0", "k9"]) } });
    expect(c1).toMatchObject({ kind: "consumer", assign: ["orders-0"], commit: { when: "manual" } });
  });

  test("cluster-wide settings come first, a broker's own win", () => {
    const brokers =
      "brokers: [{id: b1}, {id: b2, rack: r2, config: {min.insync.replicas: 3}}, {id: b3, profile: 0.10}]";
    const text = changed("brokers: 3", `${brokers}\n  config: {min.insync.replicas: 2}`);
    const resolved = resolveScenario(read(text));
    expect(resolved.brokers.map(({ config }) => config.minInsyncReplicas)).toEqual([2, 3, 2]);
    expect(resolved.brokers.map(({ profile }) => profile)).toEqual(["2.1", "2.1", "0.10"]);
    expect(resolved.brokers[1]?.config.brokerRack).toBe("r2");
  });

  test("a group without more words commits automatically, and its group reaches the configuration", () => {
    const [, consumer] = resolveScenario(read(changed("topics: [orders]", "topics: [orders]"))).clients;
    expect(consumer).toMatchObject({ commit: { when: "auto" }, config: { groupId: "g1", enableAutoCommit: true } });
  });

  test("settings a version lacks are ignored there", () => {
    expect(configFor("producer", "0.10", { "delivery.timeout.ms": 5, retries: 7 }).retries).toBe(7);
  });

  test("key ranges", () => {
    expect(keysOf("k8..k11")).toEqual(["k8", "k9", "k10", "k11"]);
    expect(keysOf("none")).toEqual([]);
    expect(keysOf(["a", "b"])).toEqual(["a", "b"]);
  });
});

describe("variants", () => {
  test("each changes what it says, and the scenario itself stays as it was", () => {
    const scenario = failover();
    const before = JSON.stringify(scenario);
    const newer = resolveScenario(scenario, "newer");
    expect(newer.brokers.map(({ profile }) => profile)).toEqual(["3.9", "3.9", "3.9"]);
    expect(newer.horizonUs).toBe(90_000_000);
    expect(newer.scenario.acts?.find(({ id }) => id === "start-b1")?.at).toBe("40s");
    expect(resolveScenario(scenario, "leader-is-controller").controller).toBe("b1");
    const older = resolveScenario(scenario, "older").clients[0];
    expect(older).toMatchObject({
      profile: "0.10",
      config: { retries: 20, deliveryTimeoutMs: Number.MAX_SAFE_INTEGER },
    });
    expect(JSON.stringify(scenario)).toBe(before);
  });

  test("acts are dropped, replaced and added by id", () => {
    const variant = "title: Old, drop: [a1], acts: [{id: a2, at: 1s, stop: b2}],";
    const acts = resolveScenario(read(changed("title: Old,", variant)), "old").scenario.acts;
    expect(acts).toEqual([{ id: "a2", at: "1s", stop: "b2" }]);
    const replaced = resolveScenario(
      read(changed("title: Old,", "title: Old, acts: [{id: a1, at: 1s, stop: b2}],")),
      "old",
    );
    expect(replaced.scenario.acts).toEqual([{ id: "a1", at: "1s", stop: "b2" }]);
  });

  test("a number of brokers or servers can be changed, or one of them", () => {
    const set =
      "set: {cluster/brokers/b2/rack: r2, cluster/zookeeper/config/tickTime: 500, cluster/zookeeper/servers: 5}";
    const resolved = resolveScenario(read(changed("title: Old,", `title: Old, ${set},`)), "old");
    expect(resolved.brokers.map(({ config }) => config.brokerRack)).toEqual([null, "r2", null]);
    expect(resolved.zookeeper.map(({ config }) => config.tickTime)).toEqual([500, 500, 500, 500, 500]);
  });

  test("a variant that takes a broker away is told what still needs it", () => {
    const problems = problemsOf(changed("title: Old,", "title: Old, set: {cluster/brokers: 1},"));
    expect(problems).toEqual([
      "21:5-21:68 variants[0]: with this variant, topics[0].replicationFactor: replicationFactor 3 is larger than the number of brokers, 1",
    ]);
  });

  test("an unknown variant is our own mistake", () => {
    expect(() => resolveScenario(failover(), "none")).toThrow("no variant none");
  });
});
