/** Reads the arguments of a command. Mistakes are messages, with the option that was probably meant. */

/** What a command understands: `value` options take the next word, `list` options gather theirs, `flag` options take none. */
export type OptionKinds = Readonly<Record<string, "value" | "list" | "flag">>;

export interface Args {
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly flags: readonly string[];
  readonly mistakes: readonly string[];
}

/** `--name value`, `--name=value` and words, in any order. What follows `--` is a word. */
export function readArgs(argv: readonly string[], kinds: OptionKinds): Args {
  const words: string[] = [];
  const values: Record<string, string> = {};
  const lists: Record<string, string[]> = {};
  const flags: string[] = [];
  const mistakes: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const arg = argv[i] as string;
    if (arg === "--") {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!arg.startsWith("--")) {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf("=");
    const name = equals === -1 ? arg.slice(2) : arg.slice(2, equals);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      mistakes.push(
        `there is no option --${name}; there is ${Object.keys(kinds)
          .map((one) => `--${one}`)
          .join(", ")}`,
      );
      continue;
    }
    if (kind === "flag") {
      if (equals !== -1) mistakes.push(`--${name} takes no value`);
      flags.push(name);
      continue;
    }
    const value = equals === -1 ? argv[i + 1] : arg.slice(equals + 1);
    if (value === undefined || (equals === -1 && value.startsWith("--"))) {
      mistakes.push(`--${name} needs a value`);
      continue;
    }
    if (equals === -1) i += 1;
    if (kind === "value") values[name] = value;
    else lists[name] = [...(lists[name] ?? []), ...value.split(",").filter((one) => one !== "")];
  }
  return { words, values, lists, flags, mistakes };
}
