/**
 * Runs test vectors against the model's pure mechanisms: small cases with exact answers, most of them taken from the
 * tests of Kafka itself.
 *
 * Simplified   every answer is compared as JSON; a kind's runner leaves out what a case does not state.
 * Left out     kinds whose mechanism needs a running coordinator; they count as unsupported.
 *
 * Two file formats are read: broker vectors (a list of cases, each with its kind and profiles) and client vectors
 * (one list per kind). The header inside each file explains its kinds.
 */
import { alterPartitionKind } from "./vectors/alterPartition.ts";
import { assignorsKind } from "./vectors/assignors.ts";
import { controllerScenarioKind } from "./vectors/controllerScenario.ts";
import { isrRemovalKind, leaderElectionKind } from "./vectors/election.ts";
import { epochCacheKind } from "./vectors/epochCache.ts";
import { groupRequestsKind } from "./vectors/groupRequests.ts";
import { groupProtocolSelectionKind, groupStateTransitionsKind, initialRebalanceDelayKind } from "./vectors/groups.ts";
import { coordinatorPartitionKind, murmur2Kind } from "./vectors/hashes.ts";
import { isrHwKind } from "./vectors/isrHw.ts";
import type { VectorCase, VectorKind, VectorProfile, VectorResult } from "./vectors/kind.ts";
import { logReconciliationKind } from "./vectors/logReconciliation.ts";
import { partitionIncreaseKind, reassignmentStateKind, replicaAssignmentKind } from "./vectors/placement.ts";
import { producerSequencesKind } from "./vectors/producerSequences.ts";
import { resetOffsetsKind } from "./vectors/resetOffsets.ts";
import { divergingFetchKind, truncationDecisionKind } from "./vectors/truncation.ts";

/** Every kind that can be run; add one here. */
export const VECTOR_KINDS: readonly VectorKind[] = [
  alterPartitionKind,
  assignorsKind,
  controllerScenarioKind,
  coordinatorPartitionKind,
  divergingFetchKind,
  epochCacheKind,
  groupProtocolSelectionKind,
  groupRequestsKind,
  groupStateTransitionsKind,
  initialRebalanceDelayKind,
  isrHwKind,
  isrRemovalKind,
  leaderElectionKind,
  logReconciliationKind,
  murmur2Kind,
  partitionIncreaseKind,
  producerSequencesKind,
  reassignmentStateKind,
  replicaAssignmentKind,
  resetOffsetsKind,
  truncationDecisionKind,
];

/**
 * Runs every case of a parsed vector file, once for each profile it holds for. `kinds` are the runners to use. Throws
 * an Error if `file` is of neither format.
 */
export function runVectors(file: unknown, kinds: readonly VectorKind[] = VECTOR_KINDS): VectorResult[] {
  return casesOf(file).flatMap((one) => {
    const kind = kinds.find((candidate) => candidate.kind === one.kind);
    const profiles = one.profiles ?? kind?.profiles ?? ["3.9"];
    return profiles.map((profile) => runCase(kind, { ...one, profile }));
  });
}

/** How many results there are of each verdict, per kind, in the order of the file. */
export function countVerdicts(
  results: readonly VectorResult[],
): Record<string, Record<VectorResult["verdict"], number>> {
  const counts: Record<string, Record<VectorResult["verdict"], number>> = {};
  for (const { kind, verdict } of results) {
    counts[kind] ??= { passed: 0, failed: 0, unsupported: 0 };
    counts[kind][verdict]++;
  }
  return counts;
}

function runCase(kind: VectorKind | undefined, testCase: VectorCase): VectorResult {
  const { id, profile, expected } = testCase;
  const about = { id, kind: testCase.kind, profile };
  if (kind === undefined) {
    return { ...about, verdict: "unsupported", expected, ours: null, why: `no runner for ${testCase.kind}` };
  }
  const answer = kind.run(testCase);
  if (answer.kind === "unsupported") {
    return { ...about, verdict: "unsupported", expected, ours: null, why: answer.why };
  }
  const isEqual = canonical(answer.expected) === canonical(answer.ours);
  const why = isEqual ? "" : `expected ${canonical(answer.expected)}, ours is ${canonical(answer.ours)}`;
  return { ...about, verdict: isEqual ? "passed" : "failed", expected: answer.expected, ours: answer.ours, why };
}

interface FileCase {
  readonly id: string;
  readonly kind: string;
  readonly profiles: readonly VectorProfile[] | null;
  readonly input: unknown;
  readonly expected: unknown;
}

interface BrokerFile {
  readonly cases: readonly (Omit<FileCase, "profiles"> & { readonly profiles?: readonly VectorProfile[] })[];
}

type ClientFile = Readonly<Record<string, readonly ClientCase[]>>;

/** A client case is its own input; it may state what it expects in a field of its own. */
interface ClientCase {
  readonly id?: string;
  readonly profile?: VectorProfile;
  readonly expect?: unknown;
}

function casesOf(file: unknown): FileCase[] {
  if (typeof file !== "object" || file === null) throw new Error("a vector file is a JSON object");
  if ("cases" in file) {
    return (file as BrokerFile).cases.map((one) => ({ ...one, profiles: one.profiles ?? null }));
  }
  const lists = Object.entries(file as ClientFile).filter(([, list]) => Array.isArray(list));
  if (lists.length === 0) throw new Error("a vector file has `cases`, or one list of cases per kind");
  return lists.flatMap(([kind, list]) =>
    list.map((one, index) => ({
      id: one.id ?? `${kind}-${index}`,
      kind,
      profiles: one.profile === undefined ? null : [one.profile],
      input: one,
      expected: one.expect ?? null,
    })),
  );
}

/** JSON with sorted keys, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
