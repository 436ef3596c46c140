/** What all clients decide, as facts; each kind with the sentence that narrates it. */
import type { ActorId, SimTime } from "../../engine/types.ts";

export type ClientFact =
  /** Leaders by partition, as this client believes from now on; noted only when something changed. */
  | {
      readonly kind: "metadata-refreshed";
      readonly from: ActorId;
      readonly version: number;
      readonly leaders: Readonly<Record<string, ActorId | null>>;
    }
  /** An operation by hand returned. */
  | { readonly kind: "client-done"; readonly op: string; readonly tag?: string; readonly [field: string]: unknown }
  /** An operation by hand returned a value; null: there is none. */
  | { readonly kind: "client-value"; readonly op: string; readonly tag?: string; readonly value: unknown }
  /** An operation by hand threw. */
  | {
      readonly kind: "client-error";
      readonly op: string;
      readonly tag?: string;
      readonly exception: string;
      readonly message: string;
    }
  | { readonly kind: "client-closed"; readonly client: ActorId }
  /** An answer of the admin client. */
  | {
      readonly kind: "admin-answered";
      readonly op: string;
      readonly tag?: string;
      readonly ok: boolean;
      readonly result: unknown;
      readonly exception: string | null;
      readonly message: string | null;
    };

type Sentences = {
  readonly [K in ClientFact["kind"]]: {
    says(fact: Extract<ClientFact, { kind: K }>, actor: ActorId, at: SimTime): string;
  };
};

export const facts: Sentences = {
  "metadata-refreshed": {
    says: (f, c) => {
      const led = Object.entries(f.leaders);
      if (led.length !== 1) return `${c} heard from ${f.from} who leads ${led.length} partitions.`;
      const [name, leader] = led[0] as [string, string | null];
      return leader === null
        ? `${c} heard from ${f.from} that ${name} has no leader.`
        : `${c} heard from ${f.from} that ${leader} leads ${name}.`;
    },
  },
  "client-done": { says: (f, c) => `${c} returned from ${f.op}.` },
  "client-value": { says: (f, c) => `${c} got ${JSON.stringify(f.value)} from ${f.op}.` },
  "client-error": { says: (f, c) => `${c} got ${f.exception} from ${f.op}: ${f.message}` },
  "client-closed": { says: (_, c) => `${c} closed.` },
  "admin-answered": {
    says(f, c) {
      if (f.op !== "admin.resetOffsets")
        return f.ok ? `${c} carried out ${f.op}.` : `${c} failed at ${f.op} with ${f.exception}.`;
      if (!f.ok) return `The offsets of a group were not reset: ${f.message}`;
      const moved = Object.entries((f.result ?? {}) as Readonly<Record<string, number>>);
      const where = moved.map(([name, offset]) => `${name} to ${offset}`).join(", ");
      return moved.length === 0
        ? "There were no offsets of the group to reset."
        : `A group's offsets were reset: ${where}.`;
    },
  },
};
