/**
 * The `cluster` and `topics` parts of a scenario file: brokers, ensemble, links, sites, topics.
 *
 * In Kafka     server.properties, zoo.cfg and `kafka-topics --create`.
 * Simplified   the delays of links are one number and a symmetric jitter, not a distribution.
 */
import * as v from "valibot";
import { isMap } from "../../engine/plain.ts";
import { PROFILES } from "../../kafka/profiles/profile.ts";
import { LIMITS } from "../limits.ts";
import {
  byShape,
  checked,
  duration,
  items,
  name,
  object,
  oneOrMore,
  reference,
  settings,
  whole,
  word,
} from "./basics.ts";

export const profile = word(PROFILES);

const broker = object("broker", {
  id: name(),
  host: v.exactOptional(name()),
  rack: v.exactOptional(name()),
  profile: v.exactOptional(profile),
  config: v.exactOptional(settings("broker")),
});

const ensemble = object("zookeeper", {
  servers: whole(1, LIMITS.zookeeperServers),
  config: v.exactOptional(settings("zookeeper")),
});

/** One or several processes, hosts, sites or clients: the ends of a link. */
export const ends = oneOrMore(reference("place"));

const link = object("link", {
  from: ends,
  to: ends,
  delay: v.exactOptional(duration()),
  jitter: v.exactOptional(duration()),
});

const links = object("links", {
  delay: v.exactOptional(duration()),
  jitter: v.exactOptional(duration()),
  between: v.exactOptional(items(link, 50)),
});

export const cluster = object("cluster", {
  brokers: byShape({ number: whole(1, LIMITS.brokers), list: items(broker, LIMITS.brokers, 1) }),
  zookeeper: v.exactOptional(byShape({ number: whole(1, LIMITS.zookeeperServers), map: ensemble })),
  config: v.exactOptional(settings("broker")),
  links: v.exactOptional(links),
  sites: v.exactOptional(v.record(name(), items(reference("process"), 20, 1))),
  controller: v.exactOptional(reference("broker")),
});

/** Who holds a copy, partition by partition; the first of each list is the preferred leader. */
export const replicas = items(items(reference("broker"), LIMITS.brokers, 1), LIMITS.partitions, 1);

/** A topic says how many copies, or which; never both. */
export function placement<E extends v.ObjectEntries>(entries: E) {
  const schema = object("topic", {
    ...entries,
    partitions: v.exactOptional(whole(1, LIMITS.partitions)),
    replicationFactor: v.exactOptional(whole(1, 32767)),
    replicas: v.exactOptional(replicas),
    config: v.exactOptional(settings("topic")),
  });
  return checked(schema, (input, report) => {
    if (!isMap(input) || input.replicas === undefined) return;
    for (const key of ["partitions", "replicationFactor"]) {
      if (input[key] !== undefined) report(`"${key}" follows from "replicas"; give one of them`, { part: "key" }, key);
    }
  });
}

export const topic = placement({ name: name() });

export type ClusterSpec = v.InferOutput<typeof cluster>;
export type BrokerSpec = v.InferOutput<typeof broker>;
export type TopicSpec = v.InferOutput<typeof topic>;
