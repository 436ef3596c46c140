/**
 * The rules: guards of the protocol that differ by version, or can be switched off for teaching.
 *
 * A profile is config defaults + rules. Each rule has one call site, says which promise it keeps, and is proved in both
 * directions by a scenario that names it under `demonstrates`.
 */
import type { Profile } from "./profiles/profile.ts";

interface RuleInfo {
  /** What the rule does, one sentence. */
  readonly says: string;
  /** Where it is in Kafka, and since when. */
  readonly source: string;
  /** Whether it holds in 0.10, 2.1, 3.9. */
  readonly in: readonly [boolean, boolean, boolean];
}

const rule = (says: string, source: string, in010: boolean, in21: boolean, in39: boolean): RuleInfo => ({
  says,
  source,
  in: [in010, in21, in39],
});

export const RULES = Object.freeze({
  acksAllWaitsForIsr: rule(
    "acks=all is answered only when the high watermark has passed the records",
    "DelayedProduce",
    true,
    true,
    true,
  ),
  minIsrChecked: rule(
    "acks=all is refused while the ISR is smaller than min.insync.replicas",
    "Partition.appendRecordsToLeader",
    true,
    true,
    true,
  ),
  highWatermarkIsIsrMinimum: rule(
    "the high watermark is the least log end offset of the ISR",
    "Partition.maybeIncrementLeaderHW",
    true,
    true,
    true,
  ),
  consumersStopAtHighWatermark: rule(
    "consumers read only below the high watermark",
    "ReplicaManager.readFromLog",
    true,
    true,
    true,
  ),
  electsFromIsr: rule(
    "a clean election chooses only members of the ISR",
    "PartitionLeaderElectionAlgorithms",
    true,
    true,
    true,
  ),
  fencesByControllerEpoch: rule(
    "brokers refuse orders of a deposed controller",
    "ReplicaManager: STALE_CONTROLLER_EPOCH",
    true,
    true,
    true,
  ),
  fencesByLeaderEpoch: rule(
    "brokers take orders only with a higher leader epoch",
    "ReplicaManager.becomeLeaderOrFollower",
    true,
    true,
    true,
  ),
  conditionalIsrWrites: rule(
    "partition state is written only if nobody else wrote it since it was read",
    "ZooKeeper version check",
    true,
    true,
    true,
  ),
  shrinksIsr: rule(
    "a leader removes followers that lag for replica.lag.time.max.ms",
    "Partition.maybeShrinkIsr",
    true,
    true,
    true,
  ),
  truncatesByLeaderEpoch: rule(
    "a new follower cuts its log where its leader's epochs say, not at its own high watermark",
    "KIP-101, KIP-279",
    false,
    true,
    true,
  ),
  truncatesOnFetch: rule(
    "divergence is found in the Fetch answer, without a request of its own",
    "KIP-595, IBP 2.7",
    false,
    false,
    true,
  ),
  restartsFetcherOnNewEpoch: rule(
    "a follower whose leader stays but whose epoch rises starts its fetcher anew",
    "ReplicaManager.makeFollowers",
    false,
    true,
    true,
  ),
  fencesFetchByLeaderEpoch: rule("a fetch with another leader epoch is refused", "KIP-320", false, true, true),
  expandNeedsEpochStart: rule(
    "a follower joins the ISR only when it has reached the start of the leader's epoch",
    "KIP-320, Partition.isFollowerInSync",
    false,
    true,
    true,
  ),
  shrinkSparesCaughtUp: rule(
    "a follower at the leader's log end is never late",
    "Partition.isFollowerOutOfSync",
    false,
    true,
    true,
  ),
  isrChangesByController: rule(
    "the leader asks the controller to change the ISR instead of writing it itself",
    "KIP-497, IBP 2.7",
    false,
    false,
    true,
  ),
  highWatermarkWaitsForMinIsr: rule(
    "the high watermark stands still while the ISR is below min.insync.replicas",
    "KAFKA-15583, 3.7",
    false,
    false,
    true,
  ),
  minIsrCappedByReplicas: rule(
    "min.insync.replicas counts at most as many as there are replicas",
    "3.7",
    false,
    false,
    true,
  ),
  fencesByBrokerEpoch: rule(
    "orders for an earlier life of a broker are refused, and a quick restart is noticed",
    "KIP-380",
    false,
    false,
    true,
  ),
  controllerWritesAreFenced: rule(
    "every write of a controller checks the version of /controller_epoch",
    "KAFKA-6082, 2.1",
    false,
    true,
    true,
  ),
  failoverCleansIsr: rule("a new controller takes dead brokers out of every ISR", "2.3", false, false, true),
  deduplicates: rule(
    "a leader recognises a batch that it has already appended",
    "ProducerStateManager",
    false,
    true,
    true,
  ),
  fencesGenerations: rule(
    "the group coordinator refuses members of an older generation",
    "GroupCoordinator: ILLEGAL_GENERATION",
    true,
    true,
    true,
  ),
} satisfies Record<string, RuleInfo>);

export type RuleName = keyof typeof RULES;
export type Rules = Readonly<Record<RuleName, boolean>>;

export const RULE_NAMES = Object.freeze(Object.keys(RULES) as RuleName[]);

/** The rules of a profile, with some switched off. */
export function rulesOf(profile: Profile, without: readonly RuleName[] = []): Rules {
  const index = profile === "0.10" ? 0 : profile === "2.1" ? 1 : 2;
  const rules = {} as Record<RuleName, boolean>;
  for (const name of RULE_NAMES) rules[name] = RULES[name].in[index] && !without.includes(name);
  return Object.freeze(rules);
}

/** Every rule on, whatever the version. */
export function everyRule(): Rules {
  return Object.freeze(Object.fromEntries(RULE_NAMES.map((name) => [name, true])) as Record<RuleName, boolean>);
}
