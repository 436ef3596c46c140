/** Indexes over a timeline that several views read: one of each per timeline, made on demand, grown by what is new. */
import {
  CauseIndex,
  clusterNow,
  type NarrationContext,
  type Timeline,
  TrackIndex,
  type World,
} from "../../sim/index.ts";

/** Keeps one object per timeline. `make` runs once for each. */
export function perTimeline<T>(make: (timeline: Timeline) => T): (timeline: Timeline) => T {
  const kept = new WeakMap<Timeline, T>();
  return (timeline) => {
    let found = kept.get(timeline);
    if (found === undefined) {
      found = make(timeline);
      kept.set(timeline, found);
    }
    return found;
  };
}

const tracks = perTimeline((timeline) => new TrackIndex(timeline.trace, clusterNow(timeline.at(0).world).partitions));

/** Leaders, in-sync sets and groups by time, up to what is computed. */
export function tracksOf(timeline: Timeline): TrackIndex {
  return tracks(timeline).extend();
}

/** From event ids to entries. */
export const causesOf = perTimeline((timeline) => new CauseIndex(timeline.trace));

/** What sentences add that facts do not know. */
export const contextOf = perTimeline((timeline) => narrationContext(timeline.at(0).world));

export function narrationContext(world: World): NarrationContext {
  const sessionTimeouts: Record<string, number> = {};
  for (const { id, kind, config } of Object.values(world.actors)) {
    if (kind !== "broker") continue;
    const { broker } = config as { readonly broker: { readonly zookeeperSessionTimeoutMs: number } };
    sessionTimeouts[id] = broker.zookeeperSessionTimeoutMs * 1000;
  }
  return { sessionTimeouts };
}
