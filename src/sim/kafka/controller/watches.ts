import { topicPartition } from "../protocol/ids.ts";
import type { WatchEvent } from "../protocol/zookeeper.ts";
import {
  BROKER_IDS_PATH,
  CONTROLLER_PATH,
  DELETE_TOPICS_PATH,
  ISR_CHANGES_PATH,
  PREFERRED_ELECTION_PATH,
  REASSIGN_PATH,
  TOPICS_PATH,
} from "./znodes.ts";

interface WatchedEvent {
  readonly kind: string;
  readonly locals: Record<string, unknown>;
  /** Whether brokers that are not the controller hear of it too. */
  readonly isForAll: boolean;
  /** Whether other roles of the broker watch the same. */
  readonly isShared?: boolean;
}

/** The event that a watch stands for; null if it is none of the controller's. */
export function eventOf({ type, path }: WatchEvent): WatchedEvent | typeof IGNORED | null {
  if (path === CONTROLLER_PATH) {
    return { kind: type === "NodeDeleted" ? "reelect" : "controllerChange", locals: {}, isForAll: true };
  }
  const watched = EVENTS[path];
  if (watched !== undefined) {
    return watched.type === type ? { kind: watched.kind, locals: {}, isForAll: false } : IGNORED;
  }
  const [, brokers, topics, topic = "", partitions, partition] = path.split("/");
  if (brokers === "config" && topics === "topics" && type === "NodeDataChanged") {
    return { kind: "topicConfigChange", locals: { topic }, isForAll: false, isShared: true };
  }
  if (brokers !== "brokers" || topics !== "topics" || topic === "") return null;
  if (type !== "NodeDataChanged") return IGNORED;
  if (partitions === undefined) return { kind: "partitionModifications", locals: { topic }, isForAll: false };
  const changed = [topicPartition(topic, Number(partition))];
  return { kind: "completeReassignments", locals: { partitions: changed }, isForAll: false };
}

/** The controller's own watch, but nothing that it reacts to: it rewrites its request znodes itself. */
export const IGNORED = "ignored";

const EVENTS: Readonly<Record<string, { readonly type: WatchEvent["type"]; readonly kind: string }>> = Object.freeze({
  [BROKER_IDS_PATH]: { type: "NodeChildrenChanged", kind: "brokerChange" },
  [TOPICS_PATH]: { type: "NodeChildrenChanged", kind: "topicChange" },
  [DELETE_TOPICS_PATH]: { type: "NodeChildrenChanged", kind: "topicDeletion" },
  [ISR_CHANGES_PATH]: { type: "NodeChildrenChanged", kind: "isrChangeNotification" },
  [PREFERRED_ELECTION_PATH]: { type: "NodeCreated", kind: "zkPreferredElection" },
  [REASSIGN_PATH]: { type: "NodeCreated", kind: "zkReassignment" },
});
