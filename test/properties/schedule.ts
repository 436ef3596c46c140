/**
 * Random schedules: a cluster, clients and a list of faults drawn from one seed, as a scenario file would say it. The same seed
 * gives the same schedule for ever; a failing one prints how to run it again and can be saved as a file.
 */

import type { Profile } from "../../src/sim/kafka/profiles/profile.ts";
import type { Scenario } from "../../src/sim/scenario/format/scenario.ts";

export interface ScheduleOptions {
  readonly seed: number;
  readonly profile: Profile;
  /** `core`: kills, starts, pauses, cuts, acks=all. `wide`: groups, any acks, ensemble faults, power stays on. */
  readonly kind: "core" | "wide";
}

/** The profiles that schedules take in turn. */
export const PROFILES: readonly Profile[] = ["0.10", "2.1", "3.9"];

type Act = NonNullable<Scenario["acts"]>[number];

/** A small generator of its own (mulberry32), so that schedules do not depend on the engine's streams. */
export function generator(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const END_MS = 60_000;

/** The schedule of a seed. Elections are clean, and nothing loses power: what is promised is promised under these settings. */
export function schedule({ seed, profile, kind }: ScheduleOptions): Scenario {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const brokers = 3 + random(3);
  const ids = Array.from({ length: brokers }, (_, index) => `b${index + 1}`);
  const servers = pick([1, 3, 3]);
  const ensemble = Array.from({ length: servers }, (_, index) => `z${index + 1}`);
  const isWide = kind === "wide";
  const minIsr = pick([1, 2]);
  const partitions = 1 + random(3);
  const shuffled = (): string[] => [...ids].sort(() => random(3) - 1).slice(0, 3);
  const replicas = Array.from({ length: partitions }, shuffled);
  const acts: Act[] = [];
  const hosts = isWide ? [...ids, ...ensemble, "p1", "c1"] : ids;
  const count = 3 + random(8);
  for (let n = 0; n < count; n += 1) {
    const at = 1_000 + random(45_000);
    const id = `f${n}`;
    const node = pick(isWide && random(4) === 0 ? ensemble : ids);
    const span = pick([500, 2_000, 5_000, 9_000, 15_000, 25_000]);
    switch (random(isWide ? 8 : 5)) {
      case 0:
      case 1:
        acts.push({ id, at: ms(at), kill: node }, { id: `${id}s`, at: ms(Math.min(END_MS, at + span)), start: node });
        break;
      case 2:
        acts.push({ id, at: ms(at), pause: node, for: ms(span) });
        break;
      case 3:
      case 4: {
        const others = hosts.filter((host) => host !== node);
        const to = others.filter(() => random(2) === 0);
        if (to.length > 0)
          acts.push({ id, at: ms(at), cut: { from: [node], to, oneWay: random(3) === 0 }, for: ms(span) });
        break;
      }
      case 5:
        acts.push(
          { id, at: ms(at), stop: node },
          { id: `${id}s`, at: ms(Math.min(END_MS, at + span + 5_000)), start: node },
        );
        break;
      case 6:
        acts.push({ id, at: ms(at), "expire-session": pick(ids) });
        break;
      default:
        acts.push({
          id,
          at: ms(at),
          "slow-follower-fetch": { broker: pick(ids), delay: ms(pick([100, 400, 1500])) },
          for: ms(span),
        });
    }
  }
  acts.sort((a, b) => Number.parseInt(a.at ?? "0", 10) - Number.parseInt(b.at ?? "0", 10));
  const producer = (name: string, acks: "all" | 0 | 1) => ({
    producer: name,
    topic: "orders",
    config: { acks, ...(profile === "0.10" ? { retries: 5 } : {}) },
    sends: { every: ms(pick([100, 200, 500])), keys: pick(["k0..k9", "none"]) },
  });
  const clients: NonNullable<Scenario["clients"]> = [producer("p1", "all")];
  if (isWide) {
    clients.push(producer("p2", pick([0, 1, "all"] as const)));
    clients.push({ consumer: "c1", group: "g1", topics: ["orders"], config: { "auto.offset.reset": "earliest" } });
    clients.push({ consumer: "c2", group: "g1", topics: ["orders"], config: { "auto.offset.reset": "earliest" } });
  } else clients.push({ consumer: "c1", assign: ["orders-0"], config: { "auto.offset.reset": "earliest" } });
  return {
    id: `random-${kind}-${seed}`,
    title: `Random schedule ${seed}`,
    profile,
    seed,
    horizon: "60s",
    cluster: {
      brokers,
      zookeeper: servers,
      config: { "unclean.leader.election.enable": false, "min.insync.replicas": minIsr },
      links: { delay: pick(["1ms", "5ms", "20ms"]), jitter: pick(["0ms", "2ms"]) },
    },
    topics: [{ name: "orders", replicas }],
    clients,
    acts,
  };
}

function ms(value: number): string {
  return `${value}ms`;
}
