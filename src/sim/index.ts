/** The public face of the simulator: all that the page and the command line may import. */
export { AssertionFailed } from "./engine/assert.ts";
export { someItem } from "./engine/chunked.ts";
export type { Difference } from "./engine/diff.ts";
export type { FactEntry, Facts } from "./engine/facts.ts";
export { isMap } from "./engine/plain.ts";
export { countWhile } from "./engine/search.ts";
export { digest, freeze } from "./engine/snapshot.ts";
export { type Failure, type Moment, Timeline, type TimelineOptions } from "./engine/timeline.ts";
export { Trace, type TraceEntry } from "./engine/trace.ts";
export {
  type ActorId,
  type ActorState,
  type Body,
  type Fact,
  type Input,
  type Message,
  MILLISECOND,
  type Observer,
  SECOND,
  type SimEvent,
  type SimTime,
  type Step,
  type World,
} from "./engine/types.ts";
export { list } from "./engine/words.ts";
export { matchesFact } from "./environment/fact-pattern.ts";
export { type ActiveFault, type Connection, type EnvironmentState, environmentOf } from "./environment/types.ts";
export type { Act, Fault, Target } from "./faults/fault.ts";
export { describeAct, FAULTS, faultOf } from "./faults/index.ts";
export { type InvariantsState, promiseSays, type Violation } from "./invariants/index.ts";
export { batchAt, epochAt } from "./kafka/log/log.ts";
export * from "./kafka/profiles/config.ts";
export * from "./kafka/readings.ts";
export * from "./kafka/readings-groups.ts";
export { RULE_NAMES, RULES, type RuleName, type Rules, rulesOf } from "./kafka/rules.ts";
export {
  explain,
  FACT_KINDS,
  isStory,
  type NarrationContext,
  narrate,
  type Weight,
  weightOf,
} from "./narration/index.ts";
export { recordOf, recordsOf } from "./observers/ledger-records.ts";
export { copiesNow, fateOf, isLost, recordsIn } from "./observers/ledger-sets.ts";
export { type LedgerRecord, type LedgerState, RECORD_SETS, type RecordSetName } from "./observers/ledger-state.ts";
export * from "./projection/clients.ts";
export * from "./projection/cluster.ts";
export * from "./projection/end-state.ts";
export * from "./projection/report.ts";
export * from "./projection/tracks.ts";
export * from "./projection/traffic.ts";
export * from "./projection/why.ts";
export { actInputs, actsOf, NOT_MODELLED } from "./scenario/acts.ts";
export { checkScenario } from "./scenario/check.ts";
export type { Verdict } from "./scenario/expectations/finish.ts";
export type { Scenario } from "./scenario/format/scenario.ts";
export { actName } from "./scenario/kinds.ts";
export { LIMITS } from "./scenario/limits.ts";
export { parseScenario } from "./scenario/parse.ts";
export type { FileProblem, Problem } from "./scenario/problem.ts";
export { type ResolvedScenario, resolveScenario } from "./scenario/resolve.ts";
export { actsDoneAt, type Run, type RunOptions, verdictsAt, verdictsIfOver } from "./scenario/run.ts";
export { microsOf, writeMicros } from "./scenario/time.ts";
export { withVariant } from "./scenario/variant.ts";
export { writeScenario } from "./scenario/write.ts";
export { KAFKA } from "./simulation.ts";
export { startingScenario, startScenario } from "./start.ts";
