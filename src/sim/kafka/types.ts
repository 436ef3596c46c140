/** What all actors of the Kafka layer share: their settings and the kind of Ctx that their handlers get. */
import type { ActorId, ActorState, Ctx } from "../engine/types.ts";
import type { BrokerConfig, ConsumerConfig, ProducerConfig, ZooKeeperConfig } from "./profiles/config.ts";
import type { Profile } from "./profiles/profile.ts";
import type { BrokerId, TopicPartition } from "./protocol/ids.ts";
import type { RpcState } from "./rpc.ts";
import type { Rules } from "./rules.ts";

/** Settings of any actor; frozen, replaced as a whole when one changes. */
export interface ActorConfig {
  readonly profile: Profile;
  readonly rules: Rules;
}

export interface BrokerActorConfig extends ActorConfig {
  readonly brokerId: BrokerId;
  readonly rack: string | null;
  readonly broker: BrokerConfig;
  /** ZooKeeper servers in the order of zookeeper.connect. */
  readonly zookeeperServers: readonly ActorId[];
  /** Extra wait before each fetch of this broker as a follower, microseconds (the "slow follower fetch" fault). */
  readonly fetchDelay: number;
}

export interface ZooKeeperActorConfig extends ActorConfig {
  readonly serverId: number;
  readonly zookeeper: ZooKeeperConfig;
  /** All servers of the ensemble, in id order. */
  readonly ensemble: readonly ActorId[];
}

/** What a producer sends by itself. Times in microseconds. */
export interface ProducerWorkload {
  readonly topic: string;
  readonly every: number;
  readonly startAt: number;
  /** Null: no end. */
  readonly stopAt: number | null;
  /** Records in all; null: no end. */
  readonly count: number | null;
  /** Keys taken in turn; empty: no keys. */
  readonly keys: readonly string[];
  /** Records per tick. */
  readonly burst: number;
  readonly valueSizeBytes: number;
  /** Explicit partition, or null: the partitioner decides. */
  readonly partition: number | null;
}

export interface ProducerActorConfig extends ActorConfig {
  readonly clientId: string;
  readonly bootstrapServers: readonly ActorId[];
  readonly producer: ProducerConfig;
  readonly workload: ProducerWorkload | null;
}

export interface ConsumerActorConfig extends ActorConfig {
  readonly clientId: string;
  readonly bootstrapServers: readonly ActorId[];
  readonly consumer: ConsumerConfig;
  readonly subscribe: readonly string[] | null;
  readonly assign: readonly TopicPartition[] | null;
  /** Processing time of one record, microseconds. */
  readonly processingTime: number;
  /** Wait between the end of one poll's work and the next poll, microseconds. */
  readonly pollInterval: number;
  /** When offsets are committed: by the consumer itself, or by the application around its processing of a poll. */
  readonly commit: "auto" | "before" | "after" | "none";
  /** Whether the application polls by itself from the start. */
  readonly polling: boolean;
  /** What else its loop does; all of it may be left out. */
  readonly loop?: ConsumerLoop;
}

/** Habits of a consumer's application. */
export interface ConsumerLoop {
  /** How long one poll() may wait; 100 ms if left out. */
  readonly pollTimeoutMs?: number;
  /** Pause after a poll that threw; 500 ms if left out. */
  readonly errorPauseMs?: number;
  /** The first poll that throws ends polling until `consumer.resumePolling`. */
  readonly isFatal?: boolean;
  /** Rebalance callbacks that call commitSync(). */
  readonly commitIn?: readonly ("revoked" | "lost" | "assigned")[];
  /** With commit before or after: records between two commits; null or left out: once for each poll. */
  readonly commitEvery?: number | null;
  readonly commitHow?: "sync" | "async";
  /** Records are handed to another thread, and the loop polls on meanwhile. */
  readonly handsOff?: boolean;
  /** A pattern to subscribe to instead of names. */
  readonly pattern?: string;
}

/** An admin client, or any other that needs no settings of its own. */
export interface AdminActorConfig extends ActorConfig {
  readonly clientId: string;
  readonly bootstrapServers: readonly ActorId[];
}

/** Memory of any actor of this layer: one section a role, and the requests it waits for. */
export interface KafkaMemory {
  rpc: RpcState;
  [role: string]: unknown;
}

export type KafkaActor<D = unknown, C extends ActorConfig = ActorConfig> = Omit<
  ActorState<D, KafkaMemory>,
  "config" | "memory"
> & {
  config: C;
  memory: KafkaMemory;
};

/** Ctx of a handler of this layer; the process is running, so there is memory. */
export type KafkaCtx<D = unknown, C extends ActorConfig = ActorConfig> = Omit<Ctx, "self"> & {
  readonly self: KafkaActor<D, C>;
};
