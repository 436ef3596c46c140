/**
 * One step of a run: take the earlier of queue head and next input, call one handler, apply its effects.
 *
 * A handler changes its own actor and nothing else; what it sends, schedules and notes is collected in its Ctx and applied
 * here after it returned, in the order it asked for it.
 */
import { assert, missing } from "./assert.ts";
import { pop, push } from "./queue.ts";
import { drawBelow } from "./random.ts";
import { remembered } from "./remembered.ts";
import { freeze } from "./snapshot.ts";
import type {
  ActorId,
  ActorModel,
  ActorState,
  Body,
  Cause,
  Ctx,
  Delay,
  Fact,
  Input,
  Kernel,
  Message,
  Model,
  SimEvent,
  SimTime,
  Step,
  Trigger,
  World,
} from "./types.ts";

type Effect =
  | { kind: "send"; to: ActorId; channel: string; body: Body }
  | { kind: "reply"; message: Message; body: Body }
  | { kind: "disconnect"; to: ActorId; channel: string }
  | { kind: "hangUp"; message: Message }
  | { kind: "setTimer"; timer: string; delay: Delay; payload: unknown }
  | { kind: "cancelTimer"; timer: string }
  | { kind: "exit"; reason: string };

const NO_FACTS: readonly Fact[] = Object.freeze([]);

/** Name of an actor's own random stream. */
const ownStream = remembered((actor, stream) => `${actor}/${stream}`);

/** Steps worlds of one model. Holds nothing that outlives a step. */
export class Stepper implements Kernel, Ctx {
  world!: World;
  now: SimTime = 0;
  self!: ActorState;
  private cause: Cause = 0;
  private facts: Fact[] = [];
  private effects: Effect[] = [];
  private readonly definition: Model;

  constructor(definition: Model) {
    this.definition = definition;
  }

  /** When the next event or input is due; null when nothing is left. Skips timers that were cancelled. */
  nextAt(world: World, input: Input | undefined): SimTime | null {
    const head = this.liveHead(world);
    if (head === undefined) return input === undefined ? null : input.at;
    return input !== undefined && input.at < head.at ? input.at : head.at;
  }

  /**
   * Runs one event or input of `world`, in place. `entry` is the index that the step gets in the trace.
   * Returns null when nothing was left to run; otherwise what happened, and `usedInput`.
   */
  step(world: World, input: Input | undefined, entry: number): Step | null {
    const step = this.stepOnce(world, input, entry);
    // Cancelled timers leave the head of the queue here, so that the state after a step does not depend on who looked next.
    this.liveHead(world);
    return step;
  }

  private stepOnce(world: World, input: Input | undefined, entry: number): Step | null {
    const head = this.liveHead(world);
    if (input !== undefined && (head === undefined || isDue(world, input, head)))
      return this.applyInput(world, input, entry);
    if (head === undefined) return null;
    pop(world.queue);
    return this.runEvent(world, head, entry);
  }

  // --- Kernel: what the environment and inputs may do -------------------------------------------------------------

  schedule(at: SimTime, actor: ActorId, trigger: Trigger): SimEvent {
    const world = this.world;
    const id = world.nextEventId;
    world.nextEventId = id + 1;
    const event: SimEvent = Object.freeze({ id, at, actor, cause: this.cause, trigger });
    push(world.queue, event);
    return event;
  }

  note(fact: Fact): void {
    this.facts.push(freeze(fact));
  }

  random(stream: string, bound: number): number {
    const owner = this.self;
    return drawBelow(this.world, owner === undefined ? stream : ownStream(owner.id, stream), bound);
  }

  model(kind: string): ActorModel {
    return this.definition.actors[kind] ?? missing(`model of actor kind ${kind}`);
  }

  // --- Ctx: what a handler may do -----------------------------------------------------------------------------------

  send(to: ActorId, channel: string, body: Body): void {
    this.effects.push({ kind: "send", to, channel, body });
  }

  reply(message: Message, body: Body): void {
    this.effects.push({ kind: "reply", message, body });
  }

  disconnect(to: ActorId, channel: string): void {
    this.effects.push({ kind: "disconnect", to, channel });
  }

  hangUp(message: Message): void {
    this.effects.push({ kind: "hangUp", message });
  }

  setTimer(timer: string, delay: Delay, payload: unknown = null): void {
    assert(Number.isInteger(delay) && delay >= 0, `timer ${timer}: ${delay} is not a delay in whole microseconds`);
    this.effects.push({ kind: "setTimer", timer, delay, payload });
  }

  cancelTimer(timer: string): void {
    this.effects.push({ kind: "cancelTimer", timer });
  }

  exit(reason: string): void {
    this.effects.push({ kind: "exit", reason });
  }

  // --- one step -------------------------------------------------------------------------------------------------------

  private liveHead(world: World): SimEvent | undefined {
    for (;;) {
      const head = world.queue[0];
      if (head === undefined || head.trigger.kind !== "timer") return head;
      if (world.actors[head.actor]?.timers[head.trigger.timer] === head.id) return head;
      pop(world.queue);
    }
  }

  private begin(world: World, at: SimTime, cause: Cause): void {
    assert(at >= world.time, "time runs backwards");
    this.world = world;
    this.now = at;
    this.cause = cause;
    this.facts = [];
    this.effects.length = 0;
    (this as { self: ActorState | undefined }).self = undefined;
  }

  private applyInput(world: World, input: Input, entry: number): Step {
    const id = -(world.inputsApplied + 1);
    this.begin(world, input.at, id);
    if (input.at > world.time) {
      world.time = input.at;
      world.nth = 0;
    }
    world.inputsApplied += 1;
    this.definition.environment.onInput(this, input.act);
    const step: Step = {
      entry,
      at: input.at,
      id,
      cause: null,
      actor: "",
      kind: input.act.kind,
      ran: true,
      trigger: { kind: "environment", event: input.act },
      facts: this.finishFacts(""),
    };
    return step;
  }

  private runEvent(world: World, event: SimEvent, entry: number): Step {
    const { at, actor, trigger } = event;
    const environment = this.definition.environment;
    if (actor !== "") {
      const verdict = environment.admit(world, event);
      if (verdict !== "run") {
        this.begin(world, at, event.id);
        tick(world, at);
        if (verdict === "hold") (world.actors[actor] as ActorState).held.push(event);
        const kind = `${kindOf(trigger)}/${verdict === "hold" ? "held" : "lost"}`;
        return { entry, at, id: event.id, cause: event.cause, actor, kind, ran: false, trigger, facts: NO_FACTS };
      }
    }
    this.begin(world, at, event.id);
    tick(world, at);
    if (actor === "") {
      assert(trigger.kind === "environment", "an event without actor belongs to the environment");
      environment.onEvent(this, trigger.event);
    } else {
      const state = world.actors[actor] as ActorState;
      this.self = state;
      if (trigger.kind === "timer") delete state.timers[trigger.timer];
      this.model(state.kind).handle(this, trigger);
      this.applyEffects(state);
    }
    return {
      entry,
      at,
      id: event.id,
      cause: event.cause,
      actor,
      kind: kindOf(trigger),
      ran: true,
      trigger,
      facts: this.finishFacts(actor),
    };
  }

  private finishFacts(actor: ActorId): readonly Fact[] {
    if (this.facts.length === 0) return NO_FACTS;
    (this as { self: ActorState | undefined }).self = undefined;
    const facts = this.facts;
    this.definition.environment.onFacts?.(this, facts, actor);
    return facts;
  }

  private applyEffects(state: ActorState): void {
    const environment = this.definition.environment;
    const effects = this.effects;
    (this as { self: ActorState | undefined }).self = undefined;
    for (let i = 0; i < effects.length; i += 1) {
      const effect = effects[i] as Effect;
      switch (effect.kind) {
        case "send":
          environment.send(this, state, effect.to, effect.channel, freeze(effect.body));
          break;
        case "reply":
          environment.reply(this, state, effect.message, freeze(effect.body));
          break;
        case "setTimer": {
          const trigger: Trigger = Object.freeze({
            kind: "timer",
            timer: effect.timer,
            payload: freeze(effect.payload),
          });
          state.timers[effect.timer] = this.schedule(this.now + effect.delay, state.id, trigger).id;
          break;
        }
        case "cancelTimer":
          delete state.timers[effect.timer];
          break;
        case "disconnect":
          environment.disconnect(this, state, effect.to, effect.channel);
          break;
        case "hangUp":
          environment.hangUp(this, state, effect.message);
          break;
        case "exit":
          environment.exit(this, state, effect.reason);
          break;
      }
    }
    effects.length = 0;
  }
}

/** One more event of the microsecond `at`. */
function tick(world: World, at: SimTime): void {
  if (at > world.time) {
    world.time = at;
    world.nth = 0;
  }
  world.nth += 1;
}

function isDue(world: World, input: Input, head: SimEvent): boolean {
  if (input.at !== head.at) return input.at < head.at;
  const ran = world.time === input.at ? world.nth : 0;
  return ran >= input.nth;
}

/** Name of what a trigger is, as it stands in the trace. */
export function kindOf(trigger: Trigger): string {
  switch (trigger.kind) {
    case "message":
      return trigger.message.body.kind;
    case "timer":
      return trigger.timer;
    case "signal":
      return trigger.signal;
    case "command":
      return trigger.command.kind;
    case "environment":
      return trigger.event.kind;
  }
}
