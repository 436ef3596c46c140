/** Starts a process on the disk it has. */
import { startProcess } from "../environment/process.ts";
import type { Act, Fault, Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface StartAct extends Act {
  readonly kind: "start";
  readonly target: Target;
}

export const start: Fault<StartAct> = {
  kind: "start",
  label: "Start",
  help: "Starts the process again on the disk it has.",
  on: "process",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    if (id === null || kernel.world.actors[id]?.process !== "down") return;
    startProcess(kernel, id);
    kernel.note({ kind: "process-started", node: id });
  },
  says: (act) => `${nameOf(act.target)} was started.`,
};
