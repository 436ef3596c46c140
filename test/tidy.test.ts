/**
 * The rules of the house that a compiler cannot check: who may import whom, what no file contains, how long a
 * file may be. Every failure names the file and the reason for the rule. If a rule makes a piece of code
 * worse, change the rule here, in its own commit, and say why.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { filesUnder, root } from "../tools/files.mjs";

/** A part of the tree, and what it may import beside itself. Paths are folders or files, from the root. */
interface ImportRule {
  readonly part: string;
  /** May be imported for use. */
  readonly may: readonly string[];
  /** May be imported with `import type` only. */
  readonly mayTypes?: readonly string[];
  readonly packages?: readonly string[];
  readonly because: string;
}

const kafka = "src/sim/kafka";
/** What every folder of the Kafka model may use: the actor's surroundings, and the files all roles share. */
const kafkaShared = [
  "src/sim/engine",
  "src/sim/environment",
  `${kafka}/protocol`,
  `${kafka}/rules.ts`,
  `${kafka}/rpc.ts`,
  `${kafka}/roles.ts`,
  `${kafka}/types.ts`,
];
const kafkaTypes = [`${kafka}/profiles`];
/** Folders whose facts.ts holds the sentences of their facts. */
const tellingFolders = ["zookeeper", "controller", "broker", "group", "client", "producer", "consumer"];
/** Plain readings of a World in Kafka's words; they decide nothing. */
const readings = [`${kafka}/readings.ts`, `${kafka}/readings-groups.ts`, `${kafka}/protocol/ids.ts`];
const beforeScenario = [
  "src/sim/engine",
  "src/sim/environment",
  kafka,
  "src/sim/faults",
  "src/sim/invariants",
  "src/sim/observers",
];
const page = ["src/sim/index.ts", "src/ui/player", "src/ui/state", "src/ui/widgets", "src/ui/theme"];

/** The most specific part that contains a file decides. The tree is drawn in docs/ARCHITECTURE.md. */
const importRules: readonly ImportRule[] = [
  {
    part: "src/sim/engine",
    may: [],
    packages: ["seedrandom"],
    because: "the engine runs any actors; it does not know what a broker is",
  },
  {
    part: "src/sim/environment",
    may: ["src/sim/engine"],
    because: "links, disks and clocks are the same for every kind of process",
  },
  {
    part: kafka,
    may: ["src/sim/engine", "src/sim/environment", kafka],
    because: "the model of Kafka must not know who watches it",
  },
  {
    part: `${kafka}/protocol`,
    may: ["src/sim/engine", `${kafka}/types.ts`],
    because: "requests and answers are plain shapes that every role shares",
  },
  {
    part: `${kafka}/rules.ts`,
    may: [`${kafka}/types.ts`],
    mayTypes: [`${kafka}/profiles`],
    because: "a rule is a switch, not behaviour",
  },
  {
    part: `${kafka}/profiles`,
    may: [`${kafka}/rules.ts`, `${kafka}/types.ts`],
    mayTypes: [`${kafka}/protocol`],
    because: "a profile is configuration defaults and the rules that hold in that version",
  },
  ...["rpc.ts", "roles.ts", "types.ts"].map((file) => ({
    part: `${kafka}/${file}`,
    may: [...kafkaShared, `${kafka}/profiles`],
    mayTypes: [kafka],
    because: "a file that all roles share may not depend on what one role does",
  })),
  ...["producer", "consumer"].map((folder) => ({
    part: `${kafka}/${folder}`,
    may: [...kafkaShared, `${kafka}/client`, `${kafka}/profiles/profile.ts`],
    mayTypes: kafkaTypes,
    because: "a client knows the protocol and what all clients share, not the other clients",
  })),
  ...["log", "zookeeper", "client"].map((folder) => ({
    part: `${kafka}/${folder}`,
    may: [...kafkaShared, `${kafka}/profiles`],
    mayTypes: kafkaTypes,
    because: "a role knows the protocol, not the inside of other roles; they meet in messages",
  })),
  ...["broker", "controller", "group", "transaction"].map((folder) => ({
    part: `${kafka}/${folder}`,
    may: [...kafkaShared, `${kafka}/log`, `${kafka}/profiles/profile.ts`],
    mayTypes: kafkaTypes,
    because: "roles of one broker meet in kafka/model.ts and in messages, not in each other's code",
  })),
  {
    part: "src/sim/faults",
    may: ["src/sim/engine", "src/sim/environment", ...readings],
    mayTypes: [kafka],
    because: "a fault acts on the world around a process; what Kafka makes of it is decided by the model",
  },
  {
    part: "src/sim/invariants",
    may: ["src/sim/engine", ...readings],
    mayTypes: ["src/sim/environment", kafka, "src/sim/observers"],
    because: "a checker that shares logic with what it checks shares its mistakes",
  },
  {
    part: "src/sim/observers",
    may: ["src/sim/engine", "src/sim/invariants", ...readings],
    mayTypes: ["src/sim/environment", kafka],
    because: "observers read what happened and share no logic with it",
  },
  {
    part: "src/sim/scenario",
    may: beforeScenario,
    packages: ["yaml", "valibot"],
    because: "a scenario puts everything together, and nothing below knows about scenarios",
  },
  {
    part: "src/sim/narration",
    may: ["src/sim/engine", ...tellingFolders.map((folder) => `${kafka}/${folder}/facts.ts`)],
    mayTypes: ["src/sim"],
    because: "a sentence is made from a fact alone, so that it says what was decided and no more",
  },
  {
    part: "src/sim/projection",
    may: [...beforeScenario, "src/sim/scenario", "src/sim/narration"],
    because: "a projection reads a run; nothing below it depends on how a run is shown",
  },
  { part: "src/sim/index.ts", may: ["src/sim"], because: "it is the public face of the simulation" },
  { part: "src/conformance", may: ["src/sim"], because: "it compares the model with recordings, and shows nothing" },
  {
    part: "src/cli",
    may: ["src/sim/index.ts", "src/conformance"],
    packages: ["node:"],
    because: "the trace is the bridge: what the command line can do, a page can do through the same door",
  },
  { part: "src/ui/theme", may: [], packages: ["react"], because: "colours and shapes know nothing about Kafka" },
  {
    part: "src/ui/widgets",
    may: ["src/ui/theme"],
    packages: ["*"],
    because: "a shared piece without knowledge of Kafka can be used by every view",
  },
  {
    part: "src/ui/player",
    may: ["src/sim/index.ts"],
    packages: ["*"],
    because: "the player is the only place where wall time meets simulated time",
  },
  {
    part: "src/ui/state",
    may: ["src/ui/player", "src/sim/index.ts"],
    packages: ["*"],
    because: "stores hold cursor, selection and preferences; views depend on them, not the other way round",
  },
  {
    part: "src/ui/views",
    // The glossary is text that a view may quote.
    may: [
      "src/sim/index.ts",
      "src/ui/state",
      "src/ui/widgets",
      "src/ui/theme",
      "src/ui/views",
      "src/ui/help/glossary.ts",
    ],
    mayTypes: ["src/ui/player"],
    packages: ["*"],
    because: "a view is a function of the cursor: it reads stores and projections, and decides nothing",
  },
  // Any other folder of the page (help, home, ...) is a leaf that only the app knows.
  { part: "src/ui", may: page, packages: ["*"], because: "only the app knows every part of the page" },
  {
    part: "src/ui/app",
    may: ["src/ui", "src/sim/index.ts"],
    packages: ["*"],
    because: "the page reaches the simulation through sim/index.ts and nothing deeper",
  },
  {
    part: "src/ui/main.tsx",
    may: ["src/ui", "src/sim/index.ts"],
    packages: ["*"],
    because: "the page reaches the simulation through sim/index.ts and nothing deeper",
  },
];

const maxLines = 400;
/** Files that are long because their subject is, each with the reason. */
const longOnPurpose: Readonly<Record<string, string>> = {};

const sources = filesUnder("src").filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));
const textOf = (path: string) => readFileSync(`${root}/${path}`, "utf8");

interface ImportLine {
  readonly target: string;
  readonly isTypeOnly: boolean;
}

/** Every import of a file: static, re-exporting and dynamic ones. Comments do not count. */
function importsOf(text: string): ImportLine[] {
  const code = withoutComments(text);
  const found: ImportLine[] = [];
  for (const match of code.matchAll(/(?:^|\n)\s*(?:import|export)\s+([^;"']*?)\s*from\s*["']([^"']+)["']/g)) {
    const [, clause = "", target = ""] = match;
    const names =
      /^\{([\s\S]*)\}$/
        .exec(clause)?.[1]
        ?.split(",")
        .filter((name) => name.trim() !== "") ?? [];
    const onlyTypes = names.length > 0 && names.every((name) => /^\s*type\s/.test(name));
    found.push({ target, isTypeOnly: /^type\s/.test(clause) || onlyTypes });
  }
  for (const match of code.matchAll(/(?:^|\n)\s*import\s*["']([^"']+)["']/g)) {
    found.push({ target: match[1] ?? "", isTypeOnly: false });
  }
  for (const match of code.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) {
    found.push({ target: match[1] ?? "", isTypeOnly: false });
  }
  return found;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`\\])\/\/[^\n]*/g, "$1");
}

const isWithin = (path: string, part: string) => path === part || path.startsWith(`${part}/`);

function ruleFor(path: string): ImportRule | undefined {
  return importRules
    .filter(({ part }) => isWithin(path, part))
    .sort((a, b) => b.part.length - a.part.length)
    .at(0);
}

/** What is wrong with one import, or undefined. */
function judgeImport(path: string, { target, isTypeOnly }: ImportLine): string | undefined {
  const rule = ruleFor(path);
  if (rule === undefined) return undefined;
  const { part, may, mayTypes = [], packages = [], because } = rule;
  const complaint = (what: string) => `${path} imports ${what}: ${because}`;

  if (target.startsWith("virtual:")) {
    return part.startsWith("src/ui") || part === "src/cli" ? undefined : complaint(target);
  }
  if (!target.startsWith(".")) {
    const isAllowed = packages.some((name) => name === "*" || target === name || target.startsWith(`${name}/`));
    const isNode = target.startsWith("node:");
    if (isNode ? packages.includes("node:") : isAllowed) return undefined;
    return complaint(`the package ${target}`);
  }

  const imported = posix.join(posix.dirname(path), target).replace(/\?.*$/, "");
  const allowed = isTypeOnly ? [...may, ...mayTypes] : may;
  // Beside the page's own folders, text such as docs/glossary.md may be imported by the page.
  if (part.startsWith("src/ui") && /\.(md|css|svg)$/.test(imported)) return undefined;
  if (part !== "src/ui" && isWithin(imported, part)) return sidewaysBetweenViews(path, imported);
  if (part === "src/ui" && folderOf(path) === folderOf(imported)) return undefined;
  if (allowed.some((other) => isWithin(imported, other))) return sidewaysBetweenViews(path, imported);
  const hint = mayTypes.some((other) => isWithin(imported, other)) ? " (its types are allowed: use `import type`)" : "";
  return complaint(`${imported}${hint}`);
}

const folderOf = (path: string) => path.split("/").slice(0, 3).join("/");

/** Views know only themselves; what two of them need lies directly in src/ui/views or in widgets. */
function sidewaysBetweenViews(path: string, imported: string): string | undefined {
  const viewOf = (file: string) => /^src\/ui\/views\/([^/]+)\//.exec(file)?.[1];
  const [from, to] = [viewOf(path), viewOf(imported)];
  if (from === undefined || to === undefined || from === to) return undefined;
  return `${path} imports ${imported}: views must not depend on each other, so that each can be removed alone`;
}

describe("imports", () => {
  test("follow the direction of the architecture", () => {
    const complaints = sources.flatMap((path) =>
      importsOf(textOf(path)).flatMap((line) => judgeImport(path, line) ?? []),
    );
    expect(complaints).toEqual([]);
  });

  test.each([
    ["src/sim/engine/step.ts", `import { broker } from "../kafka/broker/broker.ts";`],
    ["src/sim/invariants/isr.ts", `import { chooseLeader } from "../kafka/controller/leader.ts";`],
    ["src/sim/kafka/broker/isr.ts", `import { parse } from "yaml";`],
    ["src/sim/kafka/broker/isr.ts", `import type { Member } from "../group/member.ts";`],
    ["src/ui/views/a/view.tsx", `import { b } from "../b/project.ts";`],
    ["src/ui/views/a/view.tsx", `import {\n  step,\n} from "../../../sim/engine/step.ts";`],
    ["src/ui/state/cursor.ts", `import { view } from "../views/index.ts";`],
    ["src/cli/run.ts", `const late = await import("../sim/engine/step.ts");`],
    ["src/conformance/x.ts", `import { readFileSync } from "node:fs";`],
  ])("against the direction are found: %s, %s", (path, text) => {
    expect(importsOf(text).map((line) => judgeImport(path, line))).toEqual([expect.stringContaining(path)]);
  });

  test.each([
    ["src/sim/invariants/isr.ts", `import type { Partition } from "../kafka/broker/partition.ts";`],
    ["src/sim/invariants/isr.ts", `import { type Partition } from "../kafka/broker/partition.ts";`],
    ["src/sim/kafka/group/join.ts", `import { call } from "../rpc.ts";`],
    ["src/ui/views/index.ts", `import { a } from "./a/descriptor.ts";`],
    ["src/ui/help/page.tsx", `import glossary from "../../../docs/glossary.md?raw";`],
  ])("along the direction pass: %s, %s", (path, text) => {
    expect(importsOf(text).flatMap((line) => judgeImport(path, line) ?? [])).toEqual([]);
  });

  test("take from d3 what they need by name", () => {
    const whole = sources.filter((path) => /import\s+(\*\s+as\s+\w+|\w+)\s+from\s+["']d3["']/.test(textOf(path)));
    expect(whole, "the whole of d3 is 94 kB; named imports are a quarter of that").toEqual([]);
  });
});

describe("sources", () => {
  test("under src/sim run to completion", () => {
    const waiting = sources
      .filter((path) => path.startsWith("src/sim/"))
      .filter((path) => /\basync\s+(function|\(|\w+\s*[=(])|\bawait\s/.test(withoutComments(textOf(path))));
    expect(waiting, "work in several steps is plain data {kind, step, locals}: a promise cannot be saved").toEqual([]);
  });

  test(`are at most ${maxLines} lines long`, () => {
    const long = [...sources, ...filesUnder("src").filter((path) => path.endsWith(".css"))]
      .filter((path) => !(path in longOnPurpose))
      .map((path) => ({ path, lines: textOf(path).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > maxLines)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long, "a file is read in one sitting; split it by subject, or name it in longOnPurpose").toEqual([]);
  });
});

describe("tracked files", () => {
  const tracked = trackedFiles();
  const isText = (path: string) => !/\.(png|jpe?g|gif|ico|woff2?|gz|zip|pdf)$/.test(path);
  /** Lines of the files that match, as "path:line: text". */
  const linesWith = (pattern: RegExp, paths: readonly string[]) =>
    paths.filter(isText).flatMap((path) => {
      const text = textOf(path);
      if (!pattern.test(text)) return [];
      return text.split("\n").flatMap((line, index) => {
        const hit = pattern.exec(line);
        return hit === null ? [] : [`${path}:${index + 1}: ${line.slice(hit.index, hit.index + 80).trim()}`];
      });
    });

  test("carry no note that something is broken", () => {
    const code = tracked.filter((path) => /\.(tsx?|mjs|css|html|ya?ml)$/.test(path));
    const note = new RegExp(`\\b${"FIX"}${"ME"}\\b`);
    expect(linesWith(note, code), "what is broken is repaired before it is merged").toEqual([]);
  });

  test("name no path of somebody's machine", () => {
    const machinePath = /(?<![\w.~*/-])\/(work|root|mnt|Users\/\w+|home\/\w+)\/\w/;
    expect(linesWith(machinePath, tracked), "it would be wrong on every other machine").toEqual([]);
  });

  test("name no package registry", () => {
    const registry = /https?:\/\/[\w.-]*(registry|npmjs|verdaccio|artifactory|nexus)[\w.-]*[:/]/i;
    const complaints = linesWith(registry, tracked);
    expect(complaints, "which registry serves the packages is the business of whoever installs").toEqual([]);
    const lock = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, { resolved?: string }> };
    const resolved = Object.entries(lock.packages).filter(([, { resolved: url }]) => url?.startsWith("http"));
    expect(resolved, "keep omit-lockfile-registry-resolved in .npmrc").toEqual([]);
  });
});

/** Files that git knows or would add; without git, the folders that we write. */
function trackedFiles(): string[] {
  try {
    const output = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    return output.split("\0").filter((path) => path !== "" && existsSync(`${root}/${path}`));
  } catch {
    return ["src", "test", "tools", "docs", "scenarios", "bench", ".github"].flatMap((folder) => filesUnder(folder));
  }
}
