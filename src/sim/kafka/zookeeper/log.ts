/**
 * The transaction log of a server: proposals go to disk, committed ones are applied in order.
 *
 * In ZooKeeper  SyncRequestProcessor (one flush covers what came while the last one ran), FinalRequestProcessor.
 * Simplified    a flush takes a fixed time; the tree on disk is always as new as the commits (no snapshots and replays).
 */
import { assert } from "../../engine/assert.ts";
import { type Delay, MILLISECOND } from "../../engine/types.ts";
import type { Zxid } from "../protocol/zookeeper.ts";
import { afterApplied } from "./connections.ts";
import { lastLogged, serverOf, type Txn, type ZkServerCtx } from "./state.ts";
import { applyTxn } from "./tree.ts";
import { noteWrites } from "./write-facts.ts";

/** What one flush of the log to disk takes. */
export const FSYNC: Delay = MILLISECOND;

/** Queues a proposal for the disk. */
export function logProposal(ctx: ZkServerCtx, txn: Txn): void {
  const server = serverOf(ctx.self);
  server.unsynced.push(txn);
  if (server.syncing === 0) startFsync(ctx);
}

/** A flush is done. Returns the last zxid that is on disk now; null if the server lost interest meanwhile. */
export function finishFsync(ctx: ZkServerCtx): Zxid | null {
  const server = serverOf(ctx.self);
  if (server.syncing === 0) return null;
  const logged = server.unsynced.splice(0, server.syncing);
  for (const txn of logged) {
    assert(txn.zxid > lastLogged(ctx.self.disk), `${ctx.self.id} logs ${txn.zxid} after ${lastLogged(ctx.self.disk)}`);
    ctx.self.disk.log.push(txn);
  }
  server.syncing = 0;
  if (server.unsynced.length > 0) startFsync(ctx);
  applyCommitted(ctx);
  return lastLogged(ctx.self.disk);
}

/** Forgets what has not reached the disk. */
export function dropUnsynced(ctx: ZkServerCtx): void {
  const server = serverOf(ctx.self);
  server.unsynced = [];
  server.syncing = 0;
  ctx.cancelTimer("zk-fsync");
}

/** Everything up to `zxid` is committed; applies what is logged of it. */
export function commitUpTo(ctx: ZkServerCtx, zxid: Zxid): void {
  const server = serverOf(ctx.self);
  if (zxid > server.committed) server.committed = zxid;
  applyCommitted(ctx);
}

function applyCommitted(ctx: ZkServerCtx): void {
  const server = serverOf(ctx.self);
  const { disk } = ctx.self;
  for (let txn = disk.log[0]; txn !== undefined && txn.zxid <= server.committed; txn = disk.log[0]) {
    disk.log.shift();
    assert(txn.zxid > disk.committedZxid, `${ctx.self.id} applies ${txn.zxid} after ${disk.committedZxid}`);
    const applied = applyTxn(disk, txn);
    if (server.leading !== null) {
      noteWrites(ctx, txn, applied, txn.zxid <= server.leading.inheritedZxid);
      for (const change of applied.changes)
        if (change.kind === "session-ended") delete server.leading.sessions[change.session.id];
    }
    afterApplied(ctx, txn, applied);
  }
}

function startFsync(ctx: ZkServerCtx): void {
  const server = serverOf(ctx.self);
  server.syncing = server.unsynced.length;
  ctx.setTimer("zk-fsync", FSYNC);
}
