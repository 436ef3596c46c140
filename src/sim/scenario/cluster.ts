/**
 * Makes a running cluster of a plan.
 *
 * The cluster boots in simulated time before 0, by the same rules as everything else: ZooKeeper servers start, then brokers one
 * after the other (the first becomes controller), then the observer creates the topics. At 0 every partition has its leader.
 * Nothing of the boot is in the trace.
 */
import { must } from "../engine/assert.ts";
import { drawBelow } from "../engine/random.ts";
import { freeze } from "../engine/snapshot.ts";
import { Stepper } from "../engine/step.ts";
import { type Body, type Input, type Model, SECOND, type World } from "../engine/types.ts";
import { type ActorSpec, createWorld } from "../engine/world.ts";
import { createEnvironment } from "../environment/types.ts";
import { EMPTY_DISKS } from "../kafka/model.ts";
import { readConfig } from "../kafka/profiles/config.ts";
import { brokerActor } from "../kafka/protocol/ids.ts";
import type { ZkWriteOp } from "../kafka/protocol/zookeeper.ts";
import { rulesOf } from "../kafka/rules.ts";
import type {
  BrokerActorConfig,
  ConsumerActorConfig,
  ProducerActorConfig,
  ZooKeeperActorConfig,
} from "../kafka/types.ts";
import type { ClusterPlan, TopicPlan } from "./plan.ts";

/** The administrator's ZooKeeper client: creates topics, and is no part of the cluster. */
export const OBSERVER = "o";

const BOOT_AT = -40 * SECOND;
const FIRST_BROKER_AT = -34 * SECOND;
const BROKERS_BY = -22 * SECOND;
const TOPICS_AT = -12 * SECOND;

/** The World of a plan at time 0. Throws AssertionFailed if the plan is impossible (checked before by the scenario's validation). */
export function createCluster(plan: ClusterPlan, model: Model): World {
  const world = createWorld(plan.seed, actorsOf(plan), createEnvironment(plan.link, { ...plan.links }), BOOT_AT);
  const stepper = new Stepper(model);
  const inputs = bootInputs(plan, world);
  for (;;) {
    const input = inputs[world.inputsApplied];
    const due = stepper.nextAt(world, input);
    if (due === null || due >= 0) break;
    stepper.step(world, input, 0);
  }
  world.inputsApplied = 0;
  world.time = 0;
  world.nth = 0;
  return world;
}

/** Inputs that start the clients at their times. */
export function clientStarts(plan: ClusterPlan): Input[] {
  return plan.clients.flatMap((client) =>
    client.startAt === null ? [] : [input(client.startAt, { kind: "start", target: client.id })],
  );
}

function bootInputs(plan: ClusterPlan, world: World): Input[] {
  const inputs: Input[] = [];
  for (const id of ensembleOf(plan)) inputs.push(input(BOOT_AT, { kind: "start", target: id }));
  const first = plan.controller ?? plan.brokers.find((broker) => broker.starts)?.id;
  const others = plan.brokers.filter((broker) => broker.starts && broker.id !== first);
  const gap = Math.floor((BROKERS_BY - FIRST_BROKER_AT) / Math.max(3, others.length + 1));
  let at = FIRST_BROKER_AT;
  for (const id of [first, ...others.map((broker) => broker.id)]) {
    if (id === undefined) continue;
    // A little luck in when a broker started: it shifts its pings and its periodic work against the others'.
    inputs.push(input(at + drawBelow(world, "boot", 1_000_000), { kind: "start", target: brokerActor(id) }));
    at += gap;
  }
  inputs.push(input(BROKERS_BY, { kind: "start", target: OBSERVER }));
  plan.topics.forEach((topic, index) => {
    const command = { kind: "zk-write", ops: topicWrites(topic), tag: `create ${topic.name}` };
    inputs.push(input(TOPICS_AT + index * 50_000, { kind: "client-command", target: OBSERVER, command }));
  });
  return inputs.sort((a, b) => a.at - b.at);
}

/** What an administrator writes to create a topic: its settings first, then the assignment, which is the visible moment. */
export function topicWrites(topic: TopicPlan): ZkWriteOp[] {
  const partitions: Record<string, readonly number[]> = {};
  topic.replicas.forEach((replicas, index) => {
    partitions[index] = replicas;
  });
  const create = { op: "create", ephemeral: false, sequential: false } as const;
  return [
    { ...create, path: `/config/topics/${topic.name}`, data: { version: 1, config: topic.config } },
    { ...create, path: `/brokers/topics/${topic.name}`, data: { version: 1, partitions } },
  ];
}

function actorsOf(plan: ClusterPlan): ActorSpec[] {
  const { profile } = plan;
  const rules = rulesOf(profile, plan.without);
  const ensemble = ensembleOf(plan);
  const actors: ActorSpec[] = [];
  const zookeeper = readConfig("zookeeper", profile, plan.zookeeper.config).config;
  ensemble.forEach((id, index) => {
    const config: ZooKeeperActorConfig = { profile, rules, serverId: index + 1, zookeeper, ensemble };
    actors.push({ id, kind: "zookeeper", host: id, config: freeze(config), disk: EMPTY_DISKS.zookeeper() });
  });
  for (const broker of plan.brokers) {
    const config: BrokerActorConfig = {
      profile: broker.profile,
      rules: rulesOf(broker.profile, plan.without),
      brokerId: broker.id,
      rack: broker.rack,
      broker: readConfig("broker", broker.profile, broker.config).config,
      zookeeperServers: ensemble,
      fetchDelay: 0,
    };
    actors.push({
      id: brokerActor(broker.id),
      kind: "broker",
      host: broker.host,
      config: freeze(config),
      disk: EMPTY_DISKS.broker(),
    });
  }
  const observer = { profile, rules, zookeeperServers: ensemble };
  actors.push({ id: OBSERVER, kind: "observer", host: OBSERVER, config: freeze(observer), disk: {} });
  const allBrokers = plan.brokers.map((broker) => brokerActor(broker.id));
  for (const client of plan.clients) {
    const common = {
      profile: client.profile,
      rules: rulesOf(client.profile, plan.without),
      clientId: client.id,
      bootstrapServers: client.bootstrap ?? allBrokers,
    };
    if (client.kind === "producer") {
      const config: ProducerActorConfig = {
        ...common,
        producer: readConfig("producer", client.profile, client.config).config,
        workload: client.workload,
      };
      actors.push({
        id: client.id,
        kind: "producer",
        host: client.host,
        config: freeze(config),
        disk: EMPTY_DISKS.producer(),
      });
    } else {
      const config: ConsumerActorConfig = {
        ...common,
        consumer: readConfig("consumer", client.profile, client.config).config,
        ...client.application,
      };
      actors.push({
        id: client.id,
        kind: "consumer",
        host: client.host,
        config: freeze(config),
        disk: EMPTY_DISKS.consumer(),
      });
    }
  }
  return actors;
}

function ensembleOf(plan: ClusterPlan): string[] {
  return Array.from(
    { length: must(plan.zookeeper.servers, "number of ZooKeeper servers") },
    (_, index) => `z${index + 1}`,
  );
}

function input(at: number, act: Body & Readonly<Record<string, unknown>>): Input {
  return freeze({ at, nth: 0, act });
}
