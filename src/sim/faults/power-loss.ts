/** Power loss of a machine: its processes die, nobody is told, and what was not flushed is gone. */

import { must } from "../engine/assert.ts";
import { darkenHost } from "../environment/process.ts";
import type { Act, Fault, Target } from "./fault.ts";
import { nameOf, resolveTarget } from "./targets.ts";

export interface PowerLossAct extends Act {
  readonly kind: "power-loss";
  readonly target: Target;
}

export const powerLoss: Fault<PowerLossAct> = {
  kind: "power-loss",
  label: "Power loss",
  help: "The machine goes dark. Peers get no reset, and the unflushed end of its logs may be gone.",
  on: "process",
  apply(kernel, act) {
    const id = resolveTarget(kernel, act.target);
    if (id === null) return;
    darkenHost(kernel, must(kernel.world.actors[id], id).host);
    kernel.note({ kind: "power-lost", node: id });
  },
  says: (act) => `${nameOf(act.target)} lost power.`,
};
