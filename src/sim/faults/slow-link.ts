/** A slow link: packets between two groups of hosts take longer. */
import type { Delay } from "../engine/types.ts";
import { list } from "../engine/words.ts";
import { type Fault, span } from "./fault.ts";
import { changeLinks, type LinkAct } from "./links.ts";

export interface SlowLinkAct extends LinkAct {
  readonly kind: "slow-link";
  readonly delay: Delay;
  readonly jitter: Delay;
}

export const slowLink: Fault<SlowLinkAct> = {
  kind: "slow-link",
  label: "Slow link",
  help: "Packets between the two sides take this long, with some spread.",
  on: "link",
  apply(kernel, act) {
    changeLinks(kernel, act, { delay: act.delay, jitter: act.jitter }, { delay: act.delay });
    kernel.note({ kind: "link-slowed", from: act.from, to: act.to, delay: act.delay });
  },
  says: (act) => `The link between ${list(act.from)} and ${list(act.to)} now takes ${span(act.delay)}.`,
};
