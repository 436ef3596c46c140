/** Every sentence of the settings dialog. */

export const text = {
  title: "Config",
  of: "Of",
  search: "Search keys",
  searchHint: "a part of a key, such as timeout",
  none: (words: string) => `No key says “${words}”.`,
  everyBroker: "all brokers",
  ensemble: "ZooKeeper ensemble",
  topic: (name: string) => `topic ${name}`,
  producer: (id: string) => `producer ${id}`,
  consumer: (id: string) => `consumer ${id}`,
  version: "Kafka version",
  default: (value: string, version: string) => `default in ${version}: ${value}.`,
  notIn: (version: string, from: string) => `Not in Kafka ${version}; it came with ${from}.`,
  changed: "changed",
  pending: "not applied yet",
  reset: (key: string) => `Reset ${key}`,
  replicationFactor: "replication factor",
  copies: "More: the partition survives more failures. Fewer: less to copy and to store.",
  fromStartOnly: "Counts from the start only.",
  fromNow: "From now on",
  fromStart: "From the start",
  explain: "From now on: the processes go on with it. From the start: the same seed, run anew.",
  nothing: "Nothing is changed.",
  count: (count: number) => (count === 1 ? "1 change" : `${count} changes`),
  notNow: (key: string) => `${key} can only be changed from the start.`,
  did: (what: string) => `Set ${what}.`,
  restarted: (what: string) => `Run anew with ${what}.`,
  refused: "This cannot be started:",
  aNumber: "a number",
  within: (from: number, to: number) => `${from} to ${to}`,
  atLeast: (from: number) => `${from} or more`,
  unset: "not set",
  never: "no limit",
  risk: {
    acksAllOne: (topic: string) =>
      `acks=all with min.insync.replicas=1 on ${topic}: when the in-sync set is down to one copy, one copy is all that acknowledges.`,
    acksZero: "acks=0: the producer does not wait for any answer, so what is lost is lost in silence.",
    acksOne: "acks=1: the leader answers alone. If it dies before the others have copied, the record is lost.",
    minTooHigh: (topic: string, min: number, copies: number) =>
      `min.insync.replicas=${min} on ${topic} with ${copies} ${copies === 1 ? "copy" : "copies"}: acks=all can never be met.`,
    minEqual: (topic: string) =>
      `min.insync.replicas on ${topic} equals the number of copies: one missing broker stops writes with acks=all.`,
    unclean: (topic: string) =>
      `unclean.leader.election.enable on ${topic}: a replica outside the in-sync set may lead, and committed records may vanish.`,
    lag: "replica.lag.time.max.ms is below replica.fetch.wait.max.ms: followers that keep up may leave the in-sync set.",
    session:
      "heartbeat.interval.ms should be at most a third of session.timeout.ms, or one lost heartbeat ends a member.",
    oneCopy: (topic: string) => `${topic} has one copy: when its broker is down, the partition is, too.`,
  },
} as const;
