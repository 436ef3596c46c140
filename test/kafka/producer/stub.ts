/** Brokers that answer as a test tells them, and a World of them with one client. */
import { Timeline } from "../../../src/sim/engine/timeline.ts";
import type { ActorModel, Fact, Input, Message } from "../../../src/sim/engine/types.ts";
import { createWorld } from "../../../src/sim/engine/world.ts";
import { createEnvironmentModel } from "../../../src/sim/environment/environment.ts";
import { createEnvironment, environmentOf } from "../../../src/sim/environment/types.ts";
import { producerModel } from "../../../src/sim/kafka/producer/producer.ts";
import { type ConfigOverrides, type Profile, readConfig } from "../../../src/sim/kafka/profiles/config.ts";
import type { RpcRequest } from "../../../src/sim/kafka/protocol/api.ts";
import type { MetadataResponse, ProduceRequest } from "../../../src/sim/kafka/protocol/data-plane.ts";
import type { ErrorName } from "../../../src/sim/kafka/protocol/errors.ts";
import { brokerIdOf, type TopicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import { joinRoles, type Role } from "../../../src/sim/kafka/roles.ts";
import { release, respond } from "../../../src/sim/kafka/rpc.ts";
import { rulesOf } from "../../../src/sim/kafka/rules.ts";
import type { KafkaCtx, ProducerWorkload } from "../../../src/sim/kafka/types.ts";
import { testActs } from "../../engine/acts.ts";

/** What the stub brokers share. */
export interface StubDisk {
  /** Leader by partition of topic `t`. */
  leaders: Record<number, number>;
  leaderEpoch: number;
  brokers: number[];
  /** Answers to Produce, taken in turn; when none is left: success. `silent`: no answer. */
  answers: (ErrorName | "silent")[];
  /** Values appended, in order, by partition. */
  log: Record<string, string[]>;
  produced: { at: number; values: string[]; sequences: number[] }[];
  nextProducerId: number;
}

/** Outside the World: a test run goes straight on, so nothing here must be restored. */
const RUNS = new Map<number, StubDisk>();

function shared(ctx: KafkaCtx): StubDisk {
  return RUNS.get((ctx.self.disk as { run: number }).run) as StubDisk;
}

export function stubRole(): Role {
  return {
    name: "stub",
    init: () => ({}),
    requests: {
      ApiVersions: (ctx, _, message) => respond(ctx, message, "ApiVersions", { errorCode: "NONE" }),
      Metadata: (ctx, request, message) => respond(ctx, message, "Metadata", metadataOf(shared(ctx), request)),
      InitProducerId: (ctx, _, message) =>
        respond(ctx, message, "InitProducerId", {
          errorCode: "NONE",
          producerId: shared(ctx).nextProducerId++,
          producerEpoch: 0,
        }),
      Produce: onProduce,
    },
  };
}

function metadataOf(disk: StubDisk, request: RpcRequest<"Metadata">): MetadataResponse {
  const topics = (request.data.topics ?? ["t"]).map((name) =>
    name === "t"
      ? {
          errorCode: "NONE" as const,
          name,
          isInternal: false,
          partitions: Object.keys(disk.leaders).map((index) => ({
            errorCode: (disk.leaders[Number(index)] === -1 ? "LEADER_NOT_AVAILABLE" : "NONE") as ErrorName,
            partitionIndex: Number(index),
            leaderId: disk.leaders[Number(index)] as number,
            leaderEpoch: disk.leaderEpoch,
            replicaNodes: [1, 2, 3],
            isrNodes: [1, 2, 3],
            offlineReplicas: [],
          })),
        }
      : { errorCode: "UNKNOWN_TOPIC_OR_PARTITION" as const, name, isInternal: false, partitions: [] },
  );
  return { brokers: disk.brokers.map((nodeId) => ({ nodeId, rack: null })), controllerId: 1, topics };
}

function onProduce(ctx: KafkaCtx, request: RpcRequest<"Produce">, message: Message): void {
  const disk = shared(ctx);
  const { acks, partitionData } = request.data as ProduceRequest;
  const answer = disk.answers.shift() ?? "NONE";
  disk.produced.push({
    at: ctx.now,
    values: partitionData.flatMap((one) => one.records.records.map((record) => record.value ?? "")),
    sequences: partitionData.map((one) => one.records.baseSequence),
  });
  if (answer === "silent") {
    release(ctx, message);
    return;
  }
  const responses = partitionData.map((one) => {
    const log = disk.log[one.topicPartition] ?? [];
    disk.log[one.topicPartition] = log;
    const baseOffset = log.length;
    if (answer === "NONE") log.push(...one.records.records.map((record) => record.value ?? ""));
    const isLeader = disk.leaders[Number(one.topicPartition.slice(2))] === brokerIdOf(ctx.self.id);
    const errorCode: ErrorName = isLeader ? answer : "NOT_LEADER_OR_FOLLOWER";
    return {
      topicPartition: one.topicPartition as TopicPartition,
      errorCode,
      baseOffset: errorCode === "NONE" ? baseOffset : -1,
      logStartOffset: 0,
      currentLeader: null,
    };
  });
  if (acks === 0) release(ctx, message);
  else respond(ctx, message, "Produce", { responses });
}

const MS = 1_000;

export interface StubOptions {
  readonly config?: ConfigOverrides;
  readonly workload?: Partial<ProducerWorkload>;
  readonly leaders?: Record<number, number>;
  readonly answers?: StubDisk["answers"];
  readonly seed?: string;
}

/** A run with brokers b1..b3 (one shared disk) and a producer p1; link delay 1 ms. Inputs in milliseconds. */
export class StubRun {
  readonly disk: StubDisk;
  private readonly inputs: Input[] = [];
  private readonly model: { actors: Record<string, ActorModel> };
  private readonly profile: Profile;
  private readonly options: StubOptions;

  constructor(profile: Profile, options: StubOptions = {}) {
    this.profile = profile;
    this.options = options;
    this.model = {
      actors: { broker: joinRoles([stubRole()], { oneRequestAtATime: true }), producer: producerModel() },
    };
    this.disk = {
      leaders: options.leaders ?? { 0: 1 },
      leaderEpoch: 0,
      brokers: [1, 2, 3],
      answers: [...(options.answers ?? [])],
      log: {},
      produced: [],
      nextProducerId: 1000,
    };
    for (const who of ["b1", "b2", "b3", "p1"]) this.act(0, "start", { who });
  }

  act(atMs: number, kind: string, fields: Record<string, unknown>): this {
    this.inputs.push({ at: atMs * MS, nth: 0, act: { kind, ...fields } as never });
    return this;
  }

  command(atMs: number, command: { kind: string; [field: string]: unknown }): this {
    return this.act(atMs, "command", { who: "p1", command });
  }

  /** Changes what the brokers share. */
  change(atMs: number, change: Partial<StubDisk>): this {
    return this.act(atMs, "change", { change });
  }

  /** Runs for `ms` and gives the facts with their times in ms. */
  run(ms: number): { at: number; actor: string; fact: Fact & Record<string, unknown> }[] {
    const { config, workload } = this.options;
    const producer = readConfig("producer", this.profile, config ?? {}).config;
    const shape: ProducerWorkload | null =
      workload === undefined
        ? null
        : {
            topic: "t",
            every: 10 * MS,
            startAt: 0,
            stopAt: null,
            count: null,
            keys: [],
            burst: 1,
            valueSizeBytes: 10,
            partition: null,
            ...workload,
          };
    const rules = rulesOf(this.profile);
    const { disk } = this;
    const run = RUNS.size;
    RUNS.set(run, disk);
    const world = createWorld(
      this.options.seed ?? "s",
      [
        ...["b1", "b2", "b3"].map((id) => ({
          id,
          kind: "broker",
          host: id,
          config: { profile: this.profile, rules },
          disk: { run },
        })),
        {
          id: "p1",
          kind: "producer",
          host: "p1",
          config: {
            profile: this.profile,
            rules,
            clientId: "p1",
            bootstrapServers: ["b1", "b2", "b3"],
            producer: Object.freeze(producer),
            workload: shape,
          },
          disk: null,
        },
      ],
      createEnvironment({ delay: MS, jitter: 0, lossPerMille: 0 }),
    );
    type Act = { kind: string; who: string; command: never; change: Partial<StubDisk>; cut: string };
    const environment = createEnvironmentModel({
      ...testActs,
      cut: (kernel, act) => {
        environmentOf(kernel.world).cuts[(act as unknown as Act).cut] = 1;
      },
      change: (_, act) => {
        Object.assign(disk, (act as unknown as Act).change);
      },
    });
    const inputs = [...this.inputs].sort((a, b) => a.at - b.at);
    const seen: { at: number; actor: string; fact: Fact & Record<string, unknown> }[] = [];
    const watcher = {
      name: "facts",
      init: () => ({}),
      onStep(_: unknown, step: { at: number; actor: string; facts: readonly Fact[] }) {
        for (const fact of step.facts) seen.push({ at: step.at / MS, actor: step.actor, fact });
      },
    };
    const timeline = new Timeline({ ...this.model, environment }, world, inputs, [watcher as never]);
    timeline.advance(ms * MS);
    if (timeline.failure !== null) throw new Error(JSON.stringify(timeline.failure));
    return seen;
  }
}
