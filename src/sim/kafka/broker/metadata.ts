/**
 * The metadata cache: what this broker was told of the cluster, and what it tells clients.
 *
 * In Kafka     ZkMetadataCache, KafkaApis.handleUpdateMetadataRequest, handleTopicMetadataRequest; AutoTopicCreationManager.
 * Simplified   a topic that is to be created automatically is asked of the controller in every version (0.10 and 2.1 write the
 *              znodes themselves).
 * Left out     listeners, topic ids, authorisation.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import { LEADER_DURING_DELETE } from "../protocol/control-plane.ts";
import type { PartitionMetadata, TopicMetadata } from "../protocol/data-plane.ts";
import { longMapOrder, mutableHashMapOrder } from "../protocol/hashOrder.ts";
import { brokerActor, NO_LEADER, partitionOf, topicOf } from "../protocol/ids.ts";
import { call, respond } from "../rpc.ts";
import { say } from "./facts.ts";
import { checkSender } from "./orders.ts";
import { isAlive } from "./partition.ts";
import { type BrokerCtx, brokerOf, type CachedPartition } from "./state.ts";

const LEGAL_NAME = /^[a-zA-Z0-9._-]+$/;
const MAX_NAME_LENGTH = 249;

export function onUpdateMetadata(ctx: BrokerCtx, message: Message): void {
  const { data } = message.body as RpcRequest<"UpdateMetadata">;
  const stale = checkSender(ctx, "UpdateMetadata", data);
  if (stale !== null) {
    respond(ctx, message, "UpdateMetadata", { errorCode: stale });
    return;
  }
  const { metadata } = brokerOf(ctx);
  metadata.controllerId = data.controllerId;
  metadata.brokers = data.liveBrokers;
  for (const state of data.partitionStates) {
    const topic = topicOf(state.topicPartition);
    const index = partitionOf(state.topicPartition);
    if (state.leader === LEADER_DURING_DELETE) {
      delete metadata.topics[topic]?.[index];
      if (Object.keys(metadata.topics[topic] ?? {}).length === 0) delete metadata.topics[topic];
      continue;
    }
    let partitions = metadata.topics[topic];
    if (partitions === undefined) {
      partitions = {};
      metadata.topics[topic] = partitions;
    }
    partitions[index] = state;
  }
  say(ctx, {
    kind: "metadata-updated",
    controller: brokerActor(data.controllerId),
    controllerEpoch: data.controllerEpoch,
    partitions: data.partitionStates.map((one) => one.topicPartition),
  });
  respond(ctx, message, "UpdateMetadata", { errorCode: "NONE" });
}

export function onMetadata(ctx: BrokerCtx, message: Message): void {
  const { data } = message.body as RpcRequest<"Metadata">;
  const { metadata } = brokerOf(ctx);
  const asked = data.topics ?? Object.keys(metadata.topics);
  const topics = asked.map((topic) => describe(ctx, topic, data.allowAutoTopicCreation && data.topics !== null));
  const ids = metadata.brokers.map((one) => one.id);
  const inOrder = ctx.self.config.profile === "0.10" ? ids : longMapOrder(ids);
  const brokers = inOrder.map((nodeId) => ({
    nodeId,
    rack: metadata.brokers.find((one) => one.id === nodeId)?.rack ?? null,
  }));
  respond(ctx, message, "Metadata", { brokers, controllerId: metadata.controllerId, topics });
}

function describe(ctx: BrokerCtx, name: string, mayCreate: boolean): TopicMetadata {
  const partitions = brokerOf(ctx).metadata.topics[name];
  const isInternal = name === "__consumer_offsets" || name === "__transaction_state";
  if (partitions === undefined) {
    const isLegal = LEGAL_NAME.test(name) && name.length <= MAX_NAME_LENGTH && name !== "." && name !== "..";
    if (!isLegal) return { errorCode: "INVALID_TOPIC_EXCEPTION", name, isInternal, partitions: [] };
    const isCreated =
      mayCreate && ctx.self.config.broker.autoCreateTopicsEnable && !isInternal && createTopic(ctx, name);
    const errorCode = isCreated ? "LEADER_NOT_AVAILABLE" : "UNKNOWN_TOPIC_OR_PARTITION";
    return { errorCode, name, isInternal, partitions: [] };
  }
  const indices = Object.keys(partitions).map(Number);
  const inOrder = ctx.self.config.profile === "0.10" ? mapOrder(indices) : longMapOrder(indices);
  return {
    errorCode: "NONE",
    name,
    isInternal,
    partitions: inOrder.map((index) => describePartition(ctx, index, partitions[index] as CachedPartition)),
  };
}

/** 0.10: the order of a hash map whose keys are 0, 1, 2, …; with holes just ascending. */
function mapOrder(indices: readonly number[]): number[] {
  return indices.every((index, place) => index === place) ? mutableHashMapOrder(indices.length) : [...indices];
}

function describePartition(ctx: BrokerCtx, partitionIndex: number, state: CachedPartition): PartitionMetadata {
  const { metadata } = brokerOf(ctx);
  const { profile } = ctx.self.config;
  const hasLeader = state.leader >= 0 && isAlive(metadata, state.leader);
  const offline = state.replicas.filter((one) => state.offlineReplicas.includes(one) || !isAlive(metadata, one));
  return {
    errorCode: hasLeader ? "NONE" : "LEADER_NOT_AVAILABLE",
    partitionIndex,
    leaderId: hasLeader ? state.leader : NO_LEADER,
    leaderEpoch: profile === "0.10" ? -1 : state.leaderEpoch,
    replicaNodes: state.replicas,
    isrNodes: state.isr,
    offlineReplicas: profile === "0.10" ? [] : offline,
  };
}

/** Asks the controller for the topic, with the broker's defaults. False if no controller is known. */
function createTopic(ctx: BrokerCtx, name: string): boolean {
  const { controllerId } = brokerOf(ctx).metadata;
  if (controllerId < 0) return false;
  const { broker } = ctx.self.config;
  const topic = {
    name,
    numPartitions: broker.numPartitions,
    replicationFactor: broker.defaultReplicationFactor,
    assignments: [],
    configs: {},
  };
  const timeoutMs = broker.requestTimeoutMs;
  const request = { topics: [topic], timeoutMs };
  const then = { kind: "broker.nothing" };
  call(ctx, brokerActor(controllerId), "to-controller", "CreateTopics", request, then, timeoutMs * MILLISECOND);
  return true;
}
