/**
 * Whether a consumer read records in the order in which they were sent: altogether, and for each key.
 *
 * Simplified   a record that it reads again is passed over; only its first reading has a place in the order.
 */
import type { Fact, Step } from "../../engine/types.ts";
import { recordOf } from "../../observers/ledger-records.ts";
import type { ExpectationsState, OrderState, Source } from "./state.ts";

interface Polled extends Fact {
  readonly records?: readonly { readonly tag: string | null }[];
}

/** Follows what consumers polled in a step. The ledger has seen the step already. */
export function followOrders(state: ExpectationsState, step: Step, source: Source): void {
  for (const fact of step.facts as readonly Polled[]) {
    if (fact.kind !== "records-polled") continue;
    let order = state.orders[step.actor];
    if (order === undefined) {
      order = { ordered: true, perKey: true, last: {}, lastOfKey: {} };
      state.orders[step.actor] = order;
    }
    for (const { tag } of fact.records ?? []) if (tag !== null) follow(order, tag, step, source);
  }
}

function follow(order: OrderState, tag: string, step: Step, source: Source): void {
  const record = recordOf(source.ledger, tag);
  if (record === undefined) return;
  const isAgain = record.readings.filter(({ consumer }) => consumer === step.actor).length > 1;
  const { producer, number } = record;
  const last = order.last[producer] ?? 0;
  if (number < last && !isAgain) order.ordered = false;
  order.last[producer] = Math.max(last, number);
  if (record.key === null) return;
  const line = `${producer} ${record.key}`;
  const lastOfKey = order.lastOfKey[line] ?? 0;
  if (number < lastOfKey && !isAgain) order.perKey = false;
  order.lastOfKey[line] = Math.max(lastOfKey, number);
}
