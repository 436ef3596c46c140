/** The znodes a controller reads and writes: paths, and what is in them. In Kafka: ZkData. */

import { freeze } from "../../engine/snapshot.ts";
import type { Profile } from "../profiles/profile.ts";
import { type BrokerId, partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { ZkOp, ZkResult, ZkWriteOp } from "../protocol/zookeeper.ts";
import type { ReplicaAssignment } from "./assignment.ts";
import type { LeaderAndIsr } from "./partitionStates.ts";

export const CONTROLLER_PATH = "/controller";
export const CONTROLLER_EPOCH_PATH = "/controller_epoch";
export const BROKER_IDS_PATH = "/brokers/ids";
export const TOPICS_PATH = "/brokers/topics";
export const DELETE_TOPICS_PATH = "/admin/delete_topics";
export const ISR_CHANGES_PATH = "/isr_change_notification";
export const PREFERRED_ELECTION_PATH = "/admin/preferred_replica_election";
export const REASSIGN_PATH = "/admin/reassign_partitions";

export const brokerPath = (id: BrokerId | string): string => `${BROKER_IDS_PATH}/${id}`;
export const topicPath = (topic: string): string => `${TOPICS_PATH}/${topic}`;
export const topicConfigPath = (topic: string): string => `/config/topics/${topic}`;
export const partitionsPath = (topic: string): string => `${topicPath(topic)}/partitions`;
export const partitionPath = (tp: TopicPartition): string => `${partitionsPath(topicOf(tp))}/${partitionOf(tp)}`;
export const statePath = (tp: TopicPartition): string => `${partitionPath(tp)}/state`;

interface StateData {
  readonly version: 1;
  readonly leader: BrokerId;
  readonly leader_epoch: number;
  readonly controller_epoch: number;
  readonly isr: readonly BrokerId[];
  /** Only there while an unclean leader recovers. */
  readonly leader_recovery_state?: 1;
}

export function stateData(state: LeaderAndIsr): StateData {
  return {
    version: 1,
    leader: state.leader,
    leader_epoch: state.leaderEpoch,
    controller_epoch: state.controllerEpoch,
    isr: state.isr,
    ...(state.leaderRecoveryState === 1 ? { leader_recovery_state: 1 } : {}),
  };
}

/** The state that a read of a state znode found; null if there is none. */
export function stateOf(result: ZkResult): LeaderAndIsr | null {
  if (result.error !== "OK" || result.stat === undefined) return null;
  const data = result.data as StateData;
  return freeze({
    leader: data.leader,
    leaderEpoch: data.leader_epoch,
    isr: data.isr,
    controllerEpoch: data.controller_epoch,
    partitionEpoch: result.stat.version,
    leaderRecoveryState: data.leader_recovery_state ?? 0,
  });
}

/** Assignments by partition number. */
export type TopicAssignment = Record<number, ReplicaAssignment>;

interface TopicData {
  readonly version: number;
  readonly topic_id?: string;
  readonly partitions: Readonly<Record<string, readonly BrokerId[]>>;
  readonly adding_replicas?: Readonly<Record<string, readonly BrokerId[]>>;
  readonly removing_replicas?: Readonly<Record<string, readonly BrokerId[]>>;
}

/** The data of a topic znode; only 3.9 knows topic ids and what a reassignment adds and removes. */
export function topicData(profile: Profile, assignment: TopicAssignment, topicId: string | null): TopicData {
  const lists = (part: keyof ReplicaAssignment, all: boolean): Record<string, readonly BrokerId[]> =>
    Object.fromEntries(
      Object.entries(assignment)
        .filter(([, one]) => all || one[part].length > 0)
        .map(([partition, one]) => [partition, one[part]]),
    );
  const partitions = lists("replicas", true);
  if (profile !== "3.9") return { version: 1, partitions };
  return {
    version: 3,
    ...(topicId === null ? {} : { topic_id: topicId }),
    partitions,
    adding_replicas: lists("addingReplicas", false),
    removing_replicas: lists("removingReplicas", false),
  };
}

export function topicOfData(data: unknown): { readonly assignment: TopicAssignment; readonly topicId: string | null } {
  const { partitions, adding_replicas, removing_replicas, topic_id } = data as TopicData;
  const assignment: TopicAssignment = {};
  for (const key of Object.keys(partitions)) {
    assignment[Number(key)] = {
      replicas: partitions[key] ?? [],
      addingReplicas: adding_replicas?.[key] ?? [],
      removingReplicas: removing_replicas?.[key] ?? [],
    };
  }
  return { assignment, topicId: topic_id ?? null };
}

/** unclean.leader.election.enable as a topic's own settings have it; null: not set there. */
export function uncleanSettingOf(result: ZkResult): boolean | null {
  if (result.error !== "OK" || result.data === null) return null;
  const { config } = result.data as { readonly config?: Readonly<Record<string, unknown>> };
  const value = config?.["unclean.leader.election.enable"];
  return value === undefined ? null : String(value) === "true";
}

export function controllerData(profile: Profile, brokerid: BrokerId, timestamp: string): unknown {
  return profile === "3.9"
    ? { version: 2, brokerid, timestamp, kraftControllerEpoch: -1 }
    : { version: 1, brokerid, timestamp };
}

export function createOp(path: string, data: unknown, ephemeral = false): ZkWriteOp {
  return { op: "create", path, data, ephemeral, sequential: false };
}

export function setOp(path: string, data: unknown, version: number): ZkWriteOp {
  return { op: "setData", path, data, version };
}

export function deleteOp(path: string): ZkWriteOp {
  return { op: "delete", path, version: -1 };
}

export function readOp(path: string, watch = false): ZkOp {
  return { op: "getData", path, watch };
}

export function childrenOp(path: string, watch = false): ZkOp {
  return { op: "getChildren", path, watch };
}

/** Also watches a path that does not exist yet. */
export function existsOp(path: string): ZkOp {
  return { op: "exists", path, watch: true };
}
