/**
 * What a scenario names, so that references can be checked: brokers, topics, groups, acts, variants.
 *
 * Reads unchecked data and takes from it what has the right shape, so that one mistake does not hide others.
 * Simplified   names made by acts and commands count from the start; that a topic exists in time is for the run to show.
 */

import { isMap } from "../engine/plain.ts";
import { PROFILES } from "../kafka/profiles/profile.ts";
import type { ReferenceKind } from "./format/basics.ts";
import { LIMITS } from "./limits.ts";

export interface Names {
  /** Parts too wrong to take names from; references into them are not held against the author. */
  unreadable: string[];
  brokers: string[];
  zookeeper: string[];
  producers: string[];
  consumers: string[];
  hosts: string[];
  sites: string[];
  racks: string[];
  /** Topic → number of partitions; null when commands may change it. */
  topics: Record<string, number | null>;
  groups: string[];
  acts: string[];
  variants: string[];
  expectations: string[];
}

/** Lists of words that live elsewhere in the code; null means "not known here, accept any". */
export interface Vocabulary {
  facts: readonly string[] | null;
  rules: readonly string[] | null;
}

export const ANY_WORDS: Vocabulary = { facts: null, rules: null };

const OFFSETS_TOPIC = "__consumer_offsets";
const TRANSACTION_TOPIC = "__transaction_state";

export function namesOf(data: unknown): Names {
  const names: Names = {
    unreadable: [],
    brokers: [],
    zookeeper: [],
    producers: [],
    consumers: [],
    hosts: [],
    sites: [],
    racks: [],
    topics: Object.assign(Object.create(null) as Record<string, number | null>, {
      [OFFSETS_TOPIC]: null,
      [TRANSACTION_TOPIC]: null,
    }),
    groups: [],
    acts: [],
    variants: [],
    expectations: [],
  };
  const root = isMap(data) ? data : {};
  const cluster = isMap(root.cluster) ? root.cluster : {};
  if (typeof cluster.brokers !== "number" && !Array.isArray(cluster.brokers)) names.unreadable.push("brokers");
  for (const part of ["topics", "clients", "acts", "variants", "expectations"]) {
    if (root[part] !== undefined && !Array.isArray(root[part])) names.unreadable.push(part);
  }
  readCluster(names, cluster);
  for (const topic of mapsOf(root.topics)) readTopic(names, topic);
  for (const client of mapsOf(root.clients)) readClient(names, client);
  for (const act of mapsOf(root.acts)) readAct(names, act);
  for (const expectation of mapsOf(root.expectations)) push(names.expectations, expectation.id);
  for (const variant of mapsOf(root.variants)) {
    push(names.variants, variant.id);
    for (const client of mapsOf(variant.clients)) readClient(names, client);
    for (const act of mapsOf(variant.acts)) readAct(names, act);
  }
  return names;
}

/** Which parts of the file must be readable to know the names of a kind. */
const NEEDS: Partial<Record<ReferenceKind, readonly string[]>> = {
  broker: ["brokers"],
  process: ["brokers", "clients"],
  place: ["brokers", "clients"],
  client: ["clients"],
  producer: ["clients"],
  consumer: ["clients"],
  group: ["clients"],
  topic: ["topics"],
  topicPartition: ["topics"],
  act: ["acts"],
  scope: ["variants"],
  expectation: ["expectations"],
};

/** The names a reference may use, or null when any will do. */
export function knownNames(kind: ReferenceKind, names: Names, words: Vocabulary): readonly string[] | null {
  const clients = [...names.producers, ...names.consumers];
  const processes = [...names.brokers, ...names.zookeeper, ...clients];
  if ((NEEDS[kind] ?? []).some((part) => names.unreadable.includes(part))) return null;
  switch (kind) {
    case "broker":
      return names.brokers;
    case "zookeeper":
      return names.zookeeper;
    case "process":
      return [...processes, ...names.sites];
    case "host":
      return names.hosts;
    case "place":
      return [...processes, ...names.hosts, ...names.sites];
    case "client":
      return clients;
    case "producer":
      return names.producers;
    case "consumer":
      return names.consumers;
    case "topic":
      return Object.keys(names.topics);
    case "topicPartition":
      return Object.keys(names.topics).flatMap((topic) =>
        Array.from({ length: names.topics[topic] ?? 0 }, (_, index) => `${topic}-${index}`),
      );
    case "group":
      return names.groups;
    case "act":
      return names.acts;
    case "scope":
      return ["base", ...names.variants, ...PROFILES];
    case "expectation":
      return names.expectations;
    case "fact":
      return words.facts;
    case "rule":
      return words.rules;
  }
}

/** True if `name` is a partition of a topic whose number of partitions is open. */
export function isOpenPartition(name: string, names: Names): boolean {
  const match = /^(.+)-\d{1,5}$/.exec(name);
  return match?.[1] !== undefined && match[1] in names.topics && names.topics[match[1]] === null;
}

function readCluster(names: Names, cluster: Record<string, unknown>): void {
  if (typeof cluster.brokers === "number") {
    for (let i = 1; i <= Math.min(cluster.brokers, LIMITS.brokers); i++) names.brokers.push(`b${i}`);
  }
  for (const broker of mapsOf(cluster.brokers)) {
    push(names.brokers, broker.id);
    push(names.hosts, broker.host);
    push(names.racks, broker.rack);
  }
  const servers = isMap(cluster.zookeeper) ? cluster.zookeeper.servers : (cluster.zookeeper ?? 3);
  for (let i = 1; i <= Math.min(Number(servers) || 0, LIMITS.zookeeperServers); i++) names.zookeeper.push(`z${i}`);
  if (isMap(cluster.sites)) names.sites.push(...Object.keys(cluster.sites));
}

function readTopic(names: Names, topic: Record<string, unknown>): void {
  if (typeof topic.name !== "string") return;
  const explicit = Array.isArray(topic.replicas) ? topic.replicas.length : null;
  const asked = typeof topic.partitions === "number" ? topic.partitions : 1;
  names.topics[topic.name] = Math.min(Math.max(explicit ?? asked, 0), LIMITS.partitions) || 0;
}

function readClient(names: Names, client: Record<string, unknown>): void {
  push(names.producers, client.producer);
  push(names.consumers, client.consumer);
  push(names.hosts, client.host);
  push(names.groups, client.group);
}

function readAct(names: Names, act: Record<string, unknown>): void {
  push(names.acts, act.id);
  if (isMap(act["add-broker"])) push(names.brokers, act["add-broker"].id);
  if (isMap(act["create-topic"])) readTopic(names, act["create-topic"]);
  if (isMap(act["set-group"])) push(names.groups, act["set-group"].group);
  const growth = act["add-partitions"];
  if (isMap(growth) && typeof growth.topic === "string" && growth.topic in names.topics) {
    const partitions = Math.min(Number(growth.partitions) || 0, LIMITS.partitions);
    names.topics[growth.topic] = Math.max(names.topics[growth.topic] ?? 0, partitions);
  }
  if (typeof act.command === "string") {
    // A command may make topics and groups; what it names is known, with any number of partitions.
    for (const match of act.command.matchAll(/--topic[ =]([\w.-]+)/g)) names.topics[match[1] ?? ""] = null;
    for (const match of act.command.matchAll(/--group[ =]([\w.-]+)/g)) push(names.groups, match[1]);
    for (const match of act.command.matchAll(/group\.id=([\w.-]+)/g)) push(names.groups, match[1]);
  }
}

function push(list: string[], name: unknown): void {
  if (typeof name === "string" && !list.includes(name)) list.push(name);
}

export function mapsOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}
