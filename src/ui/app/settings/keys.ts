/** What the settings dialog lists: owners of settings, their keys, values in force, and sets that carry a risk. Pure. */
import {
  type ConfigKey,
  type ConfigKind,
  configTable,
  defaultIn,
  existsIn,
  NEVER,
  type Profile,
  type Scenario,
} from "../../../sim/index.ts";
import { type Changes, type Setting, settingAt } from "../../state/changes.ts";
import { text } from "./text.ts";

/** Who has settings: all brokers, a topic, a client, the ensemble. */
export interface Owner {
  readonly id: string;
  readonly label: string;
  readonly kind: ConfigKind;
  /** Path of its settings in the scenario. */
  readonly path: string;
  readonly profile: Profile;
}

export interface Row {
  readonly path: string;
  readonly key: string;
  readonly entry: ConfigKey | null;
  readonly unit: string | null;
  /** As the run has it from its start. */
  readonly value: Setting;
  readonly defaultValue: Setting;
  readonly isChanged: boolean;
  /** False: only from the start. */
  readonly worksNow: boolean;
  readonly hint: string | null;
  /** The first version that has it, when this one does not. */
  readonly missingUntil: Profile | null;
}

/** Keys that stand in the list before anything is searched for, per kind. */
const USUAL: Readonly<Record<ConfigKind, readonly string[]>> = {
  broker: [
    "min.insync.replicas",
    "unclean.leader.election.enable",
    "replica.lag.time.max.ms",
    "zookeeper.session.timeout.ms",
    "replica.fetch.wait.max.ms",
  ],
  topic: ["min.insync.replicas", "unclean.leader.election.enable"],
  producer: [
    "acks",
    "enable.idempotence",
    "retries",
    "delivery.timeout.ms",
    "request.timeout.ms",
    "linger.ms",
    "max.in.flight.requests.per.connection",
  ],
  consumer: [
    "session.timeout.ms",
    "heartbeat.interval.ms",
    "max.poll.interval.ms",
    "auto.offset.reset",
    "enable.auto.commit",
    "partition.assignment.strategy",
  ],
  zookeeper: ["tickTime"],
};

export function ownersOf(scenario: Scenario, profile: Profile): Owner[] {
  const of = (owner: Omit<Owner, "profile">, own?: Profile): Owner => ({ ...owner, profile: own ?? profile });
  return [
    of({ id: "brokers", label: text.everyBroker, kind: "broker", path: "cluster/config" }),
    ...(scenario.topics ?? []).map(({ name }) =>
      of({ id: `topic-${name}`, label: text.topic(name), kind: "topic", path: `topics/${name}/config` }),
    ),
    ...(scenario.clients ?? []).map((client) =>
      "producer" in client
        ? of(
            {
              id: `client-${client.producer}`,
              label: text.producer(client.producer),
              kind: "producer",
              path: `clients/${client.producer}/config`,
            },
            client.profile,
          )
        : of(
            {
              id: `client-${client.consumer}`,
              label: text.consumer(client.consumer),
              kind: "consumer",
              path: `clients/${client.consumer}/config`,
            },
            client.profile,
          ),
    ),
    of({ id: "ensemble", label: text.ensemble, kind: "zookeeper", path: "cluster/zookeeper/config" }),
  ];
}

/** The rows of an owner: the usual keys, or all that say the words. */
export function rowsOf(owner: Owner, scenario: Scenario, words: string, changes: Changes): Row[] {
  const { kind, profile, path } = owner;
  const wanted = words.trim().toLowerCase();
  const entries = Object.values<ConfigKey>(configTable[kind]);
  const usual = USUAL[kind].flatMap((key) => entries.filter((entry) => entry.key === key));
  const listed = wanted === "" ? usual : entries.filter(({ key }) => key.toLowerCase().includes(wanted));
  const rows = listed.map((entry): Row => {
    const at = `${path}/${entry.key}`;
    const own = settingAt(scenario, at);
    const inherited = kind === "topic" && entry.brokerKey !== null ? brokerValue(scenario, entry.brokerKey) : undefined;
    const defaultValue = asWritten(entry.key, inherited ?? defaultIn(entry, profile));
    return {
      path: at,
      key: entry.key,
      entry,
      unit: entry.unit === "count" ? null : entry.unit,
      value: own === undefined ? defaultValue : asWritten(entry.key, own),
      defaultValue,
      isChanged: own !== undefined || Object.hasOwn(changes, at),
      worksNow: kind !== "zookeeper",
      hint: entry.tradeOff,
      missingUntil: existsIn(entry, profile) ? null : entry.from,
    };
  });
  const copies =
    kind === "topic" && text.replicationFactor.includes(wanted) ? [copiesRow(owner, scenario, changes)] : [];
  return [...copies, ...rows];
}

function copiesRow({ path }: Owner, scenario: Scenario, changes: Changes): Row {
  const at = path.replace(/config$/, "replicationFactor");
  const name = path.split("/")[1] ?? "";
  return {
    path: at,
    key: text.replicationFactor,
    entry: null,
    unit: null,
    value: copiesOf(scenario, name),
    defaultValue: 1,
    isChanged: Object.hasOwn(changes, at),
    worksNow: false,
    hint: text.copies,
    missingUntil: null,
  };
}

export function copiesOf(scenario: Scenario, name: string): number {
  const topic = scenario.topics?.find((one) => one.name === name);
  return topic?.replicas?.[0]?.length ?? topic?.replicationFactor ?? 1;
}

function brokerValue(scenario: Scenario, key: string): unknown {
  return scenario.cluster.config?.[key];
}

/** acks as people write it; lists with commas; "never" as null. */
function asWritten(key: string, value: unknown): Setting {
  if (key === "acks" && String(value) === "-1") return "all";
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return value === undefined ? null : String(value);
}

export function say(value: Setting): string {
  if (value === null) return text.unset;
  return value === NEVER ? text.never : String(value);
}

/** The reason why a number cannot be taken, or null. */
export function refusal(entry: ConfigKey | null, value: number): string | null {
  const [least, most] = [entry?.min ?? 0, entry?.max ?? 9];
  if (value >= least && value <= most && (entry?.type === "ratio" || Number.isInteger(value))) return null;
  return most > 1e9 ? text.atLeast(least) : text.within(least, most);
}

/** What is risky about the settings of a scenario, one sentence each. */
export function risksOf(scenario: Scenario, profile: Profile): string[] {
  const owners = ownersOf(scenario, profile);
  const read = (kind: ConfigKind, id: string, key: string): Setting => {
    const owner = owners.find((one) => one.kind === kind && (id === "" || one.path.split("/")[1] === id));
    if (owner === undefined) return null;
    return rowsOf(owner, scenario, key, {}).find((row) => row.key === key)?.value ?? null;
  };
  const risks: string[] = [];
  const { risk } = text;
  const producers = (scenario.clients ?? []).flatMap((one) => ("producer" in one ? [one] : []));
  const consumers = (scenario.clients ?? []).flatMap((one) => ("consumer" in one ? [one] : []));
  const acks = new Map(
    producers.map(({ producer, topic }) => [producer, { topic, acks: say(read("producer", producer, "acks")) }]),
  );
  for (const { name } of scenario.topics ?? []) {
    const copies = copiesOf(scenario, name);
    const min = Number(read("topic", name, "min.insync.replicas"));
    const usesAll = [...acks.values()].some((one) => one.acks === "all" && (one.topic ?? name) === name);
    if (copies === 1) risks.push(risk.oneCopy(name));
    else if (min > copies) risks.push(risk.minTooHigh(name, min, copies));
    else if (min === copies && usesAll) risks.push(risk.minEqual(name));
    if (usesAll && min === 1 && copies > 1) risks.push(risk.acksAllOne(name));
    if (String(read("topic", name, "unclean.leader.election.enable")) === "true") risks.push(risk.unclean(name));
  }
  const words = [...acks.values()].map((one) => one.acks);
  if (words.includes("0")) risks.push(risk.acksZero);
  if (words.includes("1")) risks.push(risk.acksOne);
  const lag = Number(read("broker", "", "replica.lag.time.max.ms"));
  if (lag < Number(read("broker", "", "replica.fetch.wait.max.ms"))) risks.push(risk.lag);
  for (const { consumer } of consumers) {
    const beats = Number(read("consumer", consumer, "heartbeat.interval.ms"));
    if (beats * 3 > Number(read("consumer", consumer, "session.timeout.ms")) && !risks.includes(risk.session))
      risks.push(risk.session);
  }
  return risks;
}
