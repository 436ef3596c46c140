/**
 * Settings that contradict each other: refused as the client or broker refuses to start, or put right silently
 * where Kafka does that.
 *
 * In Kafka     ProducerConfig.postProcessAndValidate, KafkaProducer.configureDeliveryTimeout,
 *              ConsumerConfig.postProcessAndValidate, KafkaConfig.validateValues.
 */
import type { ConfigProblem, ConfigValue } from "./config-key.ts";

/**
 * Problems of a whole record; may put right what Kafka puts right in silence.
 * `given` are the camelCase names that were set on purpose.
 */
export function checkTogether(
  kind: string,
  config: Record<string, ConfigValue>,
  given: readonly string[],
): ConfigProblem[] {
  if (kind === "producer") return [...checkIdempotence(config, given), ...checkDelivery(config, given)];
  if (kind === "consumer") return checkConsumer(config);
  return [];
}

function checkIdempotence(config: Record<string, ConfigValue>, given: readonly string[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const isTransactional = typeof config.transactionalId === "string";
  // A transactional id switches idempotence on, unless it was switched off by hand.
  if (isTransactional && !given.includes("enableIdempotence")) config.enableIdempotence = true;
  if (isTransactional && config.enableIdempotence === false) {
    problems.push(problem("transactional.id", "transactional.id needs enable.idempotence=true"));
  }
  if (config.enableIdempotence !== true) return problems;

  const wanted = given.includes("enableIdempotence") || isTransactional;
  if (isTransactional || given.includes("enableIdempotence")) {
    if (!given.includes("acks")) config.acks = -1;
  }
  const conflicts: ConfigProblem[] = [];
  if (config.acks !== -1) conflicts.push(problem("acks", "enable.idempotence=true needs acks=all"));
  if (config.retries === 0) conflicts.push(problem("retries", "enable.idempotence=true needs retries above 0"));
  const inFlight = config.maxInFlightRequestsPerConnection;
  if (typeof inFlight === "number" && inFlight > 5) {
    const key = "max.in.flight.requests.per.connection";
    conflicts.push(problem(key, `enable.idempotence=true needs ${key} of at most 5, not ${inFlight}`));
  }
  if (wanted) return [...problems, ...conflicts];
  // Only on by default (3.x): a conflicting setting wins, with nothing but a line in the client's log.
  if (conflicts.length > 0) config.enableIdempotence = false;
  return problems;
}

function checkDelivery(config: Record<string, ConfigValue>, given: readonly string[]): ConfigProblem[] {
  const { deliveryTimeoutMs, lingerMs, requestTimeoutMs } = config;
  if (typeof deliveryTimeoutMs !== "number" || typeof lingerMs !== "number" || typeof requestTimeoutMs !== "number") {
    return [];
  }
  if (deliveryTimeoutMs >= lingerMs + requestTimeoutMs) return [];
  if (!given.includes("deliveryTimeoutMs")) {
    config.deliveryTimeoutMs = lingerMs + requestTimeoutMs;
    return [];
  }
  const sum = `linger.ms + request.timeout.ms (${lingerMs} + ${requestTimeoutMs})`;
  return [problem("delivery.timeout.ms", `delivery.timeout.ms must be at least ${sum}, not ${deliveryTimeoutMs}`)];
}

function checkConsumer(config: Record<string, ConfigValue>): ConfigProblem[] {
  const { heartbeatIntervalMs, sessionTimeoutMs } = config;
  if (typeof heartbeatIntervalMs !== "number" || typeof sessionTimeoutMs !== "number") return [];
  if (heartbeatIntervalMs < sessionTimeoutMs) return [];
  const message = `heartbeat.interval.ms (${heartbeatIntervalMs}) must be below session.timeout.ms (${sessionTimeoutMs})`;
  return [problem("heartbeat.interval.ms", message)];
}

function problem(key: string, message: string): ConfigProblem {
  return { key, message, allowed: null, nearest: null };
}
