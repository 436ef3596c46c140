/**
 * The controller: a role of every broker, of which one is active.
 *
 * In Kafka     KafkaController, ControllerEventManager. One queue of events, one event at a time; reads and writes of ZooKeeper
 *              within an event are waited for. 0.10 had many threads under one lock, which comes to the same.
 * Left out     log directory events, delegation tokens, KRaft migration.
 *
 * An expired session jumps the queue: everything that waits is dropped, and the controller resigns before the new session.
 */
import type { Message } from "../../engine/types.ts";
import type { ApiName } from "../protocol/api.ts";
import type { CreatePartitionsRequest } from "../protocol/control-plane.ts";
import type { WatchEvent } from "../protocol/zookeeper.ts";
import type { Role } from "../roles.ts";
import { type Outcome, respond, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { answerCreates, onCreated, onCreateTimer, startCreate, startGrowth } from "./createTopics.ts";
import { say } from "./facts.ts";
import { resign } from "./lifecycle.ts";
import { procedures } from "./procedures.ts";
import { onRetryTimer, onSent, type SentThen } from "./senders.ts";
import {
  CONTROLLER,
  type ControllerCtx,
  type ControllerEvent,
  type ControllerPorts,
  controllerOf,
  createControllerMemory,
  isToBeDeleted,
} from "./state.ts";
import { EVENT, type TaskEnd, taskRunner, type ZkThen } from "./tasks.ts";
import type { TopicSpec } from "./topicPlacement.ts";
import { eventOf, IGNORED } from "./watches.ts";

/** The controller role, and its doors for the other roles of its broker. */
export interface ControllerRole extends Role {
  /**
   * Takes part in elections: after each registration of the broker (2.1, 3.9), before it (0.10). The ZooKeeper session must be
   * there.
   */
  start(ctx: KafkaCtx): void;
  /** The session is over: resigns at once and forgets all waiting events. */
  onSessionExpired(ctx: KafkaCtx): void;
  /** A watch fired. True if it was the controller's alone. */
  onWatch(ctx: KafkaCtx, event: WatchEvent): boolean;
  /** The own metadata cache has changed: requests to create topics may be answered now. */
  onMetadataUpdated(ctx: KafkaCtx): void;
  /** The broker's services end. */
  shutdown(ctx: KafkaCtx): void;
  /** Creates topics as this broker, whether it is the controller or not; `then` is resumed with a TopicsCreated. */
  createTopics(ctx: KafkaCtx, topics: readonly TopicSpec[], then: Then): void;
}

/** The controller role of a broker; `ports` are what it needs of the other roles. */
export function controllerRole(ports: ControllerPorts): ControllerRole {
  const tasks = taskRunner(ports, procedures, onEnd);

  /** Puts an event at the end of the queue. */
  function put(ctx: ControllerCtx, kind: string, locals: Record<string, unknown> = {}, message: Message | null = null) {
    controllerOf(ctx).queue.push({ kind, message, locals: message === null ? locals : { ...locals, message } });
    pump(ctx);
  }

  function pump(ctx: ControllerCtx): void {
    const memory = controllerOf(ctx);
    while (memory.current === null) {
      const event = memory.queue.shift();
      if (event === undefined) return;
      memory.current = event;
      tasks.start(ctx, EVENT, event.kind, event.locals);
    }
  }

  function onEnd(ctx: ControllerCtx, name: string, end: TaskEnd): void {
    const memory = controllerOf(ctx);
    if (name !== EVENT) {
      if (end.how === "done") onCreated(ctx, ports, end.value as Record<string, unknown>);
      return;
    }
    const event = memory.current;
    memory.current = null;
    if (end.how === "moved")
      // Somebody else has been elected: what waits will find out, and the request is answered in the other's favour.
      say(ctx, { kind: "controller-write-fenced", controllerEpoch: memory.epoch, event: event?.kind ?? "" });
    if (end.how !== "done" && event !== null) refuse(ctx, event);
    if (end.how === "moved") {
      memory.current = { kind: "controllerChange", message: null, locals: {} };
      tasks.start(ctx, EVENT, "maybeResign", {});
    }
    pump(ctx);
  }

  /** Drops everything that waits; requests are told that this is no controller. */
  function clear(ctx: ControllerCtx): void {
    const memory = controllerOf(ctx);
    const events = memory.current === null ? memory.queue : [memory.current, ...memory.queue];
    memory.queue = [];
    memory.current = null;
    delete memory.tasks[EVENT];
    for (const event of events) refuse(ctx, event);
  }

  /** An event of the request kind, answered by its procedure. */
  function onRequest(kind: string) {
    return (ctx: KafkaCtx, request: { readonly data: unknown }, message: Message): void =>
      put(
        asController(ctx),
        kind,
        kind === "alterPartition" ? { request: request.data } : { ...(request.data as object) },
        message,
      );
  }

  function onTopicsRequest(
    ctx: ControllerCtx,
    topics: readonly TopicSpec[],
    timeoutMs: number,
    message: Message,
  ): void {
    if (controllerOf(ctx).isActive) {
      startCreate(ctx, ports, tasks, topics, { message, timeoutMs });
      return;
    }
    respond(ctx, message, "CreateTopics", { topics: topics.map(notHere) });
  }

  function onPartitionsRequest(ctx: ControllerCtx, data: CreatePartitionsRequest, message: Message): void {
    const { topics, timeoutMs } = data;
    if (controllerOf(ctx).isActive) startGrowth(ctx, tasks, topics, { message, timeoutMs });
    else respond(ctx, message, "CreatePartitions", { topics: topics.map(notHere) });
  }

  function onAnswer(ctx: ControllerCtx, then: SentThen, outcome: Outcome): void {
    const answered = onSent(ctx, then, outcome);
    if (answered === null) return;
    const { request, partitionErrors } = answered;
    if (request.api === "UpdateMetadata" && then.broker === ctx.self.config.brokerId) answerCreates(ctx, ports);
    if (request.api !== "StopReplica") return;
    const partitions = request.data.partitions
      .filter((one) => one.deletePartition && isToBeDeleted(ctx, one.topicPartition))
      .map((one) => one.topicPartition);
    if (partitions.length === 0) return;
    const failed = partitionErrors.filter((one) => one.errorCode !== "NONE").map((one) => one.topicPartition);
    put(ctx, "stopReplicaAnswered", { broker: then.broker, partitions, failed });
  }

  return {
    name: CONTROLLER,
    init: createControllerMemory,
    requests: {
      AlterPartition: onRequest("alterPartition"),
      ControlledShutdown: onRequest("controlledShutdown"),
      ElectLeaders: onRequest("electLeadersRequest"),
      AlterPartitionReassignments: onRequest("reassignRequest"),
      CreatePartitions: (ctx, { data }, message) => onPartitionsRequest(asController(ctx), data, message),
      CreateTopics: (ctx, { data }, message) =>
        onTopicsRequest(asController(ctx), data.topics, data.timeoutMs, message),
    },
    then: {
      "controller-zk": (ctx: KafkaCtx, then: ZkThen, outcome: Outcome) =>
        tasks.onResult(asController(ctx), then, outcome),
      "controller-sent": (ctx: KafkaCtx, then: SentThen, outcome: Outcome) =>
        onAnswer(asController(ctx), then, outcome),
    },
    timers: {
      "controller-retry": (ctx, { broker }: { broker: number }) => onRetryTimer(asController(ctx), broker),
      "controller-rebalance": (ctx) => put(asController(ctx), "autoRebalance"),
      "controller-create": (ctx, { id }: { id: number }) => onCreateTimer(asController(ctx), id),
    },
    start: (ctx) => put(asController(ctx), "startup"),
    onSessionExpired(engineCtx) {
      const ctx = asController(engineCtx);
      clear(ctx);
      if (controllerOf(ctx).isActive) resign(ctx, "session expired");
    },
    onWatch(engineCtx, event) {
      const ctx = asController(engineCtx);
      const found = eventOf(event);
      if (found === null) return false;
      if (found === IGNORED) return true;
      // Only the active controller hears of anything but /controller.
      if (found.isForAll || controllerOf(ctx).isActive) put(ctx, found.kind, found.locals);
      return found.isShared !== true;
    },
    onMetadataUpdated: (ctx) => answerCreates(asController(ctx), ports),
    shutdown(engineCtx) {
      const ctx = asController(engineCtx);
      clear(ctx);
      if (controllerOf(ctx).isActive) resign(ctx, "broker stops");
    },
    createTopics: (ctx, topics, then) => startCreate(asController(ctx), ports, tasks, topics, { then }),
  };
}

/** The outcome for a topic that the controller has to be asked for. */
function notHere({ name }: { readonly name: string }) {
  return { name, errorCode: "NOT_CONTROLLER" as const, errorMessage: null };
}

/** Brokers are the only actors with this role. */
function asController(ctx: KafkaCtx): ControllerCtx {
  return ctx as ControllerCtx;
}

/** A request that will not be worked off: somebody else is controller by now. */
function refuse(ctx: ControllerCtx, { message }: ControllerEvent): void {
  if (message === null) return;
  const errorCode = "NOT_CONTROLLER" as const;
  const api = message.body.kind as ApiName;
  if (api === "AlterPartition") respond(ctx, message, api, { errorCode, partitions: [] });
  if (api === "ControlledShutdown") respond(ctx, message, api, { errorCode, remainingPartitions: [] });
  if (api === "AlterPartitionReassignments") respond(ctx, message, api, { errorCode, partitions: [] });
  if (api === "ElectLeaders") respond(ctx, message, api, { errorCode, results: [] });
}
