/**
 * The client connections of a server: opening, answering in order, closing.
 *
 * In ZooKeeper  ServerCnxn, CommitProcessor (the requests of one client keep their order: a read waits for the writes before
 *               it), FinalRequestProcessor.
 */
import type { Message } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { WatchEvent, ZkConnectRequest, ZkNotification, ZkOp, ZkOpRequest } from "../protocol/zookeeper.ts";
import { respond } from "../rpc.ts";
import {
  serverOf,
  type Txn,
  type ZkConnection,
  type ZkServerCtx,
  type ZkServerMemory,
  type ZkSession,
} from "./state.ts";
import { type Applied, readTree } from "./tree.ts";
import { dropWatches, fireWatches, takeOverWatches, watchAfterRead } from "./watches.ts";

/** Lets a session go on at this server, on the connection of its connect request; an older connection of it is closed. */
export function openConnection(ctx: ZkServerCtx, message: Message, session: ZkSession): void {
  const server = serverOf(ctx.self);
  const older = server.connections[server.sessions[session.id] ?? ""];
  if (older !== undefined) closeConnection(ctx, older);
  const connection: ZkConnection = { sessionId: session.id, message, queue: [] };
  server.connections[message.connection] = connection;
  server.sessions[session.id] = message.connection;
  respond(ctx, message, "ZkConnect", {
    sessionId: session.id,
    passwd: session.passwd,
    timeoutMs: session.timeoutMs,
  });
  const request = (message.body as RpcRequest<"ZkConnect">).data as ZkConnectRequest;
  notify(ctx, connection, takeOverWatches(server, ctx.self.disk, session.id, request));
}

/** Tells a client that its session has expired, and hangs up. */
export function refuseExpired(ctx: ZkServerCtx, message: Message): void {
  respond(ctx, message, "ZkConnect", { sessionId: 0, passwd: 0, timeoutMs: 0 });
  ctx.hangUp(message);
}

/** Closes a client's connection; its session lives on until it expires or is closed. */
export function closeConnection(ctx: ZkServerCtx, connection: ZkConnection): void {
  ctx.hangUp(connection.message);
  forgetConnection(serverOf(ctx.self), connection.message.connection);
}

/** Closes all client connections; returns how many there were. */
export function closeAllConnections(ctx: ZkServerCtx): number {
  const server = serverOf(ctx.self);
  for (const message of Object.values(server.connecting)) ctx.hangUp(message);
  const all = Object.values(server.connections);
  for (const connection of all) ctx.hangUp(connection.message);
  const count = all.length + Object.keys(server.connecting).length;
  server.connecting = {};
  server.connections = {};
  server.sessions = {};
  server.writing = {};
  server.watches = { data: {}, child: {} };
  return count;
}

/** A client's connection is gone. */
export function forgetConnection(server: ZkServerMemory, id: string): void {
  for (const request of Object.keys(server.connecting))
    if (server.connecting[request]?.connection === id) delete server.connecting[request];
  const connection = server.connections[id];
  if (connection === undefined) return;
  delete server.connections[id];
  for (const { request } of connection.queue) if (request !== null) delete server.writing[request];
  if (server.sessions[connection.sessionId] !== id) return;
  delete server.sessions[connection.sessionId];
  dropWatches(server, connection.sessionId);
}

/** Answers a read from this server's own state, and sets the watch it asks for. */
export function answerRead(ctx: ZkServerCtx, connection: ZkConnection, message: Message): void {
  const { op } = (message.body as RpcRequest<"ZkOp">).data as ZkOpRequest;
  const result = readTree(ctx.self.disk, op as Parameters<typeof readTree>[1]);
  watchAfterRead(serverOf(ctx.self), connection.sessionId, op, result);
  respond(ctx, message, "ZkOp", result);
}

export function isRead(op: ZkOp): boolean {
  return op.op === "getData" || op.op === "exists" || op.op === "getChildren";
}

/**
 * A transaction was applied here: fires watches first, so that no client sees newer data before its notification, then answers
 * the client that asked, if it is connected here, and the reads that waited behind.
 */
export function afterApplied(ctx: ZkServerCtx, txn: Txn, { result, changes }: Applied): void {
  const server = serverOf(ctx.self);
  for (const { sessionId, events } of fireWatches(server, changes)) {
    const connection = server.connections[server.sessions[sessionId] ?? ""];
    if (connection !== undefined) notify(ctx, connection, events);
  }
  const origin = txn.origin;
  if (origin !== null && origin.server === ctx.self.id && origin.incarnation === ctx.self.incarnation) {
    if (txn.op.op === "createSession") {
      const message = server.connecting[origin.request];
      const session = ctx.self.disk.sessions[txn.zxid];
      delete server.connecting[origin.request];
      if (message !== undefined && session !== undefined) openConnection(ctx, message, session);
    } else answerWrite(ctx, origin.request, result);
  }
  for (const change of changes) {
    if (change.kind !== "session-ended") continue;
    const connection = server.connections[server.sessions[change.session.id] ?? ""];
    if (connection !== undefined) closeConnection(ctx, connection);
  }
}

function answerWrite(ctx: ZkServerCtx, request: number, result: Applied["result"]): void {
  const server = serverOf(ctx.self);
  const connection = server.connections[server.writing[request] ?? ""];
  delete server.writing[request];
  if (connection === undefined) return;
  const head = connection.queue.shift();
  // A write before it was lost on the way to the leader: the order of answers would be broken. Or a stale try of the client to
  // connect elsewhere was carried out after this connection: it is torn down, so that the client settles where it is
  // (ZOOKEEPER-710).
  if (head === undefined || head.request !== request || result.error === "SESSIONMOVED") {
    closeConnection(ctx, connection);
    return;
  }
  if (head.message.body.kind === "ZkClose") respond(ctx, head.message, "ZkClose", { zxid: result.zxid });
  else respond(ctx, head.message, "ZkOp", result);
  for (let next = connection.queue[0]; next !== undefined && next.request === null; next = connection.queue[0]) {
    connection.queue.shift();
    answerRead(ctx, connection, next.message);
  }
}

function notify(ctx: ZkServerCtx, connection: ZkConnection, events: readonly WatchEvent[]): void {
  if (events.length === 0) return;
  const notification: ZkNotification = { kind: "ZkNotification", events };
  ctx.reply(connection.message, notification);
}
