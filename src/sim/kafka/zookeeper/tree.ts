/**
 * The znode tree: what one transaction does to it, and what reads see. Pure but for the disk that is handed in.
 *
 * In ZooKeeper  DataTree and PrepRequestProcessor. There the leader checks a request before it is proposed, against the changes
 *               still under way; here every server checks when it applies, in the same order, which comes to the same.
 * Left out      access lists, containers, time to live, quotas.
 */
import { freeze } from "../../engine/snapshot.ts";
import type { Stat, ZkError, ZkOp, ZkResult, ZkWriteOp, ZnodeData, Zxid } from "../protocol/zookeeper.ts";
import type { SessionEnd, Txn, ZkDisk, ZkSession, Znode } from "./state.ts";

/** One change of one transaction, in order. */
export type ZkChange =
  | { readonly kind: "created" | "changed" | "deleted"; readonly path: string; readonly znode: Znode }
  | { readonly kind: "session-created"; readonly session: ZkSession }
  | { readonly kind: "session-ended"; readonly session: ZkSession; readonly reason: SessionEnd };

export interface Applied {
  readonly result: ZkResult;
  /** Empty for a transaction that failed. */
  readonly changes: readonly ZkChange[];
}

/** The persistent znodes that every Kafka broker makes sure of at its start (ZkData.PersistentZkPaths). */
export const KAFKA_PATHS: readonly string[] = Object.freeze([
  "/admin",
  "/admin/delete_topics",
  "/brokers",
  "/brokers/ids",
  "/brokers/seqid",
  "/brokers/topics",
  "/config",
  "/config/brokers",
  "/config/changes",
  "/config/clients",
  "/config/topics",
  "/config/users",
  "/consumers",
  "/isr_change_notification",
  "/latest_producer_id_block",
  "/log_dir_event_notification",
]);

/** A server's disk before the first election: the root, and `paths` (parents first) without data. */
export function createZkDisk(paths: readonly string[] = KAFKA_PATHS): ZkDisk {
  const disk: ZkDisk = {
    acceptedEpoch: 0,
    currentEpoch: 0,
    committedZxid: 0,
    tree: { "/": znodeOf(null, 0, 0) },
    sessions: {},
    epochEnds: {},
    log: [],
  };
  for (const path of paths) {
    const op: ZkWriteOp = { op: "create", path, data: null, ephemeral: false, sequential: false };
    const draft = draftOf(disk);
    if (applyWrite(draft, op, 0, 0).error === "OK") Object.assign(disk.tree, draft.changed);
  }
  return disk;
}

/** Applies the next transaction to the disk's tree and sessions. A multi takes effect as a whole or not at all. */
export function applyTxn(disk: ZkDisk, txn: Txn): Applied {
  disk.committedZxid = txn.zxid;
  const { op, zxid, sessionId } = txn;
  switch (op.op) {
    case "error":
      return failed(op.error, zxid);
    case "createSession": {
      const session: ZkSession = freeze({
        id: zxid,
        owner: op.owner,
        passwd: passwdOf(zxid),
        timeoutMs: op.timeoutMs,
      });
      disk.sessions[zxid] = session;
      return { result: { error: "OK", zxid }, changes: [{ kind: "session-created", session }] };
    }
    case "closeSession":
      return closeSession(disk, sessionId, zxid, op.reason);
    default:
      if (disk.sessions[sessionId] === undefined) return failed("SESSIONEXPIRED", zxid);
      return op.op === "multi" ? applyMulti(disk, op.ops, txn) : applyOne(disk, op, txn);
  }
}

/** Answers a read from the server's own state. */
export function readTree(disk: ZkDisk, op: Exclude<ZkOp, ZkWriteOp | { op: "multi" }>): ZkResult {
  const znode = disk.tree[op.path];
  const zxid = disk.committedZxid;
  if (znode === undefined) return { error: "NONODE", zxid };
  const stat = statOf(znode);
  switch (op.op) {
    case "exists":
      return { error: "OK", zxid, stat };
    case "getData":
      return { error: "OK", zxid, stat, data: znode.data };
    case "getChildren":
      return { error: "OK", zxid, stat, children: znode.children };
  }
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function statOf({ czxid, mzxid, version, ephemeralOwner }: Znode): Stat {
  return { czxid, mzxid, version, ephemeralOwner };
}

/** A session's password; there are no attackers here, only clients that confuse sessions. */
function passwdOf(sessionId: number): number {
  return (sessionId * 31 + 7) % 65_521;
}

/** Changes of one transaction, on top of the tree. */
interface Draft {
  readonly disk: ZkDisk;
  /** Null: deleted. */
  readonly changed: Record<string, Znode | null>;
  readonly changes: ZkChange[];
}

function draftOf(disk: ZkDisk): Draft {
  return { disk, changed: {}, changes: [] };
}

function look(draft: Draft, path: string): Znode | null {
  const changed = draft.changed[path];
  return changed !== undefined ? changed : (draft.disk.tree[path] ?? null);
}

function commit(draft: Draft): void {
  const tree = draft.disk.tree;
  for (const path of Object.keys(draft.changed)) {
    const znode = draft.changed[path] as Znode | null;
    if (znode === null) delete tree[path];
    else tree[path] = znode;
  }
}

function applyOne(disk: ZkDisk, op: ZkWriteOp, { sessionId, zxid }: Txn): Applied {
  const draft = draftOf(disk);
  const result = applyWrite(draft, op, sessionId, zxid);
  if (result.error !== "OK") return { result, changes: [] };
  commit(draft);
  return { result, changes: draft.changes };
}

function applyMulti(disk: ZkDisk, ops: readonly ZkWriteOp[], { sessionId, zxid }: Txn): Applied {
  const draft = draftOf(disk);
  const results: ZkResult[] = [];
  for (const op of ops) {
    const result = applyWrite(draft, op, sessionId, zxid);
    results.push(result);
    if (result.error !== "OK") return { result: { error: result.error, zxid, results }, changes: [] };
  }
  commit(draft);
  return { result: { error: "OK", zxid, results }, changes: draft.changes };
}

function closeSession(disk: ZkDisk, sessionId: number, zxid: Zxid, reason: SessionEnd): Applied {
  const session = disk.sessions[sessionId];
  if (session === undefined) return failed("SESSIONEXPIRED", zxid);
  delete disk.sessions[sessionId];
  const draft = draftOf(disk);
  const owned = Object.keys(disk.tree).filter((path) => disk.tree[path]?.ephemeralOwner === sessionId);
  for (const path of owned.sort()) applyWrite(draft, { op: "delete", path, version: -1 }, sessionId, zxid);
  commit(draft);
  return { result: { error: "OK", zxid }, changes: [{ kind: "session-ended", session, reason }, ...draft.changes] };
}

function applyWrite(draft: Draft, op: ZkWriteOp, sessionId: number, zxid: Zxid): ZkResult {
  switch (op.op) {
    case "create": {
      const parentPath = parentOf(op.path);
      const parent = look(draft, parentPath);
      if (parent === null) return { error: "NONODE", zxid };
      if (parent.ephemeralOwner !== 0) return { error: "NOCHILDRENFOREPHEMERALS", zxid };
      const suffix = op.sequential ? String(parent.childrenCreated).padStart(10, "0") : "";
      const path = `${op.path}${suffix}`;
      if (look(draft, path) !== null) return { error: "NODEEXISTS", zxid };
      const znode = znodeOf(op.data, zxid, op.ephemeral ? sessionId : 0);
      draft.changed[path] = znode;
      draft.changed[parentPath] = Object.freeze({
        ...parent,
        pzxid: zxid,
        childrenCreated: parent.childrenCreated + 1,
        children: withChild(parent.children, nameOf(path)),
      });
      draft.changes.push({ kind: "created", path, znode });
      return { error: "OK", zxid, path, stat: statOf(znode) };
    }
    case "setData": {
      const old = look(draft, op.path);
      if (old === null) return { error: "NONODE", zxid };
      if (op.version !== -1 && op.version !== old.version) return { error: "BADVERSION", zxid };
      const znode: Znode = freeze({ ...old, data: op.data, version: old.version + 1, mzxid: zxid });
      draft.changed[op.path] = znode;
      draft.changes.push({ kind: "changed", path: op.path, znode });
      return { error: "OK", zxid, stat: statOf(znode) };
    }
    case "delete": {
      const old = look(draft, op.path);
      if (old === null) return { error: "NONODE", zxid };
      if (op.version !== -1 && op.version !== old.version) return { error: "BADVERSION", zxid };
      if (old.children.length > 0) return { error: "NOTEMPTY", zxid };
      const parentPath = parentOf(op.path);
      const parent = look(draft, parentPath);
      draft.changed[op.path] = null;
      if (parent !== null) {
        const name = nameOf(op.path);
        const children = Object.freeze(parent.children.filter((child) => child !== name));
        draft.changed[parentPath] = Object.freeze({ ...parent, pzxid: zxid, children });
      }
      draft.changes.push({ kind: "deleted", path: op.path, znode: old });
      return { error: "OK", zxid };
    }
    case "check": {
      const znode = look(draft, op.path);
      if (znode === null) return { error: "NONODE", zxid };
      if (op.version !== -1 && op.version !== znode.version) return { error: "BADVERSION", zxid };
      return { error: "OK", zxid, stat: statOf(znode) };
    }
  }
}

function failed(error: ZkError, zxid: Zxid): Applied {
  return { result: { error, zxid }, changes: [] };
}

function znodeOf(data: ZnodeData, zxid: Zxid, ephemeralOwner: number): Znode {
  return freeze({
    data,
    version: 0,
    czxid: zxid,
    mzxid: zxid,
    pzxid: zxid,
    ephemeralOwner,
    childrenCreated: 0,
    children: [],
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function withChild(children: readonly string[], name: string): readonly string[] {
  const at = children.findIndex((child) => child > name);
  const place = at < 0 ? children.length : at;
  return Object.freeze([...children.slice(0, place), name, ...children.slice(place)]);
}
