/** The request version that a peer of each profile sends (the newest it knows). Source: ApiKeys and the request schemas of each release. */
import type { ApiName } from "../protocol/api.ts";
import type { Profile } from "./profile.ts";

const VERSIONS: Readonly<Record<ApiName, readonly [number, number, number]>> = Object.freeze({
  ApiVersions: [0, 2, 4],
  Metadata: [2, 7, 12],
  Produce: [2, 7, 11],
  Fetch: [3, 10, 16],
  ListOffsets: [1, 4, 8],
  OffsetsForLeaderEpoch: [-1, 1, 4],
  DeleteRecords: [-1, 1, 2],
  InitProducerId: [-1, 1, 5],
  LeaderAndIsr: [0, 1, 7],
  UpdateMetadata: [3, 4, 8],
  StopReplica: [0, 0, 4],
  ControlledShutdown: [1, 1, 3],
  AlterPartition: [-1, -1, 3],
  CreateTopics: [1, 3, 7],
  CreatePartitions: [-1, 1, 3],
  AlterPartitionReassignments: [-1, -1, 0],
  ElectLeaders: [-1, -1, 2],
  FindCoordinator: [0, 2, 6],
  JoinGroup: [1, 3, 9],
  SyncGroup: [0, 2, 5],
  Heartbeat: [0, 2, 4],
  LeaveGroup: [0, 2, 5],
  OffsetCommit: [2, 6, 9],
  OffsetFetch: [2, 5, 9],
  DescribeGroups: [0, 2, 5],
  ZkConnect: [0, 0, 0],
  ZkPing: [0, 0, 0],
  ZkOp: [0, 0, 0],
  ZkClose: [0, 0, 0],
});

/** Newest version of `api` in `profile`; -1 where the release has no such request. */
export function apiVersion(api: ApiName, profile: Profile): number {
  const versions = VERSIONS[api];
  return profile === "0.10" ? versions[0] : profile === "2.1" ? versions[1] : versions[2];
}
