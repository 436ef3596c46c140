/**
 * How large a scenario may be. A file from a stranger must cost little to read and little to run.
 *
 * Counterpart   none in Kafka.
 */
export const LIMITS = {
  textBytes: 256 * 1024,
  depth: 24,
  values: 40_000,
  brokers: 9,
  zookeeperServers: 7,
  topics: 50,
  partitions: 200,
  clients: 40,
  acts: 500,
  captions: 200,
  expectations: 200,
  variants: 20,
  horizonUs: 3_600_000_000,
  /** Records that all producers together would send until the horizon. */
  records: 50_000,
  problems: 200,
} as const;
