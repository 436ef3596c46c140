/** SIGCONT: the process goes on; what waited for it runs now. */
import { resumeProcess } from "../environment/process.ts";
import { type Act, end, type Fault, type Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface ResumeAct extends Act {
  readonly kind: "resume";
  readonly target: Target;
}

export const resume: Fault<ResumeAct> = {
  kind: "resume",
  label: "Resume",
  help: "Lets a paused process go on.",
  on: "process",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    if (id === null || kernel.world.actors[id]?.process !== "paused") return;
    resumeProcess(kernel, id);
    end(kernel, (fault) => fault.kind === "pause" && fault.on.includes(id));
    kernel.note({ kind: "process-resumed", node: id });
  },
  says: (act) => `${nameOf(act.target)} went on.`,
};
