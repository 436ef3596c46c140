/** Heals links: one fault by its number, those between two sides, or all. What TCP repeats comes through some time later. */
import { list } from "../engine/words.ts";
import { deliverGoodbyes } from "../environment/goodbyes.ts";
import type { ActiveFault } from "../environment/types.ts";
import { environmentOf } from "../environment/types.ts";
import { pairsOf } from "./cut.ts";
import { type Act, end, type Fault, hostsOf } from "./fault.ts";

export interface HealAct extends Act {
  readonly kind: "heal";
  /** Number of a fault in force; with `from` and `to`: those two sides; neither: everything on links. */
  readonly fault?: number;
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly oneWay?: boolean;
}

const ON_LINKS = ["cut", "slow-link", "lossy-link"];

export const heal: Fault<HealAct> = {
  kind: "heal",
  label: "Heal",
  help: "Ends a cut, or a slow or lossy link.",
  on: "link",
  apply(kernel, act) {
    const state = environmentOf(kernel.world);
    let ended: ActiveFault[];
    const before = Object.keys(state.cuts);
    if (act.from !== undefined && act.to !== undefined) {
      const pairs = pairsOf(hostsOf(kernel, act.from), hostsOf(kernel, act.to), act.oneWay ?? false);
      for (const pair of pairs) {
        delete state.cuts[pair];
        delete state.links[pair];
      }
      ended = end(
        kernel,
        (fault) =>
          ON_LINKS.includes(fault.kind) && (fault.detail.pairs as string[]).every((pair) => pairs.includes(pair)),
      );
    } else {
      ended = end(
        kernel,
        (fault) => ON_LINKS.includes(fault.kind) && (act.fault === undefined || fault.id === act.fault),
      );
      for (const fault of ended) {
        for (const pair of fault.detail.pairs as string[]) {
          if (fault.kind === "cut") {
            const left = (state.cuts[pair] ?? 1) - 1;
            if (left <= 0) delete state.cuts[pair];
            else state.cuts[pair] = left;
          } else {
            const manners = (fault.detail.before as Record<string, never>)[pair];
            if (manners === undefined) delete state.links[pair];
            else state.links[pair] = manners;
          }
        }
      }
    }
    deliverGoodbyes(
      kernel,
      before.filter((pair) => state.cuts[pair] === undefined),
      ended,
    );
    if (ended.length > 0 || act.from !== undefined)
      kernel.note({
        kind: "link-healed",
        from: act.from ?? null,
        to: act.to ?? null,
        faults: ended.map((fault) => fault.id),
      });
  },
  says: (act) =>
    act.from === undefined
      ? "The links were healed."
      : `${list(act.from)} and ${list(act.to ?? [])} were joined again.`,
};
