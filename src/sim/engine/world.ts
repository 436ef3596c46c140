/** Makes the World that a run begins with. */
import type { ActorId, ActorState, HostId, SimTime, World } from "./types.ts";

export interface ActorSpec {
  readonly id: ActorId;
  readonly kind: string;
  readonly host: HostId;
  readonly config: unknown;
  readonly disk: unknown;
}

/** A World at time `time` (by default 0) in which every process is still down. */
export function createWorld(
  seed: string,
  actors: readonly ActorSpec[],
  environment: unknown,
  time: SimTime = 0,
): World {
  const states: Record<ActorId, ActorState> = {};
  for (const spec of actors) {
    states[spec.id] = {
      id: spec.id,
      kind: spec.kind,
      host: spec.host,
      config: spec.config,
      process: "down",
      incarnation: 0,
      disk: spec.disk,
      memory: null,
      timers: {},
      held: [],
    };
  }
  return {
    time,
    nth: 0,
    nextEventId: 0,
    inputsApplied: 0,
    seed,
    queue: [],
    streams: {},
    actors: states,
    environment,
  };
}
