/** Ends a ZooKeeper session at once, as the ensemble would after its timeout. */

import { zooKeeperLeaderNow } from "../kafka/readings.ts";
import type { Act, Fault, Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface ExpireSessionAct extends Act {
  readonly kind: "expire-session";
  readonly target: Target;
}

export const expireSession: Fault<ExpireSessionAct> = {
  kind: "expire-session",
  label: "Expire its session",
  help: "The ensemble ends the broker's session now; its ephemeral znodes vanish.",
  on: "broker",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    const server = zooKeeperLeaderNow(kernel.world);
    if (id === null || server === null) return;
    kernel.schedule(
      kernel.now,
      server,
      Object.freeze({ kind: "command", command: Object.freeze({ kind: "expire-session", owner: id }) }),
    );
    kernel.note({ kind: "session-expiry-forced", node: id });
  },
  says: (act) => `The ensemble was made to end the session of ${nameOf(act.target)}.`,
};
