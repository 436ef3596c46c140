/**
 * A few real brokers with one real ZooKeeper server; the controller (`b9`) and the clients (`p1`) are stubs that say what a
 * test tells them to. Times in milliseconds.
 */
import { must } from "../../../src/sim/engine/assert.ts";
import { Stepper } from "../../../src/sim/engine/step.ts";
import type { Body, Fact, Message, Model, World } from "../../../src/sim/engine/types.ts";
import { MILLISECOND } from "../../../src/sim/engine/types.ts";
import { createWorld } from "../../../src/sim/engine/world.ts";
import { createEnvironmentModel } from "../../../src/sim/environment/environment.ts";
import { darkenHost } from "../../../src/sim/environment/process.ts";
import { createEnvironment, environmentOf } from "../../../src/sim/environment/types.ts";
import { brokerRole } from "../../../src/sim/kafka/broker/broker.ts";
import type { BrokerPorts } from "../../../src/sim/kafka/broker/ports.ts";
import {
  type BrokerDisk,
  type BrokerMemory,
  brokerMemoryOf,
  createBrokerDisk,
  type HostedPartition,
} from "../../../src/sim/kafka/broker/state.ts";
import { batchesOf } from "../../../src/sim/kafka/log/log.ts";
import type { PartitionLog } from "../../../src/sim/kafka/log/state.ts";
import {
  type ConfigOverrides,
  defaultsOf,
  type Profile,
  readConfig,
  readTopicConfig,
} from "../../../src/sim/kafka/profiles/config.ts";
import type { ApiName, Apis, RpcRequest } from "../../../src/sim/kafka/protocol/api.ts";
import { type BrokerId, brokerActor, topicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import { plainBatch, type UnplacedBatch } from "../../../src/sim/kafka/protocol/records.ts";
import type { ZkResult, ZkWriteOp } from "../../../src/sim/kafka/protocol/zookeeper.ts";
import { joinRoles, type Role } from "../../../src/sim/kafka/roles.ts";
import { call, type Outcome, respond, type Then, tell } from "../../../src/sim/kafka/rpc.ts";
import { type RuleName, rulesOf } from "../../../src/sim/kafka/rules.ts";
import type { BrokerActorConfig, KafkaCtx } from "../../../src/sim/kafka/types.ts";
import { zkClose, zkRequest, zkState, zooKeeperClient } from "../../../src/sim/kafka/zookeeper/client.ts";
import { observerRoles } from "../../../src/sim/kafka/zookeeper/observer.ts";
import { zooKeeperServer } from "../../../src/sim/kafka/zookeeper/server.ts";
import type { ZkDisk } from "../../../src/sim/kafka/zookeeper/state.ts";
import { createZkDisk } from "../../../src/sim/kafka/zookeeper/tree.ts";
import { testActs, type Who } from "../../engine/acts.ts";

export const TP = topicPartition("t", 0);

const ports: BrokerPorts = {
  zkRequest,
  zkClose,
  zkSessionId: (ctx) => zkState(ctx).sessionId,
  readTopicConfig,
  startController: (ctx) => ctx.note({ kind: "controller-may-start" }),
  onLeadershipChange: (ctx, of, change, leaderEpoch) =>
    ctx.note({ kind: "leadership-changed", topicPartition: of, change, leaderEpoch }),
  onShutdown: () => {},
};
const broker = brokerRole(ports);
const zk = zooKeeperClient({
  servers: (actor) => (actor.config as BrokerActorConfig).zookeeperServers,
  sessionTimeoutMs: (actor) => (actor.config as BrokerActorConfig).broker.zookeeperSessionTimeoutMs,
  listener: {
    onSessionEstablished: broker.onSessionEstablished,
    onSessionExpired: broker.onSessionExpired,
    onWatch: broker.onWatch,
  },
});

interface StubThen extends Then {
  readonly kind: "stub-answer";
  readonly tag: string;
}

/** Sends what it is told to and notes the answers; as controller it answers AlterPartition as `answers` says. */
const stub: Role = {
  name: "stub",
  init: () => ({ parked: [] as Message[] }),
  commands: {
    call(ctx, { to, channel, api, data, tag }: StubCall) {
      const then: StubThen = { kind: "stub-answer", tag };
      call(ctx, to, channel, api, data as never, then, null);
    },
    tell(ctx, { to, channel, api, data }: StubCall) {
      tell(ctx, to, channel, api, data as never);
    },
    answer(ctx, { data }: { data: Apis["AlterPartition"]["response"] }) {
      const { parked } = ctx.self.memory.stub as { parked: Message[] };
      respond(ctx, parked.shift() as Message, "AlterPartition", data);
    },
  },
  then: {
    "stub-answer"(ctx: KafkaCtx, { tag }: StubThen, outcome: Outcome) {
      const data = outcome.kind === "answer" ? outcome.data : outcome.kind;
      ctx.note({ kind: "stub-answered", tag, data });
    },
  },
  requests: {
    AlterPartition(ctx, request, message) {
      ctx.note({ kind: "alter-partition-asked", partitions: request.data.partitions });
      (ctx.self.memory.stub as { parked: Message[] }).parked.push(message);
    },
    ControlledShutdown(ctx, _: RpcRequest<"ControlledShutdown">, message) {
      respond(ctx, message, "ControlledShutdown", { errorCode: "NONE", remainingPartitions: [] });
    },
  },
};

type StubCall = Body & { to: string; channel: string; api: ApiName; data: unknown; tag: string };
const model: Model = {
  actors: {
    broker: joinRoles([zk, broker], { oneRequestAtATime: true }),
    stub: joinRoles([stub], { oneRequestAtATime: false }),
    zookeeper: joinRoles([zooKeeperServer()], { oneRequestAtATime: false }),
    observer: joinRoles(observerRoles(), { oneRequestAtATime: false }),
  },
  environment: createEnvironmentModel({
    ...testActs,
    dark: (kernel, act) => darkenHost(kernel, (act as Who).who),
    cut(kernel, act) {
      const { from, to } = act as Body & { from: string; to: string };
      environmentOf(kernel.world).cuts[`${from}>${to}`] = 1;
      environmentOf(kernel.world).cuts[`${to}>${from}`] = 1;
    },
    "fetch-delay"(kernel, act) {
      const { who, delay } = act as Who & { delay: number };
      const actor = kernel.world.actors[who] as { config: unknown };
      actor.config = Object.freeze({ ...(actor.config as object), fetchDelay: delay });
    },
  }),
};

export interface SeenFact extends Fact {
  readonly at: number;
  readonly actor: string;
}

export interface Order {
  leader: BrokerId;
  leaderEpoch: number;
  isr: readonly BrokerId[];
  replicas: readonly BrokerId[];
  partitionEpoch?: number;
  controllerEpoch?: number;
}

export interface MiniOptions {
  brokers?: number;
  config?: ConfigOverrides;
  topicConfig?: Readonly<Record<string, string>>;
  without?: readonly RuleName[];
}

export class MiniCluster {
  readonly world: World;
  readonly facts: SeenFact[] = [];
  private readonly stepper = new Stepper(model);
  private readonly ids: BrokerId[];
  private readonly topicConfig: Readonly<Record<string, string>>;
  private entry = 0;
  private nextTag = 1;

  constructor(profile: Profile, options: MiniOptions = {}) {
    const { brokers = 2, config = {}, topicConfig = {}, without = [] } = options;
    const rules = rulesOf(profile, without);
    this.topicConfig = topicConfig;
    this.ids = Array.from({ length: brokers }, (_, n) => n + 1);
    const common = { profile, rules };
    const zookeeper = defaultsOf("zookeeper", profile);
    const settings = readConfig("broker", profile, { "zookeeper.session.timeout.ms": 6000, ...config });
    if (settings.problems.length > 0) throw new Error(JSON.stringify(settings.problems));
    const brokerConfig = (brokerId: BrokerId) =>
      Object.freeze({
        ...common,
        brokerId,
        rack: null,
        broker: Object.freeze(settings.config),
        zookeeperServers: ["z1"],
        fetchDelay: 0,
      });
    this.world = createWorld(
      "mini",
      [
        {
          id: "z1",
          kind: "zookeeper",
          host: "z1",
          config: { ...common, serverId: 1, zookeeper, ensemble: ["z1"] },
          disk: createZkDisk(),
        },
        {
          id: "o",
          kind: "observer",
          host: "o",
          config: { ...common, zookeeperServers: ["z1"], sessionTimeoutMs: 6000 },
          disk: {},
        },
        ...["b9", "p1"].map((id) => ({ id, kind: "stub", host: id, config: common, disk: {} })),
        ...this.ids.map((id) => ({
          id: brokerActor(id),
          kind: "broker",
          host: brokerActor(id),
          config: brokerConfig(id),
          disk: createBrokerDisk(),
        })),
      ],
      createEnvironment({ delay: 500, jitter: 0, lossPerMille: 0 }),
    );
    for (const who of ["z1", "o", "b9", "p1", ...this.ids.map(brokerActor)]) this.act("start", { who });
  }

  /** Milliseconds since the begin. */
  get now(): number {
    return this.world.time / MILLISECOND;
  }

  act(kind: string, fields: Record<string, unknown> = {}): void {
    this.take(
      this.stepper.step(this.world, { at: this.world.time, nth: 0, act: { kind, ...fields } as Body }, this.entry++),
    );
  }

  run(ms: number): this {
    const end = this.world.time + ms * MILLISECOND;
    for (;;) {
      const next = this.stepper.nextAt(this.world, undefined);
      if (next === null || next > end) break;
      this.take(this.stepper.step(this.world, undefined, this.entry++));
    }
    this.world.time = end;
    this.world.nth = 0;
    return this;
  }

  /** Runs until `seen` says so, at most `ms`. */
  until(seen: () => boolean, ms: number): boolean {
    for (let waited = 0; waited < ms && !seen(); waited += 5) this.run(5);
    return seen();
  }

  private take(step: ReturnType<Stepper["step"]>): void {
    if (step === null) return;
    for (const fact of step.facts) this.facts.push({ ...fact, at: step.at / MILLISECOND, actor: step.actor });
  }

  /** Boots everything, creates topic `t` in ZooKeeper and lets the brokers host partition 0. */
  boot(order: Order): this {
    this.run(1500);
    this.zkWrite([
      {
        op: "create",
        path: "/config/topics/t",
        data: { version: 1, config: this.topicConfig },
        ephemeral: false,
        sequential: false,
      },
      { op: "create", path: "/brokers/topics/t", data: {}, ephemeral: false, sequential: false },
      { op: "create", path: "/brokers/topics/t/partitions", data: null, ephemeral: false, sequential: false },
      { op: "create", path: "/brokers/topics/t/partitions/0", data: null, ephemeral: false, sequential: false },
      {
        op: "create",
        path: "/brokers/topics/t/partitions/0/state",
        data: this.stateData(order),
        ephemeral: false,
        sequential: false,
      },
    ]);
    this.run(50);
    this.metadata(order);
    this.order(
      order,
      order.replicas.filter((id) => this.ids.includes(id)),
    );
    return this.run(100);
  }

  zkWrite(ops: readonly ZkWriteOp[]): void {
    this.act("command", { who: "o", command: { kind: "zk-write", ops, tag: "w" } });
  }

  znode(path: string): { data: Record<string, unknown>; version: number } {
    const { tree } = must(this.world.actors.z1, "z1").disk as ZkDisk;
    const node = tree[path] as unknown as { data: Record<string, unknown>; version: number };
    return node;
  }

  stateData(order: Order): Record<string, unknown> {
    const { leader, leaderEpoch, isr, controllerEpoch = 1 } = order;
    return { version: 1, leader, leader_epoch: leaderEpoch, controller_epoch: controllerEpoch, isr };
  }

  private partitionState(order: Order) {
    const { partitionEpoch = 0, controllerEpoch = 1, ...state } = order;
    return { topicPartition: TP, partitionEpoch, controllerEpoch, ...state };
  }

  /** LeaderAndIsr from the stub controller. */
  order(order: Order, to: readonly BrokerId[] = order.replicas): void {
    const { controllerEpoch = 1 } = order;
    for (const id of to) {
      this.send("b9", id, "controller", "LeaderAndIsr", {
        controllerId: 9,
        controllerEpoch,
        brokerEpoch: -1,
        partitionStates: [{ ...this.partitionState(order), isNew: false, leaderRecoveryState: 0 }],
        liveLeaders: [order.leader],
      });
    }
  }

  /** UpdateMetadata from the stub controller. */
  metadata(order: Order, live: readonly BrokerId[] = this.ids, to: readonly BrokerId[] = this.ids): void {
    const { controllerEpoch = 1 } = order;
    for (const id of to) {
      this.send("b9", id, "controller", "UpdateMetadata", {
        controllerId: 9,
        controllerEpoch,
        brokerEpoch: -1,
        partitionStates: [{ ...this.partitionState(order), offlineReplicas: [] }],
        liveBrokers: [...live, 9].map((one) => ({ id: one, rack: null })),
      });
    }
  }

  send<A extends ApiName>(from: string, to: BrokerId, channel: string, api: A, data: Apis[A]["request"]): string {
    const tag = `${api}-${this.nextTag++}`;
    this.act("command", { who: from, command: { kind: "call", to: brokerActor(to), channel, api, data, tag } });
    return tag;
  }

  produce(to: BrokerId, values: readonly string[], acks: 0 | 1 | -1 = -1, more: Partial<UnplacedBatch> = {}): string {
    const records = values.map((value) => ({ key: null, value, timestamp: Math.floor(this.now), tag: value }));
    const request = {
      acks,
      timeoutMs: 30000,
      transactionalId: null,
      partitionData: [{ topicPartition: TP, records: { ...plainBatch(records), ...more } }],
    };
    return this.send("p1", to, "main", "Produce", request);
  }

  /** The answer to a request by its tag; null if there is none yet. */
  answer(tag: string): unknown {
    return this.facts.find((fact) => fact.kind === "stub-answered" && fact.tag === tag)?.data ?? null;
  }

  /** What came of a produce: the error, or null while it waits. */
  produced(tag: string): string | null {
    const data = this.answer(tag) as Apis["Produce"]["response"] | null;
    return data === null ? null : typeof data === "string" ? data : (data.responses[0]?.errorCode ?? null);
  }

  /** When the answer came, milliseconds. */
  answeredAt(tag: string): number | null {
    return this.facts.find((fact) => fact.kind === "stub-answered" && fact.tag === tag)?.at ?? null;
  }

  /** A consumer's fetch at once; returns the tag. */
  fetch(from: BrokerId, offset: number): string {
    return this.send("p1", from, "reader", "Fetch", {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1 << 20,
      isolationLevel: "read_uncommitted",
      partitions: [
        {
          topicPartition: TP,
          fetchOffset: offset,
          currentLeaderEpoch: -1,
          lastFetchedEpoch: -1,
          logStartOffset: 0,
          partitionMaxBytes: 1 << 20,
        },
      ],
    });
  }

  memory(id: BrokerId): BrokerMemory {
    return brokerMemoryOf(this.world.actors[brokerActor(id)] as never) as BrokerMemory;
  }

  partition(id: BrokerId): HostedPartition {
    return this.memory(id).partitions[TP] as HostedPartition;
  }

  disk(id: BrokerId): BrokerDisk {
    return must(this.world.actors[brokerActor(id)], "broker").disk as BrokerDisk;
  }

  log(id: BrokerId): PartitionLog {
    return this.disk(id).logs[TP] as PartitionLog;
  }

  /** The values of a broker's log, in order. */
  values(id: BrokerId): (string | null)[] {
    return [...batchesOf(this.log(id))].flatMap((batch) => batch.records.map((record) => record.value));
  }

  of(kind: string, actor?: string): SeenFact[] {
    return this.facts.filter((fact) => fact.kind === kind && (actor === undefined || fact.actor === actor));
  }
}

export type { ZkResult };
