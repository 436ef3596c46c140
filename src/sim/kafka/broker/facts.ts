/** What a broker decides, as facts; each kind with the sentence that narrates it. Brokers are named as actors (`b1`). */
import type { ActorId, SimTime } from "../../engine/types.ts";
import { commas, counted, cutSeconds } from "../../engine/words.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { BrokerCtx } from "./state.ts";

interface OfPartition {
  readonly topicPartition: TopicPartition;
}

export type BrokerFact =
  /** Logs are loaded. */
  | { readonly kind: "broker-started"; readonly logs: number; readonly recovered: number; readonly reason: string }
  | {
      readonly kind: "broker-registered";
      readonly brokerEpoch: number;
      readonly reason: "process-started" | "session-expired";
    }
  | { readonly kind: "broker-registration-refused"; readonly reason: string; readonly exits: boolean }
  | { readonly kind: "controlled-shutdown-asked"; readonly controller: ActorId; readonly attempt: number }
  | { readonly kind: "controlled-shutdown-failed"; readonly attempt: number; readonly reason: string }
  | { readonly kind: "broker-stopping"; readonly reason: string }
  | { readonly kind: "broker-stopped"; readonly reason: string }
  | { readonly kind: "broker-halted"; readonly reason: string; readonly topicPartition: TopicPartition }
  | (OfPartition & {
      readonly kind: "leader-started";
      readonly leaderEpoch: number;
      readonly offset: number;
      readonly highWatermark: number;
      readonly isr: readonly ActorId[];
      readonly isNew: boolean;
    })
  | (OfPartition & {
      readonly kind: "follower-started";
      readonly leader: ActorId;
      readonly leaderEpoch: number;
      readonly offset: number;
      readonly highWatermark: number;
    })
  | (OfPartition & {
      readonly kind: "leader-not-available";
      readonly leader: ActorId | null;
      readonly leaderEpoch: number;
    })
  | (OfPartition & {
      readonly kind: "order-ignored";
      readonly leaderEpoch: number;
      readonly localLeaderEpoch: number;
      readonly reason: string;
    })
  | {
      readonly kind: "stale-controller-refused";
      readonly request: string;
      readonly controller: ActorId;
      readonly controllerEpoch: number;
      readonly seenEpoch: number;
    }
  | {
      readonly kind: "stale-broker-epoch-refused";
      readonly request: string;
      readonly requestEpoch: number;
      readonly brokerEpoch: number;
    }
  | (OfPartition & { readonly kind: "replica-stopped"; readonly deleted: boolean })
  | {
      readonly kind: "metadata-updated";
      readonly controller: ActorId;
      readonly controllerEpoch: number;
      readonly partitions: readonly TopicPartition[];
    }
  | (OfPartition & {
      readonly kind: "log-truncated";
      readonly from: number;
      readonly to: number;
      readonly reason: "high-watermark" | "leader-epoch" | "leader-log-end" | "leader-log-start" | "power-loss";
      readonly leaderEpoch: number;
      /** Tags of the records that went. */
      readonly removed: readonly string[];
      readonly belowHighWatermark: boolean;
    })
  | (OfPartition & {
      readonly kind: "log-start-advanced";
      readonly from: number;
      readonly to: number;
      readonly reason: "delete-records";
    })
  | (OfPartition & {
      readonly kind: "records-appended";
      readonly baseOffset: number;
      readonly count: number;
      readonly tags: readonly string[];
      readonly leaderEpoch: number;
      readonly role: "leader" | "follower";
    })
  | (OfPartition & {
      readonly kind: "high-watermark-advanced";
      readonly from: number;
      readonly to: number;
      readonly role: "leader" | "follower";
    })
  | (OfPartition & {
      readonly kind: "isr-shrink-proposed" | "isr-shrunk";
      readonly from: readonly ActorId[];
      readonly to: readonly ActorId[];
      readonly evidence: IsrShrinkEvidence;
    })
  | (OfPartition & {
      readonly kind: "isr-expand-proposed" | "isr-expanded";
      readonly from: readonly ActorId[];
      readonly to: readonly ActorId[];
    })
  | (OfPartition & {
      readonly kind: "isr-update-refused";
      readonly to: readonly ActorId[];
      readonly partitionEpoch: number;
      readonly reason: string;
    })
  | (OfPartition & {
      readonly kind: "produce-refused";
      readonly error: string;
      readonly tags: readonly string[];
      readonly isr: readonly ActorId[];
      readonly minIsr: number;
    })
  | (OfPartition & {
      readonly kind: "produce-timed-out";
      readonly requiredOffset: number;
      readonly highWatermark: number;
    })
  | (OfPartition & {
      readonly kind: "duplicate-recognised";
      readonly producerId: number;
      readonly baseSequence: number;
      readonly baseOffset: number;
      readonly tags: readonly string[];
    })
  | (OfPartition & {
      readonly kind: "fetch-refused";
      readonly error: string;
      readonly from: ActorId;
      readonly fetchOffset: number;
    })
  | (OfPartition & {
      readonly kind: "divergence-found";
      readonly follower: ActorId;
      readonly fetchOffset: number;
      readonly lastFetchedEpoch: number;
      readonly epoch: number;
      readonly endOffset: number;
    })
  | (OfPartition & {
      readonly kind: "fetch-delayed";
      readonly leader: ActorId;
      readonly error: string;
      readonly backoffMs: number;
    })
  | {
      readonly kind: "leader-unreachable";
      readonly leader: ActorId;
      readonly reason: string;
      readonly partitions: number;
      readonly backoffMs: number;
    }
  | (OfPartition & { readonly kind: "replica-failed"; readonly leaderEpoch: number; readonly reason: string })
  | { readonly kind: "producer-ids-reserved"; readonly from: number; readonly to: number };

export interface IsrShrinkEvidence {
  readonly members: readonly {
    readonly broker: ActorId;
    readonly logEndOffset: number;
    /** When it last had everything; null: never since this leader began. */
    readonly lastCaughtUp: SimTime | null;
  }[];
  readonly leaderLogEndOffset: number;
  readonly limitMs: number;
}

/** Notes a fact of this folder. */
export function say(ctx: BrokerCtx, fact: BrokerFact): void {
  ctx.note(fact as unknown as { readonly kind: string });
}

/** The facts that have this kind, also where one shape serves two kinds. */
type FactOf<K> = BrokerFact extends infer F
  ? F extends { readonly kind: infer Kinds }
    ? K extends Kinds
      ? F
      : never
    : never
  : never;

type Sentences = {
  readonly [K in BrokerFact["kind"]]: { says(fact: FactOf<K>, actor: ActorId, at: SimTime): string };
};

const list = (names: readonly string[]): string => commas(names, "nobody");

function late(evidence: IsrShrinkEvidence, at: SimTime): string {
  const one = evidence.members[0];
  if (one === undefined) return "";
  const since =
    one.lastCaughtUp === null
      ? "not caught up since this leader began"
      : `last caught up ${cutSeconds(at - one.lastCaughtUp)} ago`;
  return `: ${since}, limit ${evidence.limitMs / 1000} s`;
}

const out = (from: readonly string[], to: readonly string[]): string => list(from.filter((one) => !to.includes(one)));

const TRUNCATION: Readonly<Record<Extract<BrokerFact, { kind: "log-truncated" }>["reason"], string>> = {
  "high-watermark": "to its own high watermark",
  "leader-epoch": "where its leader's epochs say",
  "leader-log-end": "to the end of its leader's log",
  "leader-log-start": "because its leader no longer has what comes next",
  "power-loss": "because the rest was never flushed",
};

export const facts: Sentences = {
  "broker-started": {
    says: (f, b) =>
      f.recovered > 0
        ? `${b} loaded ${counted(f.logs, "log")}, ${f.recovered} of them after an unclean stop.`
        : `${b} loaded ${counted(f.logs, "log")}.`,
  },
  "broker-registered": {
    says: (f, b) =>
      f.reason === "process-started"
        ? `${b} registered itself in ZooKeeper.`
        : `${b} registered itself again, since its session had expired.`,
  },
  "broker-registration-refused": {
    says: (f, b) => `${b} could not register: ${f.reason}${f.exits ? "; its process ends" : ""}.`,
  },
  "controlled-shutdown-asked": {
    says: (f, b) => `${b} asked the controller ${f.controller} to move its leaderships away (try ${f.attempt}).`,
  },
  "controlled-shutdown-failed": { says: (f, b) => `${b} was not relieved at try ${f.attempt}: ${f.reason}.` },
  "broker-stopping": { says: (f, b) => `${b} stopped serving: ${f.reason}.` },
  "broker-stopped": { says: (_, b) => `${b} flushed its logs and ended cleanly.` },
  "broker-halted": { says: (f, b) => `${b} ended its process: ${f.reason}.` },
  "leader-started": {
    says: (f, b) =>
      `${b} began to lead ${f.topicPartition} in epoch ${f.leaderEpoch} at offset ${f.offset}, in-sync set ${list(f.isr)}.`,
  },
  "follower-started": {
    says: (f, b) => `${b} began to follow ${f.leader} on ${f.topicPartition} in epoch ${f.leaderEpoch}.`,
  },
  "leader-not-available": {
    says: (f, b) =>
      `${b} did not follow anybody on ${f.topicPartition}: ${f.leader ?? "no leader"} was not alive to it.`,
  },
  "order-ignored": {
    says: (f, b) => `${b} ignored an order for ${f.topicPartition} with epoch ${f.leaderEpoch}: ${f.reason}.`,
  },
  "stale-controller-refused": {
    says: (f, b) =>
      `${b} refused ${f.request} of ${f.controller} with controller epoch ${f.controllerEpoch}: it had seen ${f.seenEpoch}.`,
  },
  "stale-broker-epoch-refused": { says: (f, b) => `${b} refused ${f.request} that was meant for its earlier life.` },
  "replica-stopped": {
    says: (f, b) => `${b} stopped its replica of ${f.topicPartition}${f.deleted ? " and deleted it" : ""}.`,
  },
  "metadata-updated": {
    says: (f, b) => `${b} learned the state of ${counted(f.partitions.length, "partition")} from ${f.controller}.`,
  },
  "log-truncated": {
    says: (f, b) =>
      `${b} cut its log of ${f.topicPartition} from ${f.from} to ${f.to}, ${TRUNCATION[f.reason]}${f.belowHighWatermark ? ", below its high watermark" : ""}.`,
  },
  "log-start-advanced": {
    says: (f, b) => `${b} deleted the records of ${f.topicPartition} below offset ${f.to}.`,
  },
  "records-appended": {
    says: (f, b) => `${b} appended ${counted(f.count, "record")} to ${f.topicPartition} at offset ${f.baseOffset}.`,
  },
  "high-watermark-advanced": {
    says: (f, b) => `${b} moved the high watermark of ${f.topicPartition} from ${f.from} to ${f.to}.`,
  },
  "isr-shrink-proposed": {
    says: (f, b, at) =>
      `${b} asked to take ${out(f.from, f.to)} out of the in-sync set of ${f.topicPartition}${late(f.evidence, at)}.`,
  },
  "isr-shrunk": {
    says: (f, b, at) =>
      `${b} took ${out(f.from, f.to)} out of the in-sync set of ${f.topicPartition}${late(f.evidence, at)}.`,
  },
  "isr-expand-proposed": {
    says: (f, b) => `${b} asked to take ${out(f.to, f.from)} into the in-sync set of ${f.topicPartition}.`,
  },
  "isr-expanded": { says: (f, b) => `${b} took ${out(f.to, f.from)} into the in-sync set of ${f.topicPartition}.` },
  "isr-update-refused": {
    says: (f, b) => `${b} could not change the in-sync set of ${f.topicPartition} to ${list(f.to)}: ${f.reason}.`,
  },
  "produce-refused": {
    says: (f, b) => `${b} refused ${counted(f.tags.length, "record")} for ${f.topicPartition}: ${f.error}.`,
  },
  "produce-timed-out": {
    says: (f, b) =>
      `${b} gave up waiting for offset ${f.requiredOffset} of ${f.topicPartition}; the high watermark stood at ${f.highWatermark}.`,
  },
  "duplicate-recognised": {
    says: (f, b) => `${b} recognised a batch for ${f.topicPartition} that it had at offset ${f.baseOffset} already.`,
  },
  "fetch-refused": {
    says: (f, b) => `${b} refused a fetch of ${f.from} at offset ${f.fetchOffset} of ${f.topicPartition}: ${f.error}.`,
  },
  "divergence-found": {
    says: (f, b) =>
      `${b} found that ${f.follower} diverges on ${f.topicPartition}: epoch ${f.epoch} ended at ${f.endOffset}, the fetch was for ${f.fetchOffset}.`,
  },
  "fetch-delayed": {
    says: (f, b) =>
      `${b} waits ${f.backoffMs} ms before it fetches ${f.topicPartition} from ${f.leader} again: ${f.error}.`,
  },
  "leader-unreachable": {
    says: (f, b) => `${b} could not fetch from ${f.leader} (${f.reason}); it tries again in ${f.backoffMs} ms.`,
  },
  "replica-failed": {
    says: (f, b) => `${b} stopped fetching ${f.topicPartition} until it is told of a newer leader epoch.`,
  },
  "producer-ids-reserved": { says: (f, b) => `${b} reserved producer ids ${f.from} to ${f.to}.` },
};
