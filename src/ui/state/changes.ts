/** Settings changed from the start of a run, as paths into its scenario: `clients/p1/config/acks`. */
import { type Scenario, withVariant } from "../../sim/index.ts";

export type Setting = string | number | boolean | null;

/** Path → value, list members by their id, as in the `set` of a variant. */
export type Changes = Readonly<Record<string, Setting>>;

/** The scenario with these settings, in its chosen variant too. The scenario itself is left as it is. */
export function withChanges(scenario: Scenario, variant: string | null, changes: Changes): Scenario {
  const { copies, rest } = split(changes);
  if (copies.length === 0 && Object.keys(rest).length === 0) return scenario;
  const placed = copies.reduce((before, [topic, count]) => withCopies(before, topic, count), scenario);
  const { variants } = placed;
  // A variant that says the same path would win over the base, so it is told, too.
  const told = variants?.map((one) => (one.id === variant ? { ...one, set: { ...one.set, ...rest } } : one));
  const changed = withVariant(placed, { id: "changed", title: "changed", set: { ...pathsIn(placed, rest) } });
  return told === undefined ? changed : { ...changed, variants: told };
}

/** Paths that the base has; one that leads to an act of a variant only is left to the variant. */
function pathsIn(scenario: Scenario, changes: Changes): Changes {
  const ids = {
    acts: (scenario.acts ?? []).map(({ id }) => id),
    clients: (scenario.clients ?? []).map((one) => ("producer" in one ? one.producer : one.consumer)),
    topics: (scenario.topics ?? []).map(({ name }) => name),
  };
  return Object.fromEntries(
    Object.entries(changes).filter(([path]) => {
      const [part = "", id = ""] = path.split("/");
      return !(part in ids) || ids[part as keyof typeof ids].includes(id);
    }),
  );
}

function split(changes: Changes): { copies: [string, number][]; rest: Changes } {
  const copies: [string, number][] = [];
  const rest: Record<string, Setting> = {};
  for (const [path, value] of Object.entries(changes)) {
    const topic = /^topics\/([^/]+)\/replicationFactor$/.exec(path)?.[1];
    if (topic !== undefined && typeof value === "number") copies.push([topic, value]);
    else rest[path] = value;
  }
  return { copies, rest };
}

/** Another replication factor. Where the copies are written out, leaders stay and copies are added in the order of brokers. */
function withCopies(scenario: Scenario, name: string, count: number): Scenario {
  const brokers = brokerNames(scenario);
  const topics = (scenario.topics ?? []).map((topic) => {
    if (topic.name !== name) return topic;
    if (topic.replicas === undefined) return { ...topic, replicationFactor: count };
    const replicas = topic.replicas.map((had, partition) => {
      const others = brokers.map((_, n) => brokers[(n + partition) % brokers.length] as string);
      return [...new Set([...had, ...others])].slice(0, Math.max(1, count));
    });
    return { ...topic, replicas };
  });
  return { ...scenario, topics };
}

export function brokerNames({ cluster }: Scenario): string[] {
  const { brokers } = cluster;
  if (typeof brokers !== "number") return brokers.map(({ id }) => id);
  return Array.from({ length: brokers }, (_, index) => `b${index + 1}`);
}

/** What stands at a path of a scenario; undefined where nothing does. */
export function settingAt(scenario: Scenario, path: string): unknown {
  let here: unknown = scenario;
  for (const part of path.split("/")) {
    if (Array.isArray(here))
      here = here.find((one) => [one?.id, one?.name, one?.producer, one?.consumer].includes(part));
    else if (typeof here === "object" && here !== null) here = (here as Record<string, unknown>)[part];
    else return undefined;
  }
  return here;
}
