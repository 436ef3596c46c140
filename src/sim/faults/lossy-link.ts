/** A lossy link: some packets vanish. Over TCP that is delay, and a reset when it happens too often in a row. */
import type { Delay } from "../engine/types.ts";
import { linkBetween } from "../environment/latency.ts";
import { environmentOf, type LinkProfile } from "../environment/types.ts";
import { pairsOf } from "./cut.ts";
import { type Act, begin, type Fault, hostsOf, later, list } from "./fault.ts";

export interface LossyLinkAct extends Act {
  readonly kind: "lossy-link";
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
  readonly percent: number;
  readonly for: Delay | null;
}

export const lossyLink: Fault<LossyLinkAct> = {
  kind: "lossy-link",
  label: "Lossy link",
  help: "Some packets between the two sides vanish. TCP repeats them, so loss shows as delay.",
  on: "link",
  apply(kernel, act) {
    const state = environmentOf(kernel.world);
    const pairs = pairsOf(hostsOf(kernel, act.from), hostsOf(kernel, act.to), act.oneWay);
    const before: Record<string, LinkProfile> = {};
    for (const pair of pairs) {
      const [from, to] = pair.split(">") as [string, string];
      const known = state.links[pair];
      if (known !== undefined) before[pair] = known;
      state.links[pair] = Object.freeze({ ...linkBetween(state, from, to), lossPerMille: act.percent * 10 });
    }
    const id = begin(kernel, "lossy-link", [...act.from, ...act.to], {
      from: act.from,
      to: act.to,
      oneWay: act.oneWay,
      percent: act.percent,
      pairs,
      before,
    });
    kernel.note({ kind: "link-lossy", from: act.from, to: act.to, percent: act.percent });
    if (act.for !== null) later(kernel, act.for, { kind: "heal", fault: id } as Act);
  },
  says: (act) => `The link between ${list(act.from)} and ${list(act.to)} now loses ${act.percent} % of its packets.`,
};
