/**
 * How fast simulated time passes while playing. Waiting (a fault has happened, the next turn is still to come) may run at
 * twice the speed; the moments around a fault or an election at a fifth. Pure; decides what is shown, never what happens.
 */
import { MILLISECOND, SECOND, type SimTime } from "../../sim/index.ts";
import type { Mark } from "./marks.ts";
import { SPEEDS } from "./types.ts";

export interface PaceSwitches {
  readonly hurriesWaits: boolean;
  readonly slowsNearFaults: boolean;
}

const hurry = 2;
const slow = 0.2;
const afterMark = 1 * SECOND;
const beforeMark = 500 * MILLISECOND;
const nearBefore = 20 * MILLISECOND;
const nearAfter = 150 * MILLISECOND;

/** The speed in force at `time`; `last` and `next` are the marks on both sides of it. */
export function paceAt(speed: number, time: SimTime, last: Mark | null, next: Mark | null, on: PaceSwitches): number {
  if (on.slowsNearFaults && speed > slow && (isNear(last, time) || isNear(next, time))) return speed * slow;
  const isWaiting =
    last !== null && next !== null && time - last.at > afterMark && next.at - time > beforeMark && last.at > 0;
  return on.hurriesWaits && isWaiting ? speed * hurry : speed;
}

function isNear(mark: Mark | null, time: SimTime): boolean {
  if (mark === null || mark.at === 0 || !(mark.kind === "fault" || mark.kind === "leader")) return false;
  return mark.at - time <= nearBefore && time - mark.at <= nearAfter;
}

/** The next speed on offer, up or down; stays within the list. */
export function nextSpeed(speed: number, by: 1 | -1): number {
  const last = SPEEDS.length - 1;
  const found = SPEEDS.findIndex((offered) => offered >= speed);
  return SPEEDS[Math.max(0, Math.min(last, (found === -1 ? last : found) + by))] ?? speed;
}
