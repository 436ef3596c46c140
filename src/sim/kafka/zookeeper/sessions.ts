/**
 * How a leader times sessions. Only a leader ends one, and only on a tick boundary.
 *
 * In ZooKeeper  SessionTrackerImpl, ExpiryQueue; the bounds are those of ZooKeeperServer.minSessionTimeout/maxSessionTimeout.
 */
import { type Delay, MILLISECOND, type SimTime } from "../../engine/types.ts";
import type { ZooKeeperConfig } from "../profiles/config.ts";
import type { TrackedSession, ZkSession } from "./state.ts";

/** A tick in microseconds. */
export function tickOf(config: ZooKeeperConfig): Delay {
  return config.tickTime * MILLISECOND;
}

/** What the ensemble grants for what a client asks, milliseconds: within 2 to 20 ticks unless configured otherwise. */
export function negotiatedTimeoutMs(config: ZooKeeperConfig, askedMs: number): number {
  const least = config.minSessionTimeout ?? 2 * config.tickTime;
  const most = config.maxSessionTimeout ?? 20 * config.tickTime;
  return Math.min(Math.max(askedMs, least), most);
}

/** When a session ends that is heard of now and then no more: the timeout, rounded up past a tick boundary. */
export function expiryOf(now: SimTime, timeoutMs: number, tick: Delay): SimTime {
  return (Math.floor((now + timeoutMs * MILLISECOND) / tick) + 1) * tick;
}

/** A session that starts now, or that a new leader takes over with a full timeout. */
export function trackSession(session: ZkSession, now: SimTime, tick: Delay): TrackedSession {
  const { owner, timeoutMs } = session;
  const expiresAt = expiryOf(now, timeoutMs, tick);
  return { owner, timeoutMs, expiresAt, lastHeard: now, server: null, isClosing: false };
}

/** The session was heard of at `heardAt`; the leader learns of it now. */
export function touchSession(tracked: TrackedSession, heardAt: SimTime, now: SimTime, tick: Delay): void {
  if (heardAt > tracked.lastHeard) tracked.lastHeard = heardAt;
  tracked.expiresAt = expiryOf(now, tracked.timeoutMs, tick);
}

/** Ids of the sessions whose time is over at the tick boundary `boundary`, ascending. */
export function overdueSessions(sessions: Readonly<Record<string, TrackedSession>>, boundary: SimTime): number[] {
  return Object.keys(sessions)
    .filter((id) => {
      const tracked = sessions[id] as TrackedSession;
      return !tracked.isClosing && tracked.expiresAt <= boundary;
    })
    .map(Number)
    .sort((a, b) => a - b);
}
