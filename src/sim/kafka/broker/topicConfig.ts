/**
 * Configuration of topics as this broker knows it.
 *
 * In Kafka     AdminZkClient.fetchEntityConfig when a log is made, DynamicConfigManager for changes.
 * Simplified   a data watch on /config/topics/T instead of /config/changes, whose entries say which topic to read again.
 */
import { freeze } from "../../engine/snapshot.ts";
import type { PartitionState } from "../protocol/control-plane.ts";
import { topicOf } from "../protocol/ids.ts";
import type { WatchEvent } from "../protocol/zookeeper.ts";
import type { Outcome, Then } from "../rpc.ts";
import type { BrokerPorts } from "./ports.ts";
import { type BrokerCtx, brokerOf } from "./state.ts";
import { zkResultOf } from "./zk.ts";

const ROOT = "/config/topics/";

interface ConfigThen extends Then {
  readonly kind: "broker.topic-config";
  readonly topic: string;
}

/** Whether the configuration of all these topics is known; asks ZooKeeper for what is not. */
export function areConfigsKnown(ctx: BrokerCtx, ports: BrokerPorts, orders: readonly PartitionState[]): boolean {
  const { topicConfigs } = brokerOf(ctx);
  let known = true;
  for (const { topicPartition } of orders) {
    const topic = topicOf(topicPartition);
    if (topicConfigs[topic] !== undefined) continue;
    known = false;
    readTopic(ctx, ports, topic);
  }
  return known;
}

function readTopic(ctx: BrokerCtx, ports: BrokerPorts, topic: string): void {
  const { readingConfigs } = brokerOf(ctx);
  if (readingConfigs[topic] === true) return;
  readingConfigs[topic] = true;
  const then: ConfigThen = { kind: "broker.topic-config", topic };
  ports.zkRequest(ctx, { op: "getData", path: `${ROOT}${topic}`, watch: true }, then);
}

/** Takes what was read. True if a configuration is now known, so that orders may go on. */
export function onTopicConfig(ctx: BrokerCtx, ports: BrokerPorts, then: ConfigThen, outcome: Outcome): boolean {
  const memory = brokerOf(ctx);
  delete memory.readingConfigs[then.topic];
  const result = zkResultOf(outcome);
  if (result.error === "SESSIONEXPIRED") {
    // The watch is gone with the session, and nobody read anything: ask again in the next one.
    if (memory.phase !== "stopping") readTopic(ctx, ports, then.topic);
    return false;
  }
  const data = result.data as { readonly config?: Readonly<Record<string, unknown>> } | null | undefined;
  const { profile, broker } = ctx.self.config;
  memory.topicConfigs[then.topic] = freeze(ports.readTopicConfig(profile, data?.config ?? {}, broker).config);
  return true;
}

/** A configuration changed: it is read again, with a new watch. */
export function onConfigWatch(ctx: BrokerCtx, ports: BrokerPorts, event: WatchEvent): void {
  if (!event.path.startsWith(ROOT) || event.type === "NodeDeleted") return;
  readTopic(ctx, ports, event.path.slice(ROOT.length));
}

/** A new session has no watches: all configurations are read again. */
export function rereadConfigs(ctx: BrokerCtx, ports: BrokerPorts): void {
  for (const topic of Object.keys(brokerOf(ctx).topicConfigs)) readTopic(ctx, ports, topic);
}
