/**
 * What a fault is: a kind of act, how it acts on the run, and one sentence that says so. One file a fault; `index.ts` lists them.
 *
 * Acts are plain data: inputs of the run. Whom they hit may depend on the run (the leader of a partition); that is looked up at the
 * moment they happen.
 */
import type { ActorId, Body, Delay, HostId, Kernel } from "../engine/types.ts";
import { scheduleAct } from "../environment/environment.ts";
import { type ActiveFault, environmentOf } from "../environment/types.ts";

/** Who is hit: an actor, or a role that is looked up when the act happens. */
export type Target =
  | ActorId
  | { readonly leaderOf: string }
  | { readonly coordinatorOf: string }
  | { readonly role: "controller" | "zkLeader" };

export interface Act extends Body {
  /** Name of the act in its scenario, for undo, marks and `heal`. */
  readonly id?: string;
}

/** One kind of act. `A` is its shape. */
export interface Fault<A extends Act = Act> {
  readonly kind: A["kind"];
  /** The word on menus and palette: "Kill". */
  readonly label: string;
  /** What it does, one sentence for the palette. */
  readonly help: string;
  /** What can be chosen for it on the canvas. */
  readonly on: "process" | "broker" | "zookeeper" | "client" | "consumer" | "link" | "none";
  apply(kernel: Kernel, act: A): void;
  /** One sentence, past tense, the actor first. */
  says(act: A): string;
}

/** Notes a fault that stays in force, so that it is drawn and can be healed; returns its id. */
export function begin(
  kernel: Kernel,
  kind: string,
  on: readonly string[],
  detail: Readonly<Record<string, unknown>>,
): number {
  const state = environmentOf(kernel.world);
  const id = state.nextFaultId;
  state.nextFaultId += 1;
  const fault: ActiveFault = Object.freeze({
    id,
    kind,
    since: kernel.now,
    on: Object.freeze([...on]),
    detail: Object.freeze(detail),
  });
  state.faults.push(fault);
  return id;
}

/** Takes a fault out of force. */
export function end(kernel: Kernel, matches: (fault: ActiveFault) => boolean): ActiveFault[] {
  const state = environmentOf(kernel.world);
  const ended = state.faults.filter(matches);
  state.faults = state.faults.filter((fault) => !matches(fault));
  return ended;
}

/** Lets another act follow `after` later (the end of a pause, of a cut). */
export function later(kernel: Kernel, after: Delay, act: Act): void {
  scheduleAct(kernel, kernel.now + after, Object.freeze(act));
}

/** Hosts of these actors or hosts, each once, in order. */
export function hostsOf(kernel: Kernel, names: readonly string[]): HostId[] {
  const hosts: HostId[] = [];
  for (const name of names) {
    const host = kernel.world.actors[name]?.host ?? name;
    if (!hosts.includes(host)) hosts.push(host);
  }
  return hosts;
}

/** A length of time in words: `400 ms`, `9 s`. */
export function span(time: Delay): string {
  return time % 1_000_000 === 0 ? `${time / 1_000_000} s` : `${time / 1000} ms`;
}
