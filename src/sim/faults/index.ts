/** The registry of faults and acts: the only list of what can be done to a run. */
import type { ActHandler } from "../environment/environment.ts";
import { clientCommand } from "./client-command.ts";
import { crashClient } from "./crash-client.ts";
import { cut } from "./cut.ts";
import { expireSession } from "./expire-session.ts";
import type { Act, Fault } from "./fault.ts";
import { heal } from "./heal.ts";
import { breakConnection, holdMessages } from "./intercept-messages.ts";
import { kill } from "./kill.ts";
import { lossyLink } from "./lossy-link.ts";
import { pause } from "./pause.ts";
import { powerLoss } from "./power-loss.ts";
import { resume } from "./resume.ts";
import { setConfig, slowConsumer, slowFollowerFetch } from "./set-config.ts";
import { slowLink } from "./slow-link.ts";
import { start } from "./start.ts";
import { stop } from "./stop.ts";
import { when } from "./when.ts";

/** In the order of the palette. */
export const FAULTS: readonly Fault[] = [
  kill,
  stop,
  start,
  pause,
  resume,
  powerLoss,
  cut,
  heal,
  slowLink,
  lossyLink,
  breakConnection,
  holdMessages,
  expireSession,
  crashClient,
  slowConsumer,
  slowFollowerFetch,
  setConfig,
  clientCommand,
  when,
];

/** The fault of that kind; undefined if there is none. */
export function faultOf(kind: string): Fault | undefined {
  return FAULTS.find((fault) => fault.kind === kind);
}

/** One sentence about an act. */
export function describeAct(act: Act): string {
  return faultOf(act.kind)?.says(act) ?? `${act.kind} happened.`;
}

/** What the environment calls when an act happens. */
export const ACT_HANDLERS: Readonly<Record<string, ActHandler>> = Object.freeze(
  Object.fromEntries(FAULTS.map((fault) => [fault.kind, fault.apply as ActHandler])),
);
