/** Interference with chosen messages: the connection breaks before they arrive, or they are held back. */
import type { Delay, Kernel } from "../engine/types.ts";
import { environmentOf, type Interception } from "../environment/types.ts";
import { type Act, begin, type Fault, span } from "./fault.ts";

interface MessagesAct extends Act {
  /** Kind of the message that never arrives: `Produce`, `ProduceResponse`; null = any. */
  readonly api: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** How many of them. */
  readonly next: number;
}

export interface BreakConnectionAct extends MessagesAct {
  readonly kind: "break-connection";
}

export interface HoldMessagesAct extends MessagesAct {
  readonly kind: "hold-messages";
  readonly for: Delay;
}

/** Lets the environment interfere with the messages of an act, and notes the fault. */
function intercept(kernel: Kernel, act: MessagesAct, effect: Interception["effect"], delay: Delay): void {
  const { api, from, to, next } = act;
  const ends = [from, to].filter((end) => end !== null);
  const id = begin(kernel, act.kind, ends, { api, from, to, next });
  environmentOf(kernel.world).interceptions.push({ id, from, to, api, effect, delay, remaining: next });
}

const some = (what: MessagesAct): string =>
  `the next ${what.next > 1 ? `${what.next} ` : ""}${what.api ?? "message"}${what.next > 1 ? "s" : ""}${what.from === null ? "" : ` from ${what.from}`}${what.to === null ? "" : ` to ${what.to}`}`;

export const breakConnection: Fault<BreakConnectionAct> = {
  kind: "break-connection",
  label: "Drop messages",
  help: "The connection breaks just before the chosen messages arrive: requests, or their answers.",
  on: "link",
  apply(kernel, act) {
    intercept(kernel, act, "break", 0);
    kernel.note({ kind: "messages-will-break", api: act.api, from: act.from, to: act.to, next: act.next });
  },
  says: (act) => `The connection will break before ${some(act)} ${act.next > 1 ? "arrive" : "arrives"}.`,
};

export const holdMessages: Fault<HoldMessagesAct> = {
  kind: "hold-messages",
  label: "Hold messages",
  help: "The chosen messages arrive later by this much; what follows them on the connection waits behind them.",
  on: "link",
  apply(kernel, act) {
    intercept(kernel, act, "hold", act.for);
    kernel.note({ kind: "messages-will-wait", api: act.api, from: act.from, to: act.to, next: act.next, for: act.for });
  },
  says: (act) => `${some(act)} will arrive ${span(act.for)} late.`.replace(/^t/, "T"),
};
