/** Tells of committed writes. The leader does, when it commits: once for each, in the one order of all. */
import { MILLISECOND } from "../../engine/types.ts";
import type { Txn, ZkServerCtx } from "./state.ts";
import type { Applied } from "./tree.ts";

/** Notes what a committed transaction did. `recovered`: it was proposed by an earlier leader, which may have told of it. */
export function noteWrites(ctx: ZkServerCtx, txn: Txn, { changes }: Applied, recovered: boolean): void {
  const { zxid, sessionId: session } = txn;
  const ended = changes.find((change) => change.kind === "session-ended");
  const by = ended?.session.owner ?? ctx.self.disk.sessions[session]?.owner ?? null;
  for (let nth = 0; nth < changes.length; nth += 1) {
    const change = changes[nth] as Applied["changes"][number];
    const place = { zxid, nth, recovered };
    switch (change.kind) {
      case "session-created": {
        const { id, owner, timeoutMs } = change.session;
        const timeout = timeoutMs * MILLISECOND;
        ctx.note({ kind: "session-created", session: id, owner, timeout, ...place });
        break;
      }
      case "session-ended": {
        const { owner, timeoutMs } = change.session;
        const ephemerals = changes.flatMap((one) => (one.kind === "deleted" ? [one.path] : []));
        const common = { session, owner, ephemerals, ...place };
        if (change.reason === "closed") ctx.note({ kind: "session-closed", reason: "closed-by-client", ...common });
        else {
          const lastHeard = txn.op.op === "closeSession" ? txn.op.lastHeard : null;
          const reason = change.reason === "expired" ? "timeout" : "ordered";
          ctx.note({ kind: "session-expired", reason, timeout: timeoutMs * MILLISECOND, lastHeard, ...common });
        }
        break;
      }
      case "created": {
        const { data, version, ephemeralOwner } = change.znode;
        const ephemeral = ephemeralOwner !== 0;
        ctx.note({ kind: "znode-created", path: change.path, data, version, ephemeral, session, by, ...place });
        break;
      }
      case "changed": {
        const { data, version } = change.znode;
        ctx.note({ kind: "znode-changed", path: change.path, data, version, session, by, ...place });
        break;
      }
      case "deleted": {
        const reason = ended === undefined ? "requested" : "session-ended";
        const { version } = change.znode;
        ctx.note({ kind: "znode-deleted", path: change.path, version, reason, session, by, ...place });
        break;
      }
    }
  }
}
