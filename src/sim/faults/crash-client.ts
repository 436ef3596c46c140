/** A client process dies: no LeaveGroup, no last commit, batches not yet sent are gone. */
import { killProcess } from "../environment/process.ts";
import { type Act, end, type Fault } from "./fault.ts";

export interface CrashClientAct extends Act {
  readonly kind: "crash-client";
  readonly target: string;
}

export const crashClient: Fault<CrashClientAct> = {
  kind: "crash-client",
  label: "Crash client",
  help: "Ends the client's process at once: nothing is flushed, committed or said goodbye to.",
  on: "client",
  apply(kernel, act) {
    killProcess(kernel, act.target);
    end(kernel, (fault) => fault.kind === "pause" && fault.on.includes(act.target));
    kernel.note({ kind: "process-killed", node: act.target });
  },
  says: (act) => `${act.target} crashed.`,
};
