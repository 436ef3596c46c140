/** What a controller decides, as facts; each kind with the sentence that narrates it. Brokers are named as actors (`b1`). */
import type { ActorId, SimTime } from "../../engine/types.ts";
import { commas, counted } from "../../engine/words.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { BrokerId, TopicPartition } from "../protocol/ids.ts";
import type { ElectionStrategy } from "./election.ts";
import type { ControllerCtx } from "./state.ts";

interface OfPartition {
  readonly topicPartition: TopicPartition;
}

export interface ElectionEvidence {
  readonly replicas: readonly ActorId[];
  /** Registered and not shutting down. */
  readonly live: readonly ActorId[];
  readonly leaderBefore: ActorId | null;
  readonly isrBefore: readonly ActorId[];
  /** The winner was not in the ISR: records acknowledged with acks=all may be lost. */
  readonly unclean: boolean;
}

export type ControllerFact =
  | { readonly kind: "controller-elected"; readonly controllerEpoch: number }
  | { readonly kind: "controller-resigned"; readonly controllerEpoch: number; readonly reason: string }
  | {
      readonly kind: "controller-failover-finished";
      readonly controllerEpoch: number;
      readonly brokers: number;
      readonly partitions: number;
    }
  | {
      readonly kind: "controller-write-fenced";
      readonly controllerEpoch: number;
      /** The event whose write was refused. */
      readonly event: string;
    }
  | {
      readonly kind: "control-request-refused";
      readonly api: string;
      readonly by: ActorId;
      readonly errorCode: ErrorName;
      readonly controllerEpoch: number;
    }
  | {
      readonly kind: "broker-joined";
      readonly broker: ActorId;
      readonly brokerEpoch: number;
      readonly reason: "registered" | "restarted";
    }
  | {
      readonly kind: "broker-failed";
      readonly broker: ActorId;
      /** Partitions it led. */
      readonly leads: number;
      readonly reason: "not-registered" | "restarted";
    }
  | { readonly kind: "controlled-shutdown-begun"; readonly broker: ActorId }
  | (OfPartition & {
      readonly kind: "leader-elected";
      readonly leader: ActorId;
      readonly leaderEpoch: number;
      readonly isr: readonly ActorId[];
      readonly strategy: ElectionStrategy | "first";
      readonly reason: string;
      readonly evidence: ElectionEvidence;
    })
  | (OfPartition & {
      readonly kind: "election-failed";
      readonly strategy: ElectionStrategy;
      readonly reason: string;
      readonly evidence: {
        readonly replicas: readonly ActorId[];
        readonly isr: readonly ActorId[];
        readonly live: readonly ActorId[];
      };
    })
  | (OfPartition & {
      readonly kind: "partition-went-offline";
      readonly leader: ActorId | null;
      readonly leaderEpoch: number;
    })
  | (OfPartition & {
      readonly kind: "leader-lost";
      readonly leader: ActorId;
      readonly leaderEpoch: number;
      readonly isr: readonly ActorId[];
    })
  | (OfPartition & {
      readonly kind: "isr-member-removed";
      readonly replica: ActorId;
      readonly leaderEpoch: number;
      readonly isr: readonly ActorId[];
      readonly isrBefore: readonly ActorId[];
      readonly reason: "shutting-down" | "not-registered" | "stopped";
    })
  | (OfPartition & { readonly kind: "isr-removal-failed"; readonly replica: ActorId; readonly reason: string })
  | (OfPartition & {
      readonly kind: "isr-change-written";
      readonly leader: ActorId;
      readonly from: readonly ActorId[];
      readonly to: readonly ActorId[];
      readonly partitionEpoch: number;
    })
  | {
      readonly kind: "isr-change-refused";
      /** Null: the whole request. */
      readonly topicPartition: TopicPartition | null;
      readonly leader: ActorId;
      readonly errorCode: ErrorName;
    }
  | (OfPartition & { readonly kind: "leader-epoch-raised"; readonly leaderEpoch: number; readonly reason: string })
  | {
      readonly kind: "leader-election-begun";
      readonly electionType: "preferred" | "unclean";
      readonly trigger: "admin" | "zookeeper" | "auto";
      readonly partitions: readonly TopicPartition[];
    }
  | {
      readonly kind: "leadership-imbalance-found";
      readonly broker: ActorId;
      /** Of its preferred partitions, how many others lead. */
      readonly elsewhere: number;
      readonly preferred: number;
      readonly partitions: readonly TopicPartition[];
      readonly limitPercent: number;
    }
  | {
      readonly kind: "topic-created";
      readonly topic: string;
      readonly partitions: number;
      readonly replicas: readonly (readonly BrokerId[])[];
    }
  | { readonly kind: "partitions-added"; readonly topic: string; readonly partitions: readonly TopicPartition[] }
  | { readonly kind: "topic-deletion-begun"; readonly topic: string }
  | { readonly kind: "topic-deleted"; readonly topic: string }
  | {
      readonly kind: "topic-deletion-waits";
      readonly topic: string;
      readonly partition: number;
      readonly on: ActorId;
    }
  | (OfPartition & {
      readonly kind: "reassignment-begun";
      readonly from: readonly ActorId[];
      readonly to: readonly ActorId[];
    })
  | (OfPartition & { readonly kind: "reassignment-finished"; readonly to: readonly ActorId[] });

/** Notes a fact of the controller. */
export function say(ctx: ControllerCtx, fact: ControllerFact): void {
  ctx.note(fact as ControllerFact & { readonly [field: string]: unknown });
}

type Sentences = {
  readonly [K in ControllerFact["kind"]]: {
    says(fact: Extract<ControllerFact, { kind: K }>, actor: ActorId, at: SimTime): string;
  };
};

const list = (names: readonly string[]): string => commas(names, "nobody");

const ELECTED: Readonly<Record<string, string>> = {
  "partition-created": "the partition is new",
  "leader-not-online": "its leader was gone",
  "leader-not-in-target": "the old leader moves away",
  "preferred-replica": "it is the preferred replica",
  "leader-shutting-down": "its leader is stopping",
};

export const facts: Sentences = {
  "controller-elected": { says: (f, b) => `${b} became controller with epoch ${f.controllerEpoch}.` },
  "controller-resigned": {
    says: (f, b) => `${b} stopped being controller (epoch ${f.controllerEpoch}): ${f.reason}.`,
  },
  "controller-failover-finished": {
    says: (f, b) =>
      `${b} had read the cluster and was ready to serve as controller: ${counted(f.brokers, "broker")}, ${counted(f.partitions, "partition")}.`,
  },
  "controller-write-fenced": {
    says: (f, b) =>
      `${b} could not write to ZooKeeper: its controller epoch ${f.controllerEpoch} was no longer the newest.`,
  },
  "control-request-refused": {
    says: (f, b) => `${b} had its ${f.api} refused by ${f.by}: ${f.errorCode} (controller epoch ${f.controllerEpoch}).`,
  },
  "broker-joined": {
    says: (f, b) => `${b} saw ${f.broker} ${f.reason === "restarted" ? "come back as a new process" : "register"}.`,
  },
  "broker-failed": {
    says: (f, b) =>
      `${b} saw that ${f.broker} was ${f.reason === "restarted" ? "a new process now" : "no longer registered"}; it led ${counted(f.leads, "partition")}.`,
  },
  "controlled-shutdown-begun": { says: (f, b) => `${b} began to relieve ${f.broker}, which wants to stop.` },
  "leader-elected": {
    says: (f, b) =>
      f.evidence.unclean
        ? `${b} made ${f.leader} leader of ${f.topicPartition} in epoch ${f.leaderEpoch}, although it was not in sync: of the in-sync set ${list(f.evidence.isrBefore)} nobody was alive. Records may be lost.`
        : `${b} made ${f.leader} leader of ${f.topicPartition} in epoch ${f.leaderEpoch}, in-sync set ${list(f.isr)}: ${ELECTED[f.reason] ?? f.reason}.`,
  },
  "election-failed": {
    says: (f, b) =>
      `${b} found no leader for ${f.topicPartition}: ${f.reason} (in-sync set ${list(f.evidence.isr)}, alive ${list(f.evidence.live)}).`,
  },
  "partition-went-offline": {
    says: (f, b) => `${b} found ${f.topicPartition} offline: its leader ${f.leader ?? "is none"} was not alive.`,
  },
  "leader-lost": {
    says: (f, b) =>
      `${b} wrote that ${f.topicPartition} had no leader (epoch ${f.leaderEpoch}): ${f.leader} was gone. Its in-sync set is kept as ${list(f.isr)}.`,
  },
  "isr-member-removed": {
    says: (f, b) =>
      `${b} took ${f.replica} out of the in-sync set of ${f.topicPartition}, which is ${list(f.isr)} in epoch ${f.leaderEpoch}: it ${f.reason === "shutting-down" ? "is stopping" : f.reason === "stopped" ? "was stopped there" : "was no longer registered"}.`,
  },
  "isr-removal-failed": {
    says: (f, b) => `${b} could not take ${f.replica} out of the in-sync set of ${f.topicPartition}: ${f.reason}.`,
  },
  "isr-change-written": {
    says: (f, b) =>
      `${b} wrote the in-sync set of ${f.topicPartition} as its leader ${f.leader} wished: ${list(f.to)} instead of ${list(f.from)}.`,
  },
  "isr-change-refused": {
    says: (f, b) =>
      `${b} refused a change of ${f.topicPartition === null ? "in-sync sets" : `the in-sync set of ${f.topicPartition}`} that ${f.leader} asked for: ${f.errorCode}.`,
  },
  "leader-epoch-raised": {
    says: (f, b) => `${b} raised the leader epoch of ${f.topicPartition} to ${f.leaderEpoch}: ${f.reason}.`,
  },
  "leader-election-begun": {
    says: (f, b) =>
      f.electionType === "unclean"
        ? `${b} was told to elect leaders for ${list(f.partitions)} even if they are not in sync.`
        : `${b} began to give ${list(f.partitions)} back to the preferred leaders.`,
  },
  "leadership-imbalance-found": {
    says: (f, b) =>
      `${b} found that ${f.elsewhere} of the ${counted(f.preferred, "partition")} that ${f.broker} should lead had other leaders, limit ${f.limitPercent} %.`,
  },
  "topic-created": {
    says: (f, b) => `${b} learned of the new topic ${f.topic} with ${counted(f.partitions, "partition")}.`,
  },
  "partitions-added": { says: (f, b) => `${b} learned of new partitions: ${list(f.partitions)}.` },
  "topic-deletion-begun": { says: (f, b) => `${b} began to delete the topic ${f.topic}.` },
  "topic-deleted": { says: (f, b) => `${b} removed the last znodes of the topic ${f.topic}.` },
  "topic-deletion-waits": {
    says: (f, b) =>
      `${b} had to wait with the deletion of ${f.topic}: ${f.on} still has its copy of partition ${f.partition}.`,
  },
  "reassignment-begun": {
    says: (f, b) => `${b} began to move ${f.topicPartition} from ${list(f.from)} to ${list(f.to)}.`,
  },
  "reassignment-finished": { says: (f, b) => `${b} finished moving ${f.topicPartition} to ${list(f.to)}.` },
};
