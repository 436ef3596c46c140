/** From the payload of a link to a run, the moment to stand at and the thing to choose; and back. */
import { type Scenario, startScenario } from "../../../sim/index.ts";
import type { Place, PlayableRun, Player } from "../../player/index.ts";
import { readThing, type Thing, writeThing } from "../../state/selection.ts";
import { type Opened, openRun, type RunRequest, scenarioOf } from "../open.ts";
import { text } from "../text.ts";
import { type LinkContent, readLink, withoutStrangers, writeLink } from "./link.ts";

/** The longest payload that is offered as a link; a longer run belongs in a file (ux.md section 8). */
export const longestLink = 8000;

export interface Arrival {
  readonly moment: Place;
  readonly selection: Thing | null;
  /** Of the trace at that moment; null if the link does not say. */
  readonly hash: string | null;
}

export type OpenedLink =
  | { readonly run: null; readonly problems: readonly string[]; readonly arrive: null }
  | { readonly run: PlayableRun; readonly problems: readonly string[]; readonly arrive: Arrival };

/** Opens what can be opened; each part that cannot is named. `instead` is what was chosen since, on the workbench. */
export async function openLink(payload: string, instead: Partial<RunRequest> = {}): Promise<OpenedLink> {
  const { content, problems } = await readLink(payload);
  if (content === null) return { run: null, problems, arrive: null };
  const scenario = await scenarioIn(content);
  if (typeof scenario === "string") return { run: null, problems: [...problems, scenario], arrive: null };
  const { inputs, problems: strangers } = withoutStrangers(content.inputs, namesIn(scenario));
  const opened: Opened = await openRun({
    scenario: typeof content.scenario === "string" ? content.scenario : scenario,
    seed: instead.seed ?? content.seed,
    variant: instead.variant ?? content.variant,
    profile: instead.profile ?? content.profile,
    without: content.without,
    removed: content.removed,
    inputs: instead.inputs ?? inputs,
    set: instead.set ?? {},
    isInteractive: true,
  });
  const said = [...problems, ...strangers, ...opened.problems];
  if (opened.run === null) return { run: null, problems: said, arrive: null };
  if (content.model !== "" && content.model !== __MODEL_VERSION__) said.push(text.bench.otherModel);
  const selection = content.selection === null ? null : readThing(content.selection);
  return { run: opened.run, problems: said, arrive: { moment: content.moment, selection, hash: content.hash } };
}

/** The scenario of a link, checked; or a sentence that says what is wrong with it. */
async function scenarioIn(content: LinkContent): Promise<Scenario | string> {
  if (typeof content.scenario === "string")
    return (await scenarioOf(content.scenario)) ?? `There is no lab called ${content.scenario.slice(0, 60)}.`;
  const { checkScenario } = await import("./check.ts");
  const { scenario, problems } = checkScenario(content.scenario);
  if (scenario !== null) return scenario;
  const [first] = problems;
  return `The scenario of this link is not valid: ${first?.message ?? "it cannot be read"}.`;
}

function namesIn(scenario: Scenario): string[] {
  return Object.keys(startScenario(scenario).timeline.head.world.actors);
}

/** The payload for the moment shown; null when the run is too long for a link. */
export async function linkTo(player: Player, thing: Thing | null): Promise<string | null> {
  const { run, timeline } = player;
  if (run?.origin === undefined || run.scenario == null) return null;
  const { scenarioId, seed, variant, profile, without, ownInputs } = run.origin;
  const { entries, time } = player.store.getState();
  const payload = await writeLink({
    model: __MODEL_VERSION__,
    scenario: scenarioId ?? (run.scenario as unknown as Record<string, unknown>),
    seed,
    variant,
    profile,
    without,
    inputs: timeline.inputs.filter((input) => !ownInputs.includes(input)),
    removed: ownInputs.flatMap((input, index) => (timeline.inputs.includes(input) ? [] : [index])),
    moment: { entries, time },
    selection: thing === null ? null : writeThing(thing),
    hash: timeline.trace.hash(entries),
  });
  return payload.length > longestLink ? null : payload;
}
