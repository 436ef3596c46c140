/**
 * From a request (a lab, a link, the sandbox) to a run that the player can open. What is wrong is said in sentences; what
 * can be opened is opened.
 */
import { loadScenario } from "virtual:scenario-loaders";
import { type Input, type Profile, type Scenario, SECOND, startingScenario, type TraceEntry } from "../../sim/index.ts";
import type { PlayableRun } from "../player/index.ts";
import { type Changes, withChanges } from "../state/changes.ts";
import { observerMarks } from "./observer-marks.ts";
import { inTurns, pageHasTurn } from "./turn.ts";

export interface RunRequest {
  /** Id of a built-in scenario, or the data of one. */
  readonly scenario: string | Scenario;
  readonly seed?: number | null;
  readonly variant?: string | null;
  readonly profile?: Profile | null;
  readonly without?: readonly string[];
  /** Inputs besides the scenario's, and places of those taken out. */
  readonly inputs?: readonly Input[];
  readonly removed?: readonly number[];
  /** Settings changed from the start: path in the scenario → value. */
  readonly set?: Changes;
  /** Leaves acts that have a button to the reader. */
  readonly isInteractive?: boolean;
}

export type Opened =
  | { readonly run: PlayableRun; readonly problems: readonly string[] }
  | { readonly run: null; readonly problems: readonly string[] };

/** Starts the run of a request. Never throws for what a request may say. */
export async function openRun(request: RunRequest): Promise<Opened> {
  const scenario = await scenarioOf(request.scenario);
  if (scenario === null) return { run: null, problems: [`There is no lab called ${String(request.scenario)}.`] };
  const problems: string[] = [];
  let variant = request.variant ?? null;
  if (variant !== null && !scenario.variants?.some(({ id }) => id === variant)) {
    problems.push(`This scenario has no variant ${variant}; it runs as written.`);
    variant = null;
  }
  try {
    const { set = {} } = request;
    await pageHasTurn();
    const run = await start(request, withChanges(scenario, variant, set), variant);
    // Opening it draws it.
    await pageHasTurn();
    return { run, problems };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { run: null, problems: [...problems, `This cluster could not be started: ${why}.`] };
  }
}

async function start(request: RunRequest, scenario: Scenario, variant: string | null): Promise<PlayableRun> {
  const { seed = null, profile = null, without = [], inputs = [], removed = [] } = request;
  const started = await inTurns(
    startingScenario(scenario, {
      variant,
      ...(seed === null ? {} : { seed }),
      ...(profile === null ? {} : { profile }),
      without,
      isInteractive: request.isInteractive ?? false,
    }),
  );
  const ownInputs = started.timeline.inputs;
  const isChanged = inputs.length > 0 || removed.length > 0;
  const all = [...ownInputs.filter((_, index) => !removed.includes(index)), ...inputs];
  const timeline = isChanged ? started.timeline.restart(all) : started.timeline;
  const hasLesson = scenario.lesson !== undefined;
  // A link to a changed scenario carries it whole.
  const hasChanges = Object.keys(request.set ?? {}).length > 0;
  return {
    id: scenario.id,
    title: started.resolved.scenario.title,
    timeline,
    // The sandbox goes on as long as somebody looks; its producers send for longer than is computed at first.
    horizon: scenario.id === "sandbox" ? Math.min(started.resolved.horizonUs, 60 * SECOND) : started.resolved.horizonUs,
    isOpenEnded: !hasLesson,
    hasFog: hasLesson,
    resolved: started.resolved,
    run: started,
    scenario,
    origin: {
      scenarioId: typeof request.scenario === "string" && !hasChanges ? request.scenario : null,
      seed,
      variant,
      profile,
      without,
      ownInputs,
    },
    marksSince: (head, from) => observerMarks(started, head, from),
    isDelivery: isTold,
  };
}

/** A message step stops at what is said, not at pings and what the ensemble says to itself. */
function isTold({ kind, actor }: TraceEntry): boolean {
  if (kind.endsWith("/lost")) return /^[A-Z]/.test(kind);
  return (
    /^[A-Z]/.test(kind) &&
    !/^(ZkPing|Heartbeat|ApiVersions)/.test(kind) &&
    !(/^z\d/.test(actor) && !kind.startsWith("Zk"))
  );
}

/** The data of a built-in scenario; null when there is none of that name. */
export async function scenarioOf(wanted: string | Scenario): Promise<Scenario | null> {
  if (typeof wanted !== "string") return wanted;
  const load = Object.hasOwn(loadScenario, wanted) ? loadScenario[wanted] : undefined;
  // Built-in files are checked by tests when they are written, not by each page that opens them.
  return load === undefined ? null : ((await load()) as Scenario);
}
