/** What tests do to processes and links, as acts of an environment of their own. */
import type { Body, Kernel } from "../../src/sim/engine/types.ts";
import {
  killProcess,
  pauseProcess,
  resumeProcess,
  startProcess,
  stopProcess,
} from "../../src/sim/environment/process.ts";
import { environmentOf } from "../../src/sim/environment/types.ts";

/** An act that is done to one actor. */
export type Who = Body & { readonly who: string };

const to = (act: Body): string => (act as Who).who;

/** Ends, stands still, goes on: by `who`. `cut {from, to}` is one-way, between hosts. `command {who, command}` tells an actor something. */
export const testActs = {
  start: (kernel: Kernel, act: Body) => startProcess(kernel, to(act)),
  kill: (kernel: Kernel, act: Body) => killProcess(kernel, to(act)),
  stop: (kernel: Kernel, act: Body) => stopProcess(kernel, to(act)),
  pause: (kernel: Kernel, act: Body) => pauseProcess(kernel, to(act)),
  resume: (kernel: Kernel, act: Body) => resumeProcess(kernel, to(act)),
  cut(kernel: Kernel, act: Body) {
    const link = act as Body & { from: string; to: string };
    environmentOf(kernel.world).cuts[`${link.from}>${link.to}`] = 1;
  },
  heal(kernel: Kernel) {
    environmentOf(kernel.world).cuts = {};
  },
  command(kernel: Kernel, act: Body) {
    const { who, command } = act as Who & { command: Body };
    kernel.schedule(kernel.now, who, Object.freeze({ kind: "command", command: Object.freeze(command) }));
  },
};
