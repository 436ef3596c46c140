/**
 * Whatever is done to brokers, links and sessions: no impossible state, never two controllers that ZooKeeper would both obey, and
 * once things are quiet one controller whose picture of the cluster is what ZooKeeper says.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Timeline } from "../../../src/sim/engine/timeline.ts";
import { PROFILES } from "../../../src/sim/kafka/profiles/profile.ts";
import { committedTree } from "../../../src/sim/kafka/readings.ts";
import { cluster, controllerIn, deleteController, type Script, topic, writesOf, zkWrite } from "./support.ts";

const BROKERS = ["b1", "b2", "b3"];
const create = { op: "create", ephemeral: false, sequential: false } as const;
const reassignment = (replicas: number[]) => ({
  version: 1,
  partitions: [{ topic: "t", partition: 1, replicas }],
});

/** One thing that is done: at a tenth of a second between 13 and 43, to a broker. */
const deed = fc.record({
  at: fc.integer({ min: 130, max: 430 }),
  who: fc.constantFrom(...BROKERS),
  what: fc.constantFrom(
    "kill",
    "start",
    "pause",
    "resume",
    "stop",
    "cut",
    "heal",
    "depose",
    "create",
    "delete",
    "move",
  ),
});

function scriptOf(deeds: readonly { at: number; who: string; what: string }[]): Script {
  const script: (readonly [number, string, Record<string, unknown>])[] = deeds.map(({ at, who, what }, n) => {
    const second = at / 10;
    switch (what) {
      case "cut":
        return [second, "cut", { from: who, to: n % 2 === 0 ? "z1" : BROKERS[n % 3] }];
      case "heal":
        return [second, "heal", {}];
      case "depose":
        return [second, "command", deleteController];
      case "create":
        return [second, "command", topic(`n${n}`, { 0: [1, 2], 1: [3] })];
      case "delete":
        return [second, "command", zkWrite([{ ...create, path: "/admin/delete_topics/d", data: null }])];
      case "move":
        return [
          second,
          "command",
          zkWrite([{ ...create, path: "/admin/reassign_partitions", data: reassignment([(n % 3) + 1]) }]),
        ];
      default:
        return [second, what, { who }];
    }
  });
  const topics = zkOps();
  const quiet = BROKERS.flatMap((who) => [[45, "resume", { who }] as const, [58, "start", { who }] as const]);
  return [[12, "command", topics[0]], [12.5, "command", topics[1]], ...script, [44, "heal", {}], ...quiet] as Script;
}

function zkOps() {
  return [topic("t", { 0: [1, 2, 3], 1: [2, 3], 2: [3] }), topic("d", { 0: [1, 2, 3] })];
}

function stateOf(run: Timeline): Record<string, unknown> {
  const tree = committedTree(run.head.world);
  return Object.fromEntries(
    Object.keys(tree)
      .filter((path) => path.endsWith("/state"))
      .map((path) => {
        const [, , , name, , number] = path.split("/");
        const data = tree[path]?.data as { leader: number; leader_epoch: number };
        return [`${name}-${number}`, `${data.leader}/${data.leader_epoch}`];
      }),
  );
}

describe.each(PROFILES)("%s", (profile) => {
  test("random faults", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 20 }), (deeds) => {
        const run = cluster(profile, scriptOf(deeds), { config: { deleteTopicEnable: true } });
        run.advance(100_000_000);
        expect(run.failure).toBeNull();

        const epochs = writesOf(run).filter(({ path }) => path === "/controller_epoch");
        expect(epochs.map(({ data }) => data)).toEqual([...new Set(epochs.map(({ data }) => data))]);

        const tree = committedTree(run.head.world);
        const active = BROKERS.filter((id) => controllerIn(run, id)?.isActive);
        const named = tree["/controller"]?.data as { brokerid: number } | undefined;
        expect(active).toEqual([`b${named?.brokerid}`]);
        const memory = controllerIn(run, active[0] as string);
        expect(memory?.epoch).toBe(Number(tree["/controller_epoch"]?.data));
        expect(memory?.current).toBeNull();
        const known = Object.values(memory?.context.partitions ?? {}).flatMap(({ topicPartition, state }) =>
          state === null ? [] : [[topicPartition, `${state.leader}/${state.leaderEpoch}`] as const],
        );
        expect(Object.fromEntries(known)).toEqual(stateOf(run));
        expect(Object.keys(memory?.context.liveBrokers ?? {})).toEqual(tree["/brokers/ids"]?.children);
      }),
      { numRuns: Number(process.env.RUNS ?? 25) },
    );
  });
});
