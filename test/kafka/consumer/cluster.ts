/** A real cluster of the model with one topic `t`, a producer `p1` and consumers as a test describes them. Times in milliseconds. */
import { Timeline } from "../../../src/sim/engine/timeline.ts";
import type { Fact, Input } from "../../../src/sim/engine/types.ts";
import { type ConfigOverrides, type Profile, readConfig } from "../../../src/sim/kafka/profiles/config.ts";
import type { ConsumerLoop } from "../../../src/sim/kafka/types.ts";
import { type ClusterPlan, clientStarts, createCluster } from "../../../src/sim/scenario/cluster.ts";
import type { ResolvedConsumer, ResolvedProducer } from "../../../src/sim/scenario/resolve.ts";
import { KAFKA } from "../../../src/sim/simulation.ts";

const MS = 1_000;

export interface Seen {
  readonly at: number;
  readonly actor: string;
  readonly fact: Fact & Record<string, unknown>;
}

export interface ConsumerOptions {
  readonly config?: ConfigOverrides;
  readonly topics?: string[];
  readonly assign?: string[];
  readonly startsMs?: number;
  readonly perRecordMs?: number;
  readonly handOff?: boolean;
  readonly commit?: ResolvedConsumer["commit"];
  readonly polling?: boolean;
  readonly loop?: ConsumerLoop;
}

export interface ClusterOptions {
  readonly brokers?: number;
  readonly partitions?: number;
  readonly consumers: Readonly<Record<string, ConsumerOptions>>;
  /** Records that p1 sends by itself: one each so many ms; 0: none. */
  readonly everyMs?: number;
  readonly count?: number;
  readonly producer?: ConfigOverrides;
}

export class ClusterRun {
  private readonly plan: ClusterPlan;
  private readonly inputs: Input[] = [];

  constructor(profile: Profile, options: ClusterOptions) {
    const brokerCount = options.brokers ?? 1;
    const ids = Array.from({ length: brokerCount }, (_, index) => `b${index + 1}`);
    const spread = (partitions: number): string[][] =>
      Array.from({ length: partitions }, (_, index) =>
        ids.map((__, place) => ids[(index + place) % brokerCount] as string),
      );
    const settings = { "offsets.topic.num.partitions": 3, "offsets.topic.replication.factor": brokerCount };
    const brokerSettings = profile === "0.10" ? settings : { ...settings, "group.initial.rebalance.delay.ms": 0 };
    this.plan = {
      seed: 1,
      profile,
      without: [],
      brokers: ids.map((id, index) => ({
        id,
        brokerId: index + 1,
        host: id,
        profile,
        config: readConfig("broker", profile, { "zookeeper.session.timeout.ms": 6000, ...brokerSettings }).config,
        overrides: {},
      })),
      zookeeper: [{ id: "z1", host: "z1", config: readConfig("zookeeper", profile, {}).config }],
      controller: null,
      links: { delayUs: 500, jitterUs: 0, between: [] },
      topics: [
        { name: "t", replicas: spread(options.partitions ?? 1) },
        { name: "__consumer_offsets", replicas: spread(3), config: { "cleanup.policy": "compact" } },
      ] as ClusterPlan["topics"],
      clients: [
        producerOf(profile, options),
        ...Object.entries(options.consumers).map(([id, one]) => consumerOf(profile, id, one)),
      ],
    };
  }

  act(atMs: number, kind: string, fields: Record<string, unknown>): this {
    this.inputs.push({ at: atMs * MS, nth: 0, act: { kind, ...fields } as never });
    return this;
  }

  /** An operation by hand. */
  op(atMs: number, target: string, kind: string, fields: Record<string, unknown> = {}): this {
    return this.act(atMs, "client-command", { target, command: { kind, ...fields } });
  }

  kill(atMs: number, target: string): this {
    return this.act(atMs, "kill", { target });
  }

  run(ms: number): Seen[] {
    const inputs = [...clientStarts(this.plan), ...this.inputs].sort((a, b) => a.at - b.at);
    const timeline = new Timeline(KAFKA, createCluster(this.plan, KAFKA), inputs, []);
    timeline.advance(ms * MS);
    if (timeline.failure !== null) throw new Error(JSON.stringify(timeline.failure));
    return [...timeline.trace.facts].map(({ at, actor, fact }) => ({ at: at / MS, actor, fact: fact as Seen["fact"] }));
  }
}

function producerOf(profile: Profile, options: ClusterOptions): ResolvedProducer {
  const everyMs = options.everyMs ?? 0;
  return {
    kind: "producer",
    id: "p1",
    host: "p1",
    profile,
    startsUs: 0,
    topic: "t",
    config: readConfig("producer", profile, { acks: "all", ...options.producer }).config,
    pace:
      everyMs === 0
        ? null
        : {
            everyUs: everyMs * MS,
            count: options.count ?? null,
            fromUs: 0,
            untilUs: 1e9,
            keys: [],
            partition: null,
            sizeBytes: 10,
          },
    sends: [],
  };
}

function consumerOf(profile: Profile, id: string, one: ConsumerOptions): ResolvedConsumer {
  const defaults = { "auto.offset.reset": "earliest", "session.timeout.ms": 6000, "heartbeat.interval.ms": 1000 };
  return {
    kind: "consumer",
    id,
    host: id,
    profile,
    startsUs: (one.startsMs ?? 0) * MS,
    freshGroup: false,
    topics: one.topics ?? (one.assign === undefined ? ["t"] : []),
    assign: one.assign ?? [],
    config: readConfig("consumer", profile, { "group.id": "g", ...defaults, ...one.config }).config,
    perRecordUs: (one.perRecordMs ?? 0) * MS,
    handOff: one.handOff ?? false,
    commit: one.commit ?? { when: "auto", every: null, how: "sync" },
    ...(one.polling === undefined ? {} : { polling: one.polling }),
    ...(one.loop === undefined ? {} : { loop: one.loop }),
  };
}

/** Facts of one kind, optionally of one actor. */
export function factsOf(seen: readonly Seen[], kind: string, actor?: string): Seen[] {
  return seen.filter((one) => one.fact.kind === kind && (actor === undefined || one.actor === actor));
}

/** `orders-0@5` for every record a consumer got, in order. */
export function got(seen: readonly Seen[], actor: string): string[] {
  return factsOf(seen, "records-polled", actor).flatMap(({ fact }) =>
    (fact.records as { topicPartition: string; offset: number }[]).map((one) => `${one.topicPartition}@${one.offset}`),
  );
}
