/**
 * What can be done to a thing now: acts as plain data, each with the word for it. Which faults there are, what each is
 * called and what it may stand on comes from the registry of faults; which make sense now, from the state of the thing.
 */
import { type Act, environmentOf, FAULTS, type Trace, type World } from "../../../sim/index.ts";
import { processOf, type Thing } from "../../state/selection.ts";
import { text } from "../text.ts";

export interface Offer {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** The letter of the table of shortcuts, if it has one. */
  readonly shortcut?: string;
  /** What it does; null when it needs a second thing first. */
  readonly act: Act | null;
  /** For undo, forks and notices: "kill b1". */
  readonly name: string;
  /** The second thing: for each, the act. */
  readonly to?: readonly { readonly id: string; readonly role: string; readonly act: Act; readonly name: string }[];
  /** The step before which the act belongs, when it is not the moment shown: a message is dropped where it is sent. */
  readonly before?: number;
}

/** An offer with nothing left to choose. */
export type ReadyOffer = Pick<Offer, "id" | "name" | "before"> & { readonly act: Act };

const second = 1_000_000;
const pauseFor = 9 * second;
const slowBy = 50_000;
const lossPercent = 5;
const slowRecord = 300_000;

type Loose = { readonly kind: string } & Readonly<Record<string, unknown>>;
const make = (act: Loose): Act => act as unknown as Act;

/**
 * What can be done to `thing` in `world`, in the order of the palette. Empty for what has no fault of its own. `trace` is
 * asked for the step that sent a message.
 */
export function offersFor(thing: Thing, world: World, trace: Trace): Offer[] {
  if (thing.kind === "link") return linkOffers(thing.from, thing.to, world);
  if (thing.kind === "message") return messageOffers(thing.id, world, trace);
  const id = processOf(thing);
  const actor = id === null ? undefined : world.actors[id];
  if (id === null || actor === undefined) return [];
  const others = othersOf(id, world);
  const brokers = others.filter((other) => world.actors[other]?.kind === "broker");
  const isCut = environmentOf(world).faults.some(({ kind, on }) => kind === "cut" && on.includes(id));
  const offers: Offer[] = [];
  for (const fault of FAULTS) {
    const { kind, label, help } = fault;
    if (!standsOn(fault.on, actor.kind) || !isPossible(kind, actor.process, isCut, actor.kind)) continue;
    const one = (act: Loose, name: string, more: Partial<Offer> = {}) =>
      offers.push({ id: kind, label, help, act: make(act), name, ...more });
    const pick = (act: (to: string) => Loose, verb: (to: string) => string, all: Loose | null) =>
      offers.push({
        id: kind,
        label,
        help,
        act: null,
        name: kind,
        to: [
          ...(all === null ? [] : [{ id: "all", role: "", act: make(all), name: verb("all others") }]),
          ...(all === null || brokers.length < 2
            ? []
            : [{ id: "brokers", role: "", act: make({ ...all, to: brokers }), name: verb(brokers.join(", ")) }]),
          ...others.map((to) => ({
            id: to,
            role: world.actors[to]?.kind ?? "",
            act: make(act(to)),
            name: verb(to),
          })),
        ],
      });
    switch (kind as string) {
      case "kill":
        one({ kind, target: id }, `kill ${id}`, { shortcut: "K" });
        break;
      case "start":
        one({ kind, target: id }, `start ${id}`, { shortcut: "R" });
        break;
      case "pause":
        one({ kind, target: id, for: pauseFor }, `pause ${id}`, {
          shortcut: "P",
          label: `${label} for ${pauseFor / second} s`,
        });
        break;
      case "resume":
        one({ kind, target: id }, `resume ${id}`, { shortcut: "P" });
        break;
      case "stop":
      case "power-loss":
      case "expire-session":
        one({ kind, target: id }, `${label.toLowerCase()}: ${id}`);
        break;
      case "crash-client":
        // A client is crashed as any process is killed; the menu says it once.
        break;
      case "cut":
        pick(
          (to) => ({ kind, from: [id], to: [to], oneWay: false, for: null }),
          (to) => `cut ${id} from ${to}`,
          { kind, from: [id], to: others, oneWay: false, for: null },
        );
        break;
      case "heal":
        one({ kind }, "heal all links");
        break;
      case "slow-link":
        pick(
          (to) => ({ kind, from: [id], to: [to], oneWay: false, delay: slowBy, jitter: slowBy / 5, for: null }),
          (to) => `slow link ${id} to ${to}`,
          null,
        );
        break;
      case "lossy-link":
        pick(
          (to) => ({ kind, from: [id], to: [to], oneWay: false, percent: lossPercent, for: null }),
          (to) => `lossy link ${id} to ${to}`,
          null,
        );
        break;
      case "slow-consumer":
        one({ kind, target: id, perRecord: slowRecord, for: null }, `slow consumer ${id}`);
        break;
    }
  }
  return offers;
}

/** Everything that can be done to a thing now, each as one act: what the palette lists. */
export function readyOffers(thing: Thing, world: World, trace: Trace): ReadyOffer[] {
  return offersFor(thing, world, trace).flatMap(({ act, to = [], ...offer }): ReadyOffer[] =>
    act === null
      ? to.map((one) => ({ id: `${offer.id}-${one.id}`, act: one.act, name: one.name }))
      : [{ ...offer, act }],
  );
}

/** The act of a letter (K, P, C, R) on a thing; null when it makes no sense now. */
export function actForKey(
  key: "kill" | "pause" | "cut" | "restart",
  thing: Thing,
  world: World,
  trace: Trace,
): { readonly act: Act; readonly name: string } | null {
  const offers = offersFor(thing, world, trace);
  const find = (first: string, second?: string) =>
    offers.find(({ id }) => id === first) ?? offers.find(({ id }) => id === second);
  const offer =
    key === "kill"
      ? find("kill")
      : key === "pause"
        ? find("resume", "pause")
        : key === "restart"
          ? find("start")
          : find("heal", "cut");
  if (offer === undefined) return null;
  if (offer.act !== null) return { act: offer.act, name: offer.name };
  const all = offer.to?.find(({ id }) => id === "all") ?? offer.to?.[0];
  return all === undefined ? null : { act: all.act, name: all.name };
}

function linkOffers(from: string, to: string, world: World): Offer[] {
  const between = { from: [from], to: [to] };
  const has = (kind: string) => FAULTS.find((fault) => fault.kind === kind);
  const isFaulty = environmentOf(world).faults.some(
    ({ kind, on }) => ["cut", "slow-link", "lossy-link"].includes(kind) && on.includes(from) && on.includes(to),
  );
  const acts: readonly [Loose, string][] = [
    [{ kind: "cut", ...between, oneWay: false, for: null }, `cut ${from} from ${to}`],
    [
      { kind: "slow-link", ...between, oneWay: false, delay: slowBy, jitter: slowBy / 5, for: null },
      `slow link ${from} to ${to}`,
    ],
    [{ kind: "lossy-link", ...between, oneWay: false, percent: lossPercent, for: null }, `lossy link ${from} to ${to}`],
    ...(isFaulty ? [[{ kind: "heal", ...between }, `heal ${from} to ${to}`] as [Loose, string]] : []),
  ];
  return acts.flatMap(([act, name]) => {
    const fault = has(act.kind);
    if (fault === undefined) return [];
    const label = act.kind === "cut" ? "Cut" : fault.label;
    return [
      { id: act.kind, label, help: fault.help, act: make(act), name, ...(act.kind === "cut" ? { shortcut: "C" } : {}) },
    ];
  });
}

/** A message on its way, or the one that arrives at this step, can be dropped, unless a cut holds it already. */
function messageOffers(id: string, world: World, trace: Trace): Offer[] {
  const found = messageOf(id, world, trace);
  const fault = FAULTS.find(({ kind }) => kind === "break-connection");
  if (found === null || fault === undefined) return [];
  const { api, from, to, before } = found;
  return [
    {
      id: fault.kind,
      label: text.faults.drop,
      help: fault.help,
      act: make({ kind: fault.kind, api, from, to, next: 1 }),
      name: `drop ${api} from ${from} to ${to}`,
      before,
    },
  ];
}

export interface SentMessage {
  readonly api: string;
  readonly from: string;
  readonly to: string;
  /** The step that sent it. */
  readonly before: number;
}

/** What a message says and which step sent it; null when it is neither on its way nor just there. */
export function messageOf(id: string, world: World, trace: Trace): SentMessage | null {
  const event = world.queue.find((one) => `e${one.id}` === id);
  if (event?.trigger.kind === "message" && event.cause !== null) {
    const { from, to, body, sentAt } = event.trigger.message;
    const before = entryOf(event.cause, sentAt, trace);
    return before === null ? null : { api: body.kind, from, to, before };
  }
  const arrived = entryOf(Number(id.replace(/^e/, "")), world.time, trace);
  if (arrived === null) return null;
  const { kind, actor, cause } = trace.entry(arrived);
  if (cause === null || !/^[A-Z]/.test(kind)) return null;
  const before = trace.findEvent(cause, arrived - 1);
  return before < 0 ? null : { api: kind, from: trace.actorOf(before), to: actor, before };
}

/** The step with the id of an event that ran at `at`. */
function entryOf(id: number, at: number, trace: Trace): number | null {
  for (let n = trace.countUntil(at - 1); n < trace.length && trace.at(n) === at; n += 1)
    if (trace.entry(n).id === id) return n;
  return null;
}

function standsOn(on: string, kind: string): boolean {
  switch (on) {
    case "process":
    case "link":
      return true;
    case "client":
      return kind === "producer" || kind === "consumer";
    default:
      return on === kind;
  }
}

function isPossible(fault: string, process: string, isCut: boolean, kind: string): boolean {
  switch (fault) {
    case "start":
      return process === "down";
    case "resume":
      return process === "paused";
    case "pause":
      return process === "running";
    case "stop":
      return process === "running";
    case "heal":
      return isCut;
    case "expire-session":
      return kind === "broker";
    case "set-config":
    case "slow-follower-fetch":
    case "break-connection":
    case "hold-messages":
      return false;
    default:
      return process !== "down" || fault === "cut";
  }
}

/** Every other process of the cluster: brokers, then servers, then clients. */
function othersOf(id: string, world: World): string[] {
  const order = ["broker", "zookeeper", "producer", "consumer"];
  return Object.values(world.actors)
    .filter((actor) => actor.id !== id && order.includes(actor.kind))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((actor) => actor.id);
}
