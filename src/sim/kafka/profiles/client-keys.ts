/**
 * Topic, producer and consumer configuration keys with their defaults per version.
 *
 * In Kafka     TopicConfig / LogConfig, ProducerConfig, ConsumerConfig.
 * Left out     serializers, security, metrics, interceptors, and keys of the new group protocol (KIP-848).
 */
import { acksKey, bool, count, int, list, NEVER, oneOf, ratio, text } from "./config-key.ts";

/** A topic key that is not set has the value of the broker it is read on (`brokerKey`). */
export const topicKeys = {
  minInsyncReplicas: count("min.insync.replicas", "count", 1, {
    min: 1,
    brokerKey: "min.insync.replicas",
    changed: "Since 3.7 the high watermark also waits for it, and it is capped by the replication factor.",
    tradeOff: "More: acks=all never rests on fewer copies. Fewer: writes go on when brokers are missing.",
  }),
  uncleanLeaderElectionEnable: bool("unclean.leader.election.enable", false, {
    "0.10": true,
    brokerKey: "unclean.leader.election.enable",
    changed: "false since 0.11; before, true.",
    tradeOff: "On: the partition comes back with what is left, committed records may be lost. Off: it waits.",
  }),
  maxMessageBytes: int("max.message.bytes", "bytes", 1000012, { "3.9": 1048588, brokerKey: "message.max.bytes" }),
  segmentBytes: int("segment.bytes", "bytes", 1073741824, { min: 14, brokerKey: "log.segment.bytes" }),
  segmentMs: int("segment.ms", "ms", 604800000, { min: 1, brokerKey: "log.roll.ms" }),
  segmentJitterMs: int("segment.jitter.ms", "ms", 0, { brokerKey: "log.roll.jitter.hours" }),
  segmentIndexBytes: int("segment.index.bytes", "bytes", 10485760, { brokerKey: "log.index.size.max.bytes" }),
  indexIntervalBytes: int("index.interval.bytes", "bytes", 4096, { brokerKey: "log.index.interval.bytes" }),
  retentionMs: int("retention.ms", "ms", 604800000, {
    min: -1,
    brokerKey: "log.retention.ms",
    tradeOff: "Long: late readers still find their records. Short: the disk stays free.",
  }),
  retentionBytes: int("retention.bytes", "bytes per partition", -1, { min: -1, brokerKey: "log.retention.bytes" }),
  fileDeleteDelayMs: int("file.delete.delay.ms", "ms", 60000, { brokerKey: "log.segment.delete.delay.ms" }),
  cleanupPolicy: list("cleanup.policy", ["delete", "compact"], ["delete"], {
    brokerKey: "log.cleanup.policy",
    tradeOff: "delete forgets by age or size; compact keeps the newest value of each key.",
  }),
  flushMessages: int("flush.messages", "count", NEVER, { min: 1, brokerKey: "log.flush.interval.messages" }),
  flushMs: int("flush.ms", "ms", NEVER, { brokerKey: "log.flush.interval.ms" }),
  minCleanableDirtyRatio: ratio("min.cleanable.dirty.ratio", 0.5, { brokerKey: "log.cleaner.min.cleanable.ratio" }),
  minCompactionLagMs: int("min.compaction.lag.ms", "ms", 0, { brokerKey: "log.cleaner.min.compaction.lag.ms" }),
  maxCompactionLagMs: int("max.compaction.lag.ms", "ms", NEVER, {
    from: "3.9",
    min: 1,
    brokerKey: "log.cleaner.max.compaction.lag.ms",
  }),
  deleteRetentionMs: int("delete.retention.ms", "ms", 86400000, { brokerKey: "log.cleaner.delete.retention.ms" }),
  messageTimestampType: oneOf("message.timestamp.type", ["CreateTime", "LogAppendTime"], "CreateTime", {
    brokerKey: "log.message.timestamp.type",
  }),
  compressionType: oneOf(
    "compression.type",
    ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
    "producer",
    { brokerKey: "compression.type", valuesFrom: { zstd: "2.1" } },
  ),
};

export const producerKeys = {
  bootstrapServers: list("bootstrap.servers", null, [], { changed: "Empty means every broker of the cluster." }),
  acks: acksKey(1, {
    "3.9": -1,
    changed: "all since 3.0; before, 1.",
    tradeOff: "0 never waits and never knows. 1 waits for the leader's copy. all waits for the whole ISR.",
  }),
  enableIdempotence: bool("enable.idempotence", false, {
    "3.9": true,
    from: "2.1",
    changed: "Since 0.11; on by default since 3.0.",
    tradeOff: "On: a retry is neither a second copy nor out of order. It does not cover a restart of the producer.",
  }),
  retries: count("retries", "count", 2147483647, {
    "0.10": 0,
    changed: "Without limit since 2.1 (delivery.timeout.ms ends them); before, 0.",
    tradeOff: "More: short trouble stays invisible. Without idempotence each retry may write a second copy.",
  }),
  maxInFlightRequestsPerConnection: count("max.in.flight.requests.per.connection", "count", 5, {
    min: 1,
    tradeOff: "More: higher throughput over long links. Above 1 without idempotence a retry can reorder.",
  }),
  batchSize: int("batch.size", "bytes", 16384, {
    tradeOff: "Large: fewer, fuller requests. Small: less memory per partition.",
  }),
  lingerMs: int("linger.ms", "ms", 0, {
    tradeOff: "Long: fuller batches. Short: the first record of a batch waits less.",
  }),
  bufferMemory: int("buffer.memory", "bytes", 33554432),
  maxBlockMs: int("max.block.ms", "ms", 60000),
  maxRequestSize: int("max.request.size", "bytes", 1048576),
  requestTimeoutMs: int("request.timeout.ms", "ms", 30000, {
    tradeOff: "Short: a lost answer is noticed sooner. Too short: a slow answer is taken for a lost one.",
  }),
  deliveryTimeoutMs: int("delivery.timeout.ms", "ms", 120000, {
    "0.10": NEVER,
    from: "2.1",
    changed: "Since 2.1.",
    tradeOff: "How long send() may take to end in yes or no; after it, the outcome is unknown to the application.",
  }),
  retryBackoffMs: int("retry.backoff.ms", "ms", 100),
  retryBackoffMaxMs: int("retry.backoff.max.ms", "ms", 100, {
    "3.9": 1000,
    from: "3.9",
    changed: "Since 3.7 the pause doubles up to this; before, it is always retry.backoff.ms.",
  }),
  reconnectBackoffMs: int("reconnect.backoff.ms", "ms", 50),
  reconnectBackoffMaxMs: int("reconnect.backoff.max.ms", "ms", 1000, { "0.10": 50, from: "2.1" }),
  metadataMaxAgeMs: int("metadata.max.age.ms", "ms", 300000, {
    tradeOff: "Short: a client hears sooner of changes it has not run into. Long: fewer metadata requests.",
  }),
  metadataMaxIdleMs: int("metadata.max.idle.ms", "ms", 300000, {
    from: "3.9",
    min: 5000,
    changed: "A key since 2.5; before, 5 minutes fixed.",
  }),
  connectionsMaxIdleMs: int("connections.max.idle.ms", "ms", 540000),
  compressionType: oneOf("compression.type", ["none", "gzip", "snappy", "lz4", "zstd"], "none", {
    valuesFrom: { zstd: "2.1" },
    changed: "zstd since 2.1.",
  }),
  partitionerClass: text("partitioner.class", "DefaultPartitioner", {
    "3.9": null,
    changed: "null (built in, sticky per batch) since 3.3; before, round robin for records without a key.",
  }),
  partitionerIgnoreKeys: bool("partitioner.ignore.keys", false, { from: "3.9", changed: "Since 3.3." }),
  partitionerAdaptivePartitioningEnable: bool("partitioner.adaptive.partitioning.enable", false, {
    "3.9": true,
    from: "3.9",
    changed: "Since 3.3.",
  }),
  partitionerAvailabilityTimeoutMs: int("partitioner.availability.timeout.ms", "ms", 0, { from: "3.9" }),
  transactionalId: text("transactional.id", null, {
    from: "2.1",
    changed: "Since 0.11.",
    tradeOff: "Set: writes to several partitions and the offsets read appear together, and an old instance is fenced.",
  }),
  transactionTimeoutMs: int("transaction.timeout.ms", "ms", 60000, { from: "2.1", min: 1 }),
  clientId: text("client.id", ""),
};

export const consumerKeys = {
  bootstrapServers: list("bootstrap.servers", null, [], { changed: "Empty means every broker of the cluster." }),
  groupId: text("group.id", "", { "3.9": null, changed: "null since 2.2; before, the empty name." }),
  groupInstanceId: text("group.instance.id", null, {
    from: "3.9",
    changed: "Since 2.3.",
    tradeOff:
      "Set: a restart shorter than the session costs no rebalance. A member that is really gone is missed later.",
  }),
  enableAutoCommit: bool("enable.auto.commit", true, {
    tradeOff: "On: no code needed, but what is committed is what was returned by poll, not what was worked on.",
  }),
  autoCommitIntervalMs: int("auto.commit.interval.ms", "ms", 5000, {
    tradeOff: "Short: less is read twice after a crash. Long: fewer commits.",
  }),
  autoOffsetReset: oneOf("auto.offset.reset", ["earliest", "latest", "none"], "latest", {
    tradeOff: "Counts only without a valid committed offset: earliest may repeat, latest may skip, none stops.",
  }),
  sessionTimeoutMs: int("session.timeout.ms", "ms", 10000, {
    "3.9": 45000,
    min: 1,
    changed: "45 s since 3.0; before, 10 s.",
    tradeOff: "Short: a dead member is replaced sooner. Long: a pause does not cost a rebalance.",
  }),
  heartbeatIntervalMs: int("heartbeat.interval.ms", "ms", 3000, {
    min: 1,
    tradeOff: "Short: members hear of a rebalance sooner. Must be well below the session timeout.",
  }),
  maxPollIntervalMs: int("max.poll.interval.ms", "ms", 300000, {
    min: 1,
    changed: "Since 0.10.1.",
    tradeOff: "Short: a stuck member is replaced sooner. Long: slow work is not mistaken for being stuck.",
  }),
  maxPollRecords: count("max.poll.records", "count", 500, {
    min: 1,
    tradeOff: "Few: the loop comes round in time. Many: less overhead per record.",
  }),
  fetchMinBytes: int("fetch.min.bytes", "bytes", 1, {
    tradeOff: "More: fewer, larger answers. Less: records arrive sooner.",
  }),
  fetchMaxWaitMs: int("fetch.max.wait.ms", "ms", 500),
  fetchMaxBytes: int("fetch.max.bytes", "bytes", 52428800),
  maxPartitionFetchBytes: int("max.partition.fetch.bytes", "bytes per partition", 1048576),
  partitionAssignmentStrategy: list(
    "partition.assignment.strategy",
    ["range", "roundrobin", "sticky", "cooperative-sticky"],
    ["range"],
    {
      "3.9": ["range", "cooperative-sticky"],
      valuesFrom: { sticky: "2.1", "cooperative-sticky": "3.9" },
      changed:
        "range and cooperative-sticky since 3.0; before, range. sticky since 0.11, cooperative-sticky since 2.4.",
      tradeOff: "range, roundrobin and sticky stop every member in a rebalance; cooperative-sticky only what moves.",
    },
  ),
  isolationLevel: oneOf("isolation.level", ["read_uncommitted", "read_committed"], "read_uncommitted", {
    from: "2.1",
    changed: "Since 0.11.",
    tradeOff: "read_committed waits for open transactions and never sees aborted ones.",
  }),
  requestTimeoutMs: int("request.timeout.ms", "ms", 30000, {
    "0.10": 305000,
    changed: "30 s since 2.0; before, 305 s.",
  }),
  defaultApiTimeoutMs: int("default.api.timeout.ms", "ms", 60000, {
    "0.10": NEVER,
    from: "2.1",
    changed: "Since 2.0; before, blocking calls had no limit.",
  }),
  retryBackoffMs: int("retry.backoff.ms", "ms", 100),
  retryBackoffMaxMs: int("retry.backoff.max.ms", "ms", 100, { "3.9": 1000, from: "3.9", changed: "Since 3.7." }),
  reconnectBackoffMs: int("reconnect.backoff.ms", "ms", 50),
  reconnectBackoffMaxMs: int("reconnect.backoff.max.ms", "ms", 1000, { "0.10": 50, from: "2.1" }),
  metadataMaxAgeMs: int("metadata.max.age.ms", "ms", 300000, {
    tradeOff: "Also how late a subscription may notice a new topic or partition.",
  }),
  connectionsMaxIdleMs: int("connections.max.idle.ms", "ms", 540000),
  allowAutoCreateTopics: bool("allow.auto.create.topics", true, { from: "3.9", changed: "A key since 2.3." }),
  clientRack: text("client.rack", null, {
    "3.9": "",
    from: "3.9",
    changed: "Since 2.4, with replica.selector.class on the brokers.",
  }),
  clientId: text("client.id", ""),
  excludeInternalTopics: bool("exclude.internal.topics", true),
  checkCrcs: bool("check.crcs", true),
};
