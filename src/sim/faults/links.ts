/** What slow and lossy links share: the manners of the links between two sides are changed until they are healed. */
import type { Delay, Kernel } from "../engine/types.ts";
import { linkBetween } from "../environment/latency.ts";
import { environmentOf, type LinkProfile } from "../environment/types.ts";
import { pairsOf } from "./cut.ts";
import { type Act, begin, hostsOf, later } from "./fault.ts";

/** An act on the links between two sides. */
export interface LinkAct extends Act {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
  /** Null: until healed. */
  readonly for: Delay | null;
}

/** Gives the links of both sides other manners; `detail` is what is shown of the fault. Healing restores what was before. */
export function changeLinks(
  kernel: Kernel,
  act: LinkAct,
  change: Partial<LinkProfile>,
  detail: Readonly<Record<string, unknown>>,
): void {
  const state = environmentOf(kernel.world);
  const pairs = pairsOf(hostsOf(kernel, act.from), hostsOf(kernel, act.to), act.oneWay);
  const before: Record<string, LinkProfile> = {};
  for (const pair of pairs) {
    const [from, to] = pair.split(">") as [string, string];
    const known = state.links[pair];
    if (known !== undefined) before[pair] = known;
    state.links[pair] = Object.freeze({ ...linkBetween(state, from, to), ...change });
  }
  const { from, to, oneWay } = act;
  const fault = begin(kernel, act.kind, [...from, ...to], { from, to, oneWay, ...detail, pairs, before });
  if (act.for !== null) later(kernel, act.for, { kind: "heal", fault } as Act);
}
