/** A slow link: packets between two groups of hosts take longer. */
import type { Delay } from "../engine/types.ts";
import { linkBetween } from "../environment/latency.ts";
import { environmentOf, type LinkProfile } from "../environment/types.ts";
import { pairsOf } from "./cut.ts";
import { type Act, begin, type Fault, hostsOf, later, list, span } from "./fault.ts";

export interface SlowLinkAct extends Act {
  readonly kind: "slow-link";
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
  readonly delay: Delay;
  readonly jitter: Delay;
  readonly for: Delay | null;
}

export const slowLink: Fault<SlowLinkAct> = {
  kind: "slow-link",
  label: "Slow link",
  help: "Packets between the two sides take this long, with some spread.",
  on: "link",
  apply(kernel, act) {
    const state = environmentOf(kernel.world);
    const pairs = pairsOf(hostsOf(kernel, act.from), hostsOf(kernel, act.to), act.oneWay);
    const before: Record<string, LinkProfile> = {};
    for (const pair of pairs) {
      const [from, to] = pair.split(">") as [string, string];
      const known = state.links[pair];
      if (known !== undefined) before[pair] = known;
      state.links[pair] = Object.freeze({ ...linkBetween(state, from, to), delay: act.delay, jitter: act.jitter });
    }
    const id = begin(kernel, "slow-link", [...act.from, ...act.to], {
      from: act.from,
      to: act.to,
      oneWay: act.oneWay,
      delay: act.delay,
      pairs,
      before,
    });
    kernel.note({ kind: "link-slowed", from: act.from, to: act.to, delay: act.delay });
    if (act.for !== null) later(kernel, act.for, { kind: "heal", fault: id } as Act);
  },
  says: (act) => `The link between ${list(act.from)} and ${list(act.to)} now takes ${span(act.delay)}.`,
};
