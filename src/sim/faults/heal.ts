/**
 * Heals links: one fault by its number, those between two sides, or all.
 *
 * What TCP repeats comes through some time later. So does the goodbye of a process that was killed behind the cut: its kernel goes on
 * repeating it.
 *
 * Simplified   such a connection is taken to have lost its first packet when the cut began.
 */
import type { Kernel, SimTime, Trigger } from "../engine/types.ts";
import { list } from "../engine/words.ts";
import { linkBetween, nextRepeat } from "../environment/latency.ts";
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

/**
 * Peers of processes that died behind a cut learn of it, now that packets pass again in these directions (`from>to` hosts): at the
 * next repeat of a packet that was first lost when the cut began.
 */
function deliverGoodbyes(kernel: Kernel, pairs: readonly string[], ended: readonly ActiveFault[]): void {
  const state = environmentOf(kernel.world);
  const { connections, dark } = state;
  const { actors } = kernel.world;
  if (pairs.length === 0) return;
  for (const { id, channel, client, server, established, clientOpen, serverOpen } of Object.values(connections)) {
    if (!established || clientOpen === serverOpen) continue;
    const gone = actors[clientOpen ? server : client];
    const left = actors[clientOpen ? client : server];
    if (gone === undefined || left === undefined || gone.process !== "down" || dark[gone.host] === true) continue;
    const pair = `${gone.host}>${left.host}`;
    if (!pairs.includes(pair)) continue;
    const cuts = ended.filter((fault) => fault.kind === "cut" && (fault.detail.pairs as string[]).includes(pair));
    const repeatAt = nextRepeatAfter(kernel.now, Math.min(kernel.now, ...cuts.map((fault) => fault.since)));
    if (repeatAt === null) continue;
    const signal = { kind: "signal", signal: "disconnected", connection: id, peer: gone.id, channel, reason: "closed" };
    kernel.schedule(
      repeatAt + linkBetween(state, gone.host, left.host).delay,
      left.id,
      Object.freeze(signal) as Trigger,
    );
  }
}

/** When TCP repeats a packet lost at `lostAt` for the first time after `now`; null: it has given up. */
function nextRepeatAfter(now: SimTime, lostAt: SimTime): SimTime | null {
  let at = lostAt;
  for (let attempt = 0; at <= now; attempt += 1) {
    const wait = nextRepeat(attempt, false);
    if (wait === null) return null;
    at += wait;
  }
  return at;
}
