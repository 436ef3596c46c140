/** Arms an act: it happens some time after the n-th matching fact. */
import type { Delay } from "../engine/types.ts";
import { environmentOf } from "../environment/types.ts";
import { type Act, type Fault, span } from "./fault.ts";

export interface WhenAct extends Act {
  readonly kind: "when";
  readonly fact: string;
  readonly where: Readonly<Record<string, unknown>>;
  readonly nth: number;
  readonly after: Delay;
  readonly act: Act;
}

export const when: Fault<WhenAct> = {
  kind: "when",
  label: "When",
  help: "Waits for a fact before it acts.",
  on: "none",
  apply(kernel, act) {
    environmentOf(kernel.world).armed.push({
      fact: act.fact,
      where: act.where,
      remaining: act.nth,
      after: act.after,
      act: act.act,
    });
  },
  says: (act) => `Waiting for ${act.fact}${act.after > 0 ? `, then ${span(act.after)}` : ""}.`,
};
