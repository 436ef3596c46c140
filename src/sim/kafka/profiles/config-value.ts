/**
 * One value of one key: read from what a file or a command line holds, and printed again.
 *
 * In Kafka     ConfigDef.parseType and the validators.
 * Simplified   class names are accepted by their short or their full form.
 */
import { type ConfigKey, type ConfigValue, NEVER } from "./config-key.ts";
import { nearest } from "./nearest.ts";
import { isAtLeast, type Profile } from "./profile.ts";

export type ReadValue =
  | { ok: true; value: ConfigValue }
  | { ok: false; message: string; allowed: readonly string[] | null; nearest: string | null };

/** Reads `raw` as a value of `entry` in a profile; the value has the type the code works with. */
export function readValue(entry: ConfigKey, raw: unknown, profile: Profile): ReadValue {
  if (raw === null) {
    return entry.unsettable ? { ok: true, value: null } : wrong(`${entry.key} needs a value`);
  }
  switch (entry.type) {
    case "int":
      return readInt(entry, raw);
    case "ratio":
      return readRatio(entry, raw);
    case "bool":
      return readBool(entry, raw);
    case "string":
      return typeof raw === "string" || typeof raw === "number"
        ? { ok: true, value: String(raw) }
        : wrong(`${entry.key} must be a text, not ${nameOf(raw)}`);
    case "enum":
      return readWord(entry, raw, profile);
    case "list":
      return readList(entry, raw, profile);
  }
}

function readInt(entry: ConfigKey, raw: unknown): ReadValue {
  const written = typeof raw === "number" || typeof raw === "bigint" ? String(raw) : raw;
  if (typeof written !== "string") return wrong(`${entry.key} must be a whole number, not ${nameOf(raw)}`);
  const unit = entry.unit === null ? "" : ` (${entry.unit})`;
  const time = /^(\d+)(ms|s|m|min|h)$/.exec(written.trim());
  if (time !== null && entry.unit === "ms") {
    const factor = { ms: 1, s: 1000, m: 60000, min: 60000, h: 3600000 }[time[2] ?? ""] ?? 1;
    return wrong(`${entry.key} is written in milliseconds, as in Kafka: ${Number(time[1]) * factor}`);
  }
  if (!/^[+-]?\d+$/.test(written.trim())) {
    return wrong(`${entry.key} must be a whole number${unit}, not "${shorten(written)}"`);
  }
  const value = Math.max(-NEVER, Math.min(NEVER, Number(written)));
  if (entry.min !== null && value < entry.min) return wrong(`${entry.key} must be at least ${entry.min}, not ${value}`);
  if (entry.max !== null && value > entry.max) return wrong(`${entry.key} must be at most ${entry.max}, not ${value}`);
  return { ok: true, value };
}

function readRatio(entry: ConfigKey, raw: unknown): ReadValue {
  const value = typeof raw === "string" && /^\d*\.?\d+$/.test(raw.trim()) ? Number(raw) : raw;
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    return wrong(`${entry.key} must be a number from 0 to 1, not ${nameOf(raw)}`);
  }
  return { ok: true, value };
}

function readBool(entry: ConfigKey, raw: unknown): ReadValue {
  if (typeof raw === "boolean") return { ok: true, value: raw };
  const word = typeof raw === "string" ? raw.trim().toLowerCase() : "";
  if (word === "true" || word === "false") return { ok: true, value: word === "true" };
  return {
    ok: false,
    message: `${entry.key} must be true or false, not ${nameOf(raw)}`,
    allowed: ["true", "false"],
    nearest: null,
  };
}

function readWord(entry: ConfigKey, raw: unknown, profile: Profile): ReadValue {
  const allowed = wordsIn(entry, profile);
  const word = typeof raw === "number" ? String(raw) : raw;
  if (typeof word !== "string" || !allowed.includes(word)) {
    const near = typeof word === "string" ? nearest(word, allowed) : null;
    return {
      ok: false,
      message: `${entry.key} must be one of ${allowed.join(", ")}, not ${nameOf(raw)}`,
      allowed,
      nearest: near,
    };
  }
  if (entry.key === "acks") return { ok: true, value: word === "all" ? -1 : Number(word) };
  return { ok: true, value: word };
}

function readList(entry: ConfigKey, raw: unknown, profile: Profile): ReadValue {
  const members = typeof raw === "string" ? raw.split(",").map((member) => member.trim()) : raw;
  if (!Array.isArray(members) || members.some((member) => typeof member !== "string")) {
    return wrong(`${entry.key} must be a list of words, not ${nameOf(raw)}`);
  }
  const value = (members as string[])
    .filter((member) => member !== "")
    .map((member) => shortClassNames[member] ?? member);
  if (entry.values === null) return { ok: true, value };
  const allowed = wordsIn(entry, profile);
  for (const member of value) {
    if (allowed.includes(member)) continue;
    const message = `${entry.key} may hold ${allowed.join(", ")}, not "${shorten(member)}"`;
    return { ok: false, message, allowed, nearest: nearest(member, allowed) };
  }
  return value.length > 0 ? { ok: true, value } : wrong(`${entry.key} must not be empty`);
}

function wordsIn(entry: ConfigKey, profile: Profile): string[] {
  return (entry.values ?? []).filter((word) => isAtLeast(profile, entry.valuesFrom[word] ?? "0.10"));
}

const shortClassNames: Readonly<Record<string, string>> = {
  "org.apache.kafka.clients.consumer.RangeAssignor": "range",
  "org.apache.kafka.clients.consumer.RoundRobinAssignor": "roundrobin",
  "org.apache.kafka.clients.consumer.StickyAssignor": "sticky",
  "org.apache.kafka.clients.consumer.CooperativeStickyAssignor": "cooperative-sticky",
};

function wrong(message: string): ReadValue {
  return { ok: false, message, allowed: null, nearest: null };
}

function nameOf(raw: unknown): string {
  if (raw === null) return "nothing";
  if (Array.isArray(raw)) return "a list";
  if (typeof raw === "object") return "a group of keys";
  return typeof raw === "string" ? `"${shorten(raw)}"` : String(raw);
}

function shorten(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
