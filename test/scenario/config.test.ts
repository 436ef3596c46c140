/** The configuration table: its figures against the specification's, and what becomes of a wrong setting. */
import { describe, expect, test } from "vitest";
import {
  configKeys,
  configTable,
  defaultIn,
  defaultsOf,
  findConfigKey,
  NEVER,
  readConfig,
  readSettings,
  readTopicConfig,
} from "../../src/sim/kafka/profiles/config.ts";

describe("defaults", () => {
  // Figures from the versions' own documentation: [key, 0.10, 2.1, 3.9], null where the version lacks the key.
  test.each([
    ["broker", "zookeeper.session.timeout.ms", 6000, 6000, 18000],
    ["broker", "replica.lag.time.max.ms", 10000, 10000, 30000],
    ["broker", "unclean.leader.election.enable", true, false, false],
    ["broker", "delete.topic.enable", false, true, true],
    ["broker", "message.max.bytes", 1000012, 1000012, 1048588],
    ["broker", "fetch.max.bytes", null, null, 57671680],
    ["broker", "offsets.retention.minutes", 1440, 10080, 10080],
    ["broker", "group.initial.rebalance.delay.ms", null, 3000, 3000],
    ["broker", "group.max.session.timeout.ms", 300000, 300000, 1800000],
    ["producer", "acks", 1, 1, -1],
    ["producer", "enable.idempotence", null, false, true],
    ["producer", "retries", 0, 2147483647, 2147483647],
    ["producer", "delivery.timeout.ms", null, 120000, 120000],
    ["producer", "retry.backoff.max.ms", null, null, 1000],
    ["consumer", "session.timeout.ms", 10000, 10000, 45000],
    ["consumer", "request.timeout.ms", 305000, 30000, 30000],
    ["consumer", "isolation.level", null, "read_uncommitted", "read_uncommitted"],
    ["consumer", "group.instance.id", null, null, null],
  ] as const)("%s %s", (kind, key, old, middle, recent) => {
    const entry = findConfigKey(kind, key);
    expect(entry).not.toBeNull();
    if (entry === null) return;
    expect([defaultIn(entry, "0.10"), defaultIn(entry, "2.1"), defaultIn(entry, "3.9")]).toEqual([old, middle, recent]);
  });

  test("the table's names are the verbatim keys in camel case", () => {
    for (const [kind, table] of Object.entries(configTable)) {
      for (const [name, entry] of Object.entries(table)) {
        const camel = entry.key.replaceAll(/\.(.)/g, (_: string, letter: string) => letter.toUpperCase());
        expect(camel, `${kind} ${entry.key}`).toBe(name);
      }
    }
    expect(configKeys("broker").length).toBeGreaterThan(60);
  });

  test("an old producer behaves as if it had no delivery timeout and no idempotence", () => {
    const config = defaultsOf("producer", "0.10");
    expect(config.deliveryTimeoutMs).toBe(NEVER);
    expect(config.enableIdempotence).toBe(false);
  });
});

describe("overrides", () => {
  test("a value may be written as a number, a word or a text", () => {
    const { config, problems } = readConfig("producer", "2.1", { acks: "all", "linger.ms": "5", retries: 3 });
    expect(problems).toEqual([]);
    expect([config.acks, config.lingerMs, config.retries]).toEqual([-1, 5, 3]);
  });

  test.each([
    ["broker", { "replica.lag.time.max": 1 }, "unknown broker setting", "replica.lag.time.max.ms"],
    ["broker", { acks: "all" }, "it is a producer setting", null],
    ["consumer", { "session.timeout.ms": "10s" }, "written in milliseconds, as in Kafka: 10000", null],
    ["producer", { acks: 2 }, "acks must be one of 0, 1, all, -1, not 2", null],
    ["topic", { "min.insync.replicas": 0 }, "must be at least 1", null],
    ["consumer", { "auto.offset.reset": "earlist" }, "must be one of", "earliest"],
    ["consumer", { "partition.assignment.strategy": "cooperative-sticky" }, "may hold range, roundrobin, sticky", null],
    ["consumer", { "group.instance.id": "x" }, "does not exist in 2.1, only from 3.9 on", null],
  ] as const)("%s %j is refused and keeps the default", (kind, overrides, message, near) => {
    const { config, problems } = readConfig(kind, "2.1", overrides);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
    if (near !== null) expect(problems[0]?.nearest).toBe(near);
    expect(config).toEqual(defaultsOf(kind, "2.1"));
  });

  test("of several retention settings the finest wins", () => {
    const hours = readConfig("broker", "2.1", { "log.retention.hours": 1 }).config;
    const minutes = readConfig("broker", "2.1", { "log.retention.hours": 1, "log.retention.minutes": 5 }).config;
    const ms = readConfig("broker", "2.1", { "log.retention.minutes": 5, "log.retention.ms": 7 }).config;
    expect([hours.logRetentionMs, minutes.logRetentionMs, ms.logRetentionMs]).toEqual([3600000, 300000, 7]);
  });

  test("a change of settings names only what it changes", () => {
    const change = { acks: "all", "linger.ms": "5", nonsense: 1, retries: "many" };
    expect(readSettings("producer", "2.1", change)).toEqual({ acks: -1, lingerMs: 5 });
  });

  test("a topic inherits what it does not set from its broker", () => {
    const broker = readConfig("broker", "2.1", { "min.insync.replicas": 2, "log.segment.bytes": 1000 }).config;
    const { config } = readTopicConfig("2.1", { "segment.bytes": 500 }, broker);
    expect([config.minInsyncReplicas, config.segmentBytes]).toEqual([2, 500]);
  });
});

describe("settings that contradict each other", () => {
  test("idempotence asked for with acks=1 is refused", () => {
    const { problems } = readConfig("producer", "2.1", { "enable.idempotence": true, acks: 1 });
    expect(problems.map((problem) => problem.key)).toEqual(["acks"]);
  });

  test("idempotence that is only on by default gives way in silence", () => {
    const { config, problems } = readConfig("producer", "3.9", { acks: 1 });
    expect(problems).toEqual([]);
    expect(config.enableIdempotence).toBe(false);
  });

  test("the delivery timeout is raised in silence, unless it was set", () => {
    const silent = readConfig("producer", "2.1", { "request.timeout.ms": 200000 });
    expect([silent.problems, silent.config.deliveryTimeoutMs]).toEqual([[], 200000]);
    const set = readConfig("producer", "2.1", { "request.timeout.ms": 200000, "delivery.timeout.ms": 100000 });
    expect(set.problems[0]?.message).toContain("at least linger.ms + request.timeout.ms (0 + 200000)");
  });
});
