/**
 * A cluster plan: what a cluster is made of, with every name resolved and every time in microseconds.
 *
 * Scenario files, the sandbox and recorded traces all become one of these; `cluster.ts` makes a World of it.
 */
import type { ActorId, HostId } from "../engine/types.ts";
import type { LinkProfile } from "../environment/types.ts";
import type { ConfigOverrides } from "../kafka/profiles/config.ts";
import type { Profile } from "../kafka/profiles/profile.ts";
import type { BrokerId } from "../kafka/protocol/ids.ts";
import type { RuleName } from "../kafka/rules.ts";
import type { ConsumerActorConfig, ProducerActorConfig } from "../kafka/types.ts";

export interface BrokerPlan {
  readonly id: BrokerId;
  readonly host: HostId;
  readonly rack: string | null;
  readonly profile: Profile;
  /** Verbatim broker settings. */
  readonly config: ConfigOverrides;
  /** Whether its process runs when the scenario begins. */
  readonly starts: boolean;
}

export interface TopicPlan {
  readonly name: string;
  /** Replicas by partition; the first of each list is the preferred leader. */
  readonly replicas: readonly (readonly BrokerId[])[];
  /** Verbatim topic settings. */
  readonly config: Readonly<Record<string, string>>;
}

interface ClientPlan {
  readonly id: ActorId;
  readonly host: HostId;
  readonly profile: Profile;
  /** Verbatim client settings. */
  readonly config: ConfigOverrides;
  /** Broker actors it knows at first; null: all. */
  readonly bootstrap: readonly ActorId[] | null;
  /** When its process starts; null: an act starts it. */
  readonly startAt: number | null;
}

export interface ProducerPlan extends ClientPlan {
  readonly kind: "producer";
  readonly workload: ProducerActorConfig["workload"];
}

export interface ConsumerPlan extends ClientPlan {
  readonly kind: "consumer";
  readonly application: Omit<ConsumerActorConfig, "profile" | "rules" | "clientId" | "bootstrapServers" | "consumer">;
}

export interface ClusterPlan {
  readonly seed: string;
  readonly profile: Profile;
  readonly without: readonly RuleName[];
  readonly brokers: readonly BrokerPlan[];
  readonly zookeeper: { readonly servers: number; readonly config: ConfigOverrides };
  readonly link: LinkProfile;
  /** By directed host pair `a>b`. */
  readonly links: Readonly<Record<string, LinkProfile>>;
  readonly topics: readonly TopicPlan[];
  readonly clients: readonly (ProducerPlan | ConsumerPlan)[];
  /** The broker that is controller at the beginning; null: the first to start. */
  readonly controller: BrokerId | null;
}
