/**
 * The environment as the engine sees it: delivery over connections, process life, acts and acts that wait for a fact.
 *
 * What an act does is given from outside (`faults/`), so that each kind of act is one file there.
 */
import { assert } from "../engine/assert.ts";
import type { ActorState, Body, Environment, Fact, Kernel, SimEvent, World } from "../engine/types.ts";
import {
  closeAllOf,
  closeChannel,
  hangUpOn,
  isHeard,
  type RepeatEvent,
  repeat,
  replyOn,
  sendOnChannel,
  setClosed,
} from "./connections.ts";
import { matchesFact } from "./fact-pattern.ts";
import { environmentOf } from "./types.ts";

/** What one kind of act does to the run. */
export type ActHandler = (kernel: Kernel, act: Body) => void;

/** Environment event: an act that was armed, or put off, happens now. */
export interface LaterActEvent extends Body {
  readonly kind: string;
  readonly later: true;
  readonly act: Body;
}

/** Lets `act` happen at `at`, as an event of the environment. */
export function scheduleAct(kernel: Kernel, at: number, act: Body): void {
  const event: LaterActEvent = { kind: act.kind, later: true, act };
  kernel.schedule(at, "", Object.freeze({ kind: "environment", event: Object.freeze(event) }));
}

/** The environment with these kinds of act. */
export function createEnvironmentModel(acts: Readonly<Record<string, ActHandler>>): Environment {
  function apply(kernel: Kernel, act: Body): void {
    const handler = acts[act.kind];
    assert(handler !== undefined, `unknown act ${act.kind}`);
    handler(kernel, act);
  }

  return {
    send: sendOnChannel,
    reply: replyOn,
    disconnect: closeChannel,
    hangUp: hangUpOn,
    exit(kernel: Kernel, actor: ActorState, reason: string): void {
      kernel.note({ kind: "process-exited", node: actor.id, reason });
      actor.process = "down";
      actor.memory = null;
      actor.timers = {};
      actor.held = [];
      closeAllOf(kernel, actor, "closed", true);
    },
    admit,
    onEvent(kernel: Kernel, event: Body): void {
      if ((event as LaterActEvent).later === true) apply(kernel, (event as LaterActEvent).act);
      else if (event.kind === "tcp-repeat") repeat(kernel, event as RepeatEvent);
      else apply(kernel, event);
    },
    onInput: apply,
    onFacts(kernel: Kernel, facts: readonly Fact[], actor: string): void {
      const state = environmentOf(kernel.world);
      if (state.armed.length === 0) return;
      for (const fact of facts) {
        for (const waiting of [...state.armed]) {
          if (waiting.fact !== fact.kind || !matchesFact(waiting.where, fact, actor)) continue;
          waiting.remaining -= 1;
          if (waiting.remaining > 0) continue;
          state.armed.splice(state.armed.indexOf(waiting), 1);
          scheduleAct(kernel, kernel.now + waiting.after, waiting.act);
        }
      }
    },
  };
}

function admit(world: World, event: SimEvent): "run" | "hold" | "drop" {
  const actor = world.actors[event.actor];
  if (actor === undefined || actor.process === "down") return "drop";
  const trigger = event.trigger;
  if (trigger.kind === "message") {
    if (!isHeard(world, trigger.message)) return "drop";
  } else if (trigger.kind === "signal" && trigger.signal === "connected") {
    if (environmentOf(world).connections[trigger.connection]?.clientOpen !== true) return "drop";
  } else if (trigger.kind === "signal" && trigger.signal === "disconnected") {
    const state = environmentOf(world);
    const connection = state.connections[trigger.connection];
    if (connection === undefined) return "drop";
    const isClient = connection.client === event.actor;
    if (isClient ? !connection.clientOpen : !connection.serverOpen) return "drop";
    if (actor.process === "paused") return "hold";
    setClosed(state, connection, isClient);
    return "run";
  }
  return actor.process === "paused" ? "hold" : "run";
}
