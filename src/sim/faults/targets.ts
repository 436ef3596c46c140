/** Whom an act hits, when that depends on the run. Reads state only. */
import type { ActorId, Kernel } from "../engine/types.ts";
import { controllerNow, coordinatorNow, leaderNow, zooKeeperLeaderNow } from "../kafka/readings.ts";
import type { Target } from "./fault.ts";

/** The actor that `target` means now; null if nobody has that role at the moment. */
export function resolveTarget(kernel: Kernel, target: Target): ActorId | null {
  if (typeof target === "string") return kernel.world.actors[target] === undefined ? null : target;
  if ("leaderOf" in target) return leaderNow(kernel.world, target.leaderOf);
  if ("coordinatorOf" in target) return coordinatorNow(kernel.world, target.coordinatorOf);
  return target.role === "controller" ? controllerNow(kernel.world) : zooKeeperLeaderNow(kernel.world);
}

/** The word for a target in a sentence. */
export function nameOf(target: Target): string {
  if (typeof target === "string") return target;
  if ("leaderOf" in target) return `the leader of ${target.leaderOf}`;
  if ("coordinatorOf" in target) return `the coordinator of ${target.coordinatorOf}`;
  return target.role === "controller" ? "the controller" : "the leading ZooKeeper server";
}
