/**
 * A checked scenario, or one of its variants, with everything spelled out: each broker with its whole configuration,
 * each client with numbers instead of words. What the runner builds a World from.
 *
 * Simplified   settings that the version of a process does not have are left out, as a real process ignores them.
 */
import {
  type BrokerConfig,
  type ConfigKind,
  type ConfigOf,
  type ConsumerConfig,
  existsIn,
  findConfigKey,
  type ProducerConfig,
  type Profile,
  readConfig,
  type ZooKeeperConfig,
} from "../kafka/profiles/config.ts";
import type { ConsumerLoop } from "../kafka/types.ts";
import type { ConsumerSpec, ProducerSpec } from "./format/clients.ts";
import type { TopicSpec } from "./format/cluster.ts";
import type { Scenario } from "./format/scenario.ts";
import { microsOf } from "./time.ts";
import { withVariant } from "./variant.ts";

type Settings = Readonly<Record<string, unknown>>;

export interface ResolvedBroker {
  id: string;
  /** Kafka's broker.id: the place in the file, from 1. */
  brokerId: number;
  host: string;
  profile: Profile;
  config: BrokerConfig;
  /** The settings as written, cluster-wide ones first. */
  overrides: Settings;
}

export interface ResolvedServer {
  id: string;
  host: string;
  config: ZooKeeperConfig;
}

export interface ResolvedSend {
  atUs: number;
  topic: string;
  partition: number | null;
  key: string | null;
  value: string | null;
  sizeBytes: number;
  times: number;
}

export interface ResolvedPace {
  everyUs: number;
  count: number | null;
  fromUs: number;
  untilUs: number;
  /** Used in turn; empty means records without a key. */
  keys: string[];
  partition: number | null;
  sizeBytes: number;
}

export interface ResolvedProducer {
  kind: "producer";
  id: string;
  host: string;
  profile: Profile;
  /** Null: an act starts it. */
  startsUs: number | null;
  topic: string | null;
  config: ProducerConfig;
  pace: ResolvedPace | null;
  sends: ResolvedSend[];
}

export interface ResolvedConsumer {
  kind: "consumer";
  id: string;
  host: string;
  profile: Profile;
  startsUs: number | null;
  freshGroup: boolean;
  topics: string[];
  /** Partitions taken by hand; empty when it subscribes. */
  assign: string[];
  config: ConsumerConfig;
  perRecordUs: number;
  handOff: boolean;
  /** `auto` is enable.auto.commit; `manual` leaves it to acts. `every` null: once for each poll. */
  commit: { when: "auto" | "manual" | "before" | "after"; every: number | null; how: "sync" | "async" };
  /** Whether the application polls by itself; absent: it does. */
  polling?: boolean;
  /** Habits of the application that no scenario file sets. */
  loop?: ConsumerLoop;
}

export interface ResolvedScenario {
  id: string;
  variant: string | null;
  profile: Profile;
  seed: number;
  horizonUs: number;
  without: string[];
  brokers: ResolvedBroker[];
  zookeeper: ResolvedServer[];
  controller: string | null;
  links: {
    delayUs: number;
    jitterUs: number;
    between: { from: string[]; to: string[]; delayUs: number | null; jitterUs: number | null }[];
  };
  sites: Record<string, string[]>;
  topics: TopicSpec[];
  clients: (ResolvedProducer | ResolvedConsumer)[];
  /** The scenario after the variant, for acts, captions and expectations. */
  scenario: Scenario;
}

const DEFAULT_LINK_DELAY_US = 5000;
const DEFAULT_RECORD_BYTES = 100;

/** Spells out a checked scenario; `variant` is the id of one of its variants, or null. Throws on an unknown id. */
export function resolveScenario(scenario: Scenario, variant: string | null = null): ResolvedScenario {
  const chosen = scenario.variants?.find(({ id }) => id === variant) ?? null;
  if (variant !== null && chosen === null) throw new Error(`scenario ${scenario.id} has no variant ${variant}`);
  const changed = withVariant(scenario, chosen);
  const { cluster, profile } = changed;
  const horizonUs = micros(changed.horizon);
  return {
    id: changed.id,
    variant,
    profile,
    seed: changed.seed,
    horizonUs,
    without: changed.without ?? [],
    brokers: brokersOf(changed),
    zookeeper: serversOf(changed),
    controller: cluster.controller ?? null,
    links: linksOf(changed),
    sites: cluster.sites ?? {},
    topics: changed.topics ?? [],
    clients: (changed.clients ?? []).map((client) =>
      "producer" in client ? producerOf(client, profile, horizonUs) : consumerOf(client, profile),
    ),
    scenario: changed,
  };
}

/** Reads settings in a version, without those that the version does not have. */
export function configFor<Kind extends ConfigKind>(kind: Kind, profile: Profile, settings: Settings): ConfigOf[Kind] {
  const known = Object.keys(settings).filter((key) => {
    const entry = findConfigKey(kind, key);
    return entry !== null && existsIn(entry, profile);
  });
  return readConfig(kind, profile, Object.fromEntries(known.map((key) => [key, settings[key]]))).config;
}

function brokersOf({ cluster, profile }: Scenario): ResolvedBroker[] {
  const listed =
    typeof cluster.brokers === "number"
      ? Array.from({ length: cluster.brokers }, (_, index) => ({ id: `b${index + 1}` }))
      : cluster.brokers;
  return listed.map((broker: Exclude<Scenario["cluster"]["brokers"], number>[number], index) => {
    const own = broker.profile ?? profile;
    const rack = broker.rack === undefined ? {} : { "broker.rack": broker.rack };
    const overrides = { ...cluster.config, ...rack, ...broker.config };
    const config = configFor("broker", own, overrides);
    return { id: broker.id, brokerId: index + 1, host: broker.host ?? broker.id, profile: own, config, overrides };
  });
}

function serversOf({ cluster, profile }: Scenario): ResolvedServer[] {
  const given = cluster.zookeeper ?? 3;
  const { servers, config } = typeof given === "number" ? { servers: given, config: undefined } : given;
  return Array.from({ length: servers }, (_, index) => {
    const id = `z${index + 1}`;
    return { id, host: id, config: configFor("zookeeper", profile, config ?? {}) };
  });
}

function linksOf({ cluster }: Scenario): ResolvedScenario["links"] {
  const { delay, jitter, between } = cluster.links ?? {};
  return {
    delayUs: delay === undefined ? DEFAULT_LINK_DELAY_US : micros(delay),
    jitterUs: jitter === undefined ? 0 : micros(jitter),
    between: (between ?? []).map((link) => ({
      from: listOf(link.from),
      to: listOf(link.to),
      delayUs: link.delay === undefined ? null : micros(link.delay),
      jitterUs: link.jitter === undefined ? null : micros(link.jitter),
    })),
  };
}

function producerOf(spec: ProducerSpec, profile: Profile, horizonUs: number): ResolvedProducer {
  const own = spec.profile ?? profile;
  const { sends } = spec;
  return {
    kind: "producer",
    id: spec.producer,
    host: spec.host ?? spec.producer,
    profile: own,
    startsUs: startOf(spec.starts),
    topic: spec.topic ?? null,
    config: configFor("producer", own, { "client.id": spec.producer, ...spec.config }),
    pace: sends === undefined || Array.isArray(sends) ? null : paceOf(sends, horizonUs),
    sends: Array.isArray(sends)
      ? sends.map((send) => ({
          atUs: micros(send.at),
          topic: send.topic ?? spec.topic ?? "",
          partition: send.partition ?? null,
          key: send.key ?? null,
          value: send.value ?? null,
          sizeBytes: send.size ?? send.value?.length ?? DEFAULT_RECORD_BYTES,
          times: send.times ?? 1,
        }))
      : [],
  };
}

type Pace = Exclude<NonNullable<ProducerSpec["sends"]>, readonly unknown[]>;

function paceOf(pace: Pace, horizonUs: number): ResolvedPace {
  return {
    everyUs: micros(pace.every),
    count: pace.count ?? null,
    fromUs: pace.from === undefined ? 0 : micros(pace.from),
    untilUs: pace.until === undefined ? horizonUs : micros(pace.until),
    keys: keysOf(pace.keys),
    partition: pace.partition ?? null,
    sizeBytes: pace.size ?? DEFAULT_RECORD_BYTES,
  };
}

/** `k0..k9` → ten keys; `none` or nothing → no keys. */
export function keysOf(written: string | readonly string[] | undefined): string[] {
  if (written === undefined || written === "none") return [];
  if (typeof written !== "string") return [...written];
  const match = /^(\D*)(\d+)\.\.\D*(\d+)$/.exec(written);
  if (match === null) return [written];
  const [from, to] = [Number(match[2]), Number(match[3])];
  return Array.from({ length: to - from + 1 }, (_, index) => `${match[1]}${from + index}`);
}

function consumerOf(spec: ConsumerSpec, profile: Profile): ResolvedConsumer {
  const own = spec.profile ?? profile;
  const commit = commitOf(spec);
  const settings = { "client.id": spec.consumer, ...spec.config, "enable.auto.commit": commit.when === "auto" };
  const config = configFor(
    "consumer",
    own,
    spec.group === undefined ? settings : { ...settings, "group.id": spec.group },
  );
  const { processing } = spec;
  const perRecord = typeof processing === "object" ? processing.perRecord : processing;
  return {
    kind: "consumer",
    id: spec.consumer,
    host: spec.host ?? spec.consumer,
    profile: own,
    startsUs: startOf(spec.starts),
    freshGroup: spec.freshGroup ?? false,
    topics: spec.topics ?? [],
    assign: spec.assign ?? [],
    config,
    perRecordUs: perRecord === undefined ? 0 : micros(perRecord),
    handOff: typeof processing === "object" && processing.handOff === true,
    commit,
  };
}

function commitOf(spec: ConsumerSpec): ResolvedConsumer["commit"] {
  const { commit } = spec;
  if (typeof commit === "object") return { when: commit.when, every: commit.every ?? null, how: commit.how ?? "sync" };
  const isInGroup = spec.group !== undefined || spec.freshGroup === true;
  const isOff = String(spec.config?.["enable.auto.commit"]) === "false";
  return { when: commit ?? (isInGroup && !isOff ? "auto" : "manual"), every: null, how: "sync" };
}

function startOf(written: string | undefined): number | null {
  if (written === "never") return null;
  return written === undefined ? 0 : micros(written);
}

/** One or several, as a list. */
export function listOf<T extends string | number | boolean | object>(oneOrMore: T | T[]): T[] {
  return Array.isArray(oneOrMore) ? oneOrMore : [oneOrMore];
}

function micros(written: string): number {
  const found = microsOf(written);
  if (found === null) throw new Error(`"${written}" passed validation but is not a time`);
  return found;
}
