/** The config editor as data: what it lists, what it calls risky, and what a change makes of a scenario. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkScenario, type Profile, parseScenario, resolveScenario, type Scenario } from "../../src/sim/index.ts";
import { ownersOf, risksOf, rowsOf } from "../../src/ui/app/settings/keys.ts";
import { type Changes, withChanges } from "../../src/ui/state/changes.ts";
import { root } from "../../tools/files.mjs";

function fileOf(id: string): Scenario {
  const { scenario } = parseScenario(readFileSync(`${root}/scenarios/${id}.yaml`, "utf8"), `${id}.yaml`);
  if (scenario === null) throw new Error(`${id} cannot be read`);
  return scenario;
}

const failover = fileOf("first-failover");

function row(owner: string, key: string, profile: Profile = "2.1", changes: Changes = {}) {
  const changed = withChanges(failover, null, changes);
  const of = ownersOf(changed, profile).find(({ id }) => id === owner);
  const found = of && rowsOf(of, changed, key, changes).find((one) => one.key === key);
  if (found === undefined) throw new Error(`${owner} has no ${key}`);
  return found;
}

describe("rows", () => {
  // The table of ux.md 4.8 and kafka-spec: defaults that changed with the version.
  test.each([
    ["brokers", "replica.lag.time.max.ms", [10_000, 10_000, 30_000]],
    ["brokers", "zookeeper.session.timeout.ms", [6000, 6000, 18_000]],
    ["topic-orders", "unclean.leader.election.enable", [true, false, false]],
    ["client-c1", "session.timeout.ms", [10_000, 10_000, 45_000]],
    ["client-p1", "acks", ["1", "1", "all"]],
  ] as const)("%s: %s has the default of the version", (owner, key, defaults) => {
    const profiles = ["0.10", "2.1", "3.9"] as const;
    expect(profiles.map((profile) => row(owner, key, profile).defaultValue).map(String)).toEqual(defaults.map(String));
  });

  test("a key that a version does not have says when it came", () => {
    expect(row("client-p1", "delivery.timeout.ms", "0.10").missingUntil).toBe("2.1");
    expect(row("client-p1", "delivery.timeout.ms", "2.1").missingUntil).toBe(null);
  });

  test("what the scenario sets is shown as changed, and what is pending as well", () => {
    expect(row("client-p1", "acks")).toMatchObject({ value: "all", isChanged: true });
    expect(row("client-p1", "linger.ms")).toMatchObject({ isChanged: false });
    const path = "topics/orders/config/min.insync.replicas";
    expect(row("topic-orders", "min.insync.replicas", "2.1", { [path]: 2 })).toMatchObject({
      value: 2,
      isChanged: true,
    });
  });
});

describe("risks", () => {
  const risks = (changes: Changes) => risksOf(withChanges(failover, null, changes), "2.1").join("\n");
  const min = "topics/orders/config/min.insync.replicas";

  test("acks=all over one copy is said, and gone with two", () => {
    expect(risks({})).toContain("acks=all with min.insync.replicas=1 on orders");
    expect(risks({ [min]: 2 })).toBe("");
  });

  test("a minimum that equals or exceeds the copies is said", () => {
    expect(risks({ [min]: 3 })).toContain("one missing broker stops writes");
    expect(risks({ [min]: 4 })).toContain("can never be met");
  });

  test("unclean elections, acks=1 and a single copy are said", () => {
    expect(risks({ "topics/orders/config/unclean.leader.election.enable": true })).toContain("outside the in-sync set");
    expect(risks({ "clients/p1/config/acks": "1" })).toContain("the leader answers alone");
    expect(risks({ "topics/orders/replicationFactor": 1 })).toContain("orders has one copy");
  });
});

describe("changes from the start", () => {
  test("reach the variant that is run, and leave the file as it is", () => {
    const before = JSON.stringify(failover);
    const changed = withChanges(failover, "older", { "clients/p1/config/retries": 3 });
    expect(JSON.stringify(failover)).toBe(before);
    expect(checkScenario(changed).problems).toEqual([]);
    const [producer] = resolveScenario(changed, "older").clients;
    expect(producer?.kind === "producer" && producer.config.retries).toBe(3);
  });

  test("another replication factor keeps the leaders", () => {
    const changed = withChanges(failover, null, { "topics/orders/replicationFactor": 2 });
    expect(changed.topics?.[0]?.replicas).toEqual([["b1", "b2"]]);
    expect(withChanges(changed, null, { "topics/orders/replicationFactor": 3 }).topics?.[0]?.replicas).toEqual([
      ["b1", "b2", "b3"],
    ]);
    expect(failover.topics?.[0]?.replicas).toEqual([["b1", "b2", "b3"]]);
  });
});
