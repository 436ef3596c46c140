/**
 * What a kind of vector is: a name, and a function that runs one case.
 *
 * A runner turns a case's input into calls of the model and returns what the case states beside what the model says.
 * It reads the case by a cast: vector files are ours, and a wrong one fails its comparison.
 */
export type VectorProfile = "0.10" | "2.1" | "3.9";

export interface VectorCase {
  readonly id: string;
  readonly kind: string;
  readonly profile: VectorProfile;
  readonly input: unknown;
  readonly expected: unknown;
}

/** Equal as JSON: passed. */
export type VectorAnswer =
  | { readonly kind: "compared"; readonly expected: unknown; readonly ours: unknown }
  | { readonly kind: "unsupported"; readonly why: string };

export interface VectorKind {
  readonly kind: string;
  /** Profiles of cases that name none. */
  readonly profiles?: readonly VectorProfile[];
  readonly run: (testCase: VectorCase) => VectorAnswer;
}

export interface VectorResult {
  readonly id: string;
  readonly kind: string;
  readonly profile: VectorProfile;
  readonly verdict: "passed" | "failed" | "unsupported";
  readonly expected: unknown;
  readonly ours: unknown;
  /** Empty if passed. */
  readonly why: string;
}

export const ALL_PROFILES: readonly VectorProfile[] = ["0.10", "2.1", "3.9"];

export function compared(expected: unknown, ours: unknown): VectorAnswer {
  return { kind: "compared", expected, ours };
}

export function unsupported(why: string): VectorAnswer {
  return { kind: "unsupported", why };
}

/** The fields of `ours` that `expected` states; a field that is missing in `ours` reads null. */
export function statedFields(expected: object, ours: object): Record<string, unknown> {
  const values = ours as Record<string, unknown>;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, values[key] ?? null]));
}
