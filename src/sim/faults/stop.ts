/** SIGTERM: the process is asked to stop; a broker moves its leaders away first (controlled shutdown). */
import { stopProcess } from "../environment/process.ts";
import type { Act, Fault, Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface StopAct extends Act {
  readonly kind: "stop";
  readonly target: Target;
}

export const stop: Fault<StopAct> = {
  kind: "stop",
  label: "Stop cleanly",
  help: "Asks the process to stop (SIGTERM). A broker hands its leaders over first.",
  on: "process",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    if (id === null) return;
    stopProcess(kernel, id);
    kernel.note({ kind: "process-stopping", node: id });
  },
  says: (act) => `${nameOf(act.target)} was asked to stop.`,
};
