/** What a ZooKeeper client and a server say to each other, with ZooKeeper's own words; znode data are plain objects instead of bytes. */
import type { Body } from "../../engine/types.ts";

/** A transaction id: high part the epoch, low part the counter, kept as one safe integer (epoch * 2^32 + counter). */
export type Zxid = number;

export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  /** Data version, for conditional writes. */
  readonly version: number;
  /** Session that owns an ephemeral znode; 0 = persistent. */
  readonly ephemeralOwner: number;
}

/** Data of a znode: what its JSON would say. `/controller_epoch` holds a number. */
export type ZnodeData = unknown;

export type ZkWriteOp =
  | {
      readonly op: "create";
      readonly path: string;
      readonly data: ZnodeData;
      readonly ephemeral: boolean;
      readonly sequential: boolean;
    }
  | { readonly op: "setData"; readonly path: string; readonly data: ZnodeData /** -1: any */; readonly version: number }
  | { readonly op: "delete"; readonly path: string /** -1: any */; readonly version: number }
  | { readonly op: "check"; readonly path: string; readonly version: number };

export type ZkOp =
  | ZkWriteOp
  | { readonly op: "multi"; readonly ops: readonly ZkWriteOp[] }
  | { readonly op: "getData"; readonly path: string; readonly watch: boolean }
  | { readonly op: "exists"; readonly path: string; readonly watch: boolean }
  | { readonly op: "getChildren"; readonly path: string; readonly watch: boolean };

export type ZkError =
  | "OK"
  | "NONODE"
  | "NODEEXISTS"
  | "BADVERSION"
  | "NOTEMPTY"
  | "NOCHILDRENFOREPHEMERALS"
  | "SESSIONEXPIRED"
  | "SESSIONMOVED";

/** Answer to one operation. A failed multi carries the error of the first operation that failed. */
export interface ZkResult {
  readonly error: ZkError;
  readonly zxid: Zxid;
  /** create: the path made (with its sequence number). */
  readonly path?: string;
  readonly data?: ZnodeData;
  readonly stat?: Stat;
  /** getChildren: names, sorted. */
  readonly children?: readonly string[];
  /** multi: results in order. */
  readonly results?: readonly ZkResult[];
}

export type WatchEventType = "NodeCreated" | "NodeDeleted" | "NodeDataChanged" | "NodeChildrenChanged";

/** A one-shot watch that fired. */
export interface WatchEvent {
  readonly type: WatchEventType;
  readonly path: string;
}

/** Server to client, unasked. */
export interface ZkNotification extends Body {
  readonly kind: "ZkNotification";
  readonly events: readonly WatchEvent[];
}

export interface ZkConnectRequest {
  /** 0: a new session. */
  readonly sessionId: number;
  readonly passwd: number;
  readonly timeoutMs: number;
  readonly lastZxidSeen: Zxid;
  /** Watches re-sent when a session moves to another server. */
  readonly watches: {
    readonly data: readonly string[];
    readonly exist: readonly string[];
    readonly child: readonly string[];
  };
}
export interface ZkConnectResponse {
  /** 0: the session has expired. */
  readonly sessionId: number;
  readonly passwd: number;
  /** Negotiated. */
  readonly timeoutMs: number;
}
/** A server that cannot serve (no quorum, or behind the client) closes the connection instead of answering. */

export interface ZkPingRequest {
  readonly sessionId: number;
}
export interface ZkPingResponse {
  readonly zxid: Zxid;
}
export interface ZkOpRequest {
  readonly sessionId: number;
  readonly op: ZkOp;
}
export interface ZkCloseRequest {
  readonly sessionId: number;
}
export interface ZkCloseResponse {
  readonly zxid: Zxid;
}
