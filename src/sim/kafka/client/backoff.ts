/**
 * How long a client waits before it tries again.
 *
 * In Kafka     ExponentialBackoff (base 2, 20 % jitter); before 3.7 retries wait a constant retry.backoff.ms, before 0.11
 *              reconnects a constant reconnect.backoff.ms.
 * Simplified   jitter is drawn in whole microseconds.
 */
import { type Delay, MILLISECOND } from "../../engine/types.ts";
import { isAtLeast } from "../profiles/profile.ts";
import type { KafkaCtx } from "../types.ts";

/** `baseMs` doubled `exponent` times, at most `maxMs`, give or take 20 % from the actor's stream `stream`. Microseconds. */
export function exponentialBackoff(
  ctx: KafkaCtx,
  stream: string,
  baseMs: number,
  maxMs: number,
  exponent: number,
): Delay {
  let wait = baseMs;
  for (let i = 0; i < exponent && wait < maxMs; i++) wait *= 2;
  const delay = Math.min(wait, Math.max(maxMs, baseMs)) * MILLISECOND;
  const fifth = Math.floor(delay / 5);
  if (fifth === 0) return delay;
  const jittered = delay - fifth + ctx.random(stream, 2 * fifth + 1);
  return Math.min(jittered, Math.max(maxMs, baseMs) * MILLISECOND);
}

/** The pause before retry number `attempt` (from 1) of a request: constant before 3.7, then exponential. Microseconds. */
export function retryBackoff(
  ctx: KafkaCtx,
  settings: { readonly retryBackoffMs: number; readonly retryBackoffMaxMs: number },
  attempt: number,
): Delay {
  if (!isAtLeast(ctx.self.config.profile, "3.9")) return settings.retryBackoffMs * MILLISECOND;
  return exponentialBackoff(
    ctx,
    "retry-backoff",
    settings.retryBackoffMs,
    settings.retryBackoffMaxMs,
    Math.max(0, attempt - 1),
  );
}
