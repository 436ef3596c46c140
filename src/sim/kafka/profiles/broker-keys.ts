/**
 * Broker and ZooKeeper configuration keys with their defaults per version.
 *
 * In Kafka     KafkaConfig, and since 3.x the *Configs classes of each module; ZooKeeper's zoo.cfg.
 * Left out     listeners, security, quotas, tiered storage, KRaft keys.
 * Note         the defaults are those of the code. The server.properties of the distributions sets
 *              offsets.topic.replication.factor=1 and group.initial.rebalance.delay.ms=0 on top.
 */
import { bool, count, int, intOrUnset, list, NEVER, oneOf, ratio, text } from "./config-key.ts";

export const zookeeperKeys = {
  tickTime: int("tickTime", "ms", 2000, {
    min: 1,
    changed: "2000 is the value of ZooKeeper's sample file; a server without the line uses 3000.",
    tradeOff: "Short ticks allow short sessions and find dead servers sooner; long ones forgive slow networks.",
  }),
  initLimit: count("initLimit", "ticks", 10, { min: 1 }),
  syncLimit: count("syncLimit", "ticks", 5, {
    min: 1,
    tradeOff: "Low: a silent server is given up soon. High: a slow one is kept, and the old leader lives on longer.",
  }),
  minSessionTimeout: intOrUnset("minSessionTimeout", "ms", { changed: "Unset means two ticks." }),
  maxSessionTimeout: intOrUnset("maxSessionTimeout", "ms", { changed: "Unset means twenty ticks." }),
};

export const brokerKeys = {
  // ZooKeeper client
  zookeeperSessionTimeoutMs: int("zookeeper.session.timeout.ms", "ms", 6000, {
    "3.9": 18000,
    min: 1,
    changed: "18 s since 2.5; before, 6 s.",
    tradeOff: "Short: a dead broker is replaced sooner. Long: a pause of the process does not cost leadership.",
  }),
  zookeeperConnectionTimeoutMs: intOrUnset("zookeeper.connection.timeout.ms", "ms", {
    changed: "Unset means the session timeout.",
  }),
  zookeeperMaxInFlightRequests: count("zookeeper.max.in.flight.requests", "count", 10, {
    "0.10": 1,
    from: "2.1",
    min: 1,
    changed: "Since 1.1; before, one request at a time.",
  }),

  // Replication
  replicaLagTimeMaxMs: int("replica.lag.time.max.ms", "ms", 10000, {
    "3.9": 30000,
    min: 1,
    changed: "30 s since 2.5; before, 10 s.",
    tradeOff: "Short: acks=all waits less for a slow follower. Long: the ISR stays full, and copies stay many.",
  }),
  replicaFetchWaitMaxMs: int("replica.fetch.wait.max.ms", "ms", 500, {
    tradeOff: "How long a leader holds a follower's fetch when there is nothing new; must stay below the lag limit.",
  }),
  replicaFetchMinBytes: int("replica.fetch.min.bytes", "bytes", 1),
  replicaFetchMaxBytes: int("replica.fetch.max.bytes", "bytes per partition", 1048576),
  replicaFetchResponseMaxBytes: int("replica.fetch.response.max.bytes", "bytes", 10485760),
  replicaFetchBackoffMs: int("replica.fetch.backoff.ms", "ms", 1000, {
    tradeOff: "The pause of a follower after an error: short asks sooner, long asks less.",
  }),
  replicaSocketTimeoutMs: int("replica.socket.timeout.ms", "ms", 30000),
  numReplicaFetchers: count("num.replica.fetchers", "threads per source broker", 1, { min: 1 }),
  replicaHighWatermarkCheckpointIntervalMs: int("replica.high.watermark.checkpoint.interval.ms", "ms", 5000),
  replicaSelectorClass: text("replica.selector.class", null, {
    from: "3.9",
    changed: "Since 2.4: consumers may read from followers.",
  }),
  minInsyncReplicas: count("min.insync.replicas", "count", 1, {
    min: 1,
    changed: "Since 3.7 the high watermark also waits for it, and it is capped by the replication factor.",
    tradeOff: "More: acks=all never rests on fewer copies. Fewer: writes go on when brokers are missing.",
  }),
  defaultReplicationFactor: count("default.replication.factor", "count", 1, { min: 1 }),
  numPartitions: count("num.partitions", "count", 1, { min: 1 }),
  autoCreateTopicsEnable: bool("auto.create.topics.enable", true, {
    tradeOff: "On: a mistyped name becomes a topic with default settings. Off: it is an error.",
  }),
  deleteTopicEnable: bool("delete.topic.enable", true, { "0.10": false, changed: "true since 1.0." }),
  uncleanLeaderElectionEnable: bool("unclean.leader.election.enable", false, {
    "0.10": true,
    changed: "false since 0.11; before, true.",
    tradeOff: "On: the partition comes back with what is left, committed records may be lost. Off: it waits.",
  }),
  autoLeaderRebalanceEnable: bool("auto.leader.rebalance.enable", true, {
    tradeOff: "On: leadership drifts back to the first replica by itself, at times nobody chose.",
  }),
  leaderImbalancePerBrokerPercentage: count("leader.imbalance.per.broker.percentage", "%", 10, { max: 100 }),
  leaderImbalanceCheckIntervalSeconds: int("leader.imbalance.check.interval.seconds", "s", 300, { min: 1 }),
  controlledShutdownEnable: bool("controlled.shutdown.enable", true, {
    tradeOff: "On: leaders move away before the broker stops. Off: a stop is a crash that says goodbye.",
  }),
  controlledShutdownMaxRetries: count("controlled.shutdown.max.retries", "count", 3),
  controlledShutdownRetryBackoffMs: int("controlled.shutdown.retry.backoff.ms", "ms", 5000),
  controllerSocketTimeoutMs: int("controller.socket.timeout.ms", "ms", 30000),
  requestTimeoutMs: int("request.timeout.ms", "ms", 30000),
  interBrokerProtocolVersion: text("inter.broker.protocol.version", "2.1", {
    "0.10": "0.10.2",
    "3.9": "3.9",
    tradeOff: "Kept low during a rolling upgrade, so that old and new brokers understand each other.",
  }),
  brokerRack: text("broker.rack", null, {
    tradeOff: "Set: automatic placement spreads the copies of a partition over racks.",
  }),

  // Network and requests
  numNetworkThreads: count("num.network.threads", "threads", 3, { min: 1 }),
  numIoThreads: count("num.io.threads", "threads", 8, { min: 1 }),
  backgroundThreads: count("background.threads", "threads", 10, { min: 1 }),
  queuedMaxRequests: count("queued.max.requests", "count", 500, { min: 1 }),
  socketRequestMaxBytes: int("socket.request.max.bytes", "bytes", 104857600, { min: 1 }),
  connectionsMaxIdleMs: int("connections.max.idle.ms", "ms", 600000),
  messageMaxBytes: int("message.max.bytes", "bytes", 1000012, { "3.9": 1048588, changed: "1048588 since 2.4." }),
  fetchMaxBytes: int("fetch.max.bytes", "bytes", NEVER, { "3.9": 57671680, from: "3.9", changed: "Since 2.5." }),
  maxIncrementalFetchSessionCacheSlots: count("max.incremental.fetch.session.cache.slots", "count", 1000, {
    "0.10": 0,
    from: "2.1",
    changed: "Since 1.1.",
  }),

  // Log
  logSegmentBytes: int("log.segment.bytes", "bytes", 1073741824, {
    min: 14,
    tradeOff: "Small segments let retention and compaction act sooner; many small files cost more.",
  }),
  logRollHours: int("log.roll.hours", "h", 168, { min: 1 }),
  logRollMs: intOrUnset("log.roll.ms", "ms", { min: 1, changed: "Unset means log.roll.hours." }),
  logRollJitterHours: int("log.roll.jitter.hours", "h", 0),
  logIndexSizeMaxBytes: int("log.index.size.max.bytes", "bytes", 10485760, { min: 4 }),
  logIndexIntervalBytes: int("log.index.interval.bytes", "bytes", 4096),
  logRetentionHours: int("log.retention.hours", "h", 168, { min: -1 }),
  logRetentionMinutes: intOrUnset("log.retention.minutes", "min", { min: -1, changed: "Wins over hours when set." }),
  logRetentionMs: intOrUnset("log.retention.ms", "ms", {
    min: -1,
    changed: "Wins over minutes and hours when set.",
    tradeOff: "Long: late readers still find their records. Short: the disk stays free.",
  }),
  logRetentionBytes: int("log.retention.bytes", "bytes per partition", -1, { min: -1 }),
  logRetentionCheckIntervalMs: int("log.retention.check.interval.ms", "ms", 300000, { min: 1 }),
  logInitialTaskDelayMs: int("log.initial.task.delay.ms", "ms", 30000, {
    from: "3.9",
    changed: "A key since 3.8; before, 30 s fixed.",
  }),
  logSegmentDeleteDelayMs: int("log.segment.delete.delay.ms", "ms", 60000),
  logCleanupPolicy: list("log.cleanup.policy", ["delete", "compact"], ["delete"], {
    tradeOff: "delete forgets by age or size; compact keeps the newest value of each key.",
  }),
  logFlushIntervalMessages: int("log.flush.interval.messages", "count", NEVER, {
    min: 1,
    tradeOff: "Low: less is lost when every copy loses power at once. High: the disk is left to work in large steps.",
  }),
  logFlushIntervalMs: intOrUnset("log.flush.interval.ms", "ms", { changed: "Unset means the scheduler's interval." }),
  logFlushSchedulerIntervalMs: int("log.flush.scheduler.interval.ms", "ms", NEVER),
  logFlushOffsetCheckpointIntervalMs: int("log.flush.offset.checkpoint.interval.ms", "ms", 60000),
  logFlushStartOffsetCheckpointIntervalMs: int("log.flush.start.offset.checkpoint.interval.ms", "ms", 60000, {
    from: "2.1",
    changed: "Since 0.11.",
  }),
  numRecoveryThreadsPerDataDir: count("num.recovery.threads.per.data.dir", "threads", 1, { min: 1 }),
  logCleanerEnable: bool("log.cleaner.enable", true),
  logCleanerThreads: count("log.cleaner.threads", "threads", 1, { min: 1 }),
  logCleanerBackoffMs: int("log.cleaner.backoff.ms", "ms", 15000),
  logCleanerMinCleanableRatio: ratio("log.cleaner.min.cleanable.ratio", 0.5),
  logCleanerMinCompactionLagMs: int("log.cleaner.min.compaction.lag.ms", "ms", 0),
  logCleanerMaxCompactionLagMs: int("log.cleaner.max.compaction.lag.ms", "ms", NEVER, {
    from: "3.9",
    min: 1,
    changed: "Since 2.3.",
  }),
  logCleanerDeleteRetentionMs: int("log.cleaner.delete.retention.ms", "ms", 86400000),
  logCleanerDedupeBufferSize: int("log.cleaner.dedupe.buffer.size", "bytes", 134217728, { min: 1 }),
  logMessageTimestampType: oneOf("log.message.timestamp.type", ["CreateTime", "LogAppendTime"], "CreateTime"),
  compressionType: oneOf(
    "compression.type",
    ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
    "producer",
    { valuesFrom: { zstd: "2.1" } },
  ),

  // Transactions
  producerIdExpirationMs: int("producer.id.expiration.ms", "ms", 604800000, {
    "3.9": 86400000,
    from: "3.9",
    changed: "Since 3.4; before, transactional.id.expiration.ms did both.",
  }),
  transactionalIdExpirationMs: int("transactional.id.expiration.ms", "ms", 604800000, { from: "2.1", min: 1 }),
  transactionMaxTimeoutMs: int("transaction.max.timeout.ms", "ms", 900000, { from: "2.1", min: 1 }),
  transactionStateLogNumPartitions: count("transaction.state.log.num.partitions", "count", 50, {
    from: "2.1",
    min: 1,
  }),
  transactionStateLogReplicationFactor: count("transaction.state.log.replication.factor", "count", 3, {
    from: "2.1",
    min: 1,
  }),
  transactionStateLogMinIsr: count("transaction.state.log.min.isr", "count", 2, { from: "2.1", min: 1 }),

  // Group coordinator
  offsetsTopicNumPartitions: count("offsets.topic.num.partitions", "count", 50, { min: 1 }),
  offsetsTopicReplicationFactor: count("offsets.topic.replication.factor", "count", 3, {
    min: 1,
    changed: "Enforced since 0.11; before, lowered to the brokers alive at creation.",
    tradeOff: "1: while one broker is down, some groups have no home, though their topic is healthy.",
  }),
  offsetsTopicSegmentBytes: int("offsets.topic.segment.bytes", "bytes", 104857600, { min: 1 }),
  offsetsRetentionMinutes: int("offsets.retention.minutes", "min", 10080, {
    "0.10": 1440,
    min: 1,
    changed: "7 days since 2.0; before, 1 day.",
    tradeOff: "Short: a group that rests too long starts again by auto.offset.reset.",
  }),
  offsetsRetentionCheckIntervalMs: int("offsets.retention.check.interval.ms", "ms", 600000, { min: 1 }),
  offsetMetadataMaxBytes: int("offset.metadata.max.bytes", "bytes", 4096),
  offsetsCommitTimeoutMs: int("offsets.commit.timeout.ms", "ms", 5000, { min: 1 }),
  offsetsCommitRequiredAcks: int("offsets.commit.required.acks", "acks", -1, { min: -1, max: 1 }),
  groupInitialRebalanceDelayMs: int("group.initial.rebalance.delay.ms", "ms", 3000, {
    "0.10": 0,
    from: "2.1",
    changed: "Since 0.11; the shipped server.properties sets 0.",
    tradeOff: "Long: a group that starts together settles in one rebalance. Short: the first member reads sooner.",
  }),
  groupMinSessionTimeoutMs: int("group.min.session.timeout.ms", "ms", 6000),
  groupMaxSessionTimeoutMs: int("group.max.session.timeout.ms", "ms", 300000, {
    "3.9": 1800000,
    changed: "30 minutes since 2.3; before, 5.",
  }),
  groupMaxSize: count("group.max.size", "members", 2147483647, { from: "3.9", min: 1, changed: "Since 2.2." }),
};
