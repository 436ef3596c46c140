/**
 * Messages on their way at one moment: those the queue will deliver, those a cut has swallowed and TCP will repeat, and those
 * that wait for a paused process.
 */
import type { ActorId, Message, SimTime, World } from "../engine/types.ts";
import { environmentOf } from "../environment/types.ts";
import { isResponse } from "../kafka/protocol/api.ts";

export interface MessageNow {
  /** Stable while the message is on its way. */
  readonly id: string;
  readonly message: Message;
  readonly isResponse: boolean;
  readonly sentAt: SimTime;
  /** Null: nobody knows; a cut holds it. */
  readonly arrivesAt: SimTime | null;
  /** Why it does not go on. */
  readonly held: "cut" | "paused" | null;
}

/** Every message on its way, in the order of arrival; those that are held come last. */
export function messagesNow(world: World): MessageNow[] {
  const moving: MessageNow[] = [];
  for (const event of world.queue) {
    if (event.trigger.kind !== "message") continue;
    const { message } = event.trigger;
    moving.push({ ...ofMessage(`e${event.id}`, message), arrivesAt: event.at, held: null });
  }
  moving.sort((a, b) => (a.arrivesAt ?? 0) - (b.arrivesAt ?? 0));
  for (const connection of Object.values(environmentOf(world).connections)) {
    for (const lane of [connection.toServer, connection.toClient]) {
      lane.blocked.forEach((message, index) => {
        const id = `${connection.id}.${lane === connection.toServer ? "s" : "c"}${message.sentAt}.${index}`;
        moving.push({ ...ofMessage(id, message), arrivesAt: null, held: "cut" });
      });
    }
  }
  for (const actor of Object.values(world.actors)) {
    for (const event of actor.held) {
      if (event.trigger.kind !== "message") continue;
      moving.push({ ...ofMessage(`e${event.id}`, event.trigger.message), arrivesAt: event.at, held: "paused" });
    }
  }
  return moving;
}

function ofMessage(id: string, message: Message): Pick<MessageNow, "id" | "message" | "isResponse" | "sentAt"> {
  return { id, message, isResponse: isResponse(message.body), sentAt: message.sentAt };
}

/** Pairs of processes with an open connection, each once, the smaller name first. */
export function openPairs(world: World): Set<string> {
  const pairs = new Set<string>();
  for (const { client, server, established, clientOpen, serverOpen } of Object.values(
    environmentOf(world).connections,
  )) {
    if (established && (clientOpen || serverOpen)) pairs.add(pairOf(client, server));
  }
  return pairs;
}

export function pairOf(a: ActorId, b: ActorId): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
