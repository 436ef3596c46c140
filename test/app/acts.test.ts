/** The fault menu offers what makes sense now; every act it offers runs, and survives a link. */
import { describe, expect, test } from "vitest";
import { messagesNow } from "../../src/sim/index.ts";
import { actForKey, type Offer, offersFor, readyOffers } from "../../src/ui/app/faults/acts.ts";
import { openRun, type RunRequest } from "../../src/ui/app/open.ts";
import { linkTo, openLink } from "../../src/ui/app/share/open-link.ts";
import { sandbox } from "../../src/ui/app/workbench/sandbox.ts";
import { createPlayer } from "../../src/ui/player/index.ts";
import type { Thing } from "../../src/ui/state/selection.ts";
import { handClock } from "../player/hand-clock.ts";

const second = 1_000_000;
const b1: Thing = { kind: "broker", id: "b1" };

async function opened(scenario: RunRequest["scenario"] = sandbox) {
  const hand = handClock();
  const player = createPlayer(hand.clock);
  const { run, problems } = await openRun({ scenario, isInteractive: true });
  expect(problems).toEqual([]);
  if (run === null) throw new Error("nothing opened");
  player.open({ ...run, isOpenEnded: false, horizon: 6 * second });
  hand.compute();
  player.seek({ time: 4 * second });
  const offers = (thing: Thing = b1) => offersFor(thing, player.moment().world, player.timeline.trace);
  const ids = (thing?: Thing) => offers(thing).map(({ id }) => id);
  const press = (key: Parameters<typeof actForKey>[0], thing: Thing = b1) => {
    const found = actForKey(key, thing, player.moment().world, player.timeline.trace);
    if (found !== null) player.act(found.act, found.name);
    hand.compute();
    return found?.name ?? null;
  };
  return { player, offers, ids, press, ...hand };
}

describe("what is offered", () => {
  test("depends on the process: down can be started, up can be killed", async () => {
    const { ids, press } = await opened();
    expect(ids()).toEqual(expect.arrayContaining(["kill", "stop", "pause", "power-loss", "cut", "expire-session"]));
    expect(ids()).not.toContain("start");
    press("kill");
    expect(ids()).toContain("start");
    expect(ids()).not.toContain("kill");
  });

  test("depends on the kind of thing", async () => {
    const { ids } = await opened();
    expect(ids({ kind: "client", id: "c1" })).toContain("slow-consumer");
    expect(ids({ kind: "server", id: "z1" })).not.toContain("expire-session");
    expect(ids({ kind: "link", from: "b1", to: "b2" })).toEqual(["cut", "slow-link", "lossy-link"]);
    expect(ids({ kind: "message", id: "e1" })).toEqual([]);
  });
});

describe("for the palette", () => {
  test("each second thing is an offer of its own, and the other brokers are one", async () => {
    const { player } = await opened();
    const names = readyOffers(b1, player.moment().world, player.timeline.trace).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["kill b1", "cut b1 from b2", "cut b1 from b2, b3", "pause b1"]));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a message on its way", () => {
  test("is dropped by an act placed before the step that sent it, and by no other", async () => {
    const { player } = await opened();
    player.seek({ time: 4.002 * second });
    const [sent] = messagesNow(player.moment().world).filter(({ message }) => message.body.kind === "Produce");
    if (sent === undefined) throw new Error("nothing is on its way");
    const [drop] = offersFor({ kind: "message", id: sent.id }, player.moment().world, player.timeline.trace);
    expect(drop?.name).toBe("drop Produce from p1 to b1");
    const before = drop?.before ?? -1;
    const place = player.timeline.place(player.timeline.trace.at(before), before);
    player.changeInputs("drop", (inputs) => [{ ...place, act: drop?.act as never }, ...inputs]);
    player.timeline.advance(5 * second);
    const lost = [...player.timeline.trace.facts].filter(({ fact }) => fact.kind === "message-lost");
    expect(lost.map(({ at, fact }) => [at, fact.message, fact.from])).toEqual([[4 * second, "Produce", "p1"]]);
  });
});

describe("the letters", () => {
  test("P pauses, and P again lets go on", async () => {
    const { press } = await opened();
    expect(press("pause")).toBe("pause b1");
    expect(press("pause")).toBe("resume b1");
  });

  test("C cuts from all others, and C again heals", async () => {
    const { press, player } = await opened();
    expect(press("cut")).toBe("cut b1 from all others");
    player.seek({ time: 5 * second });
    expect(press("cut")).toBe("heal all links");
  });

  test("a letter that makes no sense does nothing", async () => {
    const { press } = await opened();
    expect(press("restart")).toBeNull();
  });
});

describe("every act that the menu offers", () => {
  const things: Thing[] = [
    b1,
    { kind: "server", id: "z1" },
    { kind: "client", id: "p1" },
    { kind: "client", id: "c1" },
    { kind: "link", from: "b1", to: "p1" },
  ];
  test.each(things)("on $kind $id runs without stopping the run", async (thing) => {
    const { player, offers } = await opened();
    const all = offers(thing).flatMap((offer: Offer): readonly Pick<Offer, "act" | "name">[] =>
      offer.act === null ? (offer.to ?? []) : [offer],
    );
    expect(all.length).toBeGreaterThan(2);
    for (const { act, name } of all) {
      if (act === null) continue;
      player.act(act, name);
      player.timeline.advance(7 * second);
      expect(player.timeline.failure, name).toBeNull();
      player.undo();
    }
  });
});

describe("a link", () => {
  test("opens the same run at the same moment, to the hash of its trace", async () => {
    const { player, press, compute } = await opened("acks1-failover-loss");
    press("kill");
    player.seek({ time: 12 * second });
    press("restart");
    player.seek({ time: 16 * second });
    const payload = await linkTo(player, b1);
    if (payload === null) throw new Error("no link");
    expect(payload.length).toBeLessThan(600);

    const read = await openLink(payload);
    expect(read.problems).toEqual([]);
    if (read.run === null) throw new Error("not opened");
    const other = createPlayer(handClock().clock);
    other.open(read.run, read.arrive.moment);
    other.timeline.advance(40 * second);
    compute();

    const { entries } = player.store.getState();
    expect(other.timeline.trace.hash(entries)).toBe(read.arrive.hash);
    expect(read.arrive).toMatchObject({ moment: { entries, time: 16 * second }, selection: b1 });
  });

  test("carries a scenario of its own, and what was taken out of it", async () => {
    const { player } = await opened({ ...sandbox, acts: [{ at: "6s", kill: "b2" }] });
    player.changeInputs("remove", (inputs) => inputs.filter(({ act }) => act.kind !== "kill"));
    const read = await openLink((await linkTo(player, null)) ?? "");
    expect(read.problems).toEqual([]);
    expect(read.run?.timeline.inputs.map(({ act }) => act.kind)).toEqual(
      player.timeline.inputs.map(({ act }) => act.kind),
    );
  });

  test("to a scenario that is not valid says what is wrong", async () => {
    const { player } = await opened({ ...sandbox });
    const { run } = player;
    if (run === null) throw new Error("nothing is open");
    player.open({ ...run, scenario: { ...sandbox, horizon: "soon" } });
    const read = await openLink((await linkTo(player, null)) ?? "");
    expect(read.run).toBeNull();
    expect(read.problems.join()).toContain("not valid");
  });
});
