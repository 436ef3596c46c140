/** The table of requests: name → shapes of request and response, and the envelope they travel in. */
import type { Body } from "../../engine/types.ts";
import type * as control from "./control-plane.ts";
import type * as data from "./data-plane.ts";
import type * as groups from "./groups.ts";
import type * as zk from "./zookeeper.ts";

export interface Apis {
  ApiVersions: { request: data.ApiVersionsRequest; response: data.ApiVersionsResponse };
  Metadata: { request: data.MetadataRequest; response: data.MetadataResponse };
  Produce: { request: data.ProduceRequest; response: data.ProduceResponse };
  Fetch: { request: data.FetchRequest; response: data.FetchResponse };
  ListOffsets: { request: data.ListOffsetsRequest; response: data.ListOffsetsResponse };
  OffsetsForLeaderEpoch: { request: data.OffsetsForLeaderEpochRequest; response: data.OffsetsForLeaderEpochResponse };
  DeleteRecords: { request: data.DeleteRecordsRequest; response: data.DeleteRecordsResponse };
  InitProducerId: { request: data.InitProducerIdRequest; response: data.InitProducerIdResponse };
  LeaderAndIsr: { request: control.LeaderAndIsrRequest; response: control.LeaderAndIsrResponse };
  UpdateMetadata: { request: control.UpdateMetadataRequest; response: control.UpdateMetadataResponse };
  StopReplica: { request: control.StopReplicaRequest; response: control.StopReplicaResponse };
  ControlledShutdown: { request: control.ControlledShutdownRequest; response: control.ControlledShutdownResponse };
  AlterPartition: { request: control.AlterPartitionRequest; response: control.AlterPartitionResponse };
  CreateTopics: { request: control.CreateTopicsRequest; response: control.CreateTopicsResponse };
  CreatePartitions: { request: control.CreatePartitionsRequest; response: control.CreatePartitionsResponse };
  AlterPartitionReassignments: {
    request: control.AlterPartitionReassignmentsRequest;
    response: control.AlterPartitionReassignmentsResponse;
  };
  ElectLeaders: { request: control.ElectLeadersRequest; response: control.ElectLeadersResponse };
  FindCoordinator: { request: groups.FindCoordinatorRequest; response: groups.FindCoordinatorResponse };
  JoinGroup: { request: groups.JoinGroupRequest; response: groups.JoinGroupResponse };
  SyncGroup: { request: groups.SyncGroupRequest; response: groups.SyncGroupResponse };
  Heartbeat: { request: groups.HeartbeatRequest; response: groups.HeartbeatResponse };
  LeaveGroup: { request: groups.LeaveGroupRequest; response: groups.LeaveGroupResponse };
  OffsetCommit: { request: groups.OffsetCommitRequest; response: groups.OffsetCommitResponse };
  OffsetFetch: { request: groups.OffsetFetchRequest; response: groups.OffsetFetchResponse };
  DescribeGroups: { request: groups.DescribeGroupsRequest; response: groups.DescribeGroupsResponse };
  ZkConnect: { request: zk.ZkConnectRequest; response: zk.ZkConnectResponse };
  ZkPing: { request: zk.ZkPingRequest; response: zk.ZkPingResponse };
  ZkOp: { request: zk.ZkOpRequest; response: zk.ZkResult };
  ZkClose: { request: zk.ZkCloseRequest; response: zk.ZkCloseResponse };
}

export type ApiName = keyof Apis;

/** A request on its way. `kind` is the API's name; the trace shows it. */
export interface RpcRequest<A extends ApiName = ApiName> extends Body {
  readonly kind: A;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly data: Apis[A]["request"];
}

/** A response on its way: `kind` is `<Api>Response`. */
export interface RpcResponse<A extends ApiName = ApiName> extends Body {
  readonly kind: `${A}Response`;
  readonly correlationId: number;
  /** Whether it carries an error, for the canvas; the data say which. */
  readonly data: Apis[A]["response"];
}

/** The kinds of response made so far, by API. */
const responseKinds: Partial<Record<ApiName, RpcResponse["kind"]>> = {};

/** Kind of the response to a request of `api`. */
export function responseKind<A extends ApiName>(api: A): RpcResponse<A>["kind"] {
  responseKinds[api] ??= `${api}Response`;
  return responseKinds[api] as RpcResponse<A>["kind"];
}

export function isResponse(body: Body): body is RpcResponse {
  return body.kind.endsWith("Response");
}
