/** Changes settings of a running process: they count from now on. Slow clients and slow follower fetches are settings too. */
import { assert } from "../engine/assert.ts";
import type { Delay } from "../engine/types.ts";
import { list } from "../engine/words.ts";
import type { BrokerActorConfig, ConsumerActorConfig } from "../kafka/types.ts";
import { type Act, begin, end, type Fault, later, span } from "./fault.ts";

/** Replaces parts of an actor's settings; `section` names the group of keys (`broker`, `producer`, `consumer`), camelCase. */
export interface SetConfigAct extends Act {
  readonly kind: "set-config";
  readonly target: readonly string[];
  readonly section: "broker" | "producer" | "consumer";
  readonly config: Readonly<Record<string, unknown>>;
}

export interface SlowConsumerAct extends Act {
  readonly kind: "slow-consumer";
  readonly target: string;
  readonly perRecord: Delay;
  readonly for: Delay | null;
}

export interface SlowFollowerFetchAct extends Act {
  readonly kind: "slow-follower-fetch";
  readonly target: readonly string[];
  readonly delay: Delay;
  readonly for: Delay | null;
}

export const setConfig: Fault<SetConfigAct> = {
  kind: "set-config",
  label: "Change settings",
  help: "Changes settings of a broker or a client from now on.",
  on: "process",
  apply(kernel, act) {
    for (const id of act.target) {
      const actor = kernel.world.actors[id];
      assert(actor !== undefined, `no actor ${id}`);
      const config = actor.config as Record<string, unknown>;
      const section = Object.freeze({ ...(config[act.section] as object), ...act.config });
      actor.config = Object.freeze({ ...config, [act.section]: section });
    }
    kernel.note({ kind: "settings-changed", target: act.target, config: act.config });
  },
  says: (act) =>
    `Settings of ${list(act.target)} were changed: ${Object.entries(act.config)
      .map(([key, value]) => `${key}=${value}`)
      .join(", ")}.`,
};

export const slowConsumer: Fault<SlowConsumerAct> = {
  kind: "slow-consumer",
  label: "Slow consumer",
  help: "Each record now takes this long to process.",
  on: "consumer",
  apply(kernel, act) {
    const actor = kernel.world.actors[act.target];
    assert(actor !== undefined, `no actor ${act.target}`);
    const config = actor.config as ConsumerActorConfig;
    end(kernel, (fault) => fault.kind === "slow-consumer" && fault.on.includes(act.target));
    if (act.perRecord > config.processingTime)
      begin(kernel, "slow-consumer", [act.target], { perRecord: act.perRecord });
    actor.config = Object.freeze({ ...config, processingTime: act.perRecord });
    kernel.note({ kind: "consumer-slowed", node: act.target, perRecord: act.perRecord });
    if (act.for !== null)
      later(kernel, act.for, {
        kind: "slow-consumer",
        target: act.target,
        perRecord: config.processingTime,
        for: null,
      } as Act);
  },
  says: (act) => `${act.target} now takes ${span(act.perRecord)} for each record.`,
};

export const slowFollowerFetch: Fault<SlowFollowerFetchAct> = {
  kind: "slow-follower-fetch",
  label: "Slow follower fetch",
  help: "The broker waits this long before each fetch from a leader.",
  on: "broker",
  apply(kernel, act) {
    for (const id of act.target) {
      const actor = kernel.world.actors[id];
      assert(actor !== undefined, `no actor ${id}`);
      const config = actor.config as BrokerActorConfig;
      end(kernel, (fault) => fault.kind === "slow-follower-fetch" && fault.on.includes(id));
      if (act.delay > 0) begin(kernel, "slow-follower-fetch", [id], { delay: act.delay });
      actor.config = Object.freeze({ ...config, fetchDelay: act.delay });
    }
    kernel.note({ kind: "follower-fetch-slowed", target: act.target, delay: act.delay });
    if (act.for !== null)
      later(kernel, act.for, { kind: "slow-follower-fetch", target: act.target, delay: 0, for: null } as Act);
  },
  says: (act) =>
    `${list(act.target)} now ${act.target.length > 1 ? "wait" : "waits"} ${span(act.delay)} before each fetch.`,
};
