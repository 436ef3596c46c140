/**
 * What an admin client can do: whom each operation asks, with which request, and what its answer means. admin.resetOffsets, which takes
 * several requests, is in resetOffsets.ts.
 *
 * In Kafka     KafkaAdminClient's Calls (createTopics, createPartitions, electLeaders, deleteRecords, describeConsumerGroups).
 */
import type { SimTime } from "../../engine/types.ts";
import type { ApiName, Apis } from "../protocol/api.ts";
import { type ErrorName, RETRIABLE } from "../protocol/errors.ts";
import type { DescribeGroupsResponse } from "../protocol/groups.ts";
import { type BrokerId, type TopicPartition, topicPartition } from "../protocol/ids.ts";
import type { Outcome } from "../rpc.ts";
import type { ResetProgress } from "./resetOffsets.ts";

export type AdminCommand = { readonly kind: string; readonly tag?: string; readonly [field: string]: unknown };

export interface Job {
  readonly id: number;
  readonly command: AdminCommand;
  readonly deadline: SimTime;
  /** Who coordinates the group of the job; null: not looked up, or not needed. */
  coordinatorId: BrokerId | null;
  isInFlight: boolean;
  retryAt: SimTime;
  /** How far admin.resetOffsets has come; null: it has not begun, or the job is another. */
  reset: ResetProgress | null;
}

export type JobEnd =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly error: ErrorName; readonly message: string | null }
  | { readonly kind: "found"; readonly coordinatorId: BrokerId }
  /** The job has another request to send. */
  | { readonly kind: "next" }
  | { readonly kind: "retry" };

type Answer = Extract<Outcome, { kind: "answer" }>;

export interface AdminJob {
  readonly to: "controller" | "coordinator" | "leader";
  /** Whose leader is asked, if the command does not say. */
  readonly partition?: TopicPartition;
  request(command: AdminCommand, timeoutMs: number, job: Job): { readonly api: ApiName; readonly data: unknown };
  read(answer: Answer, job: Job): JobEnd;
}

export function request<A extends ApiName>(
  api: A,
  data: Apis[A]["request"],
): { readonly api: A; readonly data: unknown } {
  return { api, data };
}

/** The partition of a job that goes to a leader. */
export function partitionOfJob(command: AdminCommand): TopicPartition {
  return topicPartition(String(command.topic), Number(command.partition ?? 0));
}

export const RETRY: JobEnd = Object.freeze({ kind: "retry" });

export function endOf(error: ErrorName, result: unknown, message: string | null = null): JobEnd {
  if (error === "NONE") return { kind: "done", result };
  return RETRIABLE.has(error) && error !== "REQUEST_TIMED_OUT" ? RETRY : { kind: "failed", error, message };
}

export const ADMIN_JOBS: Readonly<Record<string, AdminJob>> = {
  "admin.createTopic": {
    to: "controller",
    request(command, timeoutMs) {
      const lists = command.assignments as Readonly<Record<string, readonly BrokerId[]>> | undefined;
      const indexes = Object.keys(lists ?? {}).map(Number);
      const assignments = Array.from({ length: Math.max(-1, ...indexes) + 1 }, (_, index) => lists?.[index] ?? []);
      const topic = {
        name: String(command.topic),
        numPartitions: lists === undefined ? Number(command.partitions ?? 1) : -1,
        replicationFactor: lists === undefined ? Number(command.rf ?? 1) : -1,
        assignments,
        configs: (command.configs ?? {}) as Readonly<Record<string, string>>,
      };
      return request("CreateTopics", { topics: [topic], timeoutMs });
    },
    read: (answer) => topicEnd(answer.data as Apis["CreateTopics"]["response"]),
  },
  "admin.createPartitions": {
    to: "controller",
    request: (command, timeoutMs) =>
      request("CreatePartitions", {
        topics: [{ name: String(command.topic), count: Number(command.count) }],
        timeoutMs,
      }),
    read: (answer) => topicEnd(answer.data as Apis["CreatePartitions"]["response"]),
  },
  "admin.electLeaders": {
    to: "controller",
    request(command) {
      const partitions = (command.partitions ?? []) as readonly { topic: string; partition: number }[];
      return request("ElectLeaders", {
        electionType: (command.type ?? "preferred") as "preferred" | "unclean",
        topicPartitions: partitions.map((one) => topicPartition(one.topic, one.partition)),
      });
    },
    read(answer) {
      const { errorCode, results } = answer.data as Apis["ElectLeaders"]["response"];
      return endOf(errorCode, Object.fromEntries(results.map((one) => [one.topicPartition, one.errorCode])));
    },
  },
  "admin.reassign": {
    to: "controller",
    request(command) {
      const asked = command.partitions as readonly { topic: string; partition: number; replicas?: BrokerId[] }[];
      const partitions = asked.map((one) => ({
        topicPartition: topicPartition(one.topic, one.partition),
        replicas: one.replicas ?? null,
      }));
      return request("AlterPartitionReassignments", { partitions });
    },
    read(answer) {
      const { errorCode, partitions } = answer.data as Apis["AlterPartitionReassignments"]["response"];
      const failed = partitions.find((one) => one.errorCode !== "NONE");
      return endOf(errorCode === "NONE" ? (failed?.errorCode ?? "NONE") : errorCode, "started");
    },
  },
  "admin.deleteRecords": {
    to: "leader",
    request: (command, timeoutMs) =>
      request("DeleteRecords", {
        partitions: [{ topicPartition: partitionOfJob(command), offset: Number(command.before) }],
        timeoutMs,
      }),
    read(answer) {
      const found = (answer.data as Apis["DeleteRecords"]["response"]).partitions[0];
      return endOf(found?.errorCode ?? "UNKNOWN_SERVER_ERROR", found?.lowWatermark);
    },
  },
  "admin.describeGroup": {
    to: "coordinator",
    request: (command) => request("DescribeGroups", { groups: [String(command.group)] }),
    read(answer, job) {
      const group = (answer.data as DescribeGroupsResponse).groups[0];
      return group === undefined ? RETRY : endOf(group.errorCode, described(group, job.coordinatorId));
    },
  },
};

function topicEnd(answer: Apis["CreateTopics"]["response"]): JobEnd {
  const topic = answer.topics[0];
  return endOf(topic?.errorCode ?? "UNKNOWN_SERVER_ERROR", "created", topic?.errorMessage ?? null);
}

function described(group: DescribeGroupsResponse["groups"][number], coordinator: BrokerId | null): unknown {
  return {
    state: group.groupState,
    assignor: group.protocolData,
    coordinator,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      partitions: [...member.assignment].sort(),
    })),
  };
}
