/**
 * The goodbye of a process that was killed behind a cut: its kernel goes on repeating it, so that it comes through after the heal, as all
 * that TCP repeats does.
 *
 * Simplified   such a connection is taken to have lost its first packet when the cut began.
 */
import type { Kernel, SimTime, Trigger } from "../engine/types.ts";
import { linkBetween, nextRepeat } from "./latency.ts";
import { type ActiveFault, environmentOf } from "./types.ts";

/**
 * Peers of processes that died behind a cut learn of it, now that packets pass again in these directions (`from>to` hosts): at the
 * next repeat of a packet that was first lost when the cut began.
 */
export function deliverGoodbyes(kernel: Kernel, pairs: readonly string[], ended: readonly ActiveFault[]): void {
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
