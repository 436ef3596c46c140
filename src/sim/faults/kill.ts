/** kill -9: the process ends at once, its connections are reset. */
import { killProcess } from "../environment/process.ts";
import { type Act, end, type Fault, type Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface KillAct extends Act {
  readonly kind: "kill";
  readonly target: Target;
}

export const kill: Fault<KillAct> = {
  kind: "kill",
  label: "Kill",
  help: "Ends the process at once (kill -9). Memory is lost, the page cache is not.",
  on: "process",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    if (id === null) return;
    killProcess(kernel, id);
    end(kernel, (fault) => fault.kind === "pause" && fault.on.includes(id));
    kernel.note({ kind: "process-killed", node: id });
  },
  says: (act) => `${nameOf(act.target)} was killed.`,
};
