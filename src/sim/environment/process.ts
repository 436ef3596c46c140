/**
 * Process life: start, kill -9, clean exit, pause and resume, loss of power.
 *
 * The death of a process resets its connections at once, unless a cut hides that or the whole host went dark; a paused
 * process keeps its connections, and what arrives meanwhile is run at its resume.
 */

import { must } from "../engine/assert.ts";
import type { ActorId, ActorState, HostId, Kernel } from "../engine/types.ts";
import { closeAllOf } from "./connections.ts";
import { environmentOf } from "./types.ts";

/** Starts the process of `id` on the disk it has; nothing happens if it runs already. */
export function startProcess(kernel: Kernel, id: ActorId): void {
  const actor = actorOf(kernel, id);
  if (actor.process !== "down") return;
  delete environmentOf(kernel.world).dark[actor.host];
  actor.process = "running";
  actor.incarnation += 1;
  actor.memory = kernel.model(actor.kind).boot(actor);
  kernel.schedule(kernel.now, id, Object.freeze({ kind: "signal", signal: "start" }));
}

/** kill -9: memory is gone, the kernel resets the connections. */
export function killProcess(kernel: Kernel, id: ActorId): void {
  const actor = actorOf(kernel, id);
  if (actor.process === "down") return;
  forget(actor);
  closeAllOf(kernel, actor, "reset", true);
}

/** SIGTERM: the process is asked to stop and exits by itself. A paused one hears it when it wakes. */
export function stopProcess(kernel: Kernel, id: ActorId): void {
  const actor = actorOf(kernel, id);
  if (actor.process === "down" || actor.process === "stopping") return;
  if (actor.process === "running") actor.process = "stopping";
  kernel.schedule(kernel.now, id, Object.freeze({ kind: "signal", signal: "stop" }));
}

/** SIGSTOP. */
export function pauseProcess(kernel: Kernel, id: ActorId): void {
  const actor = actorOf(kernel, id);
  if (actor.process === "running" || actor.process === "stopping") actor.process = "paused";
}

/** SIGCONT: what arrived and what fell due meanwhile runs now, in its order. */
export function resumeProcess(kernel: Kernel, id: ActorId): void {
  const actor = actorOf(kernel, id);
  if (actor.process !== "paused") return;
  actor.process = "running";
  kernel.schedule(kernel.now, id, Object.freeze({ kind: "signal", signal: "resumed" }));
  const held = actor.held;
  actor.held = [];
  for (const event of held) {
    const again = kernel.schedule(kernel.now, id, event.trigger);
    if (event.trigger.kind === "timer") actor.timers[event.trigger.timer] = again.id;
  }
}

/** Power loss of a host: all its processes die, nobody is told, unflushed tails are gone. */
export function darkenHost(kernel: Kernel, host: HostId): void {
  environmentOf(kernel.world).dark[host] = true;
  for (const actor of Object.values(kernel.world.actors)) {
    if (actor.host !== host) continue;
    if (actor.process !== "down") {
      forget(actor);
      closeAllOf(kernel, actor, "reset", false);
    }
    kernel.model(actor.kind).losePower?.(actor, (bound) => kernel.random(`${actor.id}/power-loss`, bound));
  }
}

function forget(actor: ActorState): void {
  actor.process = "down";
  actor.memory = null;
  actor.timers = {};
  actor.held = [];
}

function actorOf(kernel: Kernel, id: ActorId): ActorState {
  return must(kernel.world.actors[id], `actor ${id}`);
}
