/** SIGSTOP: the process stands still, its connections stay, what arrives waits. A long stop-the-world collection looks the same. */

import type { Delay } from "../engine/types.ts";
import { pauseProcess } from "../environment/process.ts";
import { type Act, begin, type Fault, later, span, type Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface PauseAct extends Act {
  readonly kind: "pause";
  readonly target: Target;
  /** Null: until resumed. */
  readonly for: Delay | null;
}

export const pause: Fault<PauseAct> = {
  kind: "pause",
  label: "Pause",
  help: "Freezes the process (SIGSTOP), as a long garbage collection does. Connections stay open.",
  on: "process",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    if (id === null || kernel.world.actors[id]?.process === "down") return;
    pauseProcess(kernel, id);
    begin(kernel, "pause", [id], { for: act.for });
    kernel.note({ kind: "process-paused", node: id, for: act.for });
    if (act.for !== null) later(kernel, act.for, { kind: "resume", target: id } as Act);
  },
  says: (act) => `${nameOf(act.target)} was paused${act.for === null ? "" : ` for ${span(act.for)}`}.`,
};
