/** Interference with chosen messages: which interception, if any, a message runs into. */
import type { Message } from "../engine/types.ts";
import type { EnvironmentState, Interception } from "./types.ts";

/** The first interception that `message` matches, counted down; null if none does. Used-up ones are removed. */
export function intercept(state: EnvironmentState, message: Message): Interception | null {
  const index = state.interceptions.findIndex((rule) => matches(rule, message));
  if (index < 0) return null;
  const rule = state.interceptions[index] as Interception;
  rule.remaining -= 1;
  if (rule.remaining <= 0) {
    state.interceptions.splice(index, 1);
    state.faults = state.faults.filter((fault) => fault.id !== rule.id);
  }
  return rule;
}

function matches(rule: Interception, message: Message): boolean {
  return (
    (rule.from === null || rule.from === message.from) &&
    (rule.to === null || rule.to === message.to) &&
    (rule.api === null || rule.api === message.body.kind)
  );
}
