/**
 * The cluster of a recorded story as a plan: versions to profiles, the recorder's own defaults, one actor for each client that the
 * story opens. A client's actor is called `<host>/<id>`, since a story may call a client `b1`.
 */

import type { Profile } from "../sim/kafka/profiles/config.ts";
import type { ConsumerLoop } from "../sim/kafka/types.ts";
import type { ClusterPlan } from "../sim/scenario/cluster.ts";
import { configFor, type ResolvedConsumer, type ResolvedProducer } from "../sim/scenario/resolve.ts";
import type { Step } from "./steps.ts";
import type { Trace } from "./trace.ts";

/** Broker settings that the recorder changed for every story (its README). */
const RECORDER_BROKER = {
  "offsets.topic.num.partitions": 3,
  "transaction.state.log.num.partitions": 3,
  "group.initial.rebalance.delay.ms": 0,
  "auto.create.topics.enable": false,
};
const RECORDER_ZOOKEEPER = { tickTime: 2000, initLimit: 10, syncLimit: 5 };
/** Processes of the recordings were joined by virtual links on one machine. */
const LINK_DELAY = 150;

export function profileOf(kafka: string): Profile {
  return kafka.startsWith("0.") ? "0.10" : kafka.startsWith("2.") ? "2.1" : "3.9";
}

/** Name of the actor of a client. */
export function clientActor(host: string, id: string): string {
  return `${host}/${id}`;
}

export function adminActor(host: string): string {
  return `${host}/admin`;
}

/** What a recorded story runs on. Clients are down until the story opens them. */
export function planOf(trace: Trace): ClusterPlan {
  const profile = profileOf(trace.kafka);
  const { cluster } = trace;
  const brokers = Array.from({ length: cluster.brokers }, (_, index) => {
    const id = `b${index + 1}`;
    const overrides = { ...RECORDER_BROKER, ...cluster.config, ...cluster.perBroker[String(index + 1)] };
    return { id, brokerId: index + 1, host: id, profile, config: configFor("broker", profile, overrides), overrides };
  });
  const zookeeper = Array.from({ length: cluster.zookeeper }, (_, index) => {
    const id = `z${index + 1}`;
    const config = configFor("zookeeper", profile, { ...RECORDER_ZOOKEEPER, ...cluster.zookeeperConfig });
    return { id, host: id, config };
  });
  return {
    seed: `${trace.story}@${trace.kafka}`,
    profile,
    without: [],
    brokers,
    zookeeper,
    controller: "b1",
    links: { delayUs: LINK_DELAY, jitterUs: 0, between: [] },
    topics: [],
    clients: clientsOf(trace.steps, profile),
    admins: hostsOf(trace.steps).map((host) => ({ id: adminActor(host), host })),
  };
}

type OpenStep = Extract<Step, { op: "producer.open" | "consumer.open" }>;

function clientsOf(steps: readonly Step[], profile: Profile): (ResolvedProducer | ResolvedConsumer)[] {
  const found = new Map<string, ResolvedProducer | ResolvedConsumer>();
  for (const step of steps) {
    if (step.op !== "producer.open" && step.op !== "consumer.open") continue;
    found.set(clientActor(step.client, step.id), clientOf(step, profile));
  }
  return [...found.values()];
}

function clientOf(step: OpenStep, profile: Profile): ResolvedProducer | ResolvedConsumer {
  const common = { id: clientActor(step.client, step.id), host: step.client, profile, startsUs: null };
  const settings = bootstrapNames(step.config as Record<string, unknown>);
  if (step.op === "producer.open") {
    return {
      ...common,
      kind: "producer",
      topic: null,
      config: configFor("producer", profile, settings),
      pace: null,
      sends: [],
    };
  }
  return {
    ...common,
    kind: "consumer",
    freshGroup: false,
    topics: [],
    assign: [],
    config: configFor("consumer", profile, settings),
    perRecordUs: 0,
    handOff: false,
    commit: { when: "manual", every: null, how: "sync" },
    polling: step.polling ?? true,
    loop: {
      pollTimeoutMs: step.pollMs ?? 100,
      errorPauseMs: step.errorPauseMs ?? 500,
      isFatal: step.fatal ?? false,
      commitIn: (step.commitIn ?? []) as NonNullable<ConsumerLoop["commitIn"]>,
    },
  };
}

/** The recorder's addresses (`10.77.4.1:9092`, or host names) as broker names. */
function bootstrapNames(config: Record<string, unknown>): Record<string, unknown> {
  const servers = config["bootstrap.servers"];
  if (typeof servers !== "string") return config;
  const known = servers.split(",").map((server) => server.trim().split(":")[0] ?? "");
  const names = known.filter((name) => /^b\d+$/.test(name));
  return { ...config, "bootstrap.servers": names.join(",") };
}

/** Client hosts that the story names. */
function hostsOf(steps: readonly Step[]): string[] {
  const hosts = steps.flatMap((step) => ("client" in step && typeof step.client === "string" ? [step.client] : []));
  return [...new Set(hosts)].sort();
}
