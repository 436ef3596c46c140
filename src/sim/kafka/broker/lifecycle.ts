/**
 * A broker's life: load the logs, register, serve, be relieved of its leaderships, flush and end.
 *
 * In Kafka     KafkaServer.startup, shutdown, controlledShutdown; KafkaZkClient.registerBroker; KafkaHealthcheck (0.10).
 * Simplified   the time from the start of the JVM to the registration is fixed per version, and so is the time that services take
 *              to end; recovery after an unclean stop takes a fixed time more, whatever the logs hold.
 *
 * starting → running    the logs are loaded; then it registers
 * running  → stopping   SIGTERM, after up to controlled.shutdown.max.retries tries to be relieved; or its registration is refused
 * stopping → exit
 */
import { type Delay, MILLISECOND } from "../../engine/types.ts";
import { truncateEpochsFromEnd } from "../log/epochCache.ts";
import { flush } from "../log/log.ts";
import type { PartitionLog } from "../log/state.ts";
import type { Profile } from "../profiles/profile.ts";
import type { ControlledShutdownResponse } from "../protocol/control-plane.ts";
import { brokerActor } from "../protocol/ids.ts";
import { call, type Outcome, type Then } from "../rpc.ts";
import { say } from "./facts.ts";
import { shutDownAllFetchers } from "./fetcher.ts";
import { startIsrTasks } from "./isrChange.ts";
import { checkpointHighWatermarks } from "./orders.ts";
import type { BrokerPorts } from "./ports.ts";
import { hangUp } from "./produce.ts";
import { takeAllDelayed } from "./purgatory.ts";
import { register } from "./registration.ts";
import { type BrokerCtx, brokerOf, diskOf } from "./state.ts";
import { zkResultOf } from "./zk.ts";

/** From the start of the process until it is ready to register, with logs that were closed cleanly. */
const START_UP: Readonly<Record<Profile, Delay>> = {
  "0.10": 500 * MILLISECOND,
  "2.1": 900 * MILLISECOND,
  "3.9": 1100 * MILLISECOND,
};
/** What the scan of logs that were not closed cleanly adds. */
const RECOVERY: Delay = 100 * MILLISECOND;
/** 0.10: the broker takes part in the election of a controller this long before it registers. */
const ELECTION_BEFORE_REGISTRATION: Delay = 200 * MILLISECOND;
/** From the end of the controlled shutdown to the end of the session: fetchers, coordinators and logs are closed. */
const CLOSE_SERVICES: Readonly<Record<Profile, Delay>> = {
  "0.10": 1500 * MILLISECOND,
  "2.1": 400 * MILLISECOND,
  "3.9": 500 * MILLISECOND,
};

const STARTED_TIMER = "broker-started";
const REGISTER_TIMER = "broker-register";
const SHUTDOWN_RETRY_TIMER = "controlled-shutdown-retry";
const CLOSED_TIMER = "services-closed";

interface ControllerThen extends Then {
  readonly kind: "broker.find-controller";
}
interface ShutdownThen extends Then {
  readonly kind: "broker.controlled-shutdown";
}

export function onStart(ctx: BrokerCtx): void {
  const isClean = diskOf(ctx).cleanShutdown;
  ctx.setTimer(STARTED_TIMER, START_UP[ctx.self.config.profile] + (isClean ? 0 : RECOVERY));
}

function onStarted(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  const disk = diskOf(ctx);
  if (memory.phase !== "starting") return;
  const logs = Object.keys(disk.logs).length;
  const recovered = disk.cleanShutdown ? 0 : logs;
  say(ctx, { kind: "broker-started", logs, recovered, reason: disk.cleanShutdown ? "clean" : "unclean stop before" });
  disk.cleanShutdown = false;
  loadLogs(ctx);
  memory.phase = "running";
  startIsrTasks(ctx);
  if (memory.hasSession) beginRegistration(ctx, ports);
}

/** Entries of an epoch that no record of the log belongs to go at each load; and what a loss of power took is found out. */
function loadLogs(ctx: BrokerCtx): void {
  const disk = diskOf(ctx);
  for (const name of Object.keys(disk.logs)) {
    const log = disk.logs[name] as PartitionLog;
    log.epochs = truncateEpochsFromEnd(log.epochs, log.logEndOffset);
  }
  for (const { topicPartition, from, to, tags: removed } of disk.lost) {
    const leaderEpoch = -1;
    const belowHighWatermark = to < (disk.highWatermarkCheckpoint[topicPartition] ?? 0);
    say(ctx, {
      kind: "log-truncated",
      topicPartition,
      from,
      to,
      reason: "power-loss",
      leaderEpoch,
      removed,
      belowHighWatermark,
    });
  }
  disk.lost = [];
}

/** Called when both the logs are loaded and a session exists, and again in each new session. */
function beginRegistration(ctx: BrokerCtx, ports: BrokerPorts): void {
  if (ctx.self.config.profile !== "0.10") {
    register(ctx, ports);
    return;
  }
  ports.startController(ctx);
  ctx.setTimer(REGISTER_TIMER, brokerOf(ctx).registeredSession === 0 ? ELECTION_BEFORE_REGISTRATION : 0);
}

export function onSessionEstablished(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  memory.hasSession = true;
  if (memory.phase === "running") beginRegistration(ctx, ports);
}

export function onSessionExpired(ctx: BrokerCtx): void {
  const memory = brokerOf(ctx);
  memory.hasSession = false;
  memory.registered = false;
}

// --- stop ----------------------------------------------------------------------------------------------------------------

export function onStop(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  if (memory.phase === "stopping" || memory.isShuttingDown) return;
  memory.isShuttingDown = true;
  if (memory.phase === "starting") {
    // Nothing was loaded yet: the logs stay as they are.
    memory.phase = "stopping";
    ports.zkClose(ctx, { kind: "broker.session-closed" });
    return;
  }
  const { controlledShutdownEnable } = ctx.self.config.broker;
  if (memory.registered && controlledShutdownEnable) askToBeRelieved(ctx, ports);
  else closeServices(ctx, ports, "SIGTERM");
}

function askToBeRelieved(ctx: BrokerCtx, ports: BrokerPorts): void {
  brokerOf(ctx).shutdownTries += 1;
  const then: ControllerThen = { kind: "broker.find-controller" };
  ports.zkRequest(ctx, { op: "getData", path: "/controller", watch: false }, then);
}

function onControllerFound(ctx: BrokerCtx, ports: BrokerPorts, outcome: Outcome): void {
  const memory = brokerOf(ctx);
  if (memory.phase !== "running") return;
  const result = zkResultOf(outcome);
  const controllerId = (result.data as { readonly brokerid?: number } | null | undefined)?.brokerid;
  if (result.error !== "OK" || controllerId === undefined) {
    tryAgain(ctx, ports, "there is no controller");
    return;
  }
  const { brokerId, broker } = ctx.self.config;
  const controller = brokerActor(controllerId);
  say(ctx, { kind: "controlled-shutdown-asked", controller, attempt: memory.shutdownTries });
  const then: ShutdownThen = { kind: "broker.controlled-shutdown" };
  const request = { brokerId, brokerEpoch: memory.brokerEpoch };
  const timeout = broker.controllerSocketTimeoutMs * MILLISECOND;
  call(ctx, controller, "controlled-shutdown", "ControlledShutdown", request, then, timeout);
}

function onRelieved(ctx: BrokerCtx, ports: BrokerPorts, outcome: Outcome): void {
  if (brokerOf(ctx).phase !== "running") return;
  if (outcome.kind !== "answer") {
    tryAgain(
      ctx,
      ports,
      outcome.kind === "timed-out" ? "the controller did not answer" : `connection ${outcome.reason}`,
    );
    return;
  }
  const { errorCode, remainingPartitions } = outcome.data as ControlledShutdownResponse;
  if (errorCode !== "NONE") tryAgain(ctx, ports, errorCode);
  else if (remainingPartitions.length > 0) {
    tryAgain(ctx, ports, `it still leads ${remainingPartitions.length} partitions`);
  } else closeServices(ctx, ports, "controlled shutdown is done");
}

function tryAgain(ctx: BrokerCtx, ports: BrokerPorts, reason: string): void {
  const { controlledShutdownMaxRetries, controlledShutdownRetryBackoffMs } = ctx.self.config.broker;
  const { shutdownTries } = brokerOf(ctx);
  say(ctx, { kind: "controlled-shutdown-failed", attempt: shutdownTries, reason });
  if (shutdownTries < controlledShutdownMaxRetries) {
    ctx.setTimer(SHUTDOWN_RETRY_TIMER, controlledShutdownRetryBackoffMs * MILLISECOND);
  } else closeServices(ctx, ports, "no controller relieved it of its leaderships");
}

/** From here on nothing is served and nothing fetched; what waited hears no more. */
export function closeServices(ctx: BrokerCtx, ports: BrokerPorts, reason: string): void {
  const memory = brokerOf(ctx);
  memory.phase = "stopping";
  say(ctx, { kind: "broker-stopping", reason });
  shutDownAllFetchers(ctx);
  const open = takeAllDelayed(ctx);
  for (const { work } of memory.blocked) if (work.kind !== "door-append") open.push(work.message);
  memory.blocked = [];
  if (memory.unfinishedOrder !== null) open.push(memory.unfinishedOrder.message);
  memory.unfinishedOrder = null;
  memory.endingFetchers = [];
  for (const message of [...open, ...memory.orders]) hangUp(ctx, message);
  memory.orders = [];
  ports.onShutdown(ctx);
  ctx.setTimer(CLOSED_TIMER, CLOSE_SERVICES[ctx.self.config.profile]);
}

function onServicesClosed(ctx: BrokerCtx, ports: BrokerPorts): void {
  const disk = diskOf(ctx);
  checkpointHighWatermarks(ctx);
  for (const name of Object.keys(disk.logs)) flush(disk.logs[name] as PartitionLog);
  disk.cleanShutdown = true;
  ports.zkClose(ctx, { kind: "broker.session-closed" });
}

function onSessionClosed(ctx: BrokerCtx): void {
  say(ctx, { kind: "broker-stopped", reason: "clean" });
  ctx.exit("stopped");
}

export function lifecycleTimers(ports: BrokerPorts) {
  return {
    [STARTED_TIMER]: (ctx: BrokerCtx) => onStarted(ctx, ports),
    [REGISTER_TIMER]: (ctx: BrokerCtx) => register(ctx, ports),
    [SHUTDOWN_RETRY_TIMER]: (ctx: BrokerCtx) => askToBeRelieved(ctx, ports),
    [CLOSED_TIMER]: (ctx: BrokerCtx) => onServicesClosed(ctx, ports),
  };
}

export function lifecycleThens(ports: BrokerPorts) {
  return {
    "broker.find-controller": (ctx: BrokerCtx, _: ControllerThen, outcome: Outcome) =>
      onControllerFound(ctx, ports, outcome),
    "broker.controlled-shutdown": (ctx: BrokerCtx, _: ShutdownThen, outcome: Outcome) =>
      onRelieved(ctx, ports, outcome),
    "broker.session-closed": (ctx: BrokerCtx) => onSessionClosed(ctx),
  };
}
