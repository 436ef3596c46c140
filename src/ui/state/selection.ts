/** What is chosen, on the canvas or in a list, and what the pointer asks to be pointed out. One store for all views. */
import { create } from "zustand";

/** A thing of the cluster that can be chosen. */
export type Thing =
  | { readonly kind: "broker"; readonly id: string }
  | { readonly kind: "replica"; readonly broker: string; readonly topicPartition: string }
  | { readonly kind: "record"; readonly broker: string; readonly topicPartition: string; readonly offset: number }
  | { readonly kind: "server"; readonly id: string }
  | { readonly kind: "client"; readonly id: string }
  | { readonly kind: "group"; readonly id: string }
  | { readonly kind: "link"; readonly from: string; readonly to: string }
  | { readonly kind: "message"; readonly id: string };

export interface SelectionState {
  readonly thing: Thing | null;
  /** Index of a chosen trace entry (a log row); null when none. */
  readonly entry: number | null;
  select(thing: Thing | null): void;
  selectEntry(entry: number | null): void;
}

export const useSelection = create<SelectionState>()((set) => ({
  thing: null,
  entry: null,
  select: (thing) => set({ thing }),
  selectEntry: (entry) => set({ entry }),
}));

/** One text per thing, and back; for addresses and links. */
export function writeThing(thing: Thing): string {
  switch (thing.kind) {
    case "replica":
      return `replica:${thing.broker}/${thing.topicPartition}`;
    case "record":
      return `record:${thing.broker}/${thing.topicPartition}/${thing.offset}`;
    case "link":
      return `link:${thing.from}/${thing.to}`;
    default:
      return `${thing.kind}:${thing.id}`;
  }
}

/** Null when the text names no thing. */
export function readThing(text: string): Thing | null {
  const match = /^(\w+):([^/]+)(?:\/([^/]+))?(?:\/(\d+))?$/.exec(text);
  if (match === null) return null;
  const [, kind, id = "", second, third] = match;
  switch (kind) {
    case "broker":
    case "server":
    case "client":
    case "group":
    case "message":
      return { kind, id };
    case "replica":
      return second === undefined ? null : { kind, broker: id, topicPartition: second };
    case "record":
      return second === undefined || third === undefined
        ? null
        : { kind, broker: id, topicPartition: second, offset: Number(third) };
    case "link":
      return second === undefined ? null : { kind, from: id, to: second };
    default:
      return null;
  }
}

/** The process that a thing is or stands on: what a fault would hit. Null for links, groups and messages. */
export function processOf(thing: Thing | null): string | null {
  if (thing === null) return null;
  switch (thing.kind) {
    case "broker":
    case "server":
    case "client":
      return thing.id;
    case "replica":
    case "record":
      return thing.broker;
    default:
      return null;
  }
}
