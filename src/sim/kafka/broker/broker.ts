/**
 * The broker role: which handler serves what, and the life of the process.
 *
 * In Kafka     KafkaServer, KafkaApis, ReplicaManager.
 * Left out     quotas, several listeners, transactions' own requests.
 */
import type { ActorState, Message } from "../../engine/types.ts";
import { truncateTo } from "../log/log.ts";
import type { PartitionLog } from "../log/state.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import type { WatchEvent } from "../protocol/zookeeper.ts";
import type { Role } from "../roles.ts";
import { type Outcome, respond, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { alterThens, alterTimers } from "./alterPartition.ts";
import { onDeleteRecords } from "./deleteRecords.ts";
import { onFetch, runFetch } from "./fetch.ts";
import { fetchedThens } from "./fetched.ts";
import { fetcherTimers } from "./fetcher.ts";
import { continueIsrCheck, isrTimers, startOverdueIsrCheck } from "./isrChange.ts";
import { isrWriteThens, isrWriteTimers } from "./isrWrite.ts";
import {
  lifecycleThens,
  lifecycleTimers,
  onSessionEstablished,
  onSessionExpired,
  onStart,
  onStop,
} from "./lifecycle.ts";
import { onMetadata, onUpdateMetadata } from "./metadata.ts";
import { onListOffsets, onOffsetsForLeaderEpoch } from "./offsets.ts";
import { onFetchersEnded, onOrder, orderTimers, runOrders } from "./orders.ts";
import { tagsOf } from "./partition.ts";
import type { BrokerPorts } from "./ports.ts";
import { hangUp, onProduce, runDoorAppend, runProduce } from "./produce.ts";
import { onInitProducerId, onProducerIds } from "./producerIds.ts";
import { purgatoryTimers } from "./purgatory.ts";
import { registrationThens, registrationTimers } from "./registration.ts";
import { BROKER_ROLE, type BrokerCtx, type BrokerDisk, brokerOf, createBrokerMemory } from "./state.ts";
import { onConfigWatch, onTopicConfig } from "./topicConfig.ts";

/** The broker role, and what model.ts tells it of the ZooKeeper session (the client's listener fans out to it). */
export interface BrokerRole extends Role {
  onSessionEstablished(ctx: KafkaCtx): void;
  onSessionExpired(ctx: KafkaCtx): void;
  onWatch(ctx: KafkaCtx, event: WatchEvent): void;
}

type Serve = (ctx: BrokerCtx, message: Message) => void;
type AnyThen = (ctx: BrokerCtx, then: never, outcome: Outcome) => void;

export function brokerRole(ports: BrokerPorts): BrokerRole {
  /** A process that is not ready yet, or no longer, has no open socket. */
  const served = (serve: Serve) => (ctx: KafkaCtx, _request: unknown, message: Message) => {
    if (brokerOf(ctx).phase === "running") serve(ctx as BrokerCtx, message);
    else hangUp(ctx as BrokerCtx, message);
  };
  const withPorts = (serve: (ctx: BrokerCtx, ports: BrokerPorts, message: Message) => void) =>
    served((ctx, message) => serve(ctx, ports, message));

  /**
   * The ISR write that held a partition is over. The check for late followers that hung in it goes on with its next partition;
   * then orders, which would starve behind followers that hold the partition again and again; then what waited, in order of
   * arrival; then, if it fell due meanwhile, the next check.
   */
  function onUnblocked(ctx: BrokerCtx, { topicPartition }: Then & { readonly topicPartition: TopicPartition }): void {
    const memory = brokerOf(ctx);
    continueIsrCheck(ctx, ports);
    runOrders(ctx, ports);
    const waiting = memory.blocked.filter((one) => one.on === topicPartition);
    memory.blocked = memory.blocked.filter((one) => one.on !== topicPartition);
    for (const one of waiting) {
      if (memory.partitions[topicPartition]?.isrWrite === true) memory.blocked.push(one);
      else if (one.work.kind === "produce") runProduce(ctx, one.work);
      else if (one.work.kind === "fetch") runFetch(ctx, ports, one.work);
      else runDoorAppend(ctx, one.work.append);
    }
    startOverdueIsrCheck(ctx, ports);
  }

  const thens: Record<string, AnyThen> = {
    ...fetchedThens((ctx) => onFetchersEnded(ctx, ports)),
    ...alterThens,
    ...isrWriteThens(ports),
    ...registrationThens(ports),
    ...lifecycleThens(ports),
    "broker.unblocked": onUnblocked,
    "broker.topic-config": (ctx, then, outcome) => {
      if (onTopicConfig(ctx, ports, then, outcome)) runOrders(ctx, ports);
    },
    "broker.producer-ids": (ctx, then, outcome) => onProducerIds(ctx, ports, then, outcome),
    "broker.nothing": () => {},
  };

  return {
    name: BROKER_ROLE,
    init: createBrokerMemory,
    requests: {
      ApiVersions: served((ctx, message) => respond(ctx, message, "ApiVersions", { errorCode: "NONE" })),
      Produce: served(onProduce),
      Fetch: withPorts(onFetch),
      DeleteRecords: served(onDeleteRecords),
      ListOffsets: served(onListOffsets),
      OffsetsForLeaderEpoch: served(onOffsetsForLeaderEpoch),
      Metadata: served(onMetadata),
      InitProducerId: withPorts(onInitProducerId),
      LeaderAndIsr: withPorts(onOrder),
      StopReplica: withPorts(onOrder),
      UpdateMetadata: served(onUpdateMetadata),
    },
    then: thens as NonNullable<Role["then"]>,
    timers: {
      ...purgatoryTimers,
      ...fetcherTimers,
      ...orderTimers,
      ...alterTimers,
      ...isrTimers(ports),
      ...isrWriteTimers(ports),
      ...registrationTimers(ports),
      ...lifecycleTimers(ports),
    } as unknown as NonNullable<Role["timers"]>,
    onStart: (ctx) => onStart(ctx as BrokerCtx),
    onStop: (ctx) => onStop(ctx as BrokerCtx, ports),
    onSessionEstablished: (ctx) => onSessionEstablished(ctx as BrokerCtx, ports),
    onSessionExpired: (ctx) => onSessionExpired(ctx as BrokerCtx),
    onWatch: (ctx, event) => onConfigWatch(ctx as BrokerCtx, ports, event),
    losePower,
  };
}

/** What a loss of power leaves of the logs: a prefix that ends somewhere at or after the recovery point. */
export function losePower(actor: ActorState, random: (bound: number) => number): void {
  const disk = actor.disk as BrokerDisk;
  disk.cleanShutdown = false;
  for (const name of Object.keys(disk.logs).sort()) {
    const log = disk.logs[name] as PartitionLog;
    const unflushed = log.logEndOffset - log.recoveryPoint;
    if (unflushed === 0) continue;
    const from = log.logEndOffset;
    const removed = truncateTo(log, log.recoveryPoint + random(unflushed + 1));
    if (removed.length === 0) continue;
    disk.lost.push({ topicPartition: name as TopicPartition, from, to: log.logEndOffset, tags: tagsOf(removed) });
  }
}
