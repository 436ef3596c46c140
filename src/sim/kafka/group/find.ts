/**
 * FindCoordinator and DescribeGroups; and how __consumer_offsets comes to be.
 *
 * In Kafka     KafkaApis.handleFindCoordinatorRequest, createInternalTopic, AutoTopicCreationManager; handleDescribeGroups.
 * Simplified   one request names one group (3.0+ may name several).
 * Left out     the transaction coordinator.
 */
import { type Delay, type Message, SECOND } from "../../engine/types.ts";
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
  /** The FindCoordinator that had it created. */
  readonly request: Message;
}

/** After this a creation that was never heard of again (the session ended in the middle) may be tried anew. */
const CREATION_GIVEN_UP: Delay = 30 * SECOND;

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
  const isKnown = ports.partitionCountOf(ctx, OFFSETS_TOPIC) !== null;
  if (!isKnown && createOffsetsTopic(ctx, ports, request)) return;
  const leader = ports.leaderOf(ctx, offsetsTopicPartitionOf(ctx, data.key));
  respond(ctx, request, "FindCoordinator", leader === null ? NOT_AVAILABLE : { errorCode: "NONE", nodeId: leader });
}

/**
 * The first who is asked for a coordinator creates the topic; the request waits until its znodes are written, or for ever if
 * ZooKeeper does not answer. Returns false if there is nothing to wait for: too few brokers, or it is being created already.
 */
function createOffsetsTopic(ctx: KafkaCtx, ports: GroupPorts, request: Message): boolean {
  const section = groupSection(ctx);
  const { creatingTopicSince } = section;
  if (creatingTopicSince !== null && ctx.now - creatingTopicSince < CREATION_GIVEN_UP) return false;
  const { profile, broker } = brokerConfigOf(ctx);
  const aliveBrokers = ports.aliveBrokers(ctx).length;
  const wanted = broker.offsetsTopicReplicationFactor;
  // 0.10 takes what is there; since 0.11 too few brokers are a refusal, and consumers wait.
  const replicationFactor = profile === "0.10" && aliveBrokers > 0 ? Math.min(wanted, aliveBrokers) : wanted;
  if (replicationFactor > aliveBrokers) {
    note(ctx, { kind: "offsets-topic-refused", replicationFactor, aliveBrokers });
    return false;
  }
  section.creatingTopicSince = ctx.now;
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
  const then: OffsetsTopicCreated = { kind: "group-topic-created", request };
  ports.createTopic(ctx, topic, then);
  return true;
}

/** Created, or not: its partitions have no leaders yet, so the client asks again. */
export function onOffsetsTopicCreated(ctx: KafkaCtx, { request }: OffsetsTopicCreated): void {
  groupSection(ctx).creatingTopicSince = null;
  respond(ctx, request, "FindCoordinator", NOT_AVAILABLE);
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
