/** A cluster of real brokers over a real ensemble, in which things are done at given seconds, and what was written in ZooKeeper. */
import { readFileSync } from "node:fs";
import { Timeline } from "../../../src/sim/engine/timeline.ts";
import { type Body, type Fact, type Input, type Model, SECOND } from "../../../src/sim/engine/types.ts";
import { type ActorSpec, createWorld } from "../../../src/sim/engine/world.ts";
import { createEnvironmentModel } from "../../../src/sim/environment/environment.ts";
import { createEnvironment } from "../../../src/sim/environment/types.ts";
import { brokerRole } from "../../../src/sim/kafka/broker/broker.ts";
import { brokerDoor } from "../../../src/sim/kafka/broker/door.ts";
import { createBrokerDisk } from "../../../src/sim/kafka/broker/state.ts";
import { controllerRole } from "../../../src/sim/kafka/controller/controller.ts";
import { type ControllerMemory, controllerMemoryOf } from "../../../src/sim/kafka/controller/state.ts";
import {
  type BrokerConfig,
  checkSetting,
  defaultsOf,
  type Profile,
  readTopicConfig,
} from "../../../src/sim/kafka/profiles/config.ts";
import type { ApiName, Apis } from "../../../src/sim/kafka/protocol/api.ts";
import type { ZkWriteOp } from "../../../src/sim/kafka/protocol/zookeeper.ts";
import { joinRoles, type Role } from "../../../src/sim/kafka/roles.ts";
import { call, type Outcome, type Then } from "../../../src/sim/kafka/rpc.ts";
import { type RuleName, rulesOf } from "../../../src/sim/kafka/rules.ts";
import type { BrokerActorConfig, KafkaActor, KafkaCtx, ZooKeeperActorConfig } from "../../../src/sim/kafka/types.ts";
import { zkClose, zkRequest, zkState, zooKeeperClient } from "../../../src/sim/kafka/zookeeper/client.ts";
import { type ObserverActorConfig, observerRoles } from "../../../src/sim/kafka/zookeeper/observer.ts";
import { zooKeeperServer } from "../../../src/sim/kafka/zookeeper/server.ts";
import { createZkDisk } from "../../../src/sim/kafka/zookeeper/tree.ts";
import { testActs } from "../../engine/acts.ts";

const control = controllerRole({
  zkRequest,
  liveBrokers: (ctx) => brokerDoor.metadata(ctx).brokers,
  leaderOf: (ctx, topicPartition) => brokerDoor.leaderOf(ctx, topicPartition)?.leader ?? -1,
  topicConfigProblem: (ctx, key, value) => checkSetting("topic", ctx.self.config.profile, key, value)?.message ?? null,
});

const broker = brokerRole({
  zkRequest,
  zkClose,
  zkSessionId: (ctx) => zkState(ctx).sessionId,
  readTopicConfig,
  startController: control.start,
  onLeadershipChange() {},
  onShutdown: control.shutdown,
});

const configOf = (actor: KafkaActor) => actor.config as BrokerActorConfig;

const client = zooKeeperClient({
  servers: (actor) => configOf(actor).zookeeperServers,
  sessionTimeoutMs: (actor) => configOf(actor).broker.zookeeperSessionTimeoutMs,
  listener: {
    onSessionEstablished: broker.onSessionEstablished,
    onSessionExpired(ctx) {
      control.onSessionExpired(ctx);
      broker.onSessionExpired(ctx);
    },
    onWatch(ctx, event) {
      if (!control.onWatch(ctx, event)) broker.onWatch(ctx, event);
    },
  },
});

/** Sends what a test tells it to, and notes the answer. */
const asker: Role = {
  name: "asker",
  init: () => ({}),
  commands: {
    ask(ctx: KafkaCtx, { to, api, data }: { to: string; api: ApiName; data: Apis[ApiName]["request"] }) {
      call(ctx, to, "main", api, data, { kind: "asked" }, null);
    },
  },
  then: {
    asked(ctx: KafkaCtx, _then: Then, outcome: Outcome) {
      ctx.note({ kind: "asked", outcome });
    },
  },
};

export const clusterModel: Model = {
  actors: {
    zookeeper: joinRoles([zooKeeperServer()], { oneRequestAtATime: false }),
    broker: joinRoles([client, broker, control], { oneRequestAtATime: true }),
    observer: joinRoles([...observerRoles(), asker], { oneRequestAtATime: false }),
  },
  environment: createEnvironmentModel(testActs),
};

/** What is done: at which second, which act, to whom. */
export type Script = readonly (readonly [number, string, Record<string, unknown>])[];

export interface ClusterOptions {
  readonly brokers?: number;
  readonly config?: Partial<BrokerConfig>;
  readonly without?: readonly RuleName[];
  readonly seed?: string;
}

/** ZooKeeper starts at 0, brokers one after the other from second 1 on, 3 s apart; b1 becomes controller. */
export function cluster(profile: Profile, script: Script, options: ClusterOptions = {}): Timeline {
  const { brokers = 3, without = [], seed = "controller" } = options;
  const common = { profile, rules: rulesOf(profile, without) };
  const defaults = defaultsOf("broker", profile);
  const brokerConfig = { ...defaults, zookeeperSessionTimeoutMs: 6000, ...options.config };
  const ids = Array.from({ length: brokers }, (_, n) => n + 1);
  const specs: ActorSpec[] = [
    {
      id: "z1",
      kind: "zookeeper",
      host: "z1",
      config: {
        ...common,
        serverId: 1,
        ensemble: ["z1"],
        zookeeper: { ...defaultsOf("zookeeper", profile), tickTime: 2000 },
      } satisfies ZooKeeperActorConfig,
      disk: createZkDisk(),
    },
    ...ids.map((brokerId) => ({
      id: `b${brokerId}`,
      kind: "broker",
      host: `b${brokerId}`,
      config: {
        ...common,
        brokerId,
        rack: null,
        broker: brokerConfig,
        zookeeperServers: ["z1"],
        fetchDelay: 0,
      } satisfies BrokerActorConfig,
      disk: createBrokerDisk(),
    })),
    {
      id: "o",
      kind: "observer",
      host: "o",
      config: { ...common, zookeeperServers: ["z1"], sessionTimeoutMs: 30_000 } satisfies ObserverActorConfig,
      disk: null,
    },
  ];
  const world = createWorld(seed, specs, createEnvironment({ delay: 500, jitter: 200, lossPerMille: 0 }));
  const begin: Script = [
    [0, "start", { who: "z1" }],
    ...ids.map((id) => [1 + 3 * (id - 1), "start", { who: `b${id}` }] as const),
    [1, "start", { who: "o" }],
  ];
  const inputs = [...begin, ...script]
    .map(
      ([at, kind, fields]): Input => ({
        at: Math.round(at * SECOND),
        nth: 0,
        act: { kind, ...fields } as Body,
      }),
    )
    .sort((a, b) => a.at - b.at);
  return new Timeline(clusterModel, world, inputs, []);
}

/** Act: the observer writes `ops` to ZooKeeper. */
export function zkWrite(ops: readonly ZkWriteOp[]): Record<string, unknown> {
  return { who: "o", command: { kind: "zk-write", ops, tag: "test" } };
}

/** Act: the observer sends a request to a broker. */
export function ask<A extends ApiName>(to: string, api: A, data: Apis[A]["request"]): Record<string, unknown> {
  return { who: "o", command: { kind: "ask", to, api, data } };
}

const create = { op: "create", ephemeral: false, sequential: false } as const;

/** Act: the observer creates a topic, as an administrator with a ZooKeeper shell does. */
export function topic(name: string, partitions: Record<string, number[]>, config: Record<string, string> = {}) {
  return zkWrite([
    { ...create, path: `/config/topics/${name}`, data: { version: 1, config } },
    { ...create, path: `/brokers/topics/${name}`, data: { version: 1, partitions } },
  ]);
}

export const deleteController = zkWrite([{ op: "delete", path: "/controller", version: -1 }]);

export interface Write {
  /** Milliseconds. */
  readonly t: number;
  readonly by: string;
  readonly op: string;
  readonly path: string;
  readonly data: unknown;
  readonly version: number;
}

const OPS: Readonly<Record<string, string>> = {
  "znode-created": "create",
  "znode-changed": "setData",
  "znode-deleted": "delete",
};

/** Writes committed in a run, in order, without ephemerals that went with their session. */
export function writesOf(run: Timeline): Write[] {
  return [...run.trace.facts]
    .map((entry) => entry as unknown as { at: number; fact: Fact })
    .filter(({ fact }) => OPS[fact.kind] !== undefined && fact.reason !== "session-ended" && fact.recovered !== true)
    .map(({ at, fact }) => ({
      t: at / 1000,
      by: String(fact.by),
      op: OPS[fact.kind] as string,
      path: String(fact.path),
      data: fact.data ?? null,
      version: Number(fact.version),
    }));
}

/** One line a write: a state as `leader/epoch/isr`, any other data left out. */
export function lineOf({ by, op, path, data, version }: Write): string {
  const short = path.replace("/brokers/topics/", "").replace("/partitions/", "-");
  const state = data as { leader?: number; leader_epoch?: number; isr?: number[]; controller_epoch?: number } | null;
  if (path.endsWith("/state") && state !== null) {
    const of = `${state.leader}/${state.leader_epoch}/[${state.isr}] ce${state.controller_epoch}`;
    return `${by} ${op} ${short.replace("/state", "")} ${of} v${version}`;
  }
  return `${by} ${op} ${short}`;
}

/** State writes since second `from`, as lines; sorted where the order among partitions is free. */
export function stateLines(run: Timeline, from: number): string[] {
  return writesOf(run)
    .filter(({ t, path }) => t >= from * 1000 && path.endsWith("/state"))
    .map(lineOf);
}

export function factsOf(run: Timeline, kind: string): readonly (Fact & { at: number; actor: string })[] {
  return [...run.trace.facts]
    .map((entry) => entry as unknown as { at: number; actor: string; fact: Fact })
    .filter(({ fact }) => fact.kind === kind)
    .map(({ at, actor, fact }) => ({ ...fact, at: at / SECOND, actor }));
}

export function controllerIn(run: Timeline, actor: string): ControllerMemory | null {
  const state = run.head.world.actors[actor];
  return state === undefined ? null : controllerMemoryOf(state);
}

/** Writes of a recorded run, as the same lines. */
export function recordedWrites(story: string): Write[] {
  const url = new URL(`../../data/traces/${story}.json`, import.meta.url);
  const trace = JSON.parse(readFileSync(url, "utf8")) as {
    zookeeper: { t: number; by: string; op: string; path?: string; data?: string | null; version?: number }[];
  };
  return trace.zookeeper
    .filter((write) => write.path !== undefined)
    .map(({ t, by, op, path, data, version }) => ({
      t,
      by,
      op,
      path: path as string,
      data: data === null || data === undefined || data === "" ? null : JSON.parse(data),
      version: version ?? 0,
    }));
}

/**
 * Makes broker `winner` controller at second `at`: the observer deletes /controller while the others are stopped, who hear of it
 * only when all is over.
 */
export function moveController(at: number, winner: number, brokers = 3): Script {
  const others = Array.from({ length: brokers }, (_, n) => n + 1).filter((id) => id !== winner);
  return [
    ...others.map((id) => [at, "pause", { who: `b${id}` }] as const),
    [at + 0.01, "command", deleteController],
    ...others.map((id) => [at + 0.2, "resume", { who: `b${id}` }] as const),
  ];
}

/**
 * The states each partition went through, in order, with who wrote each: `c` the controller, else the leader. Lists of ISR members
 * are sorted, and controller epochs left out: how many tries it took to move the controller differs from run to run.
 */
export function statesByPartition(writes: readonly Write[], topicName: string): Record<string, string[]> {
  const states: Record<string, string[]> = {};
  let controller = "b1";
  for (const { by, path, data, version } of writes) {
    if (path === "/controller" && data !== null) controller = `b${(data as { brokerid: number }).brokerid}`;
    if (!path.startsWith(`/brokers/topics/${topicName}/`) || !path.endsWith("/state") || data === null) continue;
    const { leader, leader_epoch, isr } = data as { leader: number; leader_epoch: number; isr: number[] };
    const name = path.split("/")[5] ?? "";
    const author = by === controller ? "c" : by;
    const of = `${author} ${leader}/${leader_epoch}/[${[...isr].sort((a, b) => a - b)}] v${version}`;
    const list = states[name] ?? [];
    list.push(of);
    states[name] = list;
  }
  return states;
}

export const VERSIONS = { "0.10": "0.10.2.2", "2.1": "2.1.1", "3.9": "3.9.1" } as const;
