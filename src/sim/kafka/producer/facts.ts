/** What a producer decides, as facts; each kind with the sentence that narrates it. */
import type { ActorId, Delay, SimTime } from "../../engine/types.ts";
import { counted, cutSeconds } from "../../engine/words.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { TopicPartition } from "../protocol/ids.ts";

interface OfRecord {
  readonly producer: ActorId;
  readonly tag: string;
}

interface Answered extends OfRecord {
  readonly topicPartition: TopicPartition;
  readonly partition: number;
  /** -1: not told (acks=0, or a duplicate too old to be known). */
  readonly offset: number;
  readonly timestamp: number;
  /** Since its batch was opened. */
  readonly waited: Delay;
}

export type ProducerFact =
  /** The application called send(). `topicPartition` is null while the call blocks or if it failed at once. */
  | (OfRecord & {
      readonly kind: "record-sent";
      readonly topic: string;
      readonly topicPartition: TopicPartition | null;
      readonly key: string | null;
      readonly value: string | null;
      readonly acks: number;
    })
  | (OfRecord & {
      readonly kind: "send-blocked";
      readonly topic: string;
      readonly reason: "no-metadata" | "buffer-full";
    })
  | (OfRecord & { readonly kind: "send-unblocked"; readonly topicPartition: TopicPartition; readonly waited: Delay })
  | {
      readonly kind: "batch-sent";
      readonly producer: ActorId;
      readonly topicPartition: TopicPartition;
      readonly to: ActorId;
      readonly records: number;
      readonly sizeBytes: number;
      /** From 1. */
      readonly attempt: number;
      readonly acks: number;
      readonly baseSequence: number;
    }
  | {
      readonly kind: "produce-retried";
      readonly producer: ActorId;
      readonly topicPartition: TopicPartition;
      /** Retries so far, this one included. */
      readonly attempt: number;
      readonly reason: ErrorName;
      readonly tags: readonly (string | null)[];
      readonly waitsUntil: SimTime;
    }
  | (Answered & { readonly kind: "record-acked" })
  /** acks=0: written to the socket. */
  | (Answered & { readonly kind: "record-assumed" })
  | (OfRecord & {
      readonly kind: "send-failed";
      readonly topicPartition: TopicPartition | null;
      readonly exception: string;
      /** Null: the client's own exception. */
      readonly errorCode: ErrorName | null;
      readonly message: string;
      readonly attempts: number;
      readonly thrown?: boolean;
      readonly waited: Delay;
    })
  | { readonly kind: "producer-id-received"; readonly producerId: number; readonly producerEpoch: number }
  | {
      readonly kind: "producer-epoch-bumped";
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly partitions: readonly TopicPartition[];
    }
  | { readonly kind: "producer-id-reset"; readonly producerId: number; readonly reason: string };

type Sentences = {
  readonly [K in ProducerFact["kind"]]: {
    says(fact: Extract<ProducerFact, { kind: K }>, actor: ActorId, at: SimTime): string;
  };
};

export const facts: Sentences = {
  "record-sent": {
    says: (f, p) => `${p} sent ${f.tag}${f.topicPartition === null ? ` to ${f.topic}` : ` to ${f.topicPartition}`}.`,
  },
  "send-blocked": {
    says: (f, p) =>
      f.reason === "no-metadata"
        ? `${p} waited in send(): it knows no partitions of ${f.topic}.`
        : `${p} waited in send(): its buffer is full.`,
  },
  "send-unblocked": { says: (f, p) => `${p} went on after ${cutSeconds(f.waited)} in send().` },
  "batch-sent": {
    says: (f, p) =>
      `${p} sent ${counted(f.records, "record")} of ${f.topicPartition} to ${f.to}${f.attempt > 1 ? `, try ${f.attempt}` : ""}.`,
  },
  "produce-retried": {
    says: (f, p) => `${p} got ${f.reason} for ${f.topicPartition} and will try again (retry ${f.attempt}).`,
  },
  "record-acked": { says: (f, p) => `${p} heard that ${f.tag} is at offset ${f.offset} of ${f.topicPartition}.` },
  "record-assumed": { says: (f, p) => `${p} took ${f.tag} for sent; with acks=0 nobody answers.` },
  "send-failed": {
    says: (f, p) => `${p} gave up ${f.tag} with ${f.exception} after ${cutSeconds(f.waited)}.`,
  },
  "producer-id-received": { says: (f, p) => `${p} got producer id ${f.producerId}, epoch ${f.producerEpoch}.` },
  "producer-epoch-bumped": {
    says: (f, p) => `${p} raised its epoch to ${f.producerEpoch} and numbers its batches from 0 again.`,
  },
  "producer-id-reset": { says: (f, p) => `${p} gave up producer id ${f.producerId}: ${f.reason}.` },
};
