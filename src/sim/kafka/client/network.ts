/**
 * A client's connections to brokers: set-up, handshake, pauses before reconnecting, and the choice of a node.
 *
 * In Kafka     NetworkClient, ClusterConnectionStates, InFlightRequests.
 * Simplified   the connection to a bootstrap server is the one to the broker behind it.
 * Left out     connections.max.idle.ms; throttling; several addresses of one host.
 *
 * Allowed transitions of a connection:
 *
 *   disconnected -> connecting      opened, not before `retryAt`
 *   connecting   -> checking        TCP is established; ApiVersions is on its way
 *   checking     -> ready           ApiVersions is answered: requests may be sent
 *   any          -> disconnected    refused, reset, closed, or no answer in time
 */
import { type ActorId, type Delay, MILLISECOND, type SimTime } from "../../engine/types.ts";
import { isAtLeast } from "../profiles/profile.ts";
import { call, type Then, takeLost } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { exponentialBackoff } from "./backoff.ts";

export interface NodeConnection {
  state: "disconnected" | "connecting" | "checking" | "ready";
  /** When it was last opened or lost; -1: never. */
  lastAttemptAt: SimTime;
  /** Not opened again before this. */
  retryAt: SimTime;
  /** Losses since it was last ready. */
  failedAttempts: number;
  /** Set-ups in a row that took too long (3.9). */
  setupFailures: number;
  /** When waiting for set-up or handshake ends; null: it does not. */
  deadline: SimTime | null;
}

/** By `<actor>#<channel>`. */
export type Network = Record<string, NodeConnection>;

export interface NetworkSettings {
  readonly requestTimeoutMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
}

/** socket.connection.setup.timeout.ms and its maximum, since 2.7. */
const SETUP_TIMEOUT_MS = 10_000;
const SETUP_TIMEOUT_MAX_MS = 30_000;

/** Then of the handshake. */
export interface HandshakeThen extends Then {
  readonly to: ActorId;
  readonly channel: string;
}

export function connectionTo(network: Network, to: ActorId, channel: string): NodeConnection {
  const key = `${to}#${channel}`;
  let connection = network[key];
  if (connection === undefined) {
    connection = {
      state: "disconnected",
      lastAttemptAt: -1,
      retryAt: 0,
      failedAttempts: 0,
      setupFailures: 0,
      deadline: null,
    };
    network[key] = connection;
  }
  return connection;
}

/** Requests to `to` on `channel` that wait for their answer. */
export function inFlightCount(ctx: KafkaCtx, to: ActorId, channel: string): number {
  const { pending } = ctx.self.memory.rpc;
  let count = 0;
  for (const id in pending) if (pending[id]?.to === to && pending[id]?.channel === channel) count += 1;
  return count;
}

export function isReady(network: Network, to: ActorId, channel: string): boolean {
  return network[`${to}#${channel}`]?.state === "ready";
}

export function canConnect(ctx: KafkaCtx, network: Network, to: ActorId, channel: string): boolean {
  const connection = network[`${to}#${channel}`];
  return connection === undefined || (connection.state === "disconnected" && connection.retryAt <= ctx.now);
}

/**
 * True if requests can be sent; otherwise opens the connection if that is allowed now. `handshake` is the kind of the Then
 * that the role routes to {@link onHandshake}.
 */
export function ensureReady(ctx: KafkaCtx, network: Network, to: ActorId, channel: string, handshake: string): boolean {
  if (isReady(network, to, channel)) return true;
  if (canConnect(ctx, network, to, channel)) open(ctx, network, to, channel, handshake);
  return false;
}

function open(ctx: KafkaCtx, network: Network, to: ActorId, channel: string, handshake: string): void {
  const connection = connectionTo(network, to, channel);
  connection.state = "connecting";
  connection.lastAttemptAt = ctx.now;
  connection.deadline = null;
  if (isAtLeast(ctx.self.config.profile, "3.9")) {
    const { setupFailures } = connection;
    connection.deadline =
      ctx.now + exponentialBackoff(ctx, "set-up", SETUP_TIMEOUT_MS, SETUP_TIMEOUT_MAX_MS, setupFailures);
  }
  const then: HandshakeThen = { kind: handshake, to, channel };
  call(ctx, to, channel, "ApiVersions", {}, then, null);
}

/** TCP is established: from now on the handshake has request.timeout.ms. */
export function onConnected(
  ctx: KafkaCtx,
  network: Network,
  to: ActorId,
  channel: string,
  settings: NetworkSettings,
): void {
  const connection = connectionTo(network, to, channel);
  if (connection.state !== "connecting") return;
  connection.state = "checking";
  connection.setupFailures = 0;
  connection.deadline = ctx.now + settings.requestTimeoutMs * MILLISECOND;
}

/** ApiVersions came back (`answered`), or its connection is gone. */
export function onHandshake(
  ctx: KafkaCtx,
  network: Network,
  then: HandshakeThen,
  answered: boolean,
  settings: NetworkSettings,
): void {
  const connection = connectionTo(network, then.to, then.channel);
  if (!answered) {
    onLost(ctx, network, then.to, then.channel, settings);
    return;
  }
  connection.state = "ready";
  connection.deadline = null;
  connection.failedAttempts = 0;
}

/** The connection is gone; the next one waits for the reconnect backoff. Harmless if that is known. True if it was news. */
export function onLost(
  ctx: KafkaCtx,
  network: Network,
  to: ActorId,
  channel: string,
  settings: NetworkSettings,
): boolean {
  const connection = connectionTo(network, to, channel);
  if (connection.state === "disconnected") return false;
  connection.state = "disconnected";
  connection.deadline = null;
  connection.lastAttemptAt = ctx.now;
  connection.failedAttempts += 1;
  // Never at once, so that all requests lost with the old connection are back before there is a new one.
  connection.retryAt = ctx.now + Math.max(MILLISECOND, reconnectBackoff(ctx, settings, connection.failedAttempts));
  return true;
}

function reconnectBackoff(ctx: KafkaCtx, settings: NetworkSettings, failedAttempts: number): Delay {
  if (ctx.self.config.profile === "0.10") return settings.reconnectBackoffMs * MILLISECOND;
  const { reconnectBackoffMs, reconnectBackoffMaxMs } = settings;
  return exponentialBackoff(ctx, "reconnect", reconnectBackoffMs, reconnectBackoffMaxMs, failedAttempts - 1);
}

/** Gives up connections whose set-up or handshake takes too long. True if there was one. */
export function dropLateConnections(ctx: KafkaCtx, network: Network, settings: NetworkSettings): boolean {
  let dropped = false;
  for (const key of Object.keys(network)) {
    const connection = network[key] as NodeConnection;
    if (connection.deadline === null || connection.deadline > ctx.now) continue;
    const hash = key.indexOf("#");
    const to = key.slice(0, hash);
    const channel = key.slice(hash + 1);
    if (connection.state === "connecting") connection.setupFailures += 1;
    takeLost(ctx, to, channel, "no connection in time");
    ctx.disconnect(to, channel);
    onLost(ctx, network, to, channel, settings);
    dropped = true;
  }
  return dropped;
}

/** When something about connections falls due next: a deadline, or a pause that ends. Null: nothing. */
export function nextNetworkEvent(ctx: KafkaCtx, network: Network): SimTime | null {
  let next: SimTime | null = null;
  for (const key in network) {
    const { state, retryAt, deadline } = network[key] as NodeConnection;
    const due = state === "disconnected" ? (retryAt > ctx.now ? retryAt : null) : deadline;
    if (due !== null && (next === null || due < next)) next = due;
  }
  return next;
}

/**
 * The node with the fewest requests in flight, counting from a random one; null if none may be asked now. Since 2.x (here:
 * 3.9) a connection that is being set up goes before one not yet opened; before, an unconnected node is as good as any.
 */
export function leastLoadedNode(
  ctx: KafkaCtx,
  network: Network,
  nodes: readonly ActorId[],
  channel: string,
  maxInFlight: number,
): ActorId | null {
  if (nodes.length === 0) return null;
  const start = nodes.length === 1 ? 0 : ctx.random("node", nodes.length);
  const preferSetUp = isAtLeast(ctx.self.config.profile, "3.9");
  let ready: ActorId | null = null;
  let fewest = Number.MAX_SAFE_INTEGER;
  let preparing: ActorId | null = null;
  let fresh: ActorId | null = null;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(start + i) % nodes.length] as ActorId;
    const connection = connectionTo(network, node, channel);
    const count = inFlightCount(ctx, node, channel);
    if (connection.state === "ready" && count === 0) return node;
    if (preferSetUp) {
      if (connection.state === "ready") {
        if (count < fewest && count < maxInFlight) {
          fewest = count;
          ready = node;
        }
      } else if (connection.state !== "disconnected") preparing = node;
      else if (connection.retryAt <= ctx.now) {
        if (fresh === null || connectionTo(network, fresh, channel).lastAttemptAt > connection.lastAttemptAt)
          fresh = node;
      }
    } else if ((connection.state !== "disconnected" || connection.retryAt <= ctx.now) && count < fewest) {
      fewest = count;
      ready = node;
    }
  }
  return ready ?? preparing ?? fresh;
}
