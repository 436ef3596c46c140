/**
 * Three servers and two clients under kills, pauses and cuts at random moments. Whatever happens: servers agree on one history,
 * ephemerals die with their sessions, and when all is well again everybody serves and holds the same.
 */
import { describe, expect, test } from "vitest";
import { digest } from "../../../src/sim/engine/snapshot.ts";
import type { Timeline } from "../../../src/sim/engine/timeline.ts";
import { type Fact, SECOND } from "../../../src/sim/engine/types.ts";
import type { ZkResult } from "../../../src/sim/kafka/protocol/zookeeper.ts";
import { facts, isNewWrite, type WritePlace, ZK_WRITE_FACTS } from "../../../src/sim/kafka/zookeeper/facts.ts";
import { createZkDisk } from "../../../src/sim/kafka/zookeeper/tree.ts";
import {
  answerOf,
  ask,
  type ClusterOptions,
  cluster,
  create,
  diskOf,
  leadersOf,
  run,
  type Script,
  told,
} from "./support.ts";

const SERVERS = ["z1", "z2", "z3"];
const CLIENTS = ["c1", "c2"];
const EVERYONE = [...SERVERS, ...CLIENTS];
/** Seconds of trouble, and of peace after it: long enough for TCP's repeats and a session. */
const TROUBLE = 40;
const PEACE = 60;

/** Uniform integers from a seed (the generator of Numerical Recipes). */
function numbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * bound);
  };
}

function pick<T>(random: (bound: number) => number, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** What happens to the cluster, and what its clients ask for. */
function trouble(seed: number): Script {
  const random = numbers(seed);
  const script: (readonly [number, string, Record<string, unknown>])[] = [];
  for (let at = 2; at < TROUBLE; at += (1 + random(25)) / 10) {
    const kind = random(10);
    if (kind < 2) {
      const who = pick(random, EVERYONE);
      script.push([at, "kill", { who }]);
      script.push([at + random(80) / 10, "start", { who }]);
    } else if (kind < 4) {
      const who = pick(random, EVERYONE);
      script.push([at, "pause", { who }]);
      script.push([at + random(150) / 10, "resume", { who }]);
    } else if (kind < 7) {
      const [from, to] = [pick(random, EVERYONE), pick(random, EVERYONE)];
      script.push([at, "cut", { from, to }]);
      if (random(2) === 0) script.push([at, "cut", { from: to, to: from }]);
    } else if (kind < 9) script.push([at, "heal", {}]);
    else script.push([at, "command", { who: pick(random, SERVERS), command: { kind: "expire-session", owner: "c1" } }]);
  }
  for (let at = 2, n = 0; at < TROUBLE; at += (1 + random(6)) / 10, n += 1) {
    const who = pick(random, CLIENTS);
    const ops = [
      create("/controller", who, true),
      create("/x", n),
      create("/seq-", n, false, true),
      { op: "setData", path: "/x", data: n, version: -1 },
      { op: "delete", path: "/x", version: -1 },
      { op: "delete", path: "/controller", version: -1 },
      { op: "multi", ops: [create("/brokers/ids/1", who, true), { op: "setData", path: "/x", data: n, version: -1 }] },
      { op: "getChildren", path: "/brokers/ids", watch: true },
      { op: "exists", path: "/controller", watch: true },
    ] as const;
    script.push([at, "command", ask(who, pick(random, ops) as Parameters<typeof ask>[1], `${n}`)]);
  }
  script.push([TROUBLE, "heal", {}]);
  for (const who of EVERYONE) script.push([TROUBLE, "resume", { who }], [TROUBLE, "start", { who }]);
  for (const who of CLIENTS)
    script.push([TROUBLE + PEACE - 2, "command", ask(who, create(`/last-${who}`, who, true), `last-${who}`)]);
  return script;
}

function start(seed: number, timeline: ClusterOptions["timeline"] = {}): Timeline {
  const options = { servers: 3, clients: CLIENTS, seed: `${seed}`, jitter: 400, lossPerMille: seed % 3 };
  return cluster(trouble(seed), { ...options, timeline });
}

interface Place extends WritePlace {
  readonly [field: string]: unknown;
}

/** Follows a run and compares at many moments; returns what is wrong. */
function watchOver(timeline: Timeline): string[] {
  const wrong: string[] = [];
  const committed: Record<string, number> = {};
  const treeAt: Record<string, string> = {};
  for (let at = 0; at <= TROUBLE + PEACE; at += 0.25) {
    run(timeline, at);
    for (const id of SERVERS) {
      const disk = diskOf(timeline, id);
      if (disk.committedZxid < (committed[id] ?? 0)) wrong.push(`${at} s: ${id} went back`);
      committed[id] = disk.committedZxid;
      const known = digest([disk.tree, disk.sessions]);
      treeAt[disk.committedZxid] ??= known;
      if (treeAt[disk.committedZxid] !== known) wrong.push(`${at} s: ${id} differs at zxid ${disk.committedZxid}`);
      for (const [path, { ephemeralOwner }] of Object.entries(disk.tree))
        if (ephemeralOwner !== 0 && disk.sessions[ephemeralOwner] === undefined)
          wrong.push(`${at} s: ${path} at ${id} outlived its session`);
      for (let n = 1; n < disk.log.length; n += 1)
        if ((disk.log[n]?.zxid ?? 0) <= (disk.log[n - 1]?.zxid ?? 0)) wrong.push(`${at} s: zxids of ${id} do not grow`);
    }
  }
  return wrong;
}

/** The committed history as it was told: each write once; what was told again must be what was told first. */
function historyOf(timeline: Timeline): { history: Place[]; wrong: string[] } {
  const wrong: string[] = [];
  const history: Place[] = [];
  const byPlace: Record<string, string> = {};
  for (const { fact, at } of told(timeline, ...ZK_WRITE_FACTS)) {
    const place = fact as unknown as Place;
    const { recovered: _, ...told } = place;
    const key = `${place.zxid}/${place.nth}`;
    const text = JSON.stringify(told);
    if (isNewWrite(history.at(-1) ?? null, place)) history.push(place);
    else if (byPlace[key] === undefined) wrong.push(`${at} ms: ${key} was told too late: ${text}`);
    byPlace[key] ??= text;
    if (byPlace[key] !== text) wrong.push(`${at} ms: ${key} was two writes: ${byPlace[key]} and ${text}`);
  }
  return { history, wrong };
}

/** Plays the history from the start; returns what cannot be, and the znodes at the end as path → data and version. */
function play(history: readonly Place[]): { wrong: string[]; tree: Record<string, unknown> } {
  const wrong: string[] = [];
  const initial = Object.keys(createZkDisk().tree).map((path) => [path, [null, 0]] as const);
  const tree: Record<string, unknown> = Object.fromEntries(initial);
  const sessions: Record<string, boolean> = {};
  for (const fact of history) {
    const path = fact.path as string;
    switch (fact.kind) {
      case "session-created":
        sessions[fact.session as number] = true;
        continue;
      case "session-expired":
      case "session-closed":
        if (sessions[fact.session as number] !== true) wrong.push(`session ${fact.session} ended twice`);
        sessions[fact.session as number] = false;
        continue;
      case "znode-created":
        if (tree[path] !== undefined) wrong.push(`${path} was created twice`);
        tree[path] = [fact.data, fact.version];
        break;
      case "znode-changed":
        if (tree[path] === undefined) wrong.push(`${path} was changed before it was there`);
        tree[path] = [fact.data, fact.version];
        break;
      default:
        if (tree[path] === undefined) wrong.push(`${path} was deleted twice`);
        delete tree[path];
        if (fact.reason === "session-ended") continue;
    }
    if (sessions[fact.session as number] !== true)
      wrong.push(`${path} was written by session ${fact.session}, which was over`);
  }
  return { wrong, tree };
}

const SEEDS = (process.env.ZK_SEEDS ?? "1,2,3,4,5,6,7,8").split(",").map(Number);

describe.each(SEEDS)("seed %d", (seed) => {
  test("one history, and all is well in the end", () => {
    const timeline = start(seed);
    expect(watchOver(timeline)).toEqual([]);
    const { history, wrong } = historyOf(timeline);
    const played = play(history);
    expect([...wrong, ...played.wrong]).toEqual([]);

    const [leader, ...others] = leadersOf(timeline);
    expect(others).toEqual([]);
    const { tree, sessions } = diskOf(timeline, leader ?? "nobody");
    const ours = Object.fromEntries(Object.entries(tree).map(([path, { data, version }]) => [path, [data, version]]));
    expect(ours).toEqual(played.tree);
    for (const id of SERVERS) expect(digest(diskOf(timeline, id).tree)).toBe(digest(tree));
    expect(
      Object.values(sessions)
        .map(({ owner }) => owner)
        .sort(),
    ).toEqual(CLIENTS);
    for (const who of CLIENTS) expect(answerOf(timeline, `last-${who}`)?.error).toBe("OK");
  });

  test("no client is taken back in time within a session", () => {
    const timeline = run(start(seed), TROUBLE + PEACE);
    const seen: Record<string, number> = {};
    for (const { actor, fact } of told(timeline, "heard-established", "answered")) {
      const { zxid } = (fact.result ?? { zxid: 0 }) as ZkResult;
      if (fact.kind === "answered") expect(zxid).toBeGreaterThanOrEqual(seen[actor] ?? 0);
      seen[actor] = zxid;
    }
  });

  test("every fact of this folder has its sentence", () => {
    for (const { actor, at, fact } of run(start(seed), TROUBLE).trace.facts) {
      if (["answered", "watched"].includes(fact.kind) || fact.kind.startsWith("heard-")) continue;
      const entry = facts[fact.kind as keyof typeof facts] as
        | { says(f: Fact, actor: string, at: number): string }
        | undefined;
      if (entry === undefined) expect(["message-lost", "process-exited"]).toContain(fact.kind);
      else expect(entry.says(fact, actor, at)).toMatch(/^(?!.*(undefined|NaN|null|object)).*\.$/);
    }
  });

  test("no session ends before its time", () => {
    const timeline = run(start(seed), TROUBLE + PEACE);
    const elections = told(timeline, "zookeeper-leader-elected");
    for (const { at, actor, fact } of told(timeline, "session-expired")) {
      if (fact.reason !== "timeout" || fact.recovered === true) continue;
      const timeout = (fact.timeout as number) / 1000;
      expect(at - (fact.lastHeard as number) / 1000).toBeGreaterThanOrEqual(timeout);
      const elected = elections.findLast((one) => one.at <= at && one.actor === actor);
      expect(at - (elected?.at ?? Number.NaN)).toBeGreaterThanOrEqual(timeout);
    }
  });
});

test.each(SEEDS.slice(0, 2))("seed %d runs the same from any checkpoint", (seed) => {
  const whole = run(start(seed, { checkpointEvery: 1000 }), TROUBLE + 5);
  const end = digest(whole.head.world);
  for (const entries of [1, Math.floor(whole.length / 3), Math.floor(whole.length / 2), whole.length - 10]) {
    const again = whole.fork(entries, whole.inputs);
    again.advance((TROUBLE + 5) * SECOND);
    expect([again.trace.hash(), digest(again.head.world)]).toEqual([whole.trace.hash(), end]);
  }
});
