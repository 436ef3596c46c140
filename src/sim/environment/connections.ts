/**
 * Connections with TCP's manners: bytes in order or not at all.
 *
 * A cut swallows packets; the sender repeats the first of them at growing intervals, so traffic comes back late after a heal.
 * The death of a process resets its connections at once unless a cut hides it; then the peer's end stays half open until it
 * sends something that reaches the dead host and gets a reset back. A paused process keeps its connections.
 *
 * Simplified   one packet a message; acknowledgements travel free (only a cut of a message's own direction blocks it);
 *              a handshake takes one round trip and needs both directions.
 */
import { remembered } from "../engine/remembered.ts";
import type {
  ActorId,
  ActorState,
  Body,
  DisconnectReason,
  HostId,
  Kernel,
  Message,
  SimTime,
  World,
} from "../engine/types.ts";
import { intercept } from "./interceptions.ts";
import { directionOf, drawLatency, linkBetween, nextRepeat } from "./latency.ts";
import { type Connection, type EnvironmentState, environmentOf, type Lane, NOTHING_BLOCKED } from "./types.ts";

/** Environment event: TCP repeats what a lane has blocked, or a client its SYN. */
export interface RepeatEvent extends Body {
  readonly kind: "tcp-repeat";
  readonly connection: string;
  readonly toServer: boolean;
}

/** Where `current` keeps the connection that a client uses on one of its channels. */
function channelKey(client: ActorId, server: ActorId, channel: string): string {
  return onChannel(directionOf(client, server), channel);
}

const onChannel = remembered((direction, channel) => `${direction}#${channel}`);

export function isCut(state: EnvironmentState, from: HostId, to: HostId): boolean {
  return (
    from !== to &&
    (state.cuts[directionOf(from, to)] !== undefined || state.dark[from] === true || state.dark[to] === true)
  );
}

/** Sends on the client's current connection of `channel`, opening one if there is none. */
export function sendOnChannel(kernel: Kernel, from: ActorState, to: ActorId, channel: string, body: Body): void {
  const state = environmentOf(kernel.world);
  const key = channelKey(from.id, to, channel);
  const known = state.current[key];
  let connection = known === undefined ? undefined : state.connections[known];
  if (connection === undefined || !connection.clientOpen) connection = connect(kernel, state, from, to, channel, key);
  transmit(kernel, state, connection, true, body);
}

/** Sends back on the connection that `message` came on; silently nothing if that end is closed. */
export function replyOn(kernel: Kernel, from: ActorState, message: Message, body: Body): void {
  const state = environmentOf(kernel.world);
  const connection = state.connections[message.connection];
  if (connection === undefined) return;
  const toServer = connection.client === from.id;
  if (toServer ? !connection.clientOpen : !connection.serverOpen) return;
  transmit(kernel, state, connection, toServer, body);
}

/** The client closes its current connection of `channel`. */
export function closeChannel(kernel: Kernel, from: ActorState, to: ActorId, channel: string): void {
  const state = environmentOf(kernel.world);
  const connection = state.connections[state.current[channelKey(from.id, to, channel)] ?? ""];
  if (connection?.clientOpen) closeEnd(kernel, state, connection, true, "closed");
}

/** Whoever got `message` closes the connection it came on. */
export function hangUpOn(kernel: Kernel, from: ActorState, message: Message): void {
  const state = environmentOf(kernel.world);
  const connection = state.connections[message.connection];
  if (connection === undefined) return;
  const isClient = connection.client === from.id;
  if (isClient ? connection.clientOpen : connection.serverOpen) closeEnd(kernel, state, connection, isClient, "closed");
}

/** Ends all connections of a process that died. `tell`: its kernel lives and tells the peers that it can reach. */
export function closeAllOf(kernel: Kernel, actor: ActorState, reason: DisconnectReason, tell: boolean): void {
  const state = environmentOf(kernel.world);
  for (const id of Object.keys(state.connections)) {
    const connection = state.connections[id] as Connection;
    for (const isClient of [true, false]) {
      if ((isClient ? connection.client : connection.server) !== actor.id) continue;
      if (isClient ? !connection.clientOpen : !connection.serverOpen) continue;
      if (tell) closeEnd(kernel, state, connection, isClient, reason);
      else setClosed(state, connection, isClient);
    }
  }
}

/** Whether a message that is due is still heard by the end that it was sent to. */
export function isHeard(world: World, message: Message): boolean {
  const connection = environmentOf(world).connections[message.connection];
  if (connection === undefined) return false;
  const atServer = connection.server === message.to;
  return atServer ? connection.serverOpen : connection.clientOpen;
}

/** TCP repeats what it could not deliver. */
export function repeat(kernel: Kernel, event: RepeatEvent): void {
  const state = environmentOf(kernel.world);
  const connection = state.connections[event.connection];
  if (connection === undefined) return;
  const lane = event.toServer ? connection.toServer : connection.toClient;
  if (lane.blocked.length === 0) return;
  const from = hostOf(kernel.world, connection, event.toServer);
  const to = hostOf(kernel.world, connection, !event.toServer);
  const connecting = !connection.established;
  if (isCut(state, from, to) || (connecting && isCut(state, to, from))) {
    lane.attempt += 1;
    scheduleRepeat(kernel, state, connection, event.toServer, lane);
    return;
  }
  if (connecting) {
    shakeHands(kernel, state, connection);
    if (!connection.established) return;
  }
  const waiting = lane.blocked;
  lane.blocked = NOTHING_BLOCKED;
  lane.attempt = 0;
  for (const message of waiting) deliver(kernel, state, connection, event.toServer, lane, message);
}

/** Breaks a connection in the middle: both ends learn of it (as after a reset by something between them). */
export function breakConnection(kernel: Kernel, connection: Connection): void {
  const state = environmentOf(kernel.world);
  if (connection.serverOpen) tellClosed(kernel, state, connection, false, "broken", kernel.now);
  if (connection.clientOpen) tellClosed(kernel, state, connection, true, "broken", kernel.now);
}

function connect(
  kernel: Kernel,
  state: EnvironmentState,
  from: ActorState,
  to: ActorId,
  channel: string,
  key: string,
): Connection {
  const server = kernel.world.actors[to];
  const id = `${key}/${state.nextConnection}`;
  state.nextConnection += 1;
  const connection: Connection = {
    id,
    channel,
    client: from.id,
    server: to,
    clientIncarnation: from.incarnation,
    serverIncarnation: server?.incarnation ?? 0,
    established: false,
    clientOpen: true,
    serverOpen: false,
    toServer: { lastArrival: kernel.now, blocked: NOTHING_BLOCKED, attempt: 0 },
    toClient: { lastArrival: kernel.now, blocked: NOTHING_BLOCKED, attempt: 0 },
  };
  state.connections[id] = connection;
  state.current[key] = id;
  if (server !== undefined && !isCut(state, from.host, server.host) && !isCut(state, server.host, from.host))
    shakeHands(kernel, state, connection);
  return connection;
}

/** Both directions are open: either somebody listens and accepts, or the connection is refused. */
function shakeHands(kernel: Kernel, state: EnvironmentState, connection: Connection): void {
  const from = kernel.world.actors[connection.client] as ActorState;
  const to = kernel.world.actors[connection.server] as ActorState;
  const roundTrip = linkBetween(state, from.host, to.host).delay + linkBetween(state, to.host, from.host).delay;
  if (to.process === "down") {
    connection.toServer.blocked = NOTHING_BLOCKED;
    tellClosed(kernel, state, connection, true, "refused", kernel.now + roundTrip);
    return;
  }
  (connection as { serverIncarnation: number }).serverIncarnation = to.incarnation;
  connection.established = true;
  connection.serverOpen = true;
  connection.toServer.lastArrival = kernel.now + roundTrip;
  const { id, channel } = connection;
  kernel.schedule(
    kernel.now + roundTrip,
    from.id,
    Object.freeze({ kind: "signal", signal: "connected", connection: id, peer: to.id, channel }),
  );
}

function transmit(
  kernel: Kernel,
  state: EnvironmentState,
  connection: Connection,
  toServer: boolean,
  body: Body,
): void {
  const from = hostOf(kernel.world, connection, toServer);
  const to = hostOf(kernel.world, connection, !toServer);
  const lane = toServer ? connection.toServer : connection.toClient;
  const message: Message = Object.freeze({
    from: toServer ? connection.client : connection.server,
    to: toServer ? connection.server : connection.client,
    connection: connection.id,
    sentAt: kernel.now,
    body,
  });
  if (toServer && !connection.established) {
    if (!connection.clientOpen) return;
    // Refused already (the notice is on its way): what is sent now goes nowhere.
    if (!isCut(state, from, to) && !isCut(state, to, from) && lane.blocked.length === 0 && lane.attempt === 0) return;
    block(kernel, state, connection, toServer, lane, message);
    return;
  }
  if (lane.blocked.length > 0 || isCut(state, from, to)) {
    block(kernel, state, connection, toServer, lane, message);
    return;
  }
  deliver(kernel, state, connection, toServer, lane, message);
}

function deliver(
  kernel: Kernel,
  state: EnvironmentState,
  connection: Connection,
  toServer: boolean,
  lane: Lane,
  message: Message,
): void {
  const from = hostOf(kernel.world, connection, toServer);
  const to = hostOf(kernel.world, connection, !toServer);
  const peerOpen = toServer ? connection.serverOpen : connection.clientOpen;
  const link = linkBetween(state, from, to);
  if (!peerOpen) {
    // The other end is gone and this one does not know: a living host answers with a reset.
    kernel.note({
      kind: "message-lost",
      from: message.from,
      to: message.to,
      message: message.body.kind,
      reason: "other-end-closed",
    });
    if (!isCut(state, to, from)) {
      const back = linkBetween(state, to, from).delay;
      tellClosed(kernel, state, connection, toServer, "reset", kernel.now + link.delay + back);
    }
    return;
  }
  const latency = drawLatency(kernel, link, from, to);
  if (latency === null) {
    breakConnection(kernel, connection);
    return;
  }
  let arrival = kernel.now + latency;
  if (arrival < lane.lastArrival) arrival = lane.lastArrival;
  if (state.interceptions.length > 0) {
    const hit = intercept(state, message);
    if (hit?.effect === "break") {
      kernel.note({
        kind: "message-lost",
        from: message.from,
        to: message.to,
        message: message.body.kind,
        reason: "connection-broken",
      });
      tellClosed(kernel, state, connection, !toServer, "broken", arrival);
      tellClosed(kernel, state, connection, toServer, "broken", arrival);
      return;
    }
    if (hit?.effect === "hold") arrival += hit.delay;
  }
  lane.lastArrival = arrival;
  kernel.schedule(arrival, message.to, Object.freeze({ kind: "message", message }));
}

function block(
  kernel: Kernel,
  state: EnvironmentState,
  connection: Connection,
  toServer: boolean,
  lane: Lane,
  message: Message,
): void {
  lane.blocked = Object.freeze([...lane.blocked, message]);
  if (lane.blocked.length > 1) return;
  lane.attempt = 0;
  scheduleRepeat(kernel, state, connection, toServer, lane);
}

function scheduleRepeat(
  kernel: Kernel,
  state: EnvironmentState,
  connection: Connection,
  toServer: boolean,
  lane: Lane,
): void {
  const wait = nextRepeat(lane.attempt, !connection.established);
  if (wait === null) {
    lane.blocked = NOTHING_BLOCKED;
    tellClosed(kernel, state, connection, toServer, "timed-out", kernel.now);
    return;
  }
  const event: RepeatEvent = Object.freeze({ kind: "tcp-repeat", connection: connection.id, toServer });
  kernel.schedule(kernel.now + wait, "", Object.freeze({ kind: "environment", event }));
}

/** One end closes by itself: it hears nothing more, and the other end learns of it when the packet reaches it. */
function closeEnd(
  kernel: Kernel,
  state: EnvironmentState,
  connection: Connection,
  isClient: boolean,
  reason: DisconnectReason,
): void {
  setClosed(state, connection, isClient);
  const otherOpen = isClient ? connection.serverOpen : connection.clientOpen;
  if (!otherOpen) return;
  const from = hostOf(kernel.world, connection, isClient);
  const to = hostOf(kernel.world, connection, !isClient);
  if (isCut(state, from, to)) return;
  const lane = isClient ? connection.toServer : connection.toClient;
  const arrival = Math.max(kernel.now + linkBetween(state, from, to).delay, lane.lastArrival);
  tellClosed(kernel, state, connection, !isClient, reason, arrival);
}

/** An end is told that its connection is over; it is closed when the notice arrives. */
function tellClosed(
  kernel: Kernel,
  state: EnvironmentState,
  connection: Connection,
  isClient: boolean,
  reason: DisconnectReason,
  at: SimTime,
): void {
  const lane = isClient ? connection.toClient : connection.toServer;
  lane.lastArrival = Math.max(lane.lastArrival, at);
  const id = isClient ? connection.client : connection.server;
  const peer = isClient ? connection.server : connection.client;
  kernel.schedule(
    lane.lastArrival,
    id,
    Object.freeze({
      kind: "signal",
      signal: "disconnected",
      connection: connection.id,
      peer,
      channel: connection.channel,
      reason,
    }),
  );
  void state;
}

/** Closes one end without telling anybody; a connection with both ends closed is forgotten. */
export function setClosed(state: EnvironmentState, connection: Connection, isClient: boolean): void {
  if (isClient) {
    connection.clientOpen = false;
    connection.toServer.blocked = NOTHING_BLOCKED;
    const key = channelKey(connection.client, connection.server, connection.channel);
    if (state.current[key] === connection.id) delete state.current[key];
  } else {
    connection.serverOpen = false;
    connection.toClient.blocked = NOTHING_BLOCKED;
  }
  if (!connection.clientOpen && !connection.serverOpen) delete state.connections[connection.id];
}

/** The host of the client's end, or of the server's. */
function hostOf(world: World, connection: Connection, isClient: boolean): HostId {
  const actor = world.actors[isClient ? connection.client : connection.server] as ActorState;
  return actor.host;
}
