/** A cluster as the sandbox's form has it, and the scenario that it makes. Pure. */
import { type Body, LIMITS, type Profile, type Scenario, writeMicros } from "../../../sim/index.ts";
import { text } from "./text.ts";

export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly copies: number;
}

export interface ProducerPlan {
  readonly topic: string;
  readonly acks: "0" | "1" | "all";
  /** Records a second. */
  readonly rate: number;
  readonly keys: "none" | "k0..k9" | "k0";
}

export interface GroupPlan {
  readonly name: string;
  readonly topic: string;
  readonly consumers: number;
}

export interface Blueprint {
  readonly profile: Profile;
  readonly seed: number;
  readonly brokers: number;
  readonly servers: number;
  readonly topics: readonly TopicPlan[];
  readonly producers: readonly ProducerPlan[];
  readonly groups: readonly GroupPlan[];
}

export const NOTHING: Blueprint = {
  profile: "2.1",
  seed: 42,
  brokers: 1,
  servers: 1,
  topics: [],
  producers: [],
  groups: [],
};

export const USUAL: Blueprint = {
  ...NOTHING,
  brokers: 3,
  servers: 3,
  topics: [{ name: "orders", partitions: 1, copies: 3 }],
  producers: [{ topic: "orders", acks: "all", rate: 5, keys: "k0..k9" }],
  groups: [{ name: "g1", topic: "orders", consumers: 1 }],
};

/** What is wrong with it, one sentence each, in words of the form. */
export function problemsOf({ brokers, topics, producers, groups }: Blueprint): string[] {
  const problems: string[] = [];
  const names = topics.map(({ name }) => name);
  for (const { name, copies } of topics) {
    if (!/^[\w-]{1,60}$/.test(name)) problems.push(`${name === "" ? text.topic : name}: ${text.aName}.`);
    if (copies > brokers) problems.push(text.copiesTooMany(name, brokers));
  }
  for (const [index, { name }] of groups.entries())
    if (!/^[\w-]{1,60}$/.test(name)) problems.push(`${name === "" ? `group ${index + 1}` : name}: ${text.aName}.`);
  for (const name of [...twice(names), ...twice(groups.map((one) => one.name))]) problems.push(text.twice(name));
  producers.forEach(({ topic }, index) => {
    if (!names.includes(topic)) problems.push(text.noTopic(`p${index + 1}`));
  });
  for (const { name, topic } of groups) if (!names.includes(topic)) problems.push(text.noTopic(name));
  return problems;
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** How long producers send, in seconds: ten minutes, or less where they would send more than a scenario may. */
function horizonOf(producers: readonly ProducerPlan[]): number {
  const rate = producers.reduce((sum, one) => sum + one.rate, 0);
  return Math.max(60, Math.min(600, Math.floor(LIMITS.records / Math.max(1, rate)) - 1));
}

/** The scenario of a blueprint without problems. Copies go round the brokers, so that leaders are spread. */
export function scenarioFrom({ profile, seed, brokers, servers, topics, producers, groups }: Blueprint): Scenario {
  const ids = Array.from({ length: brokers }, (_, index) => `b${index + 1}`);
  let consumers = 0;
  return {
    id: "sandbox",
    title: "Sandbox",
    profile,
    seed,
    horizon: `${horizonOf(producers)}s`,
    cluster: { brokers, zookeeper: servers, links: { delay: "5ms" } },
    topics: topics.map(({ name, partitions, copies }) => ({
      name,
      replicas: Array.from({ length: partitions }, (_, partition) =>
        Array.from({ length: copies }, (_copy, copy) => ids[(partition + copy) % brokers] as string),
      ),
    })),
    clients: [
      ...producers.map(({ topic, acks, rate, keys }, index) => ({
        producer: `p${index + 1}`,
        topic,
        config: { acks },
        sends: { every: writeMicros(Math.round(1_000_000 / rate)), ...(keys === "none" ? {} : { keys }) },
      })),
      ...groups.flatMap(({ name, topic, consumers: count }) =>
        Array.from({ length: count }, () => {
          consumers += 1;
          return {
            consumer: `c${consumers}`,
            group: name,
            topics: [topic],
            config: { "auto.offset.reset": "earliest" },
          };
        }),
      ),
    ],
  } as Scenario;
}

/** What of a scenario fits the form. */
export function blueprintOf(scenario: Scenario): Blueprint {
  const { cluster, topics = [], clients = [], profile, seed } = scenario;
  const brokers = typeof cluster.brokers === "number" ? cluster.brokers : cluster.brokers.length;
  const zookeeper = cluster.zookeeper ?? 3;
  const first = topics[0]?.name ?? "";
  const groups = new Map<string, GroupPlan>();
  for (const client of clients) {
    if (!("consumer" in client)) continue;
    const name = client.group ?? `g-${client.consumer}`;
    const topic = client.topics?.[0] ?? client.assign?.[0]?.replace(/-\d+$/, "") ?? first;
    const had = groups.get(name);
    groups.set(name, { name, topic, consumers: (had?.consumers ?? 0) + 1 });
  }
  return {
    profile,
    seed,
    brokers,
    servers: typeof zookeeper === "number" ? zookeeper : zookeeper.servers,
    topics: topics.map(({ name, partitions, replicationFactor, replicas }) => ({
      name,
      partitions: replicas?.length ?? partitions ?? 1,
      copies: Math.min(brokers, replicas?.[0]?.length ?? replicationFactor ?? 1),
    })),
    producers: clients.flatMap((client): ProducerPlan[] => {
      if (!("producer" in client)) return [];
      const { sends, config, topic } = client;
      const pace = sends === undefined || Array.isArray(sends) ? null : sends;
      const acks = String(config?.acks ?? "all");
      return [
        {
          topic: topic ?? first,
          acks: acks === "0" || acks === "1" ? acks : "all",
          rate: pace === null ? 1 : rateOf(pace.every),
          keys: pace?.keys === "k0..k9" || pace?.keys === "k0" ? pace.keys : "none",
        },
      ];
    }),
    groups: [...groups.values()],
  };
}

function rateOf(every: string): number {
  const match = /^(\d+)(us|ms|s)$/.exec(every);
  if (match === null) return 1;
  const micros = Number(match[1]) * { us: 1, ms: 1000, s: 1_000_000 }[match[2] as "us" | "ms" | "s"];
  return Math.min(100, Math.max(0.1, Math.round(10_000_000 / micros) / 10));
}

/** Whether the form says all that the scenario says of its cluster. */
export function fitsForm(scenario: Scenario): boolean {
  const made = scenarioFrom(blueprintOf(scenario));
  const { cluster, topics = [], clients = [], acts = [] } = scenario;
  return (
    acts.length === 0 &&
    JSON.stringify([cluster, topics, clients]) === JSON.stringify([made.cluster, made.topics, made.clients])
  );
}

/** Whether a cluster has everybody whom an act names. */
export function fitsCluster(act: Body, { brokers, servers, producers, groups }: Blueprint): boolean {
  const most: Readonly<Record<string, number>> = {
    b: brokers,
    z: servers,
    p: producers.length,
    c: groups.reduce((sum, { consumers }) => sum + consumers, 0),
  };
  const { target, from, to } = act as { readonly target?: unknown; readonly from?: unknown; readonly to?: unknown };
  return [target, from, to].flat().every((name) => {
    const named = typeof name === "string" ? /^([bzpc])(\d+)$/.exec(name) : null;
    return named === null || Number(named[2]) <= (most[named[1] as string] ?? 0);
  });
}
