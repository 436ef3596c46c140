/** A lossy link: some packets vanish. Over TCP that is delay, and a reset when it happens too often in a row. */
import { list } from "../engine/words.ts";
import type { Fault } from "./fault.ts";
import { changeLinks, type LinkAct } from "./links.ts";

export interface LossyLinkAct extends LinkAct {
  readonly kind: "lossy-link";
  readonly percent: number;
}

export const lossyLink: Fault<LossyLinkAct> = {
  kind: "lossy-link",
  label: "Lossy link",
  help: "Some packets between the two sides vanish. TCP repeats them, so loss shows as delay.",
  on: "link",
  apply(kernel, act) {
    changeLinks(kernel, act, { lossPerMille: act.percent * 10 }, { percent: act.percent });
    kernel.note({ kind: "link-lossy", from: act.from, to: act.to, percent: act.percent });
  },
  says: (act) => `The link between ${list(act.from)} and ${list(act.to)} now loses ${act.percent} % of its packets.`,
};
