/**
 * Makes a running cluster of a scenario that is spelled out.
 *
 * The cluster boots in simulated time before 0, by the same rules as everything else: ZooKeeper servers start, then brokers one
 * after the other (the first becomes controller), then the observer creates the topics. At 0 every partition has its leader.
 * Nothing of the boot is in the trace.
 */
import { drawBelow } from "../engine/random.ts";
import { freeze } from "../engine/snapshot.ts";
import { Stepper } from "../engine/step.ts";
import { type Body, type Input, type Model, SECOND, type World } from "../engine/types.ts";
import { type ActorSpec, createWorld } from "../engine/world.ts";
import { createEnvironment, type LinkProfile } from "../environment/types.ts";
import { assignReplicasToBrokers } from "../kafka/controller/assignment.ts";
import { EMPTY_DISKS } from "../kafka/model.ts";
import type { Profile } from "../kafka/profiles/config.ts";
import type { TopicPartition } from "../kafka/protocol/ids.ts";
import type { ZkWriteOp } from "../kafka/protocol/zookeeper.ts";
import { everyRule, type RuleName, rulesOf } from "../kafka/rules.ts";
import type {
  BrokerActorConfig,
  ConsumerActorConfig,
  ProducerActorConfig,
  ProducerWorkload,
  ZooKeeperActorConfig,
} from "../kafka/types.ts";
import type { TopicSpec } from "./format/cluster.ts";
import type { ResolvedConsumer, ResolvedProducer, ResolvedScenario } from "./resolve.ts";

/** What a cluster is made of: the part of a spelled-out scenario that says so. Recorded traces become one too. */
export type ClusterPlan = Pick<
  ResolvedScenario,
  "profile" | "without" | "brokers" | "zookeeper" | "controller" | "links" | "topics" | "clients"
> & {
  readonly seed: number | string;
  /** Every rule on, whatever the profile has. */
  readonly hasEveryRule?: boolean;
  /** Admin clients, down until an act starts them. */
  readonly admins?: readonly { readonly id: string; readonly host: string }[];
};

/** The administrator: a ZooKeeper client that creates topics, and an admin client. No part of the cluster. */
export const OBSERVER = "o";

const OBSERVER_SESSION_MS = 30_000;
const BOOT_AT = -40 * SECOND;
const FIRST_BROKER_AT = -34 * SECOND;
const BROKERS_BY = -22 * SECOND;
const TOPICS_AT = -12 * SECOND;

/** The World of a plan at time 0. Throws AssertionFailed if the plan is impossible (checked before by the scenario's validation). */
export function createCluster(plan: ClusterPlan, model: Model): World {
  return drained(bootingCluster(plan, model));
}

/** The same in parts: yields after each step of the boot, so that a page can have its turn between them. */
export function* bootingCluster(plan: ClusterPlan, model: Model): Generator<void, World> {
  const { link, links } = linksOf(plan);
  const world = createWorld(String(plan.seed), actorsOf(plan), createEnvironment(link, links), BOOT_AT);
  const stepper = new Stepper(model);
  const inputs = bootInputs(plan, world);
  for (;;) {
    const input = inputs[world.inputsApplied];
    const due = stepper.nextAt(world, input);
    if (due === null || due >= 0) break;
    stepper.step(world, input, 0);
    yield;
  }
  world.inputsApplied = 0;
  world.time = 0;
  world.nth = 0;
  return world;
}

/** What work in parts comes to, done at once. */
export function drained<Result>(parts: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}

/** Inputs that start the clients at their times. */
export function clientStarts(plan: ClusterPlan): Input[] {
  return plan.clients.flatMap(({ id, startsUs }) =>
    startsUs === null ? [] : [input(startsUs, { kind: "start", target: id })],
  );
}

function bootInputs(plan: ClusterPlan, world: World): Input[] {
  const inputs: Input[] = plan.zookeeper.map(({ id }) => input(BOOT_AT, { kind: "start", target: id }));
  const ids = plan.brokers.map(({ id }) => id);
  const first = plan.controller ?? ids[0];
  const order = ids.filter((id) => id === first).concat(ids.filter((id) => id !== first));
  const gap = Math.floor((BROKERS_BY - FIRST_BROKER_AT) / Math.max(3, order.length));
  order.forEach((id, place) => {
    // A little luck in when a broker started: it shifts its pings and its periodic work against the others'.
    const at = FIRST_BROKER_AT + place * gap + drawBelow(world, "boot", 1_000_000);
    inputs.push(input(at, { kind: "start", target: id }));
  });
  inputs.push(input(BROKERS_BY, { kind: "start", target: OBSERVER }));
  plan.topics.forEach((topic, index) => {
    const command = {
      kind: "zk-write",
      ops: topicWrites(topic.name, replicasOf(topic, plan, world), topic.config ?? {}),
      tag: `create ${topic.name}`,
    };
    inputs.push(input(TOPICS_AT + index * 50_000, { kind: "client-command", target: OBSERVER, command }));
  });
  return inputs.sort((a, b) => a.at - b.at);
}

/** Replicas of each partition, as written or placed as Kafka's tool places them (with two draws from the seed). */
function replicasOf(topic: TopicSpec, plan: ClusterPlan, world: World): number[][] {
  const numbers = new Map(plan.brokers.map(({ id, brokerId }) => [id, brokerId]));
  if (topic.replicas !== undefined)
    return topic.replicas.map((list) => list.map((id) => numbers.get(id) ?? Number(id.slice(1))));
  const brokers = plan.brokers.map(({ brokerId }) => brokerId);
  const racks = Object.fromEntries(plan.brokers.map(({ brokerId, config }) => [brokerId, config.brokerRack ?? ""]));
  const stream = `place/${topic.name}`;
  const placed = assignReplicasToBrokers({
    brokers,
    ...(plan.brokers.every(({ config }) => config.brokerRack !== null) ? { racks } : {}),
    partitionCount: topic.partitions ?? 1,
    replicationFactor: Math.min(topic.replicationFactor ?? 1, brokers.length),
    startIndex: drawBelow(world, stream, brokers.length),
    shift: drawBelow(world, stream, brokers.length),
  });
  return placed.kind === "assigned" ? Object.values(placed.assignment) : [];
}

/** What an administrator writes to create a topic: its settings first, then the assignment, which is the visible moment. */
export function topicWrites(
  name: string,
  replicas: readonly (readonly number[])[],
  config: Readonly<Record<string, unknown>>,
): ZkWriteOp[] {
  const partitions = Object.fromEntries(replicas.map((list, index) => [String(index), list]));
  const settings = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
  const create = { op: "create", ephemeral: false, sequential: false } as const;
  return [
    { ...create, path: `/config/topics/${name}`, data: { version: 1, config: settings } },
    { ...create, path: `/brokers/topics/${name}`, data: { version: 1, partitions } },
  ];
}

function actorsOf(plan: ClusterPlan): ActorSpec[] {
  const rules = (profile: Profile) => ({
    profile,
    rules: plan.hasEveryRule ? everyRule() : rulesOf(profile, plan.without as RuleName[]),
  });
  const ensemble = plan.zookeeper.map(({ id }) => id);
  const everyBroker = plan.brokers.map(({ id }) => id);
  const spec = (id: string, host: string, kind: string, config: unknown, disk: unknown): ActorSpec => ({
    id,
    kind,
    host,
    config: freeze(config),
    disk,
  });
  return [
    ...plan.zookeeper.map(({ id, host, config }, index) => {
      const actor: ZooKeeperActorConfig = { ...rules(plan.profile), serverId: index + 1, zookeeper: config, ensemble };
      return spec(id, host, "zookeeper", actor, EMPTY_DISKS.zookeeper());
    }),
    ...plan.brokers.map(({ id, brokerId, host, profile, config }) => {
      const own = { brokerId, rack: config.brokerRack, broker: config, zookeeperServers: ensemble, fetchDelay: 0 };
      const actor: BrokerActorConfig = { ...rules(profile), ...own };
      return spec(id, host, "broker", actor, EMPTY_DISKS.broker());
    }),
    spec(
      OBSERVER,
      OBSERVER,
      "observer",
      {
        ...rules(plan.profile),
        zookeeperServers: ensemble,
        sessionTimeoutMs: OBSERVER_SESSION_MS,
        clientId: "admin",
        bootstrapServers: everyBroker,
      },
      {},
    ),
    ...plan.clients.map((client) => {
      const known = client.config.bootstrapServers;
      const bootstrapServers = known.length === 0 ? everyBroker : known.map((server) => server.split(":")[0] as string);
      const common = { ...rules(client.profile), clientId: client.config.clientId || client.id, bootstrapServers };
      const config = client.kind === "producer" ? producerConfig(client, common) : consumerConfig(client, common);
      return spec(client.id, client.host, client.kind, config, EMPTY_DISKS[client.kind]());
    }),
    ...(plan.admins ?? []).map(({ id, host }) =>
      spec(id, host, "admin", { ...rules(plan.profile), clientId: id, bootstrapServers: everyBroker }, null),
    ),
  ];
}

type Common = Pick<ProducerActorConfig, "profile" | "rules" | "clientId" | "bootstrapServers">;

function producerConfig(client: ResolvedProducer, common: Common): ProducerActorConfig {
  const { pace, topic } = client;
  const workload: ProducerWorkload | null =
    pace === null || topic === null
      ? null
      : {
          topic,
          every: pace.everyUs,
          startAt: pace.fromUs,
          stopAt: pace.untilUs,
          count: pace.count,
          keys: pace.keys,
          burst: 1,
          valueSizeBytes: pace.sizeBytes,
          partition: pace.partition,
        };
  return { ...common, producer: client.config, workload };
}

function consumerConfig(client: ResolvedConsumer, common: Common): ConsumerActorConfig {
  const { when, every, how } = client.commit;
  return {
    ...common,
    consumer: client.config,
    subscribe: client.topics.length > 0 ? client.topics : null,
    assign: client.assign.length > 0 ? (client.assign as TopicPartition[]) : null,
    processingTime: client.perRecordUs,
    pollInterval: 0,
    commit: when === "manual" ? "none" : when,
    polling: client.polling ?? true,
    loop: { commitEvery: every, commitHow: how, handsOff: client.handOff, ...client.loop },
  };
}

function linksOf(plan: ClusterPlan): { link: LinkProfile; links: Record<string, LinkProfile> } {
  const link = { delay: plan.links.delayUs, jitter: plan.links.jitterUs, lossPerMille: 0 };
  const links: Record<string, LinkProfile> = {};
  const hosts = new Map([...plan.brokers, ...plan.zookeeper, ...plan.clients].map(({ id, host }) => [id, host]));
  for (const { from, to, delayUs, jitterUs } of plan.links.between) {
    const own = freeze({ delay: delayUs ?? link.delay, jitter: jitterUs ?? link.jitter, lossPerMille: 0 });
    for (const a of from.map((name) => hosts.get(name) ?? name)) {
      for (const b of to.map((name) => hosts.get(name) ?? name)) {
        links[`${a}>${b}`] = own;
        links[`${b}>${a}`] = own;
      }
    }
  }
  return { link, links };
}

function input(at: number, act: Body & Readonly<Record<string, unknown>>): Input {
  return freeze({ at, nth: 0, act });
}
