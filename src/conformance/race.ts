/**
 * The race for /controller: any broker may win it, and the recording says who did. From the deletion of /controller until somebody has
 * created it, the others' way to ZooKeeper is slow. This is all that a comparison changes.
 */
import type { FactEntry } from "../sim/engine/facts.ts";
import type { Timeline } from "../sim/engine/timeline.ts";
import type { Body } from "../sim/engine/types.ts";
import { environmentOf } from "../sim/environment/types.ts";
import { actorsOfKind, controllerNow } from "../sim/kafka/readings.ts";
import type { Trace } from "./trace.ts";

export interface Race {
  /** Looks at the facts noted since the last look. */
  look(timeline: Timeline): void;
}

const LATE = 40_000;

export function createRace(trace: Trace): Race {
  const winners = trace.zookeeper
    .filter((write) => write.t >= 0 && write.op === "create" && write.path === "/controller")
    .map((write) => write.by);
  let seen = 0;
  let isHeld = false;

  function slow(timeline: Timeline, winner: string): void {
    const { world } = timeline.head;
    const others = actorsOfKind(world, "broker").flatMap((actor) => (actor.id === winner ? [] : [actor.id]));
    const servers = actorsOfKind(world, "zookeeper").map((actor) => actor.id);
    const act: Body & Record<string, unknown> = {
      kind: "slow-link",
      from: others,
      to: servers,
      oneWay: false,
      delay: LATE,
      jitter: 0,
      for: null,
    };
    timeline.append({ at: world.time, nth: Number.MAX_SAFE_INTEGER, act });
    isHeld = true;
  }

  function release(timeline: Timeline): void {
    const { world } = timeline.head;
    const fault = environmentOf(world).faults.find((one) => one.kind === "slow-link" && one.detail.delay === LATE);
    if (fault !== undefined)
      timeline.append({ at: world.time, nth: Number.MAX_SAFE_INTEGER, act: { kind: "heal", fault: fault.id } as Body });
    isHeld = false;
  }

  return {
    look(timeline) {
      const { facts } = timeline.trace;
      for (; seen < facts.length; seen += 1) {
        const { fact } = facts.at(seen) as FactEntry;
        if (fact.path !== "/controller") continue;
        if (fact.kind === "znode-deleted") {
          const winner = winners.shift();
          if (winner !== undefined && timeline.head.world.actors[winner]?.process === "running") slow(timeline, winner);
        } else if (fact.kind === "znode-created" && isHeld) release(timeline);
      }
      if (isHeld && controllerNow(timeline.head.world) !== null) release(timeline);
    },
  };
}
