/**
 * The three Kafka versions the simulator knows. A profile is configuration defaults (config.ts) plus rules.
 *
 * Left out   versions in between: a key or a rule that changed says since when, in words.
 */
export const PROFILES = ["0.10", "2.1", "3.9"] as const;

/** "0.10" stands for 0.10.2, "2.1" for 2.1.1, "3.9" for 3.9.1 in ZooKeeper mode. */
export type Profile = (typeof PROFILES)[number];

/** The version a lab uses unless it says otherwise. */
export const DEFAULT_PROFILE: Profile = "2.1";

/** True if `profile` is `first` or newer. */
export function isAtLeast(profile: Profile, first: Profile): boolean {
  return PROFILES.indexOf(profile) >= PROFILES.indexOf(first);
}
