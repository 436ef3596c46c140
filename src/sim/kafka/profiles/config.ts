/**
 * Configuration: what keys there are, their defaults in each version, and how a set of overrides becomes
 * the record the code reads. Verbatim keys (`replica.lag.time.max.ms`) become `replicaLagTimeMaxMs`.
 *
 * In Kafka     AbstractConfig and ConfigDef.parse; the checks between keys are those of ProducerConfig and
 *              ConsumerConfig (postProcessAndValidate) and KafkaConfig.validateValues.
 * Simplified   values are read when a process starts or an act changes them; there is no config provider.
 * Left out     keys the simulator gives no meaning to: they are unknown here, and said to be so.
 */
import { brokerKeys, zookeeperKeys } from "./broker-keys.ts";
import { consumerKeys, producerKeys, topicKeys } from "./client-keys.ts";
import { checkTogether } from "./config-checks.ts";
import { type ConfigKey, type ConfigProblem, type ConfigValue, existsIn } from "./config-key.ts";
import { readValue } from "./config-value.ts";
import { nearest } from "./nearest.ts";
import type { Profile } from "./profile.ts";

export { type ConfigKey, type ConfigProblem, type ConfigValue, existsIn, NEVER } from "./config-key.ts";
export { isAtLeast, PROFILES, type Profile } from "./profile.ts";

type ValuesOf<Keys> = { [Name in keyof Keys]: Keys[Name] extends ConfigKey<infer Value> ? Value : never };

/** All in the units of Kafka's own keys; null is "not set". */
export interface BrokerConfig extends ValuesOf<typeof brokerKeys> {}
export interface TopicConfig extends ValuesOf<typeof topicKeys> {}
/** `acks` is the number of the request: 0, 1, or -1 for all. */
export interface ProducerConfig extends ValuesOf<typeof producerKeys> {}
export interface ConsumerConfig extends ValuesOf<typeof consumerKeys> {}
export interface ZooKeeperConfig extends ValuesOf<typeof zookeeperKeys> {}

export interface ConfigOf {
  broker: BrokerConfig;
  topic: TopicConfig;
  producer: ProducerConfig;
  consumer: ConsumerConfig;
  zookeeper: ZooKeeperConfig;
}
export type ConfigKind = keyof ConfigOf;

export const CONFIG_KINDS: readonly ConfigKind[] = ["broker", "topic", "producer", "consumer", "zookeeper"];

/** camelCase name → what is known about the key, in the order an editor lists them. */
export const configTable: { readonly [Kind in ConfigKind]: { readonly [Name in keyof ConfigOf[Kind]]: ConfigKey } } = {
  broker: brokerKeys,
  topic: topicKeys,
  producer: producerKeys,
  consumer: consumerKeys,
  zookeeper: zookeeperKeys,
};

/** Overrides as a scenario file or a command gives them: verbatim key → value. */
export type ConfigOverrides = Readonly<Record<string, unknown>>;

/** The entry of a verbatim key, or null. Accepts the camelCase name too. */
export function findConfigKey(kind: ConfigKind, key: string): ConfigKey | null {
  const names = byKey[kind];
  const name = Object.hasOwn(names, key) ? names[key] : key;
  return name !== undefined && Object.hasOwn(configTable[kind], name) ? entryOf(kind, name) : null;
}

/** All verbatim keys of a kind, in the order of the table. */
export function configKeys(kind: ConfigKind): string[] {
  return Object.values<ConfigKey>(configTable[kind]).map((entry) => entry.key);
}

/** The table's default in a profile, or null where the version does not have the key. */
export function defaultIn(entry: ConfigKey, profile: Profile): ConfigValue {
  return existsIn(entry, profile) ? entry.defaults[profile] : null;
}

/** What a process of `profile` runs with when nothing is set. A fresh record; the caller may change it. */
export function defaultsOf<Kind extends ConfigKind>(kind: Kind, profile: Profile): ConfigOf[Kind] {
  const config: Record<string, ConfigValue> = {};
  for (const name of Object.keys(configTable[kind])) config[name] = entryOf(kind, name).defaults[profile];
  derive(kind, config);
  return config as unknown as ConfigOf[Kind];
}

/**
 * Reads overrides on top of the defaults. Never throws: what cannot be used is a problem, and its key keeps
 * its default. Values may be numbers, booleans, or their spelling as text.
 */
export function readConfig<Kind extends ConfigKind>(
  kind: Kind,
  profile: Profile,
  overrides: ConfigOverrides,
): { config: ConfigOf[Kind]; problems: ConfigProblem[] } {
  return readOnto(kind, profile, defaultsOf(kind, profile), overrides);
}

/** Only what `settings` sets, by camelCase name and with the values the code works with; mistakes are left out. */
export function readSettings<Kind extends ConfigKind>(
  kind: Kind,
  profile: Profile,
  settings: ConfigOverrides,
): Partial<ConfigOf[Kind]> {
  const read: Record<string, ConfigValue> = {};
  for (const key of Object.keys(settings)) {
    const name = byKey[kind][key];
    if (name === undefined || checkSetting(kind, profile, key, settings[key]) !== null) continue;
    const value = readValue(entryOf(kind, name), settings[key], profile);
    if (value.ok) read[name] = value.value;
  }
  return read as Partial<ConfigOf[Kind]>;
}

/** A topic's configuration: its own settings, then those of the broker it is read on. */
export function readTopicConfig(
  profile: Profile,
  overrides: ConfigOverrides,
  broker: BrokerConfig,
): { config: TopicConfig; problems: ConfigProblem[] } {
  return readOnto("topic", profile, inheritedFrom(broker), overrides);
}

/** The topic defaults that a broker's own settings give. */
export function inheritedFrom(broker: BrokerConfig): TopicConfig {
  return {
    minInsyncReplicas: broker.minInsyncReplicas,
    uncleanLeaderElectionEnable: broker.uncleanLeaderElectionEnable,
    maxMessageBytes: broker.messageMaxBytes,
    segmentBytes: broker.logSegmentBytes,
    segmentMs: broker.logRollMs ?? broker.logRollHours * HOUR_MS,
    segmentJitterMs: broker.logRollJitterHours * HOUR_MS,
    segmentIndexBytes: broker.logIndexSizeMaxBytes,
    indexIntervalBytes: broker.logIndexIntervalBytes,
    retentionMs: broker.logRetentionMs ?? broker.logRetentionHours * HOUR_MS,
    retentionBytes: broker.logRetentionBytes,
    fileDeleteDelayMs: broker.logSegmentDeleteDelayMs,
    cleanupPolicy: broker.logCleanupPolicy,
    flushMessages: broker.logFlushIntervalMessages,
    flushMs: broker.logFlushIntervalMs ?? broker.logFlushSchedulerIntervalMs,
    minCleanableDirtyRatio: broker.logCleanerMinCleanableRatio,
    minCompactionLagMs: broker.logCleanerMinCompactionLagMs,
    maxCompactionLagMs: broker.logCleanerMaxCompactionLagMs,
    deleteRetentionMs: broker.logCleanerDeleteRetentionMs,
    messageTimestampType: broker.logMessageTimestampType,
    compressionType: broker.compressionType,
  };
}

/** Checks one key and value without building a record; null means it is fine. */
export function checkSetting(kind: ConfigKind, profile: Profile, key: string, value: unknown): ConfigProblem | null {
  const entry = findConfigKey(kind, key);
  if (entry === null || entry.key !== key) {
    const near = entry?.key ?? nearest(key, configKeys(kind));
    const elsewhere = CONFIG_KINDS.filter((other) => other !== kind && byKey[other][key] !== undefined);
    const hint = elsewhere.length > 0 ? `; it is a ${elsewhere.join(" and a ")} setting` : "";
    return { key, message: `unknown ${kind} setting "${key}"${hint}`, allowed: null, nearest: near };
  }
  if (!existsIn(entry, profile)) {
    return {
      key,
      message: `${key} does not exist in ${profile}, only from ${entry.from} on`,
      allowed: null,
      nearest: null,
    };
  }
  const read = readValue(entry, value, profile);
  return read.ok ? null : { key, message: read.message, allowed: read.allowed, nearest: read.nearest };
}

const HOUR_MS = 3600000;
const MINUTE_MS = 60000;

const byKey: { readonly [Kind in ConfigKind]: Readonly<Record<string, string>> } = {
  broker: namesByKey("broker"),
  topic: namesByKey("topic"),
  producer: namesByKey("producer"),
  consumer: namesByKey("consumer"),
  zookeeper: namesByKey("zookeeper"),
};

function namesByKey(kind: ConfigKind): Record<string, string> {
  const names: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of Object.keys(configTable[kind])) names[entryOf(kind, name).key] = name;
  return names;
}

function entryOf(kind: ConfigKind, name: string): ConfigKey {
  const entry = (configTable[kind] as Readonly<Record<string, ConfigKey>>)[name];
  if (entry === undefined) throw new Error(`no ${kind} setting is called ${name}`);
  return entry;
}

function readOnto<Kind extends ConfigKind>(
  kind: Kind,
  profile: Profile,
  base: ConfigOf[Kind],
  overrides: ConfigOverrides,
): { config: ConfigOf[Kind]; problems: ConfigProblem[] } {
  const config = base as unknown as Record<string, ConfigValue>;
  const problems: ConfigProblem[] = [];
  const given: string[] = [];
  for (const key of Object.keys(overrides)) {
    const problem = checkSetting(kind, profile, key, overrides[key]);
    const name = byKey[kind][key];
    if (problem !== null || name === undefined) {
      if (problem !== null) problems.push(problem);
      continue;
    }
    const read = readValue(entryOf(kind, name), overrides[key], profile);
    if (read.ok) config[name] = read.value;
    given.push(name);
  }
  derive(kind, config, given);
  problems.push(...checkTogether(kind, config, given));
  return { config: config as unknown as ConfigOf[Kind], problems };
}

/** Where several keys say the same in different units, the finest that is set wins; the others are only read. */
function derive(kind: ConfigKind, config: Record<string, ConfigValue>, given: readonly string[] = []): void {
  if (kind !== "broker") return;
  if (!given.includes("logRetentionMs")) {
    const minutes = config.logRetentionMinutes;
    const hours = config.logRetentionHours;
    if (typeof minutes === "number") config.logRetentionMs = minutes < 0 ? -1 : minutes * MINUTE_MS;
    else if (typeof hours === "number") config.logRetentionMs = hours < 0 ? -1 : hours * HOUR_MS;
  }
  if (!given.includes("logRollMs") && typeof config.logRollHours === "number") {
    config.logRollMs = config.logRollHours * HOUR_MS;
  }
}
