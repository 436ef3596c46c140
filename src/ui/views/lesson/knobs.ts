/** The settings that a lab puts in the learner's hands: which control fits each, from its path and its value. Pure. */
import { type ConfigKind, defaultIn, findConfigKey, type Profile, type Scenario } from "../../../sim/index.ts";
import { type Changes, type Setting, settingAt } from "../../state/changes.ts";
import { micros } from "../moments.ts";

export type Control =
  | { readonly kind: "switch"; readonly value: boolean }
  | { readonly kind: "choice"; readonly value: string; readonly options: readonly string[] }
  | { readonly kind: "slider"; readonly value: number; readonly steps: readonly number[]; readonly unit: string }
  | { readonly kind: "text"; readonly value: string };

export interface Knob {
  readonly path: string;
  /** As people say it: `acks of p1`. */
  readonly label: string;
  readonly hint: string | null;
  readonly control: Control;
  readonly isChanged: boolean;
}

const kinds: Readonly<Record<string, (scenario: Scenario, id: string) => ConfigKind | null>> = {
  cluster: () => "broker",
  topics: () => "topic",
  clients: ({ clients }, id) =>
    clients?.some((one) => "producer" in one && one.producer === id) ? "producer" : "consumer",
};

/** A knob for each path; one that leads nowhere in this scenario is left out. `changes` are in force already. */
export function knobsOf(scenario: Scenario, profile: Profile, paths: readonly string[], changes: Changes): Knob[] {
  return paths.flatMap((path) => {
    const parts = path.split("/");
    const key = parts.at(-1) ?? "";
    const owner = parts[1] ?? "";
    const isConfig = parts.includes("config");
    const kind = isConfig ? (kinds[parts[0] ?? ""]?.(scenario, owner) ?? null) : null;
    const written = settingAt(scenario, path);
    const isChanged = Object.hasOwn(changes, path);
    if (kind === null) {
      const control = written === undefined ? null : controlOfText(written);
      return control === null ? [] : [{ path, label: `${key} of ${owner}`, hint: null, control, isChanged }];
    }
    const entry = findConfigKey(kind, key);
    if (entry === null) return [];
    const value = written ?? defaultIn(entry, profile);
    const where = parts[0] === "cluster" ? "" : ` of ${owner}`;
    const control: Control =
      entry.type === "bool"
        ? { kind: "switch", value: String(value) === "true" }
        : entry.values !== null && entry.type === "enum"
          ? { kind: "choice", value: acksWord(key, value), options: entry.values.filter((one) => one !== "-1") }
          : entry.type === "int"
            ? {
                kind: "slider",
                value: Number(value),
                unit: entry.unit ?? "",
                steps: stepsAround(key, Number(value), entry.min ?? 0, scenario),
              }
            : { kind: "text", value: String(value ?? "") };
    return [{ path, label: `${key}${where}`, hint: entry.tradeOff, control, isChanged }];
  });
}

/** What a slider or a field gives back, as the file would say it. */
export function settingOf(control: Control, value: number | string | boolean): Setting {
  if (control.kind === "slider" && control.unit === "s") return `${Math.round(Number(value) * 1000)}ms`;
  return value;
}

function controlOfText(written: unknown): Control | null {
  if (typeof written === "boolean") return { kind: "switch", value: written };
  if (typeof written === "number")
    return { kind: "slider", value: written, unit: "", steps: doubled(written, 0).map(Math.round) };
  if (typeof written !== "string") return null;
  if (!/^\d+(\.\d+)?(us|ms|s|m|h)$/.test(written)) return { kind: "text", value: written };
  const seconds = micros(written) / 1_000_000;
  return { kind: "slider", value: seconds, unit: "s", steps: doubled(seconds, 0) };
}

function stepsAround(key: string, value: number, least: number, scenario: Scenario): number[] {
  if (key === "min.insync.replicas") {
    const { brokers } = scenario.cluster;
    const most = typeof brokers === "number" ? brokers : brokers.length;
    return Array.from({ length: most }, (_, index) => index + 1);
  }
  return doubled(value, least).map(Math.round);
}

/** A quarter to four times the value, in doublings, and the value itself among them. */
function doubled(value: number, least: number): number[] {
  const all = [0.25, 0.5, 1, 2, 4].map((by) => Math.max(least, value * by));
  return [...new Set(value === 0 ? [0, 1, 2, 5, 10] : all)];
}

function acksWord(key: string, value: unknown): string {
  return key === "acks" && String(value) === "-1" ? "all" : String(value);
}
