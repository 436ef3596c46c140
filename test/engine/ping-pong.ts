/**
 * The smallest model: two actors that pass a ball. Also the smallest example of how to write an actor, and proof that the
 * engine does not know what a broker is.
 */

import { Timeline, type TimelineOptions } from "../../src/sim/engine/timeline.ts";
import type { ActorModel, ActorState, Body, Ctx, Input, Model } from "../../src/sim/engine/types.ts";
import { createWorld } from "../../src/sim/engine/world.ts";
import { createEnvironmentModel } from "../../src/sim/environment/environment.ts";
import { createEnvironment, environmentOf } from "../../src/sim/environment/types.ts";
import { testActs, type Who } from "./acts.ts";

interface Ball extends Body {
  readonly kind: "ball";
  readonly hits: number;
}
type Player = ActorState<{ hits: number }, { seen: number[] }>;

const player: ActorModel = {
  boot: () => ({ seen: [] }),
  handle(ctx: Ctx, trigger) {
    const self = ctx.self as Player;
    if (trigger.kind === "signal" && trigger.signal === "start" && self.id === "ping") ctx.setTimer("serve", 1_000);
    if (trigger.kind === "timer") ctx.send("pong", "court", { kind: "ball", hits: 1 } as Ball);
    if (trigger.kind === "message") {
      const { hits } = trigger.message.body as Ball;
      self.disk.hits = hits;
      self.memory?.seen.push(hits);
      ctx.note({ kind: "ball-hit", by: self.id, hits, reason: "ball-arrived" });
      if (self.id === "ping" && ctx.random("tired", 50) === 0) ctx.setTimer("serve", 10_000);
      else ctx.reply(trigger.message, { kind: "ball", hits: hits + 1 } as Ball);
    }
    if (trigger.kind === "signal" && trigger.signal === "disconnected") ctx.setTimer("serve", 50_000);
  },
};

export const pingPong: Model = {
  actors: { player },
  environment: createEnvironmentModel({
    ...testActs,
    cut: (kernel) => {
      environmentOf(kernel.world).cuts["ping>pong"] = 1;
    },
  }),
};

export function act(at: number, kind: string, who = ""): Input {
  return { at, nth: 0, act: { kind, who } as Who };
}

/** A game from seed `seed`; both players start at 0. */
export function game(
  seed: string,
  inputs: readonly Input[] = [],
  options: TimelineOptions = {},
  lossPerMille = 20,
): Timeline {
  const spec = (id: string) => ({ id, kind: "player", host: id, config: null, disk: { hits: 0 } });
  const link = { delay: 700, jitter: 400, lossPerMille };
  const world = createWorld(seed, [spec("ping"), spec("pong")], createEnvironment(link));
  return new Timeline(pingPong, world, [act(0, "start", "pong"), act(0, "start", "ping"), ...inputs], [], options);
}
