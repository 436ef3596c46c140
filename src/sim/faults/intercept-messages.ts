/** Interference with chosen messages: the connection breaks before they arrive, or they are held back. */
import type { Delay } from "../engine/types.ts";
import { environmentOf } from "../environment/types.ts";
import { type Act, begin, type Fault, span } from "./fault.ts";

export interface BreakConnectionAct extends Act {
  readonly kind: "break-connection";
  /** Kind of the message that never arrives: `Produce`, `ProduceResponse`; null = any. */
  readonly api: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** How many of them. */
  readonly next: number;
}

export interface HoldMessagesAct extends Act {
  readonly kind: "hold-messages";
  readonly api: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly next: number;
  readonly for: Delay;
}

const some = (what: { api: string | null; from: string | null; to: string | null; next: number }): string =>
  `the next ${what.next > 1 ? `${what.next} ` : ""}${what.api ?? "message"}${what.next > 1 ? "s" : ""}${what.from === null ? "" : ` from ${what.from}`}${what.to === null ? "" : ` to ${what.to}`}`;

export const breakConnection: Fault<BreakConnectionAct> = {
  kind: "break-connection",
  label: "Drop messages",
  help: "The connection breaks just before the chosen messages arrive: requests, or their answers.",
  on: "link",
  apply(kernel, act) {
    const id = begin(
      kernel,
      act.kind,
      [act.from, act.to].filter((end) => end !== null),
      { api: act.api, from: act.from, to: act.to, next: act.next },
    );
    environmentOf(kernel.world).interceptions.push({
      id,
      from: act.from,
      to: act.to,
      api: act.api,
      effect: "break",
      delay: 0,
      remaining: act.next,
    });
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
    const id = begin(
      kernel,
      act.kind,
      [act.from, act.to].filter((end) => end !== null),
      { api: act.api, from: act.from, to: act.to, next: act.next },
    );
    environmentOf(kernel.world).interceptions.push({
      id,
      from: act.from,
      to: act.to,
      api: act.api,
      effect: "hold",
      delay: act.for,
      remaining: act.next,
    });
    kernel.note({ kind: "messages-will-wait", api: act.api, from: act.from, to: act.to, next: act.next, for: act.for });
  },
  says: (act) => `${some(act)} will arrive ${span(act.for)} late.`.replace(/^t/, "T"),
};
