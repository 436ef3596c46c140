/**
 * How long a packet takes: a link's delay, a draw from an integer table of quantiles, and TCP's repeats of lost packets.
 * Tables instead of `Math.log`: its last digits differ between browsers.
 */
import { remembered } from "../engine/remembered.ts";
import type { Delay, HostId, Kernel } from "../engine/types.ts";
import type { EnvironmentState, LinkProfile } from "./types.ts";

/** Quantiles of a right-skewed latency distribution in per mille of `jitter`: most packets are quick, a few are late. */
const SKEWED = Object.freeze([
  0, 20, 45, 70, 95, 120, 145, 170, 195, 220, 245, 270, 295, 320, 350, 380, 410, 440, 470, 505, 540, 575, 610, 650, 690,
  735, 780, 830, 880, 930, 970, 1000,
]);

/**
 * When TCP repeats an unanswered packet, counted from when it was first sent (recorded on Linux; kafka-spec J.5). The
 * intervals double; after the last one the connection times out.
 */
const REPEATS: readonly Delay[] = Object.freeze([
  200_000, 600_000, 1_500_000, 3_100_000, 6_500_000, 13_000_000, 27_000_000, 54_000_000, 108_000_000, 216_000_000,
  336_000_000, 456_000_000, 576_000_000, 696_000_000, 816_000_000,
]);

/** When an unanswered SYN is repeated, counted from the first. */
const SYN_REPEATS: readonly Delay[] = Object.freeze([
  1_000_000, 3_000_000, 7_000_000, 15_000_000, 31_000_000, 63_000_000, 127_000_000,
]);

/** Delay from one repeat to the next, or null when TCP gives up. `attempt` counts repeats already made. */
export function nextRepeat(attempt: number, connecting: boolean): Delay | null {
  const schedule = connecting ? SYN_REPEATS : REPEATS;
  const at = schedule[attempt];
  if (at === undefined) return null;
  return at - (attempt === 0 ? 0 : (schedule[attempt - 1] as Delay));
}

/** Name of a direction between two hosts, as `links` and `cuts` have it. */
export const directionOf = remembered((from, to) => `${from}>${to}`);

const streamOf = remembered((from, to) => `link/${from}>${to}`);

export function linkBetween(state: EnvironmentState, from: HostId, to: HostId): LinkProfile {
  return from === to ? state.localLink : (state.links[directionOf(from, to)] ?? state.defaultLink);
}

/** One packet's way from `from` to `to`; null when TCP gave up repeating it. Draws from the link's own stream. */
export function drawLatency(kernel: Kernel, link: LinkProfile, from: HostId, to: HostId): Delay | null {
  if (link.jitter === 0 && link.lossPerMille === 0) return link.delay;
  const stream = streamOf(from, to);
  let latency = link.delay;
  if (link.jitter > 0)
    latency += Math.floor((link.jitter * (SKEWED[kernel.random(stream, SKEWED.length)] as number)) / 1000);
  for (let attempt = 0; link.lossPerMille > 0 && kernel.random(stream, 1000) < link.lossPerMille; attempt += 1) {
    const wait = nextRepeat(attempt, false);
    if (wait === null) return null;
    latency += wait;
  }
  return latency;
}
