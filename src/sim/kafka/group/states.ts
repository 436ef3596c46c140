/**
 * The state machine of a consumer group, the choice of its protocol, and the wait before its first rebalance.
 *
 * In Kafka     GroupMetadata (GroupState), InitialDelayedJoin (KIP-134, not in 0.10).
 * Left out     who triggers a transition; that is the coordinator's work.
 *
 * Allowed transitions (0.10 calls CompletingRebalance AwaitingSync):
 *
 *   Empty               -> PreparingRebalance                    a member joins
 *   Stable              -> PreparingRebalance                    a member joins, leaves, falls silent, or changes
 *   CompletingRebalance -> PreparingRebalance                    the same
 *   PreparingRebalance  -> CompletingRebalance                   all have joined, or the rebalance timeout is over
 *   PreparingRebalance  -> Empty                                 the last member left
 *   CompletingRebalance -> Stable                                the leader's assignment is written
 *   any                 -> Dead                                  deleted, expired, or moved to another coordinator
 */
export type GroupState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";

const ALLOWED_FROM: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ["PreparingRebalance"],
  PreparingRebalance: ["Empty", "Stable", "CompletingRebalance"],
  CompletingRebalance: ["PreparingRebalance"],
  Stable: ["CompletingRebalance"],
  Dead: ["Empty", "PreparingRebalance", "CompletingRebalance", "Stable", "Dead"],
};

export function canTransition(from: GroupState, to: GroupState): boolean {
  return ALLOWED_FROM[to].includes(from);
}

/** The protocols every member supports, in the first member's order. */
export function candidateProtocols(members: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = members;
  return first.filter((protocol) => others.every((protocols) => protocols.includes(protocol)));
}

/**
 * The protocol of the next generation: each member votes for the first of its own list that all support. `members` are
 * their lists in order of preference. A tie goes to the one that got its first vote first; Kafka leaves it open.
 * Null if there is no common protocol, which JoinGroup keeps from happening.
 */
export function selectProtocol(members: readonly (readonly string[])[]): string | null {
  const candidates = candidateProtocols(members);
  const votes = new Map<string, number>();
  for (const protocols of members) {
    const choice = protocols.find((protocol) => candidates.includes(protocol));
    if (choice !== undefined) votes.set(choice, (votes.get(choice) ?? 0) + 1);
  }
  let winner: string | null = null;
  for (const [protocol, count] of votes) if (winner === null || count > (votes.get(winner) ?? 0)) winner = protocol;
  return winner;
}

/** A wait of `delay` before the first generation, and how much may be added to it. One unit of time for all. */
export interface InitialDelay {
  readonly delay: number;
  readonly remaining: number;
}

/** The first wait: group.initial.rebalance.delay.ms, even if everybody has joined. */
export function firstInitialDelay(initialRebalanceDelay: number, rebalanceTimeout: number): InitialDelay {
  return { delay: initialRebalanceDelay, remaining: Math.max(rebalanceTimeout - initialRebalanceDelay, 0) };
}

/**
 * What follows when `waited` is over: another wait if a further member was added meanwhile and there is time left, or
 * null: complete the rebalance. `hasNewMember` is true only for members added while the group was PreparingRebalance
 * in generation 0.
 */
export function nextInitialDelay(
  waited: InitialDelay,
  initialRebalanceDelay: number,
  hasNewMember: boolean,
): InitialDelay | null {
  if (!hasNewMember || waited.remaining === 0) return null;
  return {
    delay: Math.min(initialRebalanceDelay, waited.remaining),
    remaining: Math.max(waited.remaining - waited.delay, 0),
  };
}
