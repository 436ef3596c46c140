/** A cut: packets between two groups of hosts vanish, both ways or one. Nothing is reset; TCP repeats until it gives up. */
import type { Delay, HostId } from "../engine/types.ts";
import { list } from "../engine/words.ts";
import { environmentOf } from "../environment/types.ts";
import { type Act, begin, type Fault, hostsOf, later, span } from "./fault.ts";

export interface CutAct extends Act {
  readonly kind: "cut";
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
  /** Null: until healed. */
  readonly for: Delay | null;
}

/** Directed host pairs that a cut blocks. */
export function pairsOf(from: readonly HostId[], to: readonly HostId[], oneWay: boolean): string[] {
  const pairs: string[] = [];
  for (const a of from) {
    for (const b of to) {
      if (a === b) continue;
      pairs.push(`${a}>${b}`);
      if (!oneWay) pairs.push(`${b}>${a}`);
    }
  }
  return [...new Set(pairs)];
}

export const cut: Fault<CutAct> = {
  kind: "cut",
  label: "Cut from",
  help: "Packets between the two sides vanish. Nobody is told; connections come back some time after the heal.",
  on: "link",
  apply(kernel, act) {
    const state = environmentOf(kernel.world);
    const from = hostsOf(kernel, act.from);
    const to = hostsOf(kernel, act.to);
    const pairs = pairsOf(from, to, act.oneWay);
    for (const pair of pairs) state.cuts[pair] = (state.cuts[pair] ?? 0) + 1;
    const id = begin(kernel, "cut", [...act.from, ...act.to], {
      from: act.from,
      to: act.to,
      oneWay: act.oneWay,
      pairs,
    });
    kernel.note({ kind: "link-cut", from: act.from, to: act.to, oneWay: act.oneWay });
    if (act.for !== null) later(kernel, act.for, { kind: "heal", fault: id } as Act);
  },
  says: (act) =>
    `${list(act.from)} ${act.from.length > 1 ? "were" : "was"} cut from ${list(act.to)}${act.oneWay ? ", one way" : ""}${act.for === null ? "" : ` for ${span(act.for)}`}.`,
};
