/**
 * Watches at the server a session is connected to: one-shot, fired when a transaction is applied there.
 *
 * In ZooKeeper  WatchManager, DataTree.setWatches. `exists` and `getData` share one table.
 */
import type { WatchEvent, ZkConnectRequest, ZkOp, ZkResult, Zxid } from "../protocol/zookeeper.ts";
import type { WatchTable, ZkDisk, ZkServerMemory } from "./state.ts";
import { parentOf, type ZkChange } from "./tree.ts";

/** Registers the watch that a read asked for, if its result calls for one. */
export function watchAfterRead(server: ZkServerMemory, sessionId: number, op: ZkOp, result: ZkResult): void {
  if (op.op === "getChildren" && op.watch && result.error === "OK") add(server.watches.child, op.path, sessionId);
  if (op.op === "getData" && op.watch && result.error === "OK") add(server.watches.data, op.path, sessionId);
  if (op.op === "exists" && op.watch) add(server.watches.data, op.path, sessionId);
}

/** Takes over the watches of a session that moved here; returns those that have fired meanwhile. */
export function takeOverWatches(
  server: ZkServerMemory,
  disk: ZkDisk,
  sessionId: number,
  { watches, lastZxidSeen }: ZkConnectRequest,
): WatchEvent[] {
  const fired: WatchEvent[] = [];
  const missed = (zxid: Zxid) => zxid > lastZxidSeen;
  for (const path of watches.data) {
    const znode = disk.tree[path];
    if (znode === undefined) fired.push({ type: "NodeDeleted", path });
    else if (missed(znode.mzxid)) fired.push({ type: "NodeDataChanged", path });
    else add(server.watches.data, path, sessionId);
  }
  for (const path of watches.exist) {
    if (disk.tree[path] !== undefined) fired.push({ type: "NodeCreated", path });
    else add(server.watches.data, path, sessionId);
  }
  for (const path of watches.child) {
    const znode = disk.tree[path];
    if (znode === undefined) fired.push({ type: "NodeDeleted", path });
    else if (missed(znode.pzxid)) fired.push({ type: "NodeChildrenChanged", path });
    else add(server.watches.child, path, sessionId);
  }
  return fired;
}

/** The events of a transaction by session, in ascending order of the session's id; the watches are used up. */
export function fireWatches(
  server: ZkServerMemory,
  changes: readonly ZkChange[],
): { sessionId: number; events: WatchEvent[] }[] {
  const bySession: Record<string, WatchEvent[]> = {};
  const { data, child } = server.watches;
  const tell = (sessions: readonly number[], event: WatchEvent) => {
    for (const sessionId of sessions) {
      const events = bySession[sessionId] ?? [];
      bySession[sessionId] = events;
      // A session that watches both the data and the children of a znode hears of its end once.
      if (!events.some((one) => one.type === event.type && one.path === event.path)) events.push(event);
    }
  };
  for (const change of changes) {
    switch (change.kind) {
      case "created":
        tell(take(data, change.path), { type: "NodeCreated", path: change.path });
        tell(take(child, parentOf(change.path)), { type: "NodeChildrenChanged", path: parentOf(change.path) });
        break;
      case "changed":
        tell(take(data, change.path), { type: "NodeDataChanged", path: change.path });
        break;
      case "deleted":
        tell(take(data, change.path), { type: "NodeDeleted", path: change.path });
        tell(take(child, change.path), { type: "NodeDeleted", path: change.path });
        tell(take(child, parentOf(change.path)), { type: "NodeChildrenChanged", path: parentOf(change.path) });
        break;
      case "session-created":
      case "session-ended":
        break;
    }
  }
  return Object.keys(bySession)
    .map((id) => ({ sessionId: Number(id), events: bySession[id] as WatchEvent[] }))
    .sort((a, b) => a.sessionId - b.sessionId);
}

/** Forgets the watches of a session that is no longer connected here. */
export function dropWatches(server: ZkServerMemory, sessionId: number): void {
  for (const table of [server.watches.data, server.watches.child]) {
    for (const path of Object.keys(table)) {
      const rest = (table[path] as number[]).filter((id) => id !== sessionId);
      if (rest.length > 0) table[path] = rest;
      else delete table[path];
    }
  }
}

function add(table: WatchTable, path: string, sessionId: number): void {
  const watchers = table[path];
  if (watchers === undefined) table[path] = [sessionId];
  else if (!watchers.includes(sessionId)) watchers.push(sessionId);
}

function take(table: WatchTable, path: string): readonly number[] {
  const watchers = table[path];
  if (watchers === undefined) return NOBODY;
  delete table[path];
  return watchers;
}

const NOBODY: readonly number[] = Object.freeze([]);
