/**
 * What is known about one configuration key, and the small helpers with which the tables are written.
 *
 * In Kafka     ConfigDef.define(name, type, default, validator, importance, documentation).
 * Simplified   numbers above 2^53 (Kafka's Long.MAX_VALUE, used for "never") become NEVER.
 */
import { PROFILES, type Profile } from "./profile.ts";

/** Kafka's Long.MAX_VALUE, 9223372036854775807: "never", "no limit". */
export const NEVER = Number.MAX_SAFE_INTEGER;

export type ConfigValue = number | boolean | string | null | readonly string[];

export interface ConfigKey<T extends ConfigValue = ConfigValue> {
  /** Kafka's own name, as it stands in scenario files and in `kafka-configs`. */
  readonly key: string;
  readonly type: "int" | "ratio" | "bool" | "string" | "enum" | "list";
  readonly unit: string | null;
  /** The value in effect when nobody sets the key; where the key does not exist, how that version behaves. */
  readonly defaults: Readonly<Record<Profile, T>>;
  /** The first profile that has the key. */
  readonly from: Profile;
  /** The words allowed (enum: one of them; list: any of them), or null. */
  readonly values: readonly string[] | null;
  /** Words that only newer profiles know. */
  readonly valuesFrom: Readonly<Record<string, Profile>>;
  readonly min: number | null;
  readonly max: number | null;
  /** May be left unset (null), which is then a value of its own. */
  readonly unsettable: boolean;
  /** When the default, the name or the meaning changed. */
  readonly changed: string | null;
  /** What more and what less of it buys, in one sentence. */
  readonly tradeOff: string | null;
  /** For topic keys: the broker key it inherits from. */
  readonly brokerKey: string | null;
}

export interface ConfigProblem {
  /** The verbatim key as written. */
  key: string;
  message: string;
  /** What would have been accepted, when that is a short list. */
  allowed: readonly string[] | null;
  /** The known key or word that was probably meant. */
  nearest: string | null;
}

export interface KeyNotes<T> {
  readonly "0.10"?: T;
  readonly "3.9"?: T;
  readonly from?: Profile;
  readonly min?: number;
  readonly max?: number;
  readonly changed?: string;
  readonly tradeOff?: string;
  readonly brokerKey?: string;
  readonly valuesFrom?: Readonly<Record<string, Profile>>;
}

const INT_MAX = 2147483647;

/** A whole number. `inGeneral` is the default of every profile that `notes` does not name. */
export function int(key: string, unit: string, inGeneral: number, notes: KeyNotes<number> = {}): ConfigKey<number> {
  return { ...describe(key, "int", unit, inGeneral, notes), min: notes.min ?? 0, max: notes.max ?? NEVER };
}

/** A whole number that may be unset: null unless `notes` gives a profile its own value. */
export function intOrUnset(key: string, unit: string, notes: KeyNotes<number | null> = {}): ConfigKey<number | null> {
  const described = describe<number | null>(key, "int", unit, null, notes);
  return { ...described, min: notes.min ?? 0, max: notes.max ?? NEVER, unsettable: true };
}

/** A 32-bit count such as `retries`. */
export function count(key: string, unit: string, inGeneral: number, notes: KeyNotes<number> = {}): ConfigKey<number> {
  return int(key, unit, inGeneral, { max: INT_MAX, ...notes });
}

/** A number between 0 and 1. */
export function ratio(key: string, inGeneral: number, notes: KeyNotes<number> = {}): ConfigKey<number> {
  return { ...describe(key, "ratio", "0..1", inGeneral, notes), min: 0, max: 1 };
}

export function bool(key: string, inGeneral: boolean, notes: KeyNotes<boolean> = {}): ConfigKey<boolean> {
  return describe(key, "bool", null, inGeneral, notes);
}

export function text(
  key: string,
  inGeneral: string | null,
  notes: KeyNotes<string | null> = {},
): ConfigKey<string | null> {
  return { ...describe<string | null>(key, "string", null, inGeneral, notes), unsettable: true };
}

export function oneOf<const V extends string>(
  key: string,
  values: readonly V[],
  inGeneral: NoInfer<V>,
  notes: KeyNotes<NoInfer<V>> = {},
): ConfigKey<V> {
  return { ...describe<V>(key, "enum", null, inGeneral, notes), values };
}

export function list(
  key: string,
  values: readonly string[] | null,
  inGeneral: readonly string[],
  notes: KeyNotes<readonly string[]> = {},
): ConfigKey<readonly string[]> {
  return { ...describe(key, "list", null, inGeneral, notes), values };
}

/** `acks`: written 0, 1, all or -1; in code the number the request carries. */
export function acksKey(inGeneral: 0 | 1 | -1, notes: KeyNotes<0 | 1 | -1>): ConfigKey<0 | 1 | -1> {
  return { ...describe<0 | 1 | -1>("acks", "enum", null, inGeneral, notes), values: ["0", "1", "all", "-1"] };
}

/** True if `profile` knows the key. */
export function existsIn(entry: ConfigKey, profile: Profile): boolean {
  return PROFILES.indexOf(profile) >= PROFILES.indexOf(entry.from);
}

function describe<T extends ConfigValue>(
  key: string,
  type: ConfigKey["type"],
  unit: string | null,
  inGeneral: T,
  notes: KeyNotes<T>,
): ConfigKey<T> {
  const old = notes["0.10"];
  const recent = notes["3.9"];
  return {
    key,
    type,
    unit,
    defaults: {
      "0.10": old === undefined ? inGeneral : old,
      "2.1": inGeneral,
      "3.9": recent === undefined ? inGeneral : recent,
    },
    from: notes.from ?? "0.10",
    values: null,
    valuesFrom: notes.valuesFrom ?? {},
    min: null,
    max: null,
    unsettable: false,
    changed: notes.changed ?? null,
    tradeOff: notes.tradeOff ?? null,
    brokerKey: notes.brokerKey ?? null,
  };
}
