/** What the broker role needs of the other roles of its process; filled in by model.ts. */
import type { BrokerConfig, ConfigOverrides, TopicConfig } from "../profiles/config.ts";
import type { Profile } from "../profiles/profile.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { ZkOp } from "../protocol/zookeeper.ts";
import type { Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";

export interface BrokerPorts {
  /** Sends an operation to ZooKeeper; the Then's handler gets an Outcome of kind "answer" with a ZkResult. */
  zkRequest(ctx: KafkaCtx, op: ZkOp, then: Then): void;
  /** Ends the session cleanly; `then` is resumed when that is done. */
  zkClose(ctx: KafkaCtx, then: Then | null): void;
  /** The id of the current session; 0: none. */
  zkSessionId(ctx: KafkaCtx): number;
  /** A topic's configuration: its own settings on top of the broker's. */
  readTopicConfig(profile: Profile, overrides: ConfigOverrides, broker: BrokerConfig): { readonly config: TopicConfig };
  /**
   * The moment for the controller role to watch /controller and to elect: after each registration (2.1, 3.9), shortly
   * before it (0.10).
   */
  startController(ctx: KafkaCtx): void;
  /** A partition got a leader epoch in which this broker newly leads or follows it, or is gone. For the coordinators. */
  onLeadershipChange(
    ctx: KafkaCtx,
    topicPartition: TopicPartition,
    change: "leader" | "follower" | "removed",
    leaderEpoch: number,
  ): void;
  /** Services end: the controller resigns, coordinators stop. */
  onShutdown(ctx: KafkaCtx): void;
}
