/**
 * A timeline: one world's start, its inputs, the trace so far and some checkpoints, with the World at any moment of it.
 *
 * The frontier is computed onwards by `advance`; any earlier moment comes back by loading the checkpoint before it and
 * running forward, which by the replay law gives the same World. Acting before the end makes another timeline (`fork`)
 * that shares the past; this one keeps its future.
 */
import { AssertionFailed, assert, must } from "./assert.ts";
import { type Difference, diffPlain } from "./diff.ts";
import { snapshot, snapshotBeside } from "./snapshot.ts";
import { Stepper } from "./step.ts";
import { Trace } from "./trace.ts";
import type { ActorState, Input, Model, Observer, SimTime, Step, World } from "./types.ts";

/** A World with what the observers know, after `entries` steps. */
export interface Moment {
  entries: number;
  world: World;
  /** State of each observer by name. */
  observed: Record<string, unknown>;
}

export interface TimelineOptions {
  /** Steps between checkpoints, of usual weight (default {@link CHECKPOINT_EVERY}). Where they fall cannot change results. */
  readonly checkpointEvery?: number;
  /** Most checkpoints kept; past it every second old one goes (default 1,024). */
  readonly maxCheckpoints?: number;
  /** Most steps a run may take (default 5 million): a runaway model stops instead of hanging the tab. */
  readonly eventBudget?: number;
}

/** Why and where a run stopped. */
export interface Failure {
  readonly entries: number;
  readonly at: SimTime;
  readonly message: string;
}

/**
 * Steps of usual weight between checkpoints: some 20 ms of work. More of them would take a larger share of the run, fewer make
 * seeking slower (see bench/, rows 9 and 10).
 */
export const CHECKPOINT_EVERY = 1650;

/** How long a step takes goes with what it says: what a step weighs by itself, in bytes of facts, and with its facts usually. */
const STEP_WEIGHT = 24;
const USUAL_WEIGHT = 52;

/** A seek leaves a finer checkpoint on the last stretch of its way, for the steps back that often follow. */
const FINE_EVERY = 256;

export class Timeline {
  readonly trace: Trace;
  /** In the order they are applied. */
  readonly inputs: readonly Input[];
  /** Set when an assertion failed or the budget ran out; the frontier stands at the last good step. */
  failure: Failure | null = null;

  private frontier: Moment;
  private view: Moment;
  private checkpoints: Moment[];
  private fine: Moment[] = [];
  private readonly stepper: Stepper;
  private readonly checkpointEvery: number;
  /** {@link weight} at the last checkpoint. */
  private keptAt: number;
  private readonly maxCheckpoints: number;
  private readonly eventBudget: number;

  readonly model: Model;
  readonly observers: readonly Observer[];
  readonly options: TimelineOptions;

  constructor(
    model: Model,
    start: World,
    inputs: readonly Input[],
    observers: readonly Observer[],
    options: TimelineOptions = {},
    past?: { trace: Trace; checkpoints: Moment[] },
  ) {
    this.model = model;
    this.observers = observers;
    this.options = options;
    this.checkpointEvery = options.checkpointEvery ?? CHECKPOINT_EVERY;
    this.maxCheckpoints = options.maxCheckpoints ?? 1024;
    this.eventBudget = options.eventBudget ?? 5_000_000;
    this.stepper = new Stepper(model);
    this.inputs = [...inputs].sort((a, b) => a.at - b.at || a.nth - b.nth);
    this.trace = past?.trace ?? new Trace();
    if (past === undefined) {
      const observed: Record<string, unknown> = {};
      for (const observer of observers) observed[observer.name] = observer.init(start);
      this.checkpoints = [copyMoment({ entries: 0, world: start, observed })];
    } else {
      this.checkpoints = past.checkpoints;
    }
    this.frontier = copyMoment(this.checkpoints[this.checkpoints.length - 1] as Moment);
    this.view = this.frontier;
    while (this.frontier.entries < this.trace.length) this.replayOne(this.frontier);
    this.keptAt = this.weight();
  }

  /** Adds an input behind everything that has run; the run so far is not touched. For drivers that decide as they go. */
  append(input: Input): void {
    const { world } = this.frontier;
    assert(input.at >= world.time, "an input must not lie in the past of the frontier");
    const place = this.inputs.findIndex(
      (other) => other.at > input.at || (other.at === input.at && other.nth > input.nth),
    );
    const index = place < 0 ? this.inputs.length : Math.max(place, world.inputsApplied);
    (this.inputs as Input[]).splice(index, 0, input);
  }

  /** Steps computed so far. */
  get length(): number {
    return this.trace.length;
  }

  /** Time of the last step computed. */
  get end(): SimTime {
    return this.frontier.world.time;
  }

  /** The furthest computed moment. It changes in place as the run is computed on. */
  get head(): Readonly<Moment> {
    return this.frontier;
  }

  /**
   * Computes up to `maxSteps` further steps that are due until `until` (inclusive).
   * Returns true when nothing due until then is left.
   */
  advance(until: SimTime, maxSteps = Number.POSITIVE_INFINITY): boolean {
    const moment = this.frontier;
    for (let n = 0; n < maxSteps; n += 1) {
      if (this.failure !== null) return true;
      const due = this.stepper.nextAt(moment.world, this.nextInput(moment));
      if (due === null || due > until) return true;
      if (this.trace.length >= this.eventBudget) {
        this.failure = {
          entries: this.trace.length,
          at: moment.world.time,
          message: `event budget of ${this.eventBudget} is used up`,
        };
        return true;
      }
      let step: Step | null;
      try {
        step = this.stepper.step(moment.world, this.nextInput(moment), this.trace.length);
      } catch (error) {
        if (!(error instanceof AssertionFailed)) throw error;
        this.fail(error);
        return true;
      }
      if (step === null) return true;
      this.trace.append(step);
      this.observe(moment, step);
      moment.entries = this.trace.length;
      if (this.weight() - this.keptAt >= this.checkpointEvery * USUAL_WEIGHT) this.keep(moment);
    }
    return false;
  }

  /** When the next step is due; null when nothing is left to happen. */
  nextDue(): SimTime | null {
    return this.failure === null ? this.stepper.nextAt(this.frontier.world, this.nextInput(this.frontier)) : null;
  }

  /**
   * The World and the observers after the first `entries` steps (0 = the start). Valid until the next call; do not change it.
   */
  at(entries: number): Readonly<Moment> {
    assert(entries >= 0 && entries <= this.trace.length, `no moment ${entries} in a run of ${this.trace.length} steps`);
    if (entries === this.frontier.entries) return this.frontier;
    const from = this.nearest(entries);
    if (this.view === this.frontier || from.entries > this.view.entries || this.view.entries > entries)
      this.view = copyMoment(from);
    const layFine = entries - this.view.entries > FINE_EVERY;
    if (layFine && (this.fine.length === 0 || this.fine.length > 4 * Math.ceil(this.checkpointEvery / FINE_EVERY)))
      this.fine = [];
    while (this.view.entries < entries) {
      this.replayOne(this.view);
      const isNear = entries - this.view.entries <= FINE_EVERY;
      if (layFine && isNear && this.view.entries % FINE_EVERY === 0) this.fine.push(copyBeside(this.view, from));
    }
    return this.view;
  }

  /** Number of steps that have happened by `time`. */
  entriesAt(time: SimTime): number {
    return this.trace.countUntil(time);
  }

  /** What entry `entry` changed in one actor (by default the one whose handler ran), field by field. */
  changesAt(entry: number, actorId?: string): Difference[] {
    const actor = actorId ?? this.trace.entry(entry).actor;
    if (actor === "") return [];
    const before = snapshot(this.at(entry).world.actors[actor] ?? null);
    const after = this.at(entry + 1).world.actors[actor] ?? null;
    return diffPlain(visible(before), visible(after));
  }

  /** Re-executes entry `entry` and returns it whole: payload, facts, cause. */
  stepAt(entry: number): Step {
    const moment = copyMoment(this.at(entry));
    return this.replayOne(moment);
  }

  /** The place of an act "now", at time `time` with the cursor after `entries` steps. */
  place(time: SimTime, entries: number): { at: SimTime; nth: number } {
    let nth = 0;
    for (let n = entries - 1; n >= 0 && this.trace.at(n) === time; n -= 1) if (this.trace.entry(n).id >= 0) nth += 1;
    return { at: time, nth };
  }

  /**
   * A timeline with the same past up to `entries` steps and other inputs from there on. `inputs` is the whole list; those
   * already applied in the shared past must be the same. The past is shared, this timeline stays as it is.
   */
  fork(entries: number, inputs: readonly Input[]): Timeline {
    const start = must(this.checkpoints[0], "first checkpoint");
    const kept = this.checkpoints.filter((checkpoint) => checkpoint.entries <= entries);
    const here = copyMoment(this.at(entries));
    if (must(kept[kept.length - 1], "checkpoint").entries < entries) kept.push(here);
    return new Timeline(this.model, start.world, inputs, this.observers, this.options, {
      trace: this.trace.prefix(entries),
      checkpoints: kept,
    });
  }

  /** A fresh run from the start with other inputs. */
  restart(inputs: readonly Input[]): Timeline {
    return this.fork(0, inputs);
  }

  /** Places of the checkpoints, in steps; for tests and the benchmark. */
  checkpointEntries(): number[] {
    return this.checkpoints.map((checkpoint) => checkpoint.entries);
  }

  /** A measure of the work that the trace took, the same on every machine. */
  private weight(): number {
    return this.trace.length * STEP_WEIGHT + this.trace.facts.size;
  }

  private nextInput(moment: Moment): Input | undefined {
    return this.inputs[moment.world.inputsApplied];
  }

  private replayOne(moment: Moment): Step {
    const step = must(this.stepper.step(moment.world, this.nextInput(moment), moment.entries), "step to replay");
    const known = this.trace.entry(moment.entries);
    assert(
      known.id === step.id && known.at === step.at,
      `replay differs at entry ${moment.entries}: ${known.kind} became ${step.kind}`,
    );
    this.observe(moment, step);
    moment.entries += 1;
    return step;
  }

  private observe(moment: Moment, step: Step): void {
    for (let i = 0; i < this.observers.length; i += 1) {
      const observer = this.observers[i] as Observer;
      observer.onStep(moment.observed[observer.name], step, moment.world, moment.observed);
    }
  }

  private nearest(entries: number): Moment {
    let best = must(this.checkpoints[0], "first checkpoint");
    for (const list of [this.checkpoints, this.fine]) {
      for (const candidate of list)
        if (candidate.entries <= entries && candidate.entries > best.entries) best = candidate;
    }
    return best;
  }

  private keep(moment: Moment): void {
    const last = must(this.checkpoints[this.checkpoints.length - 1], "checkpoint");
    this.keptAt = this.weight();
    this.checkpoints.push(copyBeside(moment, last));
    if (this.checkpoints.length > this.maxCheckpoints)
      this.checkpoints = this.checkpoints.filter((_, n, all) => n % 2 === 0 || n > all.length - 16);
  }

  /** An assertion failed inside a step: go back to the last good moment and stop there. */
  private fail(error: AssertionFailed): void {
    const entries = this.trace.length;
    const restored = copyMoment(this.nearest(entries));
    while (restored.entries < entries) this.replayOne(restored);
    this.frontier = restored;
    this.failure = { entries, at: restored.world.time, message: error.message };
  }
}

function copyMoment(moment: Readonly<Moment>): Moment {
  return { entries: moment.entries, world: snapshot(moment.world), observed: snapshot(moment.observed) };
}

/** A copy that shares what is as it was in `before`; neither may be changed. */
function copyBeside({ entries, world, observed }: Readonly<Moment>, before: Readonly<Moment>): Moment {
  return {
    entries,
    world: snapshotBeside(world, before.world),
    observed: snapshotBeside(observed, before.observed),
  };
}

/** What a reader sees of an actor: its state without the engine's own bookkeeping. */
function visible(actor: ActorState | null): unknown {
  return actor === null
    ? null
    : {
        process: actor.process,
        incarnation: actor.incarnation,
        config: actor.config,
        disk: actor.disk,
        memory: actor.memory,
      };
}
