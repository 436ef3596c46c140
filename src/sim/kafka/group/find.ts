/**
 * FindCoordinator and DescribeGroups; and how __consumer_offsets comes to be.
 *
 * In Kafka     KafkaApis.handleFindCoordinatorRequest, createInternalTopic, AutoTopicCreationManager; handleDescribeGroups.
 * Simplified   one request names one group (3.0+ may name several).
 * Left out     the transaction coordinator.
 */
import type { Message } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { DescribeGroupsResponse, FindCoordinatorResponse } from "../protocol/groups.ts";
import { NO_LEADER } from "../protocol/ids.ts";
import { respond, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { note } from "./members.ts";
import type { GroupPorts } from "./ports.ts";
import { groupStatusError } from "./requests.ts";
import {
  brokerConfigOf,
  type Group,
  groupSection,
  membersOf,
  OFFSETS_TOPIC,
  offsetsPartitionOf,
  offsetsTopicPartitionOf,
} from "./state.ts";

export interface OffsetsTopicCreated extends Then {
  readonly kind: "group-topic-created";
}

const NOT_AVAILABLE: FindCoordinatorResponse = { errorCode: "COORDINATOR_NOT_AVAILABLE", nodeId: NO_LEADER };

export function onFindCoordinator(
  ctx: KafkaCtx,
  ports: GroupPorts,
  { data }: RpcRequest<"FindCoordinator">,
  request: Message,
): void {
  if (data.keyType !== "group") {
    respond(ctx, request, "FindCoordinator", NOT_AVAILABLE);
    return;
  }
  if (ports.partitionCountOf(ctx, OFFSETS_TOPIC) === null) createOffsetsTopic(ctx, ports);
  const leader = ports.leaderOf(ctx, offsetsTopicPartitionOf(ctx, data.key));
  respond(ctx, request, "FindCoordinator", leader === null ? NOT_AVAILABLE : { errorCode: "NONE", nodeId: leader });
}

/** The first who is asked for a coordinator creates the topic. Those who ask meanwhile hear COORDINATOR_NOT_AVAILABLE. */
function createOffsetsTopic(ctx: KafkaCtx, ports: GroupPorts): void {
  const section = groupSection(ctx);
  if (section.isCreatingTopic) return;
  const { profile, broker } = brokerConfigOf(ctx);
  const aliveBrokers = ports.aliveBrokers(ctx).length;
  const wanted = broker.offsetsTopicReplicationFactor;
  // 0.10 takes what is there; since 0.11 too few brokers are a refusal, and consumers wait.
  const replicationFactor = profile === "0.10" && aliveBrokers > 0 ? Math.min(wanted, aliveBrokers) : wanted;
  if (replicationFactor > aliveBrokers) {
    note(ctx, { kind: "offsets-topic-refused", replicationFactor, aliveBrokers });
    return;
  }
  section.isCreatingTopic = true;
  const topic = {
    name: OFFSETS_TOPIC,
    numPartitions: broker.offsetsTopicNumPartitions,
    replicationFactor,
    configs: {
      "compression.type": "producer",
      "cleanup.policy": "compact",
      "segment.bytes": String(broker.offsetsTopicSegmentBytes),
    },
  };
  ports.createTopic(ctx, topic, { kind: "group-topic-created" } satisfies OffsetsTopicCreated);
}

/** Created, or not: the next FindCoordinator sees which. */
export function onOffsetsTopicCreated(ctx: KafkaCtx): void {
  groupSection(ctx).isCreatingTopic = false;
}

export function onDescribeGroups(ctx: KafkaCtx, { data }: RpcRequest<"DescribeGroups">, request: Message): void {
  const groups = data.groups.map((groupId) => describe(ctx, groupId));
  respond(ctx, request, "DescribeGroups", { groups });
}

function describe(ctx: KafkaCtx, groupId: string): DescribeGroupsResponse["groups"][number] {
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const errorCode = groupStatusError("DescribeGroups", groupId, partition, ctx.self.config.profile);
  const group = section.groups[groupId];
  if (errorCode !== "NONE") return { errorCode, groupId, groupState: "", protocolData: "", members: [] };
  if (group === undefined) return { errorCode, groupId, groupState: "Dead", protocolData: "", members: [] };
  // Outside of a generation nobody owns anything.
  const isStable = group.state === "Stable";
  return {
    errorCode,
    groupId,
    groupState: stateName(ctx, group),
    protocolData: isStable ? (group.protocolName ?? "") : "",
    members: membersOf(group).map(({ memberId, clientId, actor, assignment }) => ({
      memberId,
      clientId,
      clientHost: `/${actor}`,
      assignment: isStable ? assignment : [],
    })),
  };
}

function stateName(ctx: KafkaCtx, group: Group): string {
  const isOld = ctx.self.config.profile === "0.10" && group.state === "CompletingRebalance";
  return isOld ? "AwaitingSync" : group.state;
}
