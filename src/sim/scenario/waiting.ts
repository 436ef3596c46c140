/**
 * Acts that wait for a condition: the model with an environment that looks at them after each event that noted a fact.
 *
 * Counterpart  none in Kafka.
 * Left out     conditions about records, facts so far and remembered values: they need an observer, and the World cannot know
 *              one. The check of the file says so (cannot-wait.ts).
 */
import type { Body, Fact, Kernel, Model } from "../engine/types.ts";
import { scheduleAct } from "../environment/environment.ts";
import { environmentOf } from "../environment/types.ts";
import { createLedger } from "../observers/ledger-state.ts";
import { evaluate } from "./expectations/evaluate.ts";
import type { Plan, WatchPlan } from "./expectations/plan.ts";
import { createState, type Source } from "./expectations/state.ts";
import { touchedByFacts } from "./expectations/touches.ts";
import type { ResolvedScenario } from "./resolve.ts";

/** Kind of the input that arms such an act. */
export const WHEN_HOLDS = "when-holds";

interface WhenHolds extends Body {
  readonly condition: WatchPlan;
  readonly after: number;
  readonly act: Body;
}

/** The model, able to let acts wait for conditions about the World. */
export function waitingForConditions(model: Model, { sites }: Pick<ResolvedScenario, "sites">): Model {
  const { environment } = model;
  const empty = {
    patterns: [],
    moments: [],
    samples: [],
    claims: [],
    producers: [],
    sendsUntil: {},
    readsOrder: false,
  };
  const plan: Plan = { ...empty, sites };
  const state = createState(plan);
  const ledger = createLedger();

  function isTrue(kernel: Kernel, watch: WatchPlan): boolean {
    const source: Source = { world: kernel.world, ledger, plan, state };
    return evaluate(watch.condition, source) === true;
  }

  return {
    ...model,
    environment: {
      ...environment,
      onInput(kernel: Kernel, act: Body): void {
        if (act.kind !== WHEN_HOLDS) {
          environment.onInput(kernel, act);
          return;
        }
        const { condition, after, act: then } = act as WhenHolds;
        environmentOf(kernel.world).waiting.push({ condition, after, act: then, wasTrue: isTrue(kernel, condition) });
      },
      onFacts(kernel: Kernel, facts: readonly Fact[], actor: string): void {
        environment.onFacts?.(kernel, facts, actor);
        const surroundings = environmentOf(kernel.world);
        if (surroundings.waiting.length === 0) return;
        const touched = touchedByFacts(facts);
        for (const one of [...surroundings.waiting]) {
          const watch = one.condition as WatchPlan;
          if ((touched & watch.touches) === 0) continue;
          const isNow = isTrue(kernel, watch);
          if (isNow && !one.wasTrue) {
            surroundings.waiting.splice(surroundings.waiting.indexOf(one), 1);
            scheduleAct(kernel, kernel.now + one.after, one.act);
          }
          one.wasTrue = isNow;
        }
      },
    },
  };
}
