/**
 * What a server does for clients: sessions opened, moved and closed, reads answered here, writes handed to the leader.
 *
 * In ZooKeeper  ZooKeeperServer.processConnectRequest, LearnerSessionTracker (followers tell the leader whom they heard of).
 */
import type { ActorId, Message } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import { respond } from "../rpc.ts";
import { answerRead, isRead, openConnection, refuseExpired } from "./connections.ts";
import { QUORUM_CHANNEL, tellPeer } from "./peers.ts";
import { propose, submit } from "./propose.ts";
import { negotiatedTimeoutMs, tickOf, touchSession } from "./sessions.ts";
import {
  isServing,
  serverOf,
  type TxnOp,
  type TxnOrigin,
  type ZkConnection,
  type ZkServerCtx,
  type ZkSession,
} from "./state.ts";

export function onConnectRequest(ctx: ZkServerCtx, { data }: RpcRequest<"ZkConnect">, message: Message): void {
  const server = serverOf(ctx.self);
  // A server that is behind what the client has seen would take it back in time.
  if (!isServing(server) || data.lastZxidSeen > ctx.self.disk.committedZxid) {
    ctx.hangUp(message);
    return;
  }
  const { sessionId, passwd } = data;
  if (sessionId === 0) {
    const origin = newOrigin(ctx);
    server.connecting[origin.request] = message;
    const timeoutMs = negotiatedTimeoutMs(ctx.self.config.zookeeper, data.timeoutMs);
    submit(ctx, 0, { op: "createSession", owner: message.from, timeoutMs }, origin);
  } else if (server.leading !== null) {
    const session = revalidate(ctx, sessionId, passwd, ctx.self.id);
    if (session === null) refuseExpired(ctx, message);
    else openConnection(ctx, message, session);
  } else if (server.following !== null) {
    const { request } = newOrigin(ctx);
    server.connecting[request] = message;
    tellPeer(ctx, server.following.leader, QUORUM_CHANNEL, "ZkRevalidate", { sessionId, passwd, request });
  }
}

/** A follower's question to the leader came back. */
export function onRevalidated(ctx: ZkServerCtx, request: number, session: ZkSession | null): void {
  const server = serverOf(ctx.self);
  const message = server.connecting[request];
  delete server.connecting[request];
  if (message === undefined) return;
  if (session === null) refuseExpired(ctx, message);
  else openConnection(ctx, message, session);
}

/** The leader's word on a session that wants to go on at `at`: the session, or null if it is over (or about to be). */
export function revalidate(ctx: ZkServerCtx, sessionId: number, passwd: number, at: ActorId): ZkSession | null {
  const tracked = serverOf(ctx.self).leading?.sessions[sessionId];
  const session = ctx.self.disk.sessions[sessionId];
  if (tracked === undefined || tracked.isClosing || session === undefined || session.passwd !== passwd) return null;
  tracked.server = at;
  touchSession(tracked, ctx.now, ctx.now, tickOf(ctx.self.config.zookeeper));
  return session;
}

export function onPingRequest(ctx: ZkServerCtx, _request: RpcRequest<"ZkPing">, message: Message): void {
  if (connectionOf(ctx, message) === null) return;
  respond(ctx, message, "ZkPing", { zxid: ctx.self.disk.committedZxid });
}

export function onOpRequest(ctx: ZkServerCtx, { data }: RpcRequest<"ZkOp">, message: Message): void {
  const connection = connectionOf(ctx, message);
  if (connection === null) return;
  const { op } = data;
  if (!isRead(op)) write(ctx, connection, message, op as TxnOp);
  else if (connection.queue.length > 0) connection.queue.push({ message, request: null });
  else answerRead(ctx, connection, message);
}

export function onCloseRequest(ctx: ZkServerCtx, _request: RpcRequest<"ZkClose">, message: Message): void {
  const connection = connectionOf(ctx, message);
  if (connection === null) return;
  write(ctx, connection, message, { op: "closeSession", reason: "closed", lastHeard: ctx.now });
}

/** Ends all sessions of `owner` at once; only a leader can. */
export function expireSessionsOf(ctx: ZkServerCtx, owner: ActorId): void {
  const { leading, following } = serverOf(ctx.self);
  if (leading?.isEstablished) {
    const ids = Object.keys(leading.sessions).filter((id) => leading.sessions[id]?.owner === owner);
    for (const id of ids.map(Number).sort((a, b) => a - b)) {
      const tracked = leading.sessions[id];
      if (tracked === undefined || tracked.isClosing) continue;
      propose(ctx, id, { op: "closeSession", reason: "expired-by-order", lastHeard: tracked.lastHeard }, null);
    }
  } else if (following?.stage === "synced") {
    tellPeer(ctx, following.leader, QUORUM_CHANNEL, "ZkExpire", { owner });
  }
}

function write(ctx: ZkServerCtx, connection: ZkConnection, message: Message, op: TxnOp): void {
  const origin = newOrigin(ctx);
  connection.queue.push({ message, request: origin.request });
  serverOf(ctx.self).writing[origin.request] = message.connection;
  submit(ctx, connection.sessionId, op, origin);
}

/** The session connection that a request came on; hangs up and gives null if there is none. Counts as a sign of life. */
function connectionOf(ctx: ZkServerCtx, message: Message): ZkConnection | null {
  const server = serverOf(ctx.self);
  const connection = server.connections[message.connection];
  if (connection === undefined) {
    ctx.hangUp(message);
    return null;
  }
  const tracked = server.leading?.sessions[connection.sessionId];
  if (tracked !== undefined) touchSession(tracked, ctx.now, ctx.now, tickOf(ctx.self.config.zookeeper));
  if (server.following !== null) server.following.touched[connection.sessionId] = ctx.now;
  return connection;
}

function newOrigin(ctx: ZkServerCtx): TxnOrigin {
  const server = serverOf(ctx.self);
  const request = server.nextRequest;
  server.nextRequest += 1;
  return { server: ctx.self.id, incarnation: ctx.self.incarnation, request };
}
