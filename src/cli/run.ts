/** `run FILE`: plays a scenario and tells what happened, what held and what broke. */
import {
  actName,
  closingLines,
  type FactEntry,
  factFilter,
  factLine,
  isAsExpected,
  microsOf,
  NOT_MODELLED,
  narrate,
  narrationContext,
  PROFILES,
  type Profile,
  RULE_NAMES,
  type Run,
  type RunOptions,
  reportOf,
  type Scenario,
  startScenario,
  timeText,
} from "../sim/index.ts";
import { readArgs } from "./args.ts";
import { readScenario } from "./files.ts";
import { BAD_INPUT, type ExitCode, FELL_SHORT, OK, type Output } from "./output.ts";

export const usage = `run FILE [--variant ID] [--seed N] [--profile VERSION] [--without RULE[,RULE]] [--drop ACT[,ACT]]
    [--until TIME] [--facts NAME[,NAME]] [--json]
  Plays a scenario file (or a built-in scenario, by its name) and prints what happened.
  --facts    kinds of fact to print, with * for any letters; without it those that are part of the story
  --until    ends the run early; what is not decided by then stays open`;

const OPTIONS = {
  variant: "value",
  seed: "value",
  profile: "value",
  without: "list",
  drop: "list",
  until: "value",
  facts: "list",
  json: "flag",
} as const;

/** Steps between two looks at the clock. */
const SLICE = 5_000;

export function run(argv: readonly string[], output: Output): ExitCode {
  const args = readArgs(argv, OPTIONS);
  const mistakes = [...args.mistakes];
  const [file, ...others] = args.words;
  if (file === undefined) mistakes.push("run needs a scenario file, or the name of a built-in scenario");
  if (others.length > 0) mistakes.push(`run plays one scenario at a time, not also ${others.join(", ")}`);
  for (const mistake of mistakes) output.complain(mistake);
  if (file === undefined || mistakes.length > 0) return BAD_INPUT;
  const scenario = readScenario(file, output);
  if (scenario === null) return BAD_INPUT;
  const { options, until, problems } = optionsOf(args.values, args.lists, scenario);
  problems.push(...unmodelled(scenario, options, file));
  for (const problem of problems) output.complain(problem);
  if (problems.length > 0) return BAD_INPUT;

  const started = startScenario(scenario, options);
  const end = until ?? started.resolved.horizonUs;
  const isShown = factFilter(args.lists.facts ?? []);
  return args.flags.includes("json") ? tellJson(started, end, isShown, output) : tell(started, end, isShown, output);
}

function tell(run: Run, end: number, isShown: (entry: FactEntry) => boolean, output: Output): ExitCode {
  const { resolved, timeline } = run;
  output.line(title(run));
  output.line("");
  const context = narrationContext(resolved);
  let next = 0;
  play(run, end, output, () => {
    const { facts } = timeline.trace;
    for (; next < facts.length; next += 1) {
      const entry = facts.at(next) as FactEntry;
      if (isShown(entry)) output.line(factLine(entry, context));
    }
  });
  const report = reportOf(run, end);
  for (const line of closingLines(report, end)) output.line(line);
  output.line("");
  output.line(`${timeline.length} events, hash ${timeline.trace.hash()}`);
  return isAsExpected(report) ? OK : FELL_SHORT;
}

function tellJson(run: Run, end: number, isShown: (entry: FactEntry) => boolean, output: Output): ExitCode {
  const { resolved, timeline } = run;
  play(run, end, output, () => {});
  const report = reportOf(run, end);
  const context = narrationContext(resolved);
  const facts = [...timeline.trace.facts]
    .filter(isShown)
    .map((entry) => ({ ...entry, sentence: narrate(entry, context) }));
  const { id, variant, profile, seed, without, horizonUs } = resolved;
  const about = { scenario: id, variant, profile, seed, without, horizonUs, untilUs: end };
  const { verdicts: expectations, broken: promises, ...rest } = report;
  const isOk = isAsExpected(report);
  const run_ = { events: timeline.length, hash: timeline.trace.hash(), model: __MODEL_VERSION__ };
  output.line(JSON.stringify({ ...about, ok: isOk, ...run_, facts, expectations, promises, ...rest }));
  return isOk ? OK : FELL_SHORT;
}

/** Computes the run up to `end`; `onSlice` is called after each slice. */
function play(run: Run, end: number, output: Output, onSlice: () => void): void {
  const { timeline } = run;
  for (;;) {
    const isDone = timeline.advance(end, SLICE);
    onSlice();
    if (isDone) break;
    output.progress(`${timeText(timeline.end).trim()} of ${timeText(end).trim()}`);
  }
  output.done();
}

function title({ resolved }: Run): string {
  const { id, variant, profile, seed, without, scenario } = resolved;
  const about = [`Kafka ${profile}`, `seed ${seed}`];
  if (variant !== null) about.unshift(`variant ${variant}`);
  if (without.length > 0) about.push(`WITHOUT ${without.join(", ")}`);
  return `${id}: ${scenario.title} (${about.join(", ")})`;
}

function optionsOf(
  values: Readonly<Record<string, string>>,
  lists: Readonly<Record<string, readonly string[]>>,
  scenario: Scenario,
): { options: RunOptions; until: number | null; problems: string[] } {
  const problems: string[] = [];
  const oneOf = (what: string, value: string | undefined, known: readonly string[]) => {
    if (value !== undefined && !known.includes(value))
      problems.push(`there is no ${what} "${value}"; there is ${known.join(", ") || "none"}`);
  };
  oneOf("variant", values.variant, scenario.variants?.map(({ id }) => id) ?? []);
  oneOf("version", values.profile, PROFILES);
  for (const rule of lists.without ?? []) oneOf("rule", rule, RULE_NAMES);
  const acts = [...(scenario.acts ?? []), ...(scenario.variants ?? []).flatMap((one) => one.acts ?? [])];
  for (const act of lists.drop ?? [])
    oneOf(
      "act",
      act,
      acts.flatMap(({ id }) => id ?? []),
    );
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= 4294967295))
    problems.push(`--seed is a whole number from 0 to 4294967295, not "${values.seed}"`);
  const until = values.until === undefined ? null : microsOf(values.until);
  if (values.until !== undefined && until === null)
    problems.push(`--until is a time such as 30s or 1500ms, not "${values.until}"`);
  const options: RunOptions = {
    variant: values.variant ?? null,
    ...(seed === undefined ? {} : { seed }),
    ...(values.profile === undefined ? {} : { profile: values.profile as Profile }),
    ...(lists.without === undefined ? {} : { without: lists.without }),
    ...(lists.drop === undefined ? {} : { drop: lists.drop }),
    timeline: { checkpointEvery: 1_000_000 },
  };
  return { options, until, problems };
}

/** Acts of the scenario that the model cannot do: nothing is left out silently. */
function unmodelled(scenario: Scenario, options: RunOptions, file: string): string[] {
  const variant = scenario.variants?.find(({ id }) => id === options.variant);
  const dropped = [...(options.drop ?? []), ...(variant?.drop ?? [])];
  const acts = [...(scenario.acts ?? []), ...(variant?.acts ?? [])];
  return acts
    .filter((act) => NOT_MODELLED.includes(actName(act)) && !(act.id !== undefined && dropped.includes(act.id)))
    .map((act) => `${file}: the act ${actName(act)} is not modelled yet`);
}
