/**
 * What producer, consumer and admin client share: one network, one metadata cache, and the step that keeps it fresh.
 *
 * In Kafka     NetworkClient.poll and its DefaultMetadataUpdater.
 * Simplified   the loop of the client's thread runs whenever something happened or fell due, and takes no time.
 */
import type { ActorId, Signal, SimTime } from "../../engine/types.ts";
import { MILLISECOND } from "../../engine/types.ts";
import { isAtLeast, type Profile } from "../profiles/config.ts";
import type { ApiName, Apis } from "../protocol/api.ts";
import { NO_LEADER } from "../protocol/ids.ts";
import type { Role } from "../roles.ts";
import { call, type Outcome, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import {
  knownNodes,
  type MetadataCache,
  type MetadataSettings,
  newMetadata,
  nextUpdateAt,
  onMetadataAnswer,
  onMetadataLost,
  requestUpdate,
} from "./metadata.ts";
import {
  canConnect,
  dropLateConnections,
  ensureReady,
  type HandshakeThen,
  inFlightCount,
  leastLoadedNode,
  type Network,
  nextNetworkEvent,
  onConnected,
  onHandshake,
  onLost,
} from "./network.ts";

export interface ClientState {
  network: Network;
  metadata: MetadataCache;
}

/** One client inside an actor. Built anew for each event; only `state` is kept. */
export interface Client {
  /** Name of the role; prefix of its Thens. */
  readonly role: string;
  readonly state: ClientState;
  readonly settings: MetadataSettings;
  readonly bootstrapServers: readonly ActorId[];
  /** Channel of all requests but those to a group coordinator. */
  readonly channel: string;
  readonly maxInFlight: number;
  /** Topics to ask about; null: all. */
  topics(): readonly string[] | null;
  readonly allowAutoTopicCreation: boolean;
}

interface MetadataThen extends Then {
  readonly to: ActorId;
}

export function newClientState(): ClientState {
  return { network: {}, metadata: newMetadata() };
}

/** A distance that no run covers, and that can still be added to a moment. */
const FAR_AWAY = 4_000_000_000_000_000;
const NEVER_MS = FAR_AWAY / MILLISECOND;

/** Microseconds of a setting in ms; what Kafka means as "never" stays a time that is never reached. */
export function afterMs(ms: number): number {
  return ms >= NEVER_MS ? FAR_AWAY : ms * MILLISECOND;
}

/** True if a request can be sent to the node now; otherwise connects to it, if it may. */
export function nodeReady(ctx: KafkaCtx, client: Client, node: ActorId, channel = client.channel): boolean {
  return (
    ensureReady(ctx, client.state.network, node, channel, `${client.role}:handshake`) &&
    inFlightCount(ctx, node, channel) < client.maxInFlight
  );
}

/** Sends a request on a ready connection. */
export function ask<A extends ApiName>(
  ctx: KafkaCtx,
  client: Client,
  node: ActorId,
  channel: string,
  api: A,
  data: Apis[A]["request"],
  then: Then,
  timeoutMs: number = client.settings.requestTimeoutMs,
): void {
  call(ctx, node, channel, api, data, then, timeoutMs >= NEVER_MS ? null : timeoutMs * MILLISECOND);
}

/** The node that a request for anybody goes to; null if none may be asked now. Connects to it if need be. */
export function anyReadyNode(ctx: KafkaCtx, client: Client): ActorId | null {
  const nodes = knownNodes(client.state.metadata, client.bootstrapServers);
  const node = leastLoadedNode(ctx, client.state.network, nodes, client.channel, client.maxInFlight);
  return node !== null && nodeReady(ctx, client, node) ? node : null;
}

/** Asks for metadata if it is time. Returns when to look again; null: something will happen by itself. */
export function keepMetadataFresh(ctx: KafkaCtx, client: Client): SimTime | null {
  const { metadata, network } = client.state;
  if (metadata.isInProgress) return null;
  const at = nextUpdateAt(ctx, metadata, client.settings);
  if (at > ctx.now) return at;
  const nodes = knownNodes(metadata, client.bootstrapServers);
  const node = leastLoadedNode(ctx, network, nodes, client.channel, client.maxInFlight);
  if (node === null) return nextNetworkEvent(ctx, network);
  const isReady = network[`${node}#${client.channel}`]?.state === "ready";
  if (isReady && inFlightCount(ctx, node, client.channel) < client.maxInFlight) {
    metadata.isInProgress = true;
    const then: MetadataThen = { kind: `${client.role}:metadata`, to: node };
    const { allowAutoTopicCreation } = client;
    ask(ctx, client, node, client.channel, "Metadata", { topics: client.topics(), allowAutoTopicCreation }, then);
    return null;
  }
  // While any connection is being set up, no other node is tried: a blackholed one keeps the client from learning anything.
  const isConnecting = nodes.some((other) => network[`${other}#${client.channel}`]?.state === "connecting");
  if (!isConnecting && canConnect(ctx, network, node, client.channel)) nodeReady(ctx, client, node);
  return null;
}

/** The earlier of two moments; null is never. */
export function earlier(a: SimTime | null, b: SimTime | null): SimTime | null {
  if (a === null) return b;
  return b === null || a < b ? a : b;
}

/** Marks the connection of a lost request as gone, and asks for metadata, as any disconnect does. */
export function noteLost(ctx: KafkaCtx, client: Client, node: ActorId, channel: string): void {
  if (onLost(ctx, client.state.network, node, channel, client.settings)) requestUpdate(client.state.metadata);
}

type Connected = Extract<Signal, { signal: "connected" }>;
type Disconnected = Extract<Signal, { signal: "disconnected" }>;

export interface ClientParts {
  readonly then: NonNullable<Role["then"]>;
  onConnected(ctx: KafkaCtx, signal: Connected): void;
  onDisconnected(ctx: KafkaCtx, signal: Disconnected): void;
  /** Drops connections that take too long; returns when to look at connections again. */
  checkConnections(ctx: KafkaCtx): SimTime | null;
}

/**
 * The handlers of a client's own requests. `clientOf` gives the client of a channel, null for channels of other roles;
 * `wake` runs the client's loop.
 */
export function clientParts(
  role: string,
  clientOf: (ctx: KafkaCtx) => Client,
  ownsChannel: (channel: string) => boolean,
  wake: (ctx: KafkaCtx) => void,
): ClientParts {
  function onHandshakeThen(ctx: KafkaCtx, then: HandshakeThen, outcome: Outcome): void {
    const client = clientOf(ctx);
    const answered = outcome.kind === "answer";
    if (!answered) requestUpdate(client.state.metadata);
    onHandshake(ctx, client.state.network, then, answered, client.settings);
    if (answered) wake(ctx);
  }

  function onMetadataThen(ctx: KafkaCtx, then: MetadataThen, outcome: Outcome): void {
    const client = clientOf(ctx);
    const { metadata } = client.state;
    if (outcome.kind === "answer") {
      const answer = outcome.data as Apis["Metadata"]["response"];
      if (onMetadataAnswer(ctx, metadata, client.settings, answer))
        ctx.note({
          kind: "metadata-refreshed",
          from: outcome.from,
          version: metadata.version,
          leaders: leadersOf(metadata),
        });
    } else {
      onMetadataLost(ctx, metadata, client.settings);
      noteLost(ctx, client, then.to, client.channel);
    }
    wake(ctx);
  }

  return {
    then: { [`${role}:handshake`]: onHandshakeThen, [`${role}:metadata`]: onMetadataThen },
    onConnected(ctx, signal) {
      if (!ownsChannel(signal.channel)) return;
      const client = clientOf(ctx);
      onConnected(ctx, client.state.network, signal.peer, signal.channel, client.settings);
      wake(ctx);
    },
    onDisconnected(ctx, signal) {
      if (!ownsChannel(signal.channel)) return;
      noteLost(ctx, clientOf(ctx), signal.peer, signal.channel);
      wake(ctx);
    },
    checkConnections(ctx) {
      const client = clientOf(ctx);
      if (dropLateConnections(ctx, client.state.network, client.settings)) requestUpdate(client.state.metadata);
      return nextNetworkEvent(ctx, client.state.network);
    },
  };
}

/** Leader by partition, as a fact shows it: `{"orders-0": "b1"}`. */
function leadersOf(metadata: MetadataCache): Record<string, string | null> {
  const leaders: Record<string, string | null> = {};
  for (const topic of Object.keys(metadata.topics).sort()) {
    for (const { partition, leaderId } of metadata.topics[topic]?.partitions ?? [])
      leaders[`${topic}-${partition}`] = leaderId === NO_LEADER ? null : `b${leaderId}`;
  }
  return leaders;
}

/** Whether Metadata requests may create topics (allow.auto.create.topics is a consumer's setting since 2.3). */
export function mayCreateTopics(profile: Profile, setting: boolean): boolean {
  return isAtLeast(profile, "3.9") ? setting : true;
}
