/**
 * The ZooKeeper client inside a broker, or any other process: one session, kept over reconnects.
 *
 * In Kafka     ZooKeeperClient / KafkaZkClient over ClientCnxn and StaticHostProvider of ZooKeeper 3.4 to 3.8; 0.10: zkclient.
 * Simplified   one connect round trip; requests of one client are retried after a loss of the connection by the client itself
 *              (in Kafka by the caller, which does so for ever).
 * Left out     read-only mode, authentication, asynchronous watch threads: events come in the order of the connection.
 *
 * What a client knows: it counts from the last thing it heard. After 2/3 of the timeout without a word it drops the connection;
 * that its session has expired it can only learn from a server.
 */
import { must } from "../../engine/assert.ts";
import { type ActorId, type ActorState, type Delay, MILLISECOND, SECOND } from "../../engine/types.ts";
import type { WatchEvent, ZkConnectResponse, ZkNotification, ZkOp, ZkResult, Zxid } from "../protocol/zookeeper.ts";
import type { Role } from "../roles.ts";
import { call, closeConnection, type Outcome, resume, type Then } from "../rpc.ts";
import type { KafkaActor, KafkaCtx } from "../types.ts";
import {
  clientState,
  createClientState,
  forgetWatch,
  heard,
  host,
  pingAfter,
  readTimeout,
  rememberWatch,
  ZK_CLIENT,
  type ZkClientRequest,
  type ZkClientState,
} from "./client-state.ts";

/** Told of what happens to the session. All run within the event that brought the news. */
export interface ZkListener {
  /** The first session of the process, or a new one after expiry. */
  onSessionEstablished?(ctx: KafkaCtx): void;
  /** A server said that the session is over. Runs before the new session is asked for. */
  onSessionExpired?(ctx: KafkaCtx): void;
  onDisconnected?(ctx: KafkaCtx): void;
  /** The same session, on another connection. */
  onReconnected?(ctx: KafkaCtx): void;
  /** A one-shot watch fired. */
  onWatch?(ctx: KafkaCtx, event: WatchEvent): void;
}

export interface ZkClientOptions {
  /** The ensemble, as in zookeeper.connect. */
  servers(actor: KafkaActor): readonly ActorId[];
  /** zookeeper.session.timeout.ms. */
  sessionTimeoutMs(actor: KafkaActor): number;
  /** zookeeper.max.in.flight.requests; without it 10. */
  maxInFlight?(actor: KafkaActor): number;
  readonly listener: ZkListener;
}

/** What others may know of the client. */
export interface ZkClientView {
  /** 0: none. */
  readonly sessionId: number;
  readonly connected: boolean;
  /** The server in use, null while not connected. */
  readonly server: ActorId | null;
  /** Negotiated once connected, milliseconds. */
  readonly timeoutMs: number;
  readonly lastZxidSeen: Zxid;
}

const CHANNEL = "zk";
/** Pause before a connect, random below this, unless it is the first of a session (ClientCnxn.startConnect). */
const RECONNECT_PAUSE_MS = 1000;
/** Extra pause when all servers were tried since the last success (StaticHostProvider.next). */
const SPIN_DELAY: Delay = SECOND;

interface ConnectThen extends Then {
  readonly kind: "zk-connect";
  readonly attempt: number;
}
interface OpThen extends Then {
  readonly kind: "zk-op";
  readonly id: number;
}
interface ClosedThen extends Then {
  readonly kind: "zk-closed";
  readonly then: Then | null;
}

/**
 * Sends `op` in the session. The handler of `then` gets an Outcome of kind "answer" whose data is a {@link ZkResult}. While
 * there is no connection the request waits; one whose connection broke is sent again in the same session, so a write that
 * succeeded unheard may come back as NODEEXISTS or BADVERSION. After expiry it is answered with SESSIONEXPIRED.
 */
export function zkRequest(ctx: KafkaCtx, op: ZkOp, then: Then): void {
  const state = clientState(ctx.self);
  const request: ZkClientRequest = { id: state.nextRequest, op, then: Object.freeze(then) };
  state.nextRequest += 1;
  if (state.phase === "closing" || state.phase === "closed") {
    answerExpired(ctx, request, state.lastZxidSeen);
    return;
  }
  state.queue.push(request);
  // Sent at the end of the event, so that all requests of one handler keep their order with those that were waiting.
  if (state.phase === "connected" && state.queue.length === 1) resume(ctx, { kind: "zk-flush" }, { kind: "zk-flush" });
}

/**
 * Ends the session cleanly: its ephemerals go at once. What was asked before is still carried out. `then` is resumed with
 * `{kind: "zk-closed"}` when the server has answered, or cannot be reached; without a connection that is at once.
 */
export function zkClose(ctx: KafkaCtx, then: Then | null = null): void {
  const state = clientState(ctx.self);
  if (state.phase === "closing" || state.phase === "closed") {
    if (then !== null) resume(ctx, then, { kind: "zk-closed" });
    return;
  }
  ctx.cancelTimer("zk-idle");
  ctx.cancelTimer("zk-reconnect");
  const closed: ClosedThen = { kind: "zk-closed", then };
  if (state.phase === "connected") {
    while (state.queue.length > 0) sendNext(ctx, state);
    state.phase = "closing";
    call(ctx, host(state), CHANNEL, "ZkClose", { sessionId: state.sessionId }, closed, readTimeout(state));
  } else {
    if (state.current >= 0) closeConnection(ctx, host(state), CHANNEL);
    resume(ctx, closed, { kind: "zk-closed" });
    state.phase = "closing";
  }
}

/** What the client knows of its session. */
export function zkState(ctx: { readonly self: KafkaActor }): ZkClientView {
  const { sessionId, phase, timeoutMs, lastZxidSeen, ...state } = clientState(ctx.self);
  const connected = phase === "connected";
  const server = connected ? must(state.hosts[state.current], "server of the connected client") : null;
  return { sessionId, connected, server, timeoutMs, lastZxidSeen };
}

/** The client as a role of its process; it connects when the process starts. */
export function zooKeeperClient(options: ZkClientOptions): Role {
  const { listener } = options;

  /** A new handle on the ensemble: no session, servers in a new random order, no pause before the first try. */
  function open(ctx: KafkaCtx): void {
    const state = clientState(ctx.self);
    Object.assign(state, {
      sessionId: 0,
      passwd: 0,
      askedTimeoutMs: options.sessionTimeoutMs(ctx.self),
      timeoutMs: options.sessionTimeoutMs(ctx.self),
      lastZxidSeen: 0,
      hosts: shuffled(ctx, options.servers(ctx.self)),
      current: -1,
      lastGood: -1,
      isFirstConnect: true,
      watches: { data: {}, exist: {}, child: {} },
    });
    connectNext(ctx, state);
  }

  function connectNext(ctx: KafkaCtx, state: ZkClientState): void {
    state.phase = "waiting";
    state.current = (state.current + 1) % state.hosts.length;
    let pause = state.isFirstConnect ? 0 : ctx.random("zk-reconnect-pause", RECONNECT_PAUSE_MS) * MILLISECOND;
    if (state.current === state.lastGood) pause += SPIN_DELAY;
    if (state.lastGood < 0) state.lastGood = 0;
    state.isFirstConnect = false;
    if (pause === 0) connect(ctx, state);
    else ctx.setTimer("zk-reconnect", pause);
  }

  function connect(ctx: KafkaCtx, state: ZkClientState): void {
    state.phase = "connecting";
    state.attempt += 1;
    const { sessionId, passwd, askedTimeoutMs: timeoutMs, lastZxidSeen, watches } = state;
    const then: ConnectThen = { kind: "zk-connect", attempt: state.attempt };
    const request = {
      sessionId,
      passwd,
      timeoutMs,
      lastZxidSeen,
      watches: {
        data: Object.keys(watches.data).sort(),
        exist: Object.keys(watches.exist).sort(),
        child: Object.keys(watches.child).sort(),
      },
    };
    const connectTimeout = Math.max(1, Math.floor(state.timeoutMs / state.hosts.length)) * MILLISECOND;
    call(ctx, host(state), CHANNEL, "ZkConnect", request, then, connectTimeout);
  }

  function onConnected(ctx: KafkaCtx, state: ZkClientState, answer: ZkConnectResponse): void {
    const isNew = state.sessionId === 0;
    state.phase = "connected";
    state.sessionId = answer.sessionId;
    state.passwd = answer.passwd;
    state.timeoutMs = answer.timeoutMs;
    state.lastGood = state.current;
    state.lastHeard = ctx.now;
    state.lastSent = ctx.now;
    ctx.note({
      kind: "zookeeper-connected",
      server: host(state),
      session: state.sessionId,
      timeout: state.timeoutMs * MILLISECOND,
      reason: isNew ? "new-session" : "reconnected",
    });
    armIdle(ctx, state);
    if (isNew) listener.onSessionEstablished?.(ctx);
    else listener.onReconnected?.(ctx);
    flush(ctx, state);
  }

  /** The session is over, says a server. What waited for it is told; then another session is asked for. */
  function onExpired(ctx: KafkaCtx, state: ZkClientState): void {
    const server = host(state);
    closeConnection(ctx, server, CHANNEL);
    ctx.note({
      kind: "zookeeper-session-expired",
      server,
      session: state.sessionId,
      reason: "told-by-server",
      lastHeard: state.lastHeard,
    });
    const waiting = [...state.inFlight, ...state.queue];
    state.inFlight = [];
    state.queue = [];
    state.phase = "waiting";
    state.sessionId = 0;
    for (const request of waiting) answerExpired(ctx, request, state.lastZxidSeen);
    listener.onSessionExpired?.(ctx);
    // The process may have decided to end its client, or itself.
    if (state.phase === "waiting") open(ctx);
  }

  /** The connection is gone, or is given up. What was under way will be sent again, before what waits. */
  function onLost(ctx: KafkaCtx, state: ZkClientState, reason: string): void {
    const server = host(state);
    closeConnection(ctx, server, CHANNEL);
    ctx.cancelTimer("zk-idle");
    ctx.note({
      kind: "zookeeper-disconnected",
      server,
      session: state.sessionId,
      reason,
      lastHeard: state.lastHeard,
    });
    state.queue = [...state.inFlight, ...state.queue];
    state.inFlight = [];
    state.phase = "waiting";
    listener.onDisconnected?.(ctx);
    if (state.phase === "waiting") connectNext(ctx, state);
  }

  function flush(ctx: KafkaCtx, state: ZkClientState): void {
    const limit = options.maxInFlight?.(ctx.self) ?? 10;
    while (state.phase === "connected" && state.queue.length > 0 && state.inFlight.length < limit) sendNext(ctx, state);
  }

  function onAnswer(ctx: KafkaCtx, then: OpThen, outcome: Outcome): void {
    if (outcome.kind !== "answer") return;
    const state = clientState(ctx.self);
    const at = state.inFlight.findIndex((request) => request.id === then.id);
    if (at < 0) return;
    const [request] = state.inFlight.splice(at, 1) as [ZkClientRequest];
    const result = outcome.data as ZkResult;
    heard(state, ctx.now, result.zxid);
    rememberWatch(state, request.op, result);
    resume(ctx, request.then, outcome);
    flush(ctx, state);
  }

  function onIdle(ctx: KafkaCtx, state: ZkClientState): void {
    if (state.phase !== "connected") return;
    if (ctx.now - state.lastHeard >= readTimeout(state)) {
      onLost(ctx, state, "timed-out");
      return;
    }
    if (ctx.now - state.lastSent >= pingAfter(state)) {
      state.lastSent = ctx.now;
      call(ctx, host(state), CHANNEL, "ZkPing", { sessionId: state.sessionId }, { kind: "zk-ping" }, null);
    }
    armIdle(ctx, state);
  }

  return {
    name: ZK_CLIENT,
    init: (actor: ActorState) => createClientState(options.sessionTimeoutMs(actor as unknown as KafkaActor)),
    onStart: open,
    /** A process that was paused for too long takes its connection for dead before it reads anything. */
    onResumed(ctx) {
      const state = clientState(ctx.self);
      if (state.phase === "connected" && ctx.now - state.lastHeard >= readTimeout(state))
        onLost(ctx, state, "timed-out");
    },
    onDisconnected(ctx, signal) {
      const state = clientState(ctx.self);
      if (signal.channel !== CHANNEL || state.phase !== "connected" || signal.peer !== host(state)) return;
      onLost(ctx, state, signal.reason);
    },
    messages: {
      ZkNotification(ctx, body) {
        const state = clientState(ctx.self);
        if (state.phase !== "connected") return;
        heard(state, ctx.now, 0);
        for (const event of (body as ZkNotification).events) {
          forgetWatch(state, event);
          listener.onWatch?.(ctx, event);
        }
      },
    },
    timers: {
      "zk-idle": (ctx) => onIdle(ctx, clientState(ctx.self)),
      "zk-reconnect": (ctx) => connect(ctx, clientState(ctx.self)),
    },
    then: {
      "zk-connect"(ctx: KafkaCtx, then: ConnectThen, outcome: Outcome) {
        const state = clientState(ctx.self);
        if (then.attempt !== state.attempt || state.phase !== "connecting") return;
        if (outcome.kind !== "answer") {
          connectNext(ctx, state);
          return;
        }
        const answer = outcome.data as ZkConnectResponse;
        if (answer.sessionId === 0) onExpired(ctx, state);
        else onConnected(ctx, state, answer);
      },
      "zk-op": onAnswer,
      "zk-ping"(ctx: KafkaCtx, _then: Then, outcome: Outcome) {
        if (outcome.kind === "answer") heard(clientState(ctx.self), ctx.now, (outcome.data as { zxid: Zxid }).zxid);
      },
      "zk-flush"(ctx: KafkaCtx) {
        flush(ctx, clientState(ctx.self));
      },
      "zk-closed"(ctx: KafkaCtx, { then }: ClosedThen) {
        const state = clientState(ctx.self);
        const unanswered = [...state.inFlight, ...state.queue];
        state.phase = "closed";
        state.sessionId = 0;
        state.inFlight = [];
        state.queue = [];
        for (const request of unanswered) answerExpired(ctx, request, state.lastZxidSeen);
        if (then !== null) resume(ctx, then, { kind: "zk-closed" });
      },
    },
  };
}

function armIdle(ctx: KafkaCtx, state: ZkClientState): void {
  const due = Math.min(state.lastSent + pingAfter(state), state.lastHeard + readTimeout(state));
  ctx.setTimer("zk-idle", Math.max(0, due - ctx.now));
}

function sendNext(ctx: KafkaCtx, state: ZkClientState): void {
  const request = state.queue.shift();
  if (request === undefined) return;
  state.inFlight.push(request);
  state.lastSent = ctx.now;
  const then: OpThen = { kind: "zk-op", id: request.id };
  call(ctx, host(state), CHANNEL, "ZkOp", { sessionId: state.sessionId, op: request.op }, then, null);
}

function answerExpired(ctx: KafkaCtx, request: ZkClientRequest, zxid: Zxid): void {
  const data: ZkResult = { error: "SESSIONEXPIRED", zxid };
  resume(ctx, request.then, { kind: "answer", api: "ZkOp", from: "", data });
}

function shuffled(ctx: KafkaCtx, servers: readonly ActorId[]): ActorId[] {
  const order = [...servers];
  for (let n = order.length - 1; n > 0; n -= 1) {
    const other = ctx.random("zk-server-order", n + 1);
    [order[n], order[other]] = [order[other] as ActorId, order[n] as ActorId];
  }
  return order;
}
