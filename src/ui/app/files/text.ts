/** Every sentence of the dialog for scenario files. */

export const text = {
  title: "Scenario file",
  open: "Open a scenario",
  choose: "Choose a file",
  orDrop: "or drop one anywhere on the workbench. It stays on this computer.",
  save: "Save",
  saveThis: "Save this scenario",
  saveMine: "Save what I just did as a scenario",
  saveMineHint: "The scenario with everything you did, each act at its time. Without the lesson.",
  tooBig: (name: string, size: string, most: string) => `${name} has ${size}. A scenario file has at most ${most}.`,
  unreadable: (name: string) => `${name} cannot be read.`,
  problems: (name: string, count: number) => `${name} has ${count === 1 ? "a problem" : `${count} problems`}.`,
  place: (line: number, column: number) => `line ${line}, column ${column}`,
  allowed: (words: readonly string[]) => `Allowed: ${words.join(", ")}.`,
  meant: (word: string) => `Did you mean ${word}?`,
  more: (count: number) => `${count} more are not shown.`,
  reading: "Reading",
  opened: (title: string) => `${title} is open.`,
  saved: (name: string) => `${name} is saved.`,
  left: (what: string) => `${what} cannot be written into a file; it is left out.`,
  notSaved: "This cannot be written as a scenario:",
  mineTitle: (title: string) => `${title}, changed`,
  kilobytes: (bytes: number) =>
    bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.round(bytes / 1000)} kB`,
} as const;
