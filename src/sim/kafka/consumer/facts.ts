/** What a consumer decides, as facts; each kind with the sentence that narrates it. */
import type { ActorId, SimTime } from "../../engine/types.ts";
import { commas, counted, cutSeconds } from "../../engine/words.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { PolledRecord } from "./state.ts";

interface OfGroup {
  readonly consumer: ActorId;
  readonly group: string | null;
}

interface Rebalanced extends OfGroup {
  readonly member: ActorId;
  /** Sorted. */
  readonly partitions: readonly TopicPartition[];
  /** What groupMetadata() shows inside the callback; -1: none. */
  readonly generationId: number;
  readonly memberId: string;
}

interface Committing extends OfGroup {
  readonly offsets: Readonly<Record<TopicPartition, number>>;
  readonly how: "sync" | "async" | "auto";
  /** The call that is answered. */
  readonly op?: string;
  readonly tag?: string;
  /** The rebalance callback that committed. */
  readonly in?: string;
  /** Why it was done without a call: `interval`, `rebalance`, `close`, `application`. */
  readonly reason?: string;
  /** The call named the offsets. */
  readonly isExplicit?: boolean;
}

export type ConsumerFact =
  | (OfGroup & { readonly kind: "coordinator-found"; readonly coordinator: ActorId })
  | (OfGroup & { readonly kind: "coordinator-forgotten"; readonly coordinator: ActorId; readonly reason: string })
  | (OfGroup & {
      readonly kind: "consumer-joined";
      readonly generationId: number;
      readonly memberId: string;
      readonly isLeader: boolean;
      readonly protocolName: string | null;
    })
  | (OfGroup & {
      readonly kind: "consumer-left";
      readonly generationId: number;
      readonly memberId: string;
      readonly reason: string;
      /** LeaveGroup was sent; else the others wait for the session's end. */
      readonly isTold: boolean;
    })
  | (OfGroup & {
      readonly kind: "generation-lost";
      readonly generationId: number;
      readonly memberId: string;
      readonly reason: string;
    })
  | (OfGroup & {
      readonly kind: "heartbeat-missed";
      readonly coordinator: ActorId;
      readonly lastHeardAt: SimTime;
      readonly sessionTimeoutMs: number;
    })
  | (OfGroup & { readonly kind: "rebalance-noticed"; readonly generationId: number })
  | (OfGroup & {
      readonly kind: "group-assignment-computed";
      readonly generationId: number;
      readonly protocolName: string | null;
      readonly assignments: Readonly<Record<string, readonly TopicPartition[]>>;
    })
  | (Rebalanced & { readonly kind: "partitions-assigned" })
  | (Rebalanced & { readonly kind: "partitions-revoked" })
  | (Rebalanced & { readonly kind: "partitions-lost" })
  | (OfGroup & {
      readonly kind: "records-polled";
      readonly generationId: number;
      readonly records: readonly PolledRecord[];
    })
  | (OfGroup & { readonly kind: "records-processed"; readonly records: readonly PolledRecord[] })
  | (Committing & { readonly kind: "offsets-committed" })
  | (Committing & {
      readonly kind: "commit-failed";
      readonly exception: string;
      readonly message: string;
      readonly errorCode: ErrorName | null;
    })
  | {
      readonly kind: "position-set";
      readonly consumer: ActorId;
      readonly topicPartition: TopicPartition;
      readonly from: number | null;
      readonly to: number;
      readonly reason: "committed" | "reset" | "seek";
    }
  | (OfGroup & {
      readonly kind: "offset-reset";
      readonly topicPartition: TopicPartition;
      readonly from: number | null;
      readonly to: number;
      readonly policy: "earliest" | "latest";
      /** What asked for it: the setting, where there was no valid offset, or the application. */
      readonly reason: "auto.offset.reset" | "seek";
    })
  | {
      readonly kind: "offset-out-of-range";
      readonly consumer: ActorId;
      readonly topicPartition: TopicPartition;
      readonly offset: number;
      readonly policy: string;
    }
  | (OfGroup & {
      readonly kind: "poll-error";
      readonly exception: string;
      readonly message: string;
      /** It ended polling. */
      readonly fatal: boolean;
      readonly partitions?: readonly string[];
      readonly offsets?: Readonly<Record<string, number>>;
    });

type Sentences = {
  readonly [K in ConsumerFact["kind"]]: {
    says(fact: Extract<ConsumerFact, { kind: K }>, actor: ActorId, at: SimTime): string;
  };
};

const list = (names: readonly string[]): string => commas(names, "nothing");
const count = (n: number): string => counted(n, "record");
const offsets = (of: Readonly<Record<string, number>>): string =>
  list(Object.entries(of).map(([name, offset]) => `${name} up to ${offset}`));
const WHY: Readonly<Record<string, string>> = {
  interval: " by itself, inside poll()",
  rebalance: " by itself, before the rebalance",
  close: " by itself, while closing",
};

export const facts: Sentences = {
  "coordinator-found": { says: (f, c) => `${c} learned that ${f.coordinator} coordinates group ${f.group}.` },
  "coordinator-forgotten": { says: (f, c) => `${c} gave up ${f.coordinator} as its coordinator: ${f.reason}.` },
  "consumer-joined": {
    says: (f, c) =>
      `${c} joined generation ${f.generationId} of ${f.group}${f.isLeader ? " as its leader, who deals the partitions out" : ""}.`,
  },
  "consumer-left": {
    says: (f, c) =>
      f.reason === "max.poll.interval.ms"
        ? `${c} left ${f.group}: its application did not call poll() in time.`
        : `${c} left ${f.group} (${f.reason})${f.isTold ? "" : " without saying so"}.`,
  },
  "generation-lost": {
    says: (f, c) => `${c} is no longer in generation ${f.generationId} of ${f.group}: ${f.reason}.`,
  },
  "heartbeat-missed": {
    says: (f, c, at) =>
      `${c} had no answer of ${f.coordinator} for ${cutSeconds(at - f.lastHeardAt)}: it looks for a coordinator.`,
  },
  "rebalance-noticed": {
    says: (f, c) => `${c} heard that ${f.group} rebalances; its next poll() will join again.`,
  },
  "group-assignment-computed": {
    says: (f, c) =>
      `${c} dealt the partitions of ${f.group} out to ${Object.keys(f.assignments).length} members (${f.protocolName}).`,
  },
  "partitions-assigned": { says: (f, c) => `${c} was assigned ${list(f.partitions)} in generation ${f.generationId}.` },
  "partitions-revoked": { says: (f, c) => `${c} gave back ${list(f.partitions)}.` },
  "partitions-lost": { says: (f, c) => `${c} had lost ${list(f.partitions)} to others before it knew.` },
  "records-polled": { says: (f, c) => `${c} got ${count(f.records.length)} from poll().` },
  "records-processed": { says: (f, c) => `${c} finished work on ${count(f.records.length)}.` },
  "offsets-committed": {
    says: (f, c) => `${c} committed ${offsets(f.offsets)}${WHY[f.reason ?? ""] ?? ""}.`,
  },
  "commit-failed": { says: (f, c) => `${c} could not commit ${offsets(f.offsets)}: ${f.exception}.` },
  "position-set": {
    says: (f, c) =>
      f.reason === "committed"
        ? `${c} reads ${f.topicPartition} from the committed offset ${f.to}.`
        : `${c} reads ${f.topicPartition} from ${f.to}.`,
  },
  "offset-reset": {
    says: (f, c) =>
      f.reason === "seek"
        ? `${c} went to the ${f.policy} offset of ${f.topicPartition}, ${f.to}, as its application asked.`
        : `${c} had no valid offset in ${f.topicPartition} and began at the ${f.policy} one, ${f.to}.`,
  },
  "offset-out-of-range": {
    says: (f, c) => `${c} asked for offset ${f.offset} of ${f.topicPartition}, which does not exist.`,
  },
  "poll-error": { says: (f, c) => `${c} got ${f.exception} from poll().` },
};
